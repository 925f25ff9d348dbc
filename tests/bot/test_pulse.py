"""The pulse: what people do is counted in their turns, and shown to admins when the month is over."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest

from adapters.port import Arrival
from bot.clock import Clock
from bot.members import Members
from bot.pulse import Pulse
from bot.turns import Turns
from dialogs.acts import Act, Member
from dialogs.catalog import Catalog
from dialogs.community import Community, chosen
from dialogs.events import Commanded, Event, Said
from dialogs.replies import Reply
from dialogs.understanding import Understanding
from storage.store import Posted, Store
from tests.bot.conftest import NOON
from tests.databases import Database

HERE, CHANNEL = "discord:77", "4711"
PLACE = {"community": HERE, "features": "pulse"}
FEBRUARY = datetime(2026, 2, 2, 9, tzinfo=UTC)
REJECTED = Said(text="i got rejected by Acme")


class Place:
    """One process that works for a community with the pulse on."""

    def __init__(self, store: Store, turns: Turns, members: Members, clock: Clock) -> None:
        """Use these."""
        self.store = store
        self.turns = turns
        self.members = members
        self.clock = clock
        self._events = 0

    async def come(self, people: Sequence[str], event: Event = REJECTED, place: dict[str, str] | None = None) -> None:
        """Have people do something, all at once."""
        self._events += 1
        place = PLACE if place is None else place
        arrivals = [
            Arrival(id=f"{one}-{self._events}", person=one, event=event, address="x", place=place) for one in people
        ]
        await asyncio.gather(*map(self.turns.take, arrivals))

    async def asked(self, *values: str, admin: bool = True, community: str = HERE) -> Reply:
        """Return what a member is shown who asks for the pulse."""
        self._events += 1
        member = Member(person="discord:1", community=community, admin=admin)
        reply = await self.members.act(member, Act(name="pulse.show", values=values), f"asked-{self._events}")
        assert reply is not None
        return reply

    async def notes(self) -> list[Posted]:
        """Do what is due, and return the letters to the community."""
        await self.members.look()
        return [one for one in await self.store.pending() if one.person == f"{HERE}/community"]


async def switch(store: Store, *features: str, community: str = HERE) -> None:
    """Choose which parts of a community are on, and a channel for notes."""

    def change(before: Community) -> Community:
        return chosen(chosen(before, "features", features), "moderators_channel", (CHANNEL,))

    await store.communities(lambda: NOON).change(community, change)


async def nothing() -> None:
    """Recover from nothing."""


def members_of(store: Store, catalog: Catalog, clock: Clock) -> Members:
    """Return who takes acts."""
    return Members(store, {"pulse": Pulse(catalog)}, catalog, clock, lambda _posted, _at: None, nothing)


@pytest.fixture
async def place(store: Store, understanding: Understanding, catalog: Catalog, clock: Clock) -> AsyncIterator[Place]:
    """Give a community with the pulse on, at noon on the fifth of January."""
    await switch(store, "pulse")
    async with Turns(store, understanding, catalog, clock, lambda _posted, _at: None) as turns:
        yield Place(store, turns, members_of(store, catalog, clock), clock)


def people(count: int, first: int = 100) -> list[str]:
    """Return so many people."""
    return [f"discord:{number}" for number in range(first, first + count)]


async def counts(database: Database) -> dict[tuple[str, str], int]:
    """Return every counter, by month and figure."""
    rows = await database.sql("SELECT month, figure, count FROM pulse WHERE figure != 'noted'")
    return {(month, figure): count for month, figure, count in rows}


def figures(text: str) -> list[int]:
    """Return the figures on a page."""
    return [int(number) for number in re.findall(r"(\d+) or more", text)]


async def test_who_comes_is_counted_once_and_shown_when_the_month_is_over(place: Place, database: Database) -> None:
    """The counter is exact and nobody's; what is shown is rounded, and the same each time."""
    await place.come(people(30))
    await place.come(people(30), Commanded(name="help"))
    assert await counts(database) == {("2026-01", "came"): 30}
    assert "nothing to show for December 2025" in (await place.asked()).text
    place.clock.move_to(FEBRUARY)
    reply = await place.asked()
    assert reply.text.startswith("Pulse of January 2026\n\nPeople\n\u2022 ")
    (came,) = figures(reply.text)
    assert came in {20, 25, 30}
    assert await place.asked() == reply
    assert reply.controls == ()
