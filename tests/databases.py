"""The databases that tests run on: a SQLite file, or a database of a PostgreSQL server.

Each is a copy of one that is up to date already: bringing one up to date takes longer than most tests.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.sealing import Seal
from storage.store import Store

KEY = bytes(range(32))
"""What everything in them is sealed with."""

KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Database:
    """One database, up to date and empty."""

    url: str

    async def sql(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """Run a statement in a transaction of its own, whoever has the database open, and return the rows."""
        engine = create_async_engine(self.url, poolclass=NullPool)
        async with engine.begin() as connection:
            done = await connection.execute(text(statement), values)
            return [tuple(row) for row in done] if done.returns_rows else []


def url_of(file: Path) -> str:
    """Return the address of a SQLite file."""
    return f"sqlite+aiosqlite:///{file}"


def bring_up_to_date(url: str) -> None:
    """Make its tables, in a thread: a loop of our own must not meet the one of a test."""

    async def upgrade() -> None:
        await (await Store.open(url, Seal(KEY), upgrade=True)).close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, upgrade()).result()
