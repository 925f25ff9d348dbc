"""A community whose pulse is on, and what tests do in it."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.port import Arrival
from bot.clock import Clock
from bot.members import Members
from bot.pulse import Pulse
from bot.turns import Turns
from dialogs.acts import Act, Member
from dialogs.catalog import Catalog
from dialogs.community import Community, chosen
from dialogs.events import Event, Said
from dialogs.replies import Reply
from storage.pulse import Pulse as Counters
from storage.store import Posted, Store
from tests.bot.conftest import NOON
from tests.databases import SERVES

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
    return Members(store, {"pulse": Pulse(catalog, SERVES)}, catalog, clock, lambda _posted, _at: None, nothing)


def people(count: int, first: int = 100) -> list[str]:
    """Return so many people."""
    return [f"discord:{number}" for number in range(first, first + count)]


async def counts(store: Store, community: str = HERE) -> dict[tuple[str, str], int]:
    """Return every counter of a community in this winter, by month and figure."""
    async with store.begin() as unit:
        found = await Counters.within(unit).counts(community, ("2025-12", "2026-01", "2026-02"))
    return dict(found)


def figures(text: str) -> list[int]:
    """Return the figures on a page."""
    return [int(number) for number in re.findall(r"(\d+) or more", text)]
