"""What members of communities offer, look for and have reported: read and written in the transaction of an act."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import (
    BindParameter,
    Delete,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs.community import Community
from dialogs.introducing import Board
from dialogs.journey import Mentored
from dialogs.mentoring import Introduction, Offer, Report, mentored
from dialogs.private import Private
from dialogs.steps import Step
from dialogs.waits import SAFETY
from storage.communities import read_settings, readable
from storage.errors import StorageError
from storage.sealing import Seal
from storage.tables import apart, communities, introductions, journeys, offers, people, reports, to_moment, to_number
from storage.together import about, served

VERSION = 1
"""The version of what is sealed. Raise it when a field changes its meaning."""

MOST_COMMUNITIES = 20
"""So many communities are looked after in one transaction."""


class _Sealed(Private, frozen=True):
    v: int
    offer: Offer | None = None
    introduction: Introduction | None = None
    report: Report | None = None


SILENT = (Step.STOPPED.value, *sorted(one.value for one in SAFETY))
"""The steps of people to whom nothing about mentors comes by itself."""

_HERE: BindParameter[str] = bindparam("community")
_SILENT = select(journeys.c.person, journeys.c.step).where(
    journeys.c.step.in_(bindparam("steps", expanding=True)),
    journeys.c.person.in_(
        select(offers.c.person)
        .where(offers.c.community == _HERE)
        .union(
            select(introductions.c.seeker).where(introductions.c.community == _HERE),
            select(introductions.c.mentor).where(introductions.c.community == _HERE),
        )
    ),
)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Sealed)

_NOBODY = Introduction(seeker="", topic="", since=to_moment(0), due=to_moment(0))


class Mentoring:
    """Mentoring as it is stored. Every method raises StorageError."""

    def __init__(self, connection: AsyncConnection, seal: Seal) -> None:
        """Work on the connection of an open transaction."""
        self._connection = connection
        self._seal = seal
        self._before = Board({}, {})
        self._community = ""
        self.settings = Community()
        """How the community has set the bot up, once its board was read."""

    async def board(self, community: str) -> Board:
        """Return everything of a community. Until the transaction ends, nobody else reads it in order to change it."""
        self._community = community
        await self._connection.execute(_held(community))
        query = select(communities.c.settings).where(communities.c.id == community)
        settings = (await self._connection.execute(query)).scalar()
        self.settings = Community() if settings is None else read_settings(settings)
        on = self.settings.has("mentors")
        found = select(offers).where(offers.c.community == community)
        offered = {row.person: self._offer(row) for row in await self._locked(found, "person")}
        found = select(introductions).where(introductions.c.community == community)
        introduced = {row.id: self._introduction(row) for row in await self._locked(found, "id")}
        self._before = Board(offered, introduced, await self._apart(), await self._barred())
        before, steps = self._before, await self._steps()
        stopped = {person for person, step in steps.items() if step == Step.STOPPED}
        in_danger = steps.keys() - stopped
        return Board(
            before.offers,
            before.introductions,
            before.apart,
            before.barred,
            on=on,
            stopped=stopped,
            in_danger=in_danger,
        )

    async def _locked(self, found: Select[Any], by: str) -> Sequence[Row[Any]]:
        """Return rows in one order, locked: whoever erases everything at this moment waits, or has been before."""
        query = found.order_by(found.selected_columns[by]).with_for_update()
        rows: Sequence[Row[Any]] = (await self._connection.execute(query)).all()
        return rows

    async def _apart(self) -> set[frozenset[str]]:
        mentors = select(offers.c.person).where(offers.c.community == self._community)
        query = select(apart).where(or_(apart.c.person.in_(mentors), apart.c.other.in_(mentors)))
        return {frozenset((row.person, row.other)) for row in await self._connection.execute(query)}

    async def _steps(self) -> Mapping[str, str]:
        """Return where those of its people stand to whom nothing comes by itself just now."""
        found = await self._connection.execute(_SILENT, {"community": self._community, "steps": SILENT})
        return {row.person: row.step for row in found}

    async def _barred(self) -> set[str]:
        query = select(reports).where(reports.c.community == self._community)
        rows = await self._connection.execute(query)
        return {row.person for row in rows if self._report(row).barred}

    async def number(self, now: datetime) -> int:
        """Return the number of a new introduction, which is nobody's until it is kept."""
        values = {"community": self._community, "seeker": "", "mentor": "", "due_at": to_number(now), "sealed": b""}
        query = insert(introductions).values(values).returning(introductions.c.id)
        return int((await self._connection.execute(query)).scalar_one())

    async def keep(self, board: Board) -> None:
        """Keep what has changed since it was read."""
        before = self._before
        for person in sorted(before.offers.keys() - board.offers.keys()):
            await self._connection.execute(_no_offer(self._community, person))
        for person, offer in sorted(board.offers.items()):
            if offer != before.offers.get(person):
                await self._keep_offer(person, offer)
        for number in sorted(before.introductions.keys() - board.introductions.keys()):
            await self._connection.execute(delete(introductions).where(introductions.c.id == number))
        for number, one in sorted(board.introductions.items()):
            if one != before.introductions.get(number):
                await self._connection.execute(self._keeping(number, one))
        for person, other in sorted((min(pair), max(pair)) for pair in board.apart - before.apart):
            await self._connection.execute(
                _insert(self._connection, apart).values(person=person, other=other).on_conflict_do_nothing()
            )

    async def _keep_offer(self, person: str, offer: Offer) -> None:
        sealed = self._sealed(_Sealed(v=VERSION, offer=offer), offers)
        row = {"community": self._community, "person": person, "sealed": sealed}
        keeping = _insert(self._connection, offers).values(row)
        await self._connection.execute(
            keeping.on_conflict_do_update(index_elements=["community", "person"], set_={"sealed": sealed})
        )

    def _keeping(self, number: int, one: Introduction) -> Update:
        # What stands in columns of its own, where erasing finds it, is not in the sealed part.
        rest = replace(one, seeker="", mentor="", due=_NOBODY.due)
        sealed = self._sealed(_Sealed(v=VERSION, introduction=rest), introductions)
        columns = {"seeker": one.seeker, "mentor": one.mentor, "due_at": to_number(one.due), "sealed": sealed}
        return update(introductions).where(introductions.c.id == number).values(columns)

    # reports

    async def report(self, person: str, report: Report, now: datetime) -> int:
        """Keep a new report about somebody, and return its number."""
        values = {"community": self._community, "person": person, "reported_at": to_number(now), "sealed": b""}
        number = int(
            (await self._connection.execute(insert(reports).values(values).returning(reports.c.id))).scalar_one()
        )
        await self.keep_report(number, report)
        return number

    async def reported(self, number: int) -> tuple[str, Report] | None:
        """Return who was reported in this community, and of which kind it was; None when there is no such report."""
        query = select(reports).where(reports.c.id == number, reports.c.community == self._community)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else (row.person, self._report(row))

    async def keep_report(self, number: int, report: Report) -> None:
        """Keep what the moderators did about a report."""
        sealed = self._sealed(_Sealed(v=VERSION, report=report), reports)
        await self._connection.execute(update(reports).where(reports.c.id == number).values(sealed=sealed))

    async def let_in(self, person: str) -> None:
        """Let somebody take part again, whichever of the reports about them was the reason."""
        query = select(reports).where(reports.c.community == self._community, reports.c.person == person)
        for row in (await self._connection.execute(query)).all():
            await self.keep_report(row.id, replace(self._report(row), barred=False))

    async def forget_report(self, number: int) -> None:
        """Delete a report."""
        await self._connection.execute(delete(reports).where(reports.c.id == number))

    async def forget_unseen(self, before: datetime) -> None:
        """Delete the reports of all communities that were made before a moment and to which nobody has seen."""
        old = select(reports).where(reports.c.reported_at < to_number(before)).with_for_update(skip_locked=True)
        for row in (await self._connection.execute(old)).all():
            if not self._report(row).barred:
                await self.forget_report(row.id)

    # others

    async def of(self, some: Collection[str]) -> Mapping[str, tuple[Mentored, ...]]:
        """Return what people have to do with mentors, in every community."""
        offered = (await self._connection.execute(select(offers).where(offers.c.person.in_(some)))).all()
        query = select(introductions).where(or_(introductions.c.seeker.in_(some), introductions.c.mentor.in_(some)))
        introduced = (await self._connection.execute(query.order_by(introductions.c.id))).all()
        found: dict[str, tuple[Mentored, ...]] = {}
        for person in some:
            for row in offered:
                if row.person == person:
                    found[person] = (*found.get(person, ()), *mentored(row.community, self._offer(row), (), person))
            for row in introduced:
                if person in {row.seeker, row.mentor}:
                    own = mentored(row.community, None, [self._introduction(row)], person)
                    found[person] = (*found.get(person, ()), *own)
        return found

    async def knows(self, person: str) -> bool:
        """Say whether there is somebody of this name, to whom letters can be posted."""
        return (
            await self._connection.execute(select(people.c.person).where(people.c.person == person))
        ).scalar() is not None

    async def names(self, of: Collection[str]) -> Mapping[str, str]:
        """Return how communities are called that have introductions switched on."""
        rows = await self._connection.execute(select(communities).where(communities.c.id.in_(sorted(of))))
        found = {row.id: readable(row.settings) for row in rows}
        return {community: one.name for community, one in found.items() if one and one.has("mentors")}

    async def due(self, now: datetime, serves: Sequence[str]) -> list[str]:
        """Return communities in which the time of an introduction has come, the earliest first.

        serves: the platforms whose letters this process delivers, as the names of their people begin.
        """
        here = served(introductions.c.community, serves)
        query = (
            select(introductions.c.community)
            .where(introductions.c.due_at <= to_number(now), here)
            .group_by(introductions.c.community)
            .order_by(func.min(introductions.c.due_at))
            .limit(MOST_COMMUNITIES)
        )
        return list((await self._connection.execute(query)).scalars())

    # sealing

    def _sealed(self, kept: _Sealed, table: Table) -> bytes:
        return self._seal.seal(_encoder.encode(kept), about(table, self._community))

    def _opened(self, row: Row[Any], table: Table) -> _Sealed:
        try:
            found = _decoder.decode(self._seal.unseal(row.sealed, about(table, row.community)))
        except msgspec.MsgspecError:  # its message may quote the contents
            found = None
        if found is None or found.v != VERSION:
            msg = "What is stored of mentoring is of another release, or damaged: run the release that wrote it."
            raise StorageError(msg)
        return found

    def _offer(self, row: Row[Any]) -> Offer:
        return self._opened(row, offers).offer or Offer()

    def _introduction(self, row: Row[Any]) -> Introduction:
        one = self._opened(row, introductions).introduction or _NOBODY
        return replace(one, seeker=row.seeker, mentor=row.mentor, due=to_moment(row.due_at))

    def _report(self, row: Row[Any]) -> Report:
        return self._opened(row, reports).report or Report()


def _held(community: str) -> Update:
    """Return what keeps others from a community until the end; on SQLite, it begins to write before the first read."""
    same = communities.c.updated_at
    return update(communities).where(communities.c.id == community).values(updated_at=same)


def _no_offer(community: str, person: str) -> Delete:
    return delete(offers).where(offers.c.community == community, offers.c.person == person)


def _insert(connection: AsyncConnection, into: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(into) if connection.dialect.name == "sqlite" else postgresql.insert(into)
