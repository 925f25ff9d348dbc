"""What people have shared in wins channels: whose it is, and which message, so that they can take it back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs.community import Community
from dialogs.private import Private
from storage.communities import readable
from storage.sealing import Seal
from storage.tables import communities, to_moment, to_number, wins
from storage.together import served


class Shared(Private, frozen=True):
    """Something that was shared: by whom ("" when it is to be taken away), and the receipt, "" until that has come."""

    id: int
    community: str
    person: str
    receipt: str
    shared_at: datetime


class Wins:
    """The table, within one transaction. Every method raises StorageError.

    Two processes may do something to the same row at the same moment: each change returns what it has changed, so that
    only one of them goes on from there.
    """

    def __init__(self, connection: AsyncConnection, _seal: Seal) -> None:
        """Use an open transaction. Nothing in the table has to be sealed."""
        self._connection = connection

    async def communities(self, ids: Collection[str]) -> Mapping[str, Community]:
        """Return those of these communities that have set the bot up, as far as this release can read it."""
        query = select(communities.c.id, communities.c.settings).where(communities.c.id.in_(sorted(ids)))
        found = {row.id: readable(row.settings) for row in await self._connection.execute(query)}
        return {community: one for community, one in found.items() if one}

    async def count(self, community: str) -> int:
        """Return how many of a community stand."""
        query = select(func.count()).select_from(wins).where(wins.c.community == community)
        return int((await self._connection.execute(query)).scalar_one())

    async def add(self, community: str, person: str, now: datetime) -> int:
        """Note that something is being posted, and return its number, which is never used a second time."""
        values = {"community": community, "person": person, "receipt": ""}
        query = insert(wins).values(**values, shared_at=to_number(now)).returning(wins.c.id)
        return int((await self._connection.execute(query)).scalar_one())

    async def whose(self, number: int) -> str:
        """Return who has shared one, "" when it is nobody's (any more)."""
        return (await self._connection.execute(select(wins.c.person).where(wins.c.id == number))).scalar() or ""

    async def of(self, person: str) -> Sequence[Shared]:
        """Return what somebody has shared, the newest first."""
        query = select(wins).where(wins.c.person == person).order_by(wins.c.id.desc())
        return [_shared(row) for row in await self._connection.execute(query)]

    async def arrived(self, number: int, receipt: str) -> Shared | None:
        """Note the receipt of one, and return it; None when there is no such thing any more."""
        query = update(wins).where(wins.c.id == number).values(receipt=receipt).returning(*wins.c)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _shared(row)

    async def disown(self, number: int, person: str) -> Shared | None:
        """Make one of somebody's nobody's, and return it; None when it is not theirs (any more)."""
        mine = (wins.c.id == number, wins.c.person == person)
        row = (
            await self._connection.execute(update(wins).where(*mine).values(person="").returning(*wins.c))
        ).one_or_none()
        return None if row is None else _shared(row)

    async def remove(self, number: int) -> bool:
        """Delete one, and say whether it was still there."""
        return bool((await self._connection.execute(delete(wins).where(wins.c.id == number))).rowcount)

    async def take_disowned(self, serves: Sequence[str]) -> Sequence[Shared]:
        """Delete those that are nobody's and have their receipt, and return them; none that another is about.

        serves: see `storage.together.served`.
        """
        here = served(wins.c.community, serves)
        theirs = select(wins.c.id).where(wins.c.person == "", wins.c.receipt != "", here).order_by(wins.c.id)
        query = delete(wins).where(wins.c.id.in_(theirs.with_for_update(skip_locked=True))).returning(*wins.c)
        return sorted(map(_shared, await self._connection.execute(query)), key=lambda one: one.id)


def _shared(row: Row[Any]) -> Shared:
    values = row._asdict()
    return Shared(**{**values, "shared_at": to_moment(values["shared_at"])})
