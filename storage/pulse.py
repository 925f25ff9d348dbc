"""The counters of communities. A row says how many; of whom, is nowhere."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import Executable, delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs.community import Community, UnreadableCommunityError, decode
from dialogs.pulse import Count, Counts
from storage.sealing import Seal
from storage.tables import communities, pulse

NOTED = "noted"
"""The figure whose row says that a community was sent the note about a month, or that there was none to send."""


class Pulse:
    """The counters, in an open transaction."""

    def __init__(self, connection: AsyncConnection, _seal: Seal) -> None:
        """Take the connection; nothing here needs sealing, because it is of nobody."""
        self._connection = connection

    async def add(self, counts: Sequence[Count]) -> None:
        """Count for those communities that have it switched on at this moment."""
        on = await self._on({one.community for one in counts})
        rows = [
            # In one fixed order, so that two programs on PostgreSQL never wait for each other in a circle.
            {"community": one.community, "month": one.month, "figure": one.figure, "count": number}
            for one, number in sorted(Counter(counts).items())
            if one.community in on
        ]
        if rows:
            await self._connection.execute(_adding(self._connection.dialect.name), rows)

    async def counts(self, community: str, months: Iterable[str]) -> Counts:
        """Return what was counted in a community in some months. It must not be shown as it is."""
        query = select(pulse.c.month, pulse.c.figure, pulse.c.count).where(
            pulse.c.community == community, pulse.c.month.in_(list(months)), pulse.c.figure != NOTED
        )
        return {(month, figure): count for month, figure, count in await self._connection.execute(query)}

    async def unnoted(self, month: str) -> dict[str, Community]:
        """Return the communities with the pulse and a channel for notes that had none about a month yet."""
        noted = exists().where(pulse.c.community == communities.c.id, pulse.c.month == month, pulse.c.figure == NOTED)
        rows = await self._connection.execute(
            select(communities.c.id, communities.c.settings).where(~noted).order_by(communities.c.id)
        )
        read = {community: _read(settings) for community, settings in rows}
        return {name: one for name, one in read.items() if one and one.has("pulse") and one.now.moderators_channel}

    async def note(self, community: str, month: str) -> bool:
        """Remember that a community was sent its note about a month; return whether nobody had done so before."""
        row = {"community": community, "month": month, "figure": NOTED, "count": 0}
        return (await self._connection.execute(_noting(self._connection.dialect.name), row)).scalar() is not None

    async def forget(self, before: str) -> None:
        """Delete the counters of months before this one."""
        await self._connection.execute(delete(pulse).where(pulse.c.month < before))

    async def _on(self, among: set[str]) -> set[str]:
        # Not locked: whoever locks a community may be waiting for somebody of this very turn.
        query = select(communities.c.id, communities.c.settings).where(communities.c.id.in_(sorted(among)))
        read = {community: _read(settings) for community, settings in await self._connection.execute(query)}
        return {name for name, one in read.items() if one and one.has("pulse")}


def _read(settings: str) -> Community | None:
    """Return a set-up; None for one that only a newer release can read: nothing is counted there, and no turn fails."""
    try:
        return decode(settings)
    except UnreadableCommunityError:
        return None


@cache
def _adding(dialect: str) -> Executable:
    insert = sqlite.insert(pulse) if dialect == "sqlite" else postgresql.insert(pulse)
    return insert.on_conflict_do_update(
        index_elements=["community", "month", "figure"], set_={"count": pulse.c.count + insert.excluded["count"]}
    )


@cache
def _noting(dialect: str) -> Executable:
    insert = sqlite.insert(pulse) if dialect == "sqlite" else postgresql.insert(pulse)
    return insert.on_conflict_do_nothing().returning(pulse.c.figure)
