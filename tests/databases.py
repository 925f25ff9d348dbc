"""The databases that tests run on: a SQLite file, or a database of a PostgreSQL server.

Each is a copy of one that is up to date already: bringing one up to date takes longer than most tests.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from storage.sealing import Seal
from storage.store import Store
from storage.tables import metadata

KEY = bytes(range(32))
"""What everything in them is sealed with."""

SERVES = ("discord:", "slack:", "terminal:", "test:")
"""Everybody in the tests."""

KINDS = ("sqlite", "postgresql")

Result = TypeVar("Result")


@dataclass(frozen=True)
class Database:
    """One database, up to date and empty."""

    url: str

    @property
    def kind(self) -> str:
        """Return which of the kinds it is."""
        return make_url(self.url).get_backend_name()

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """Open it as a program does that works on it, and close it."""
        store = await Store.open(self.url, Seal(KEY), upgrade=False, patience=20.0)
        try:
            if store.replica is not None:
                await store.replica.renew()
            yield store
        finally:
            await store.close()

    async def sql(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """Run a statement in a transaction of its own, whoever has the database open, and return the rows."""
        async with self._connected() as connection:
            done = await connection.execute(text(statement), values)
            return [tuple(row) for row in done] if done.returns_rows else []

    @asynccontextmanager
    async def holding(self, statement: str) -> AsyncIterator[None]:
        """Run a statement in a transaction that ends with the block: what it locks stays locked until then."""
        async with self._connected() as connection:
            await connection.execute(text(statement))
            yield

    async def sync(self, look: Callable[[Connection], Result]) -> Result:
        """Return what something finds that takes a connection which is not asynchronous."""
        async with self._connected() as connection:
            return await connection.run_sync(look)

    async def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return all there is in each table."""
        async with self._connected() as connection:
            tables = metadata.tables.items()
            return {name: [tuple(row) for row in await connection.execute(select(table))] for name, table in tables}

    async def content(self) -> bytes:
        """Return every byte that is kept: of the rows, and, of a file, whatever else is in it and in its log."""
        values = [value for rows in (await self.rows()).values() for row in rows for value in row]
        kept = [value if isinstance(value, bytes) else str(value).encode() for value in values]
        if self.kind == "sqlite":
            file = Path(str(make_url(self.url).database))
            kept += [one.read_bytes() for one in file.parent.glob(f"{file.name}*")]
        return b"\n".join(kept)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        async with create_async_engine(self.url, poolclass=NullPool).begin() as connection:
            yield connection


async def says(database: Database, question: str, seconds: float = 20.0) -> None:
    """Return when the answer to a question is yes. What other processes write, nobody is told. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not (await database.sql(question))[0][0]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)


def url(file: Path) -> str:
    """Return the address of a SQLite file."""
    return f"sqlite+aiosqlite:///{file}"


def bring_up_to_date(url: str) -> None:
    """Make its tables, in a thread: a loop of our own must not meet the one of a test."""

    async def upgrade() -> None:
        await (await Store.open(url, Seal(KEY), upgrade=True)).close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, upgrade()).result()


async def next_wake(store: Store) -> datetime | None:
    """Return the next moment that somebody who can be reached waits for, however far ahead it is."""
    return await store.next_due(datetime.max.replace(tzinfo=UTC), SERVES)
