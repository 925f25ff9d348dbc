"""Bringing a database up to date, and noticing a wrong key before anything is touched."""

from contextlib import aclosing
from pathlib import Path

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import backup
from storage.database import first_connection, lock_for_upgrade
from storage.errors import StorageError
from storage.keys import renew_some
from storage.naming import SECRET_BYTES, EventNames
from storage.sealing import Seal
from storage.tables import EVENT_SECRET, KEY_CHECK, locks, works_with

NEWEST = "0008"
"""The newest revision in storage/migrations/versions; a test holds the two together."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every revision that this release knows, the oldest first."""

AT_ONCE = 500
"""How many people get their keys in one go."""

MIGRATIONS = Path(__file__).parent / "migrations"


async def prepare(engine: AsyncEngine, url: str, seal: Seal, *, upgrade: bool) -> EventNames:
    """See to it that the database has the newest revision and that the key fits, and return how it names events.

    The key is tried first: a database that cannot be read is not upgraded either. Raises StorageError.
    """
    async with aclosing(await first_connection(engine)) as connection:
        found = await connection.run_sync(_revision)
        if found is not None and found not in REVISIONS and not await connection.run_sync(goes_along):
            msg = f"The database has the revision {found}, which this release does not know: run the newer release."
            raise StorageError(msg)
        if found is not None:
            await _check_key(connection, seal)
        if found == NEWEST or (found is not None and found not in REVISIONS):
            return EventNames(await _secret(connection, seal, EVENT_SECRET, b""))
    if not upgrade:
        msg = (
            f"The database has {f'the revision {found}' if found else 'no tables yet'}: run 'onward db upgrade' first."
        )
        raise StorageError(msg)
    if found is not None and engine.dialect.name == "sqlite":
        back_up(Path(make_url(url).database or ""), found)
    async with engine.connect() as connection:
        await lock_for_upgrade(connection)
        await connection.run_sync(_upgrade)
        await _check_key(connection, seal)
        secret = await _secret(connection, seal, EVENT_SECRET, seal.random(SECRET_BYTES))
        while await renew_some(connection, seal, AT_ONCE):
            pass
        await connection.commit()
    return EventNames(secret)


def _revision(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if tables:
        msg = "This is a database of another program: name another file."
        raise StorageError(msg)
    return None


def goes_along(connection: Connection) -> bool:
    """Say whether a newer release, to which the database was brought, lets this one work beside it."""
    if not inspect(connection).has_table(works_with.name):
        return False
    return connection.execute(select(works_with).where(works_with.c.revision == NEWEST)).first() is not None


def back_up(database: Path, revision: str) -> Path:
    """Copy a SQLite database as it is, log included, before it is changed; return where the copy is."""
    copy = database.with_name(f"{database.name}.backup-{revision}")
    backup.copy(database, copy, replace=True)  # what an upgrade left that broke is older than what is there now
    return copy


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - it takes a fifth of a second, and is hardly ever needed
    from alembic.config import Config  # noqa: PLC0415 - likewise

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))  # a percent sign begins a variable
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def _check_key(connection: AsyncConnection, seal: Seal) -> None:
    """Open what was sealed when the database was made, or seal it now. Raises StorageError for another key."""
    await _secret(connection, seal, KEY_CHECK, KEY_CHECK.encode())


async def _secret(connection: AsyncConnection, seal: Seal, name: str, new: bytes) -> bytes:
    """Return what is sealed under a name, after sealing `new` where there is nothing. Raises StorageError."""
    sealed = (await connection.execute(select(locks.c.sealed).where(locks.c.name == name))).scalar()
    if sealed is None:
        await connection.execute(locks.insert(), {"name": name, "sealed": seal.seal(new, name)})
        return new
    seal.follow(sealed)
    return seal.unseal(sealed, name)
