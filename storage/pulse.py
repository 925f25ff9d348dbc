"""The counters of communities. Of whom a counter is, is nowhere.

Without the host's key nobody can tell either which figure a counter is of, or how far it has counted: its name is a
secret number, and it begins at another one. In a small community it could tell what somebody's sealed journey hides.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Self

from sqlalchemy import Executable, bindparam, delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs.community import Community
from dialogs.pulse import FIGURES, Count, Counts, Draw
from storage.communities import readable
from storage.tables import communities, pulse
from storage.together import served
from storage.unit import Unit

NOTED = "noted"
"""The figure whose row says that a community was sent the note about a month, or that there was none to send."""

_LARGE = 2**62
"""Below this a counter begins: there is room to count on."""


class Pulse:
    """The counters, in an open transaction."""

    def __init__(self, connection: AsyncConnection, draw: Draw) -> None:
        """Take the connection, and what draws the secret numbers of this database."""
        self._connection = connection
        self._draw = draw

    @classmethod
    def within(cls, unit: Unit) -> Self:
        """Return the counters in the transaction of a unit."""
        return unit.use(lambda connection, _seal: cls(connection, unit.number))

    async def add(self, counts: Sequence[Count]) -> None:
        """Count for those communities that have it switched on at this moment."""
        on = await self._on({one.community for one in counts})
        rows = [
            # In one fixed order, so that two programs on PostgreSQL never wait for each other in a circle.
            {
                "community": one.community,
                "month": one.month,
                "figure": self._name(one),
                "count": self._beginning(one) + number,
                "more": number,
            }
            for one, number in sorted(Counter(counts).items())
            if one.community in on
        ]
        if rows:
            await self._connection.execute(_adding(self._connection.dialect.name), rows)

    async def counts(self, community: str, months: Iterable[str]) -> Counts:
        """Return what was counted in a community in some months. It must not be shown as it is."""
        asked = [Count(community, month, figure) for month in months for figure in FIGURES]
        query = select(pulse.c.month, pulse.c.figure, pulse.c.count).where(
            pulse.c.community == community, pulse.c.month.in_({one.month for one in asked})
        )
        found = {(month, name): count for month, name, count in await self._connection.execute(query)}
        return {
            (one.month, one.figure): found[one.month, name] - self._beginning(one)
            for one in asked
            if (one.month, name := self._name(one)) in found
        }

    async def unnoted(self, month: str, serves: Sequence[str]) -> dict[str, Community]:
        """Return the communities with the pulse and a channel for notes that had none about a month yet.

        serves: see `storage.together.served`.
        """
        noted = exists().where(pulse.c.community == communities.c.id, pulse.c.month == month, pulse.c.figure == NOTED)
        rows = await self._connection.execute(
            select(communities.c.id, communities.c.settings)
            .where(~noted, served(communities.c.id, serves))
            .order_by(communities.c.id)
        )
        read = {community: readable(settings) for community, settings in rows}
        return {name: one for name, one in read.items() if one and one.has("pulse") and one.now.moderators_channel}

    async def note(self, community: str, month: str) -> bool:
        """Remember that a community was sent its note about a month; return whether nobody had done so before."""
        row = {"community": community, "month": month, "figure": NOTED, "count": 0}
        return (await self._connection.execute(_noting(self._connection.dialect.name), row)).scalar() is not None

    async def forget(self, before: str) -> None:
        """Delete the counters of months before this one."""
        await self._connection.execute(delete(pulse).where(pulse.c.month < before))

    def _name(self, one: Count) -> str:
        """Return how a counter is called in the database."""
        return f"{self._draw(_told('name', one), _LARGE):x}"

    def _beginning(self, one: Count) -> int:
        """Return the number at which a counter begins."""
        return self._draw(_told("beginning", one), _LARGE)

    async def _on(self, among: set[str]) -> set[str]:
        # Not locked: whoever locks a community may be waiting for somebody of this very turn.
        query = select(communities.c.id, communities.c.settings).where(communities.c.id.in_(sorted(among)))
        read = {community: readable(settings) for community, settings in await self._connection.execute(query)}
        return {name for name, one in read.items() if one and one.has("pulse")}


def _told(what: str, one: Count) -> str:
    return "\n".join([what, *one])


@cache
def _adding(dialect: str) -> Executable:
    insert = sqlite.insert(pulse) if dialect == "sqlite" else postgresql.insert(pulse)
    return insert.on_conflict_do_update(
        index_elements=["community", "month", "figure"], set_={"count": pulse.c.count + bindparam("more")}
    )


@cache
def _noting(dialect: str) -> Executable:
    insert = sqlite.insert(pulse) if dialect == "sqlite" else postgresql.insert(pulse)
    return insert.on_conflict_do_nothing().returning(pulse.c.figure)
