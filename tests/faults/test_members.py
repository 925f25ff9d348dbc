"""What members of a community do with each other goes on when processes die: all of it happens, and each thing once."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from dialogs.community import Choices, Community, recipient
from dialogs.events import Said, Tapped
from dialogs.mentoring import State
from dialogs.place import placed
from dialogs.pulse import counted
from storage.mentoring import Mentoring
from storage.pulse import Pulse
from tests.conversations.on_engine import Player
from tests.databases import Database
from tests.faults.fleet import Fleet, Worker
from tests.faults.members import PLACE, Channels, Member, members, number
from tests.faults.people import Someone
from tests.faults.test_replicas import DATABASE_NOW, LONG, database_says, nothing_waits
from tests.faults.worker import COMMUNITY, NOON, receipt
from tests.postgres import Server

SEED = int(os.environ.get("ONWARD_TEST_SEED", "20260105"))
PAIRS = 60 if LONG else 30
RATE = 14.0
"""With so many things done in a second, it takes a minute."""

SET_UP = Community(
    now=Choices(
        panel_channel="1",
        wins_channel="2",
        moderators_channel="3",
        mentors="4",
        features=("mentors", "wins", "pulse"),
    )
)
WHO = (
    *(("introductions", one) for one in ("seeker", "mentor")),
    *(("apart", one) for one in ("person", "other")),
    *((one, "person") for one in ("offers", "wins", "reports", "journeys", "people")),
)
"""Where people are named."""

CHANNELS = recipient(COMMUNITY)

pytestmark = [pytest.mark.faults, pytest.mark.no_cover, pytest.mark.databases("postgresql")]


class Town:
    """The community, its members, and the processes that serve them."""

    def __init__(self, fleet: Fleet[Any], database: Database, people: dict[str, Member], channels: Channels) -> None:
        """Begin with everybody there."""
        self.fleet = fleet
        self.database = database
        self.people = people
        self.channels = channels

    async def settled(self) -> None:
        """Return when nobody has anything left to do, and nothing is on its way."""
        while True:
            try:
                await self.fleet.until(self._quiet)
            except TimeoutError as error:
                raise AssertionError(self.waits()) from error
            await nothing_waits(self.database)
            if all(one.done for one in self.people.values()):
                return

    def waits(self) -> str:
        """Return who has something left to do, for whoever reads why a test failed."""
        return str([(one.name, one.way, one.unacknowledged()) for one in self.people.values() if not one.done])

    async def goes_on(self, acts: int = 40) -> None:
        """Return when so much more has happened; in the long run, after a second."""
        if LONG:
            await asyncio.sleep(1)
        reached = self.fleet.counts.turns + acts
        await self.fleet.until(lambda: self.fleet.counts.turns >= reached or self._quiet())

    async def loses_processes(self, kills: int) -> None:
        """Kill one after another, also while those before are being replaced; nobody waits for the new ones.

        Every other one does not come to acknowledge what it has committed in its last moments.
        """
        async with asyncio.TaskGroup() as replacing:
            for kill in range(kills):
                await self.goes_on()
                await self.fleet.until(lambda: any(worker.takes for worker in self.fleet.workers))
                worker = self.fleet.any_worker()
                if kill % 2:
                    await self._goes_on_without(worker)
                worker.leaving = True
                replacing.create_task(self.fleet.kill(worker))

    async def _goes_on_without(self, worker: Worker) -> None:
        """Return when the others have done something, or have nothing left to do, while this one tells nothing."""
        worker.send({"mute": True})
        reached = self.fleet.counts.turns + 20
        others = [one for one in self.fleet.workers if one is not worker]
        await self.fleet.until(lambda: self.fleet.counts.turns >= reached or not any(one.under_way for one in others))

    def _quiet(self) -> bool:
        return all(one.done for one in self.people.values())

    async def passes(self, days: int, meanwhile: Callable[[], Any] | None = None) -> None:
        """Let time pass, and have every process look for what is due then, at the same moment."""
        self.fleet.tell({"now": (NOON + timedelta(days=days)).isoformat()})
        if meanwhile is not None:
            self.fleet.tell({"look": True})
            await meanwhile()
        looks = self.fleet.counts.looks + len(self.fleet.workers)
        self.fleet.tell({"look": True})
        await self.fleet.until(lambda: self.fleet.counts.looks >= looks)
        await self.settled()


@asynccontextmanager
async def town(database: Database, rate: float | None = None) -> AsyncIterator[Town]:
    """Have a community in which everybody begins; at the end everything has happened as it should have.

    rate: so many times a second somebody does something; as quickly as they are answered when it is None.
    """
    async with database.store() as store:
        await store.communities(lambda: NOON).change(COMMUNITY, lambda _: SET_UP)
        assert store.replica is not None
        await store.replica.release()  # this is no process that could take anything over
    people = {one.name: one for one in members(PAIRS)}
    channels = Channels(CHANNELS, people)
    everybody: list[Someone] = [channels, *people.values()]
    async with Fleet(database.url, iter(everybody), len(everybody), rate=rate, seed=SEED) as fleet:
        fleet.begin()
        there = Town(fleet, database, people, channels)
        yield there
        await there.settled()
        await there.passes(0)
        await as_it_should_be(there)
        await there.passes(8, lambda: fleet.kill(fleet.any_worker()))
        asked_how_it_goes(there)
        await there.passes(50)
        assert await database.sql("SELECT count(*) FROM introductions") == [(0,)]
        print(fleet.counts, len(rooms(channels)), "rooms", sum(one.lost for one in people.values()), "lost")  # noqa: T201 - seen with pytest -s


async def as_it_should_be(there: Town) -> None:
    """Check what everybody was told and shown, what stands in the channels, and what is kept."""
    each_pair_has_one_room(there)
    nobody_is_asked_twice_or_named(there)
    wins_stand_or_are_taken_back(there)
    reports_came_once(there)
    await nobody_is_stuck(there)
    await figures_are_those_of_a_calm_run(there)


def rooms(channels: Channels) -> dict[int, dict[str, Any]]:
    """Return the letters that open a room, by its number."""
    return {letter["room"]: letter for letter in channels.heard if letter["effect"] == "room"}


def each_pair_has_one_room(there: Town) -> None:
    """Whoever agreed has a room, nobody else has one, and a room is closed once when it has ended."""
    opened = Counter(letter["room"] for letter in there.channels.heard if letter["effect"] == "room")
    agreed = {room for one in there.people.values() for name, room in one.pressed if name == "mentor.agree"}
    assert set(opened.values()) == {1}, opened
    shown_agreed = sum(one.did("mentors.agreed") for one in there.people.values() if not one.mentor)
    assert shown_agreed <= len(opened) <= len(agreed)
    closed = Counter(letter["of"] for letter in there.channels.heard if letter["effect"] == "closing")
    ended = {
        room
        for one in there.people.values()
        for name, room in one.pressed
        if name in {"mentor.end", "mentor.block", "mentor.tell"}
    }
    left = {room for one in there.people.values() if one.gone for room in one.met}
    expected = {receipt(letter["letter"]) for room, letter in rooms(there.channels).items() if room in ended | left}
    assert closed == Counter(expected)


def nobody_is_asked_twice_or_named(there: Town) -> None:
    """For each request a mentor is asked once, and nothing that somebody reads alone names anybody."""
    for one in there.people.values():
        asked = Counter(
            number(letter["about"].partition(":")[2]) for letter in one.heard if "mentors.asked" in letter["keys"]
        )
        assert set(asked.values()) <= {1}
        for read in [*one.heard, *one.shown]:
            assert not any(f"lines:{kind}" in read["text"] for kind in "sm")
            assert not read.get("named")
        ended = sum("mentors.ended" in letter["keys"] for letter in one.heard)
        assert ended <= max(len(one.met), len(asked))


def wins_stand_or_are_taken_back(there: Town) -> None:
    """Whoever shared has shared once; what was taken back is taken away once, and nothing else is."""
    posted = [
        receipt(letter["letter"]) for letter in there.channels.heard if letter["about"].startswith("wins.posted:")
    ]
    sharing = [one for one in there.people.values() if one.way in {"shares", "withdraws"}]
    assert len(posted) == len(sharing)
    removed = Counter(letter["of"] for letter in there.channels.heard if letter["effect"] == "removal")
    assert set(removed.values()) <= {1}
    assert len(removed) == sum(one.way == "withdraws" for one in sharing)
    assert set(removed) <= set(posted)


def reports_came_once(there: Town) -> None:
    """Moderators get one report for each that was made."""
    filed = Counter(
        letter["about"].rpartition(".")[2] for letter in there.channels.heard if letter["keys"] == ["mentors.reported"]
    )
    for name, one in there.people.items():
        told = sum(count for (act, _), count in one.pressed.items() if act == "mentor.tell")
        assert one.did("mentors.report_sent") <= filed[name] <= told


async def nobody_is_stuck(there: Town) -> None:
    """Every introduction that is left is one of two who have met, and nothing is left of who erased everything."""
    async with there.database.store() as store, store.begin() as unit:
        board = await unit.use(Mentoring).board(COMMUNITY)
    for number_of, one in board.introductions.items():
        assert one.state is State.MET
        assert one.receipt == receipt(rooms(there.channels)[number_of]["letter"])
    gone = {name for name, one in there.people.items() if one.gone}
    for table, column in WHO:
        named = {name for (name,) in await there.database.sql(f"SELECT {column} FROM {table}")}  # noqa: S608 - ours
        assert gone & named == set(), table
    kept = sum(one.way == "shares" for one in there.people.values())
    assert await there.database.sql("SELECT count(*) FROM wins WHERE receipt <> ''") == [(kept,)]


async def figures_are_those_of_a_calm_run(there: Town) -> None:
    """Check that the counters say what the engine alone counts."""
    expected: Counter[tuple[str, str]] = Counter()
    for one in there.people.values():
        player = Player()
        player.now, player.journey = NOON, placed(player.journey, PLACE)
        for line in one.script:
            before, (kind, _, text) = player.journey, line.partition(" ")
            if kind == "*":
                player.happen(Tapped(asked=player.journey.asked, choice=text))
            else:
                player.happen(Said(text=text, meaning=player.understanding.understand(text)))
            player.journey, counts = counted(before, player.journey, NOON)
            expected.update((count.month, count.figure) for count in counts)
    async with there.database.store() as store, store.begin() as unit:
        found = await Pulse.within(unit).counts(COMMUNITY, {month for month, _ in expected})
    assert dict(found) == dict(expected)


def asked_how_it_goes(there: Town) -> None:
    """Check that each of two in a room was asked once, although three processes looked and one was killed."""
    for one in there.people.values():
        asked = Counter(
            number(letter["acts"][0].partition(":")[2])
            for letter in one.heard
            if {"mentors.did_it_help", "mentors.how_is_it_going"} & set(letter["keys"])
        )
        assert set(asked.values()) <= {1}
        assert set(asked) <= one.met
    both = sum("mentors.did_it_help" in letter["keys"] for one in there.people.values() for letter in one.heard)
    assert both == sum("mentors.how_is_it_going" in one["keys"] for who in there.people.values() for one in who.heard)
    assert both > 0


async def test_members_whose_processes_are_killed(database: Database) -> None:
    """One of three is killed with no warning, again and again; the long run does it every second for a minute."""
    async with town(database, RATE if LONG else None) as there:
        await there.loses_processes(60 if LONG else 8)
    # Something was under way when they died: an act, a letter, or an acknowledgement.
    counts = there.fleet.counts
    assert counts.redelivered + counts.doubles + sum(bool(one.lost) for one in there.people.values()) > 0


async def test_members_while_the_database_is_killed(database: Database, postgres_server: Server) -> None:
    """It recovers; what was pressed meanwhile can be pressed again."""
    async with town(database) as there:
        for _ in range(5 if LONG else 1):
            await there.goes_on()
            await asyncio.to_thread(postgres_server.kill)
            await asyncio.to_thread(postgres_server.start)


async def test_members_whose_process_stands_still(database: Database) -> None:
    """Longer than its lease: the others go on with what it had, and it finds that out by itself."""
    async with town(database) as there:
        for _ in range(10 if LONG else 1):
            await there.goes_on()
            frozen = there.fleet.any_worker()
            there.fleet.freeze(frozen)
            await database_says(database, f"SELECT count(*) <= 2 FROM replicas WHERE alive_until > {DATABASE_NOW}")  # noqa: S608 - ours
            await there.goes_on()
            there.fleet.thaw(frozen)
