"""An aiosqlite connection whose statements take one trip to its thread instead of four.

A trip costs about 90 microseconds, and a turn has five statements: making a cursor, executing, fetching and closing it
apart would be most of the time that a person waits.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import aiosqlite

Row = tuple[Any, ...]


class OneTripCursor:
    """What SQLAlchemy needs of a cursor: `execute` brings the rows along, and nothing is left to close."""

    def __init__(self, run: Callable[..., Any], connection: Callable[[], sqlite3.Connection]) -> None:
        """Take the way to the thread, and the connection that is used there."""
        self._run = run
        self._connection = connection
        self._rows: list[Row] = []
        self.description: Sequence[Any] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        """Return itself: there is nothing to make yet."""
        return self

    async def execute(self, statement: str, parameters: Iterable[Any] = ()) -> Self:
        """Execute a statement and fetch what it returns."""
        return await self._go(sqlite3.Cursor.execute, statement, parameters)

    async def executemany(self, statement: str, rows: Iterable[Iterable[Any]]) -> Self:
        """Execute a statement once for each row."""
        return await self._go(sqlite3.Cursor.executemany, statement, rows)

    async def _go(self, execute: Callable[..., Any], *args: Any) -> Self:  # noqa: ANN401 - the driver's own arguments
        def there() -> None:
            cursor = self._connection().cursor()
            try:
                execute(cursor, *args)
                self._rows = cursor.fetchall() if cursor.description else []
                self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        await self._run(there)
        return self

    async def fetchall(self) -> list[Row]:
        """Return the rows that came along."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: it was closed on the trip."""


class OneTripConnection(aiosqlite.Connection):
    """An aiosqlite connection with such cursors."""

    def cursor(self) -> OneTripCursor:  # type: ignore[override]  # it does all that SQLAlchemy asks of one
        """Return a cursor without a trip."""
        return OneTripCursor(self._execute, lambda: self._conn)


def connect(database: str, **options: Any) -> OneTripConnection:  # noqa: ANN401 - the options of sqlite3.connect
    """Return a connection to await. Its thread does not keep a program alive that forgot to close it."""
    connection = OneTripConnection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does for the connections that it makes itself
    return connection
