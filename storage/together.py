"""What is kept of what members of a community do with each other: it is sealed with the host's key, not a person's."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Table, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sealing import NAME_BYTES, Seal
from storage.tables import introductions, offers, reports

SEALED = (offers, introductions, reports)
"""The tables with a sealed column, each row in a community."""


def about(table: Table, community: str) -> str:
    """Return what a sealed row is about: it opens in no other table, and in no other community."""
    return f"{table.name}/{community}"


def served(community: ColumnElement[str], serves: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a community is of those platforms whose letters this process delivers.

    serves: how the names of their people and communities begin.
    """
    return or_(*(community.startswith(name, autoescape=True) for name in serves))


async def renew(connection: AsyncConnection, seal: Seal) -> None:
    """Seal every row with the newest key. Raises StorageError for a lost key."""
    for table in SEALED:
        outdated = func.substr(table.c.sealed, 1, 1 + NAME_BYTES) != bindparam("mark")
        keys = table.primary_key.columns
        changed = update(table).where(*(one == bindparam(f"its_{one.name}") for one in keys))
        changed = changed.values(sealed=bindparam("anew"))
        found = await connection.execute(select(table).where(outdated).with_for_update(), {"mark": seal.mark})
        rows = [
            {
                **{f"its_{one.name}": row[one.name] for one in keys},
                "anew": seal.seal(
                    seal.unseal(row["sealed"], about(table, row["community"])), about(table, row["community"])
                ),
            }
            for row in found.mappings()
        ]
        if rows:
            await connection.execute(changed, rows)
