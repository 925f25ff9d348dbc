"""How communities have set the bot up: one row for each server of Discord or workspace of Slack."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from sqlalchemy import Insert, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs.community import Community, UnreadableCommunityError, decode, encode
from storage.errors import StorageError
from storage.tables import communities, introductions, offers, pulse, reports, to_number, wins

Transaction = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
"""Begins a transaction. Raises StorageError."""


class Communities:
    """The communities of one database, by an id such as "discord:123". Every method raises StorageError."""

    def __init__(self, reading: Transaction, changing: Transaction, now: Callable[[], datetime]) -> None:
        """Use these transactions; in the second kind, nobody else writes between the first read and the end."""
        self._reading = reading
        self._changing = changing
        self._now = now

    async def read(self, community: str) -> Community | None:
        """Return how a community has set the bot up, None when it has not."""
        async with self._reading() as connection:
            found = await connection.execute(select(communities.c.settings).where(communities.c.id == community))
            settings = found.scalar()
        return None if settings is None else read_settings(settings)

    async def change(self, community: str, change: Callable[[Community], Community]) -> Community:
        """Keep what a change makes of a community, which is a new one when there was none, and return that.

        What two admins change at the same moment is changed one after the other. Raises what `change` raises.
        """
        async with self._changing() as connection:
            await connection.execute(_new(connection.dialect.name), self._row(community, Community()))
            query = select(communities.c.settings).where(communities.c.id == community).with_for_update()
            changed = change(read_settings((await connection.execute(query)).scalar_one()))
            values = {"settings": encode(changed), "updated_at": to_number(self._now())}
            await connection.execute(update(communities).where(communities.c.id == community).values(values))
        return changed

    async def remove(self, community: str) -> None:
        """Forget a community, and what its members did with each other there."""
        async with self._reading() as connection:
            await connection.execute(delete(communities).where(communities.c.id == community))
            for table in (offers, introductions, reports, wins, pulse):
                await connection.execute(delete(table).where(table.c.community == community))

    async def known(self, platform: str) -> list[str]:
        """Return the ids of a platform's communities."""
        async with self._reading() as connection:
            begins = communities.c.id.startswith(f"{platform}:", autoescape=True)
            return list((await connection.execute(select(communities.c.id).where(begins))).scalars())

    def _row(self, community: str, settings: Community) -> dict[str, object]:
        return {"id": community, "settings": encode(settings), "updated_at": to_number(self._now())}


def _new(dialect: str) -> Insert:
    """Return what inserts a row where there is none yet."""
    if dialect == "sqlite":
        return sqlite.insert(communities).on_conflict_do_nothing()
    return postgresql.insert(communities).on_conflict_do_nothing()


def read_settings(settings: str) -> Community:
    """Return a community from its row. Raises StorageError."""
    try:
        return decode(settings)
    except UnreadableCommunityError as error:
        raise StorageError(str(error)) from None


def readable(settings: str) -> Community | None:
    """Return a community from its row; None for one that only a newer release can read: others do not wait for it."""
    try:
        return decode(settings)
    except UnreadableCommunityError:
        return None
