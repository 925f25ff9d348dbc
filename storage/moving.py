"""Moving from a SQLite file to a server's database: everything, in one transaction, and nothing is taken away."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Table, create_engine, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import backup, database, restoring, schema
from storage.errors import StorageError, translated
from storage.restoring import GAP
from storage.sealing import Seal
from storage.tables import locks, metadata, people, replicas, works_with

LEFT = (replicas.name, works_with.name)
"""The tables that are each database's own."""

AT_ONCE = 1_000
"""Rows in one statement."""


async def move(file: Path, url: str, seal: Seal) -> int:
    """Copy everything of a SQLite file into an empty database of a server, and return how many people there are.

    The tables are made there when there are none. Raises StorageError, with everything as it was.
    """
    engine = database.engine(url, 10.0)
    try:
        with translated(str(file)), _held(file, seal), translated(database.name_of(url)):
            await schema.prepare(engine, url, seal, upgrade=True)
            async with engine.begin() as target:
                await database.take_time(target)
                await _check_empty(target, database.name_of(url))
                source = create_engine(f"sqlite:///{file}", hide_parameters=True)
                try:
                    with source.connect() as opened:
                        await _copy(opened, target)
                finally:
                    source.dispose()
                return (await target.execute(select(func.count()).select_from(people))).scalar_one()
    finally:
        await engine.dispose()


@contextmanager
def _held(file: Path, seal: Seal) -> Iterator[None]:
    """See that a file is a whole database of this release to which nobody writes meanwhile. Raises StorageError."""
    with closing(backup.opened(file)) as connection:
        restoring.check(connection, file, seal)
        ((revision,),) = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        if revision != schema.NEWEST:
            msg = f"{file} has the revision {revision}: run 'onward db upgrade --db {file}' first."
            raise StorageError(msg)
        # Others may still read, and so does the copying: a bot that runs is noticed when it writes its next turn.
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


async def _check_empty(target: AsyncConnection, where: str) -> None:
    found = (await target.execute(select(func.count()).select_from(people))).scalar_one()
    if found:
        msg = f"{where} has {found} people in it already: name an empty database."
        raise StorageError(msg)


async def _copy(source: Connection, target: AsyncConnection) -> None:
    await target.execute(delete(locks))
    for table in metadata.sorted_tables:
        if table.name in LEFT:
            continue
        for rows in source.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings().partitions(AT_ONCE):
            await target.execute(table.insert(), [dict(row) for row in rows])
        if "id" in table.c and table.c["id"].autoincrement is True:
            last = _last_number(source, table)
            await target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


def _last_number(source: Connection, table: Table) -> int:
    """Return a number behind every one that was ever given: those of letters are nonces, and none may come again."""
    there = source.execute(select(func.max(table.c["id"]))).scalar() or 0
    given = source.execute(
        text("SELECT max(seq) FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
    ).scalar()
    return max(there, given or 0) + GAP
