"""How this project talks to a database: SQLite so that nothing is lost, and one writer goes after another."""

import asyncio
import os
import sqlite3
from contextlib import closing, suppress
from time import monotonic

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from storage import onetrip
from storage.errors import StorageError, sentence

PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a committed turn survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is erased is overwritten, not only unlinked
)

POOL = 5
"""Connections of one process to a server: turns, cleared letters, pages, a spare, and one that listens for notices."""

LONGEST_COMMAND = 30.0
"""After so many seconds without an answer a server counts as away."""

SERVER_SETTINGS = {
    "application_name": "onward",
    # Whoever is frozen in the middle of a transaction lets go of its rows: others wait for them.
    "idle_in_transaction_session_timeout": "5s",
    "lock_timeout": "15s",
    "statement_timeout": "25s",
    "jit": "off",  # every statement is short
}

LONGEST_TRANSACTION = "20s"
"""After this long a server ends a transaction, and lets go of its rows, also when it waits for the rest of a statement:
whoever is frozen just there counts neither as idle nor as slow. Servers before PostgreSQL 17 cannot."""

_LIMITED = (
    "SELECT set_config('transaction_timeout', '{limit}', {local}) "
    "WHERE current_setting('server_version_num')::int >= 170000"
)

MIGRATION_LOCK = 0x6F6E77617264
"""A number that no other program locks in this database: "onward"."""

PAUSE = 0.01
"""Seconds between two tries to begin with the log."""


NO_URL = (
    "ONWARD_DATABASE_URL cannot be read: it has to look like postgresql+asyncpg://USER:PASSWORD@HOST:5432/DATABASE."
)
NO_OPTIONS = (
    "What stands behind the question mark in ONWARD_DATABASE_URL is not understood: for an encrypted connection it is "
    "ssl=require or ssl=verify-full, and not sslmode."
)


def read_url(url: str) -> URL:
    """Return the parts of an address. Raises StorageError."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise StorageError(NO_URL) from None


def name_of(url: str) -> str:
    """Return how a database is called in a message: the file, or the address without user and password.

    Raises StorageError for no address.
    """
    parsed = read_url(url)
    return parsed.database or "" if parsed.get_backend_name() == "sqlite" else f"{parsed.host}/{parsed.database}"


async def prepare_file(url: str, patience: float) -> None:
    """Open a SQLite file for the first time, and have it keep a write-ahead log. Raises StorageError.

    The asynchronous driver would leave a thread behind that fails noisily when its loop is gone. And SQLite itself does
    not wait for others while it begins with the log, as several first starts at the same moment would need it.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return
    until = monotonic() + patience
    while (error := _begin_log(parsed.database or "")) is not None:
        if "locked" not in str(error) or monotonic() > until:
            raise StorageError(sentence(error, name_of(url)))
        await asyncio.sleep(PAUSE)


def _begin_log(file: str) -> sqlite3.Error | None:
    """Return what came in between, if anything did."""
    try:
        _make_for_owner(file)
        with closing(sqlite3.connect(file, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        return error
    return None


def _make_for_owner(file: str) -> None:
    """Make a new file that only its owner can read; SQLite gives its log the same rights."""
    with suppress(OSError):  # one that is there already; SQLite itself tells what else is wrong
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def engine(url: str, patience: float) -> AsyncEngine:
    """Return an engine. patience: seconds to wait for another program that holds a SQLite file, and for a connection.

    Raises StorageError when the driver is missing.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return _server_engine(url, patience)
    options = {"timeout": patience, "isolation_level": "IMMEDIATE", "async_creator_fn": onetrip.connect}
    made = create_async_engine(url, hide_parameters=True, poolclass=NullPool, connect_args=options)
    event.listen(made.sync_engine, "connect", _set_up)
    return made


def _server_engine(url: str, patience: float) -> AsyncEngine:
    try:
        made = create_async_engine(
            url,
            hide_parameters=True,
            pool_size=POOL,
            max_overflow=0,
            pool_timeout=patience,
            connect_args={"timeout": patience, "command_timeout": LONGEST_COMMAND, "server_settings": SERVER_SETTINGS},
        )
    except ModuleNotFoundError:
        msg = (
            "The driver of PostgreSQL is missing: install Onward with its extra, as in pip install 'onward[postgres]'."
        )
        raise StorageError(msg) from None
    event.listen(made.sync_engine, "connect", _limit)
    return made


def _limit(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute(_LIMITED.format(limit=LONGEST_TRANSACTION, local="false"))
    finally:
        cursor.close()
    connection.commit()


async def take_time(connection: AsyncConnection) -> None:
    """Let a transaction take as long as it needs: one that changes tables, or a great many rows."""
    if connection.dialect.name != "sqlite":
        await connection.exec_driver_sql(_LIMITED.format(limit="0", local="true"))


async def first_connection(engine: AsyncEngine) -> AsyncConnection:
    """Return the first connection, to be closed. Raises StorageError for options that the driver does not know."""
    try:
        return await engine.connect()
    except (TypeError, InterfaceError):  # the driver takes options by name
        raise StorageError(NO_OPTIONS) from None


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    try:
        for pragma in PRAGMAS:
            cursor.execute(pragma)
    finally:
        cursor.close()


async def lock(connection: AsyncConnection) -> None:
    """Begin to write before the first read, as a transaction must that reads first and writes later.

    Without it SQLite would silently lose what another wrote in between. A transaction whose first statement writes
    needs no call of this: the driver begins it with BEGIN IMMEDIATE by itself, and a trip to its thread is saved.
    """
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("BEGIN IMMEDIATE")


async def lock_for_upgrade(connection: AsyncConnection) -> None:
    """Begin a transaction that may change tables: all of it holds or nothing, and one program at a time.

    SQLite's driver would not begin one for CREATE TABLE. Foreign keys rest meanwhile, which can only be said outside
    of a transaction: to change a table, Alembic copies and drops it, and all that refers to its rows would go too.
    """
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        await lock(connection)
        return
    await take_time(connection)
    for setting in ("lock_timeout", "statement_timeout"):  # a large table takes its time, and so does whoever is first
        await connection.exec_driver_sql(f"SET LOCAL {setting} = 0")
    await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")


async def truncate_log(connection: AsyncConnection) -> bool:
    """Write the write-ahead log into the SQLite file and empty it, before anything is written.

    Returns False when another program was reading from the log for longer than the patience.
    """
    busy = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
    return not busy
