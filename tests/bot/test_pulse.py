"""The pulse: what people do is counted in their turns, and shown to admins when the month is over."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from adapters.port import Arrival
from bot.clock import Clock
from bot.members import Members
from bot.pulse import Pulse
from bot.turns import Turns
from dialogs import pulse
from dialogs.acts import Act, Member
from dialogs.catalog import Catalog
from dialogs.community import Community, chosen
from dialogs.events import Commanded, Event, Said, Tapped
from dialogs.journey import Counted, Journey
from dialogs.replies import Pick, Reply
from dialogs.understanding import Understanding
from storage.pulse import Pulse as Counters
from storage.store import Posted, Store
from tests.bot.conftest import NOON, journey_of
from tests.databases import KEY, SERVES, Database

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


@pytest.fixture
async def place(store: Store, understanding: Understanding, catalog: Catalog, clock: Clock) -> AsyncIterator[Place]:
    """Give a community with the pulse on, at noon on the fifth of January."""
    await switch(store, "pulse")
    async with Turns(store, understanding, catalog, clock, lambda _posted, _at: None) as turns:
        yield Place(store, turns, members_of(store, catalog, clock), clock)


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


async def test_who_comes_is_counted_once_and_shown_when_the_month_is_over(place: Place) -> None:
    """The counter is exact and nobody's; what is shown is rounded, and the same each time."""
    await place.come(people(40))
    await place.come(people(40), Commanded(name="help"))
    assert await counts(place.store) == {("2026-01", "came"): 40}
    assert "nothing to show for December 2025" in (await place.asked()).text
    place.clock.move_to(FEBRUARY)
    reply = await place.asked()
    assert reply.text.startswith("Pulse of January 2026\n\nPeople\n\u2022 ")
    (came,) = figures(reply.text)
    assert came in {25, 30, 35, 40}
    assert await place.asked() == reply
    assert reply.controls == ()


async def test_what_is_shown_of_a_month_does_not_change_any_more(place: Place) -> None:
    """Whoever comes later is counted later, also when a platform says that it was said before."""
    await place.come(people(40))
    place.clock.move_to(FEBRUARY)
    before = await place.asked()
    late = Arrival(id="late", person="discord:9", event=REJECTED, address="x", place=PLACE, at=NOON)
    await place.turns.take(late)
    await place.come(people(40), Said(text="i got rejected by Umbrella"))
    assert await counts(place.store) == {("2026-01", "came"): 40, ("2026-02", "came"): 41}
    assert await place.asked() == before


async def test_a_month_ends_at_midnight_in_utc_and_is_shown_a_day_later(place: Place) -> None:
    """On the first day, the month before is as if it was not there."""
    place.clock.move_to(datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC))
    await place.come(people(40))
    place.clock.move_to(datetime(2026, 2, 1, tzinfo=UTC))
    await place.come(people(1), Commanded(name="help"))
    assert await counts(place.store) == {("2026-01", "came"): 40, ("2026-02", "came"): 1}
    assert "nothing to show for December 2025" in (await place.asked("2026-01")).text
    place.clock.move_to(FEBRUARY)
    assert figures((await place.asked()).text)


async def test_an_admin_can_pick_an_earlier_month_and_no_other(place: Place) -> None:
    """Of what can be shown; everything else leads to the last month."""
    await place.come(people(40))
    place.clock.move_to(FEBRUARY)
    await place.come(people(40), Commanded(name="help"))
    place.clock.move_to(datetime(2026, 3, 2, tzinfo=UTC))
    last = await place.asked()
    assert last.text.startswith("Pulse of February 2026")
    (menu,) = last.controls
    assert isinstance(menu, Pick)
    assert [one.value for one in menu.options] == ["2026-02", "2026-01"]
    assert (await place.asked("2026-01")).text.startswith("Pulse of January 2026")
    for strange in ("2026-03", "2025-01", "", "canary"):
        assert await place.asked(strange) == last


async def test_nobody_but_an_admin_is_shown_anything_and_only_of_their_own(place: Place) -> None:
    """Nor what has no meaning, nor where it is off."""
    await place.come(people(40))
    place.clock.move_to(FEBRUARY)
    assert (await place.asked(admin=False)).keys == ("pulse.refused",)
    assert (await place.asked(community="discord:78")).keys == ("pulse.off",)
    await switch(place.store, "pulse", community="discord:78")
    assert (await place.asked(community="discord:78")).keys == ("pulse.nothing",)
    member = Member(person="discord:1", community=HERE, admin=True)
    strange = await place.members.act(member, Act(name="pulse.everything"), "strange")
    assert strange is not None
    assert strange.keys == ("anywhere.unknown_command",)


async def test_counting_stops_when_it_is_switched_off(place: Place) -> None:
    """Also of people who came before, and whose coming through the community is remembered with it on."""
    await place.come(people(3))
    await switch(place.store)
    await place.come(people(3), Commanded(name="help"))
    await place.come(people(3, 200))
    assert (await place.asked()).keys == ("pulse.off",)
    await switch(place.store, "pulse")
    await place.come(people(3))
    await place.come(people(1, 300))
    assert await counts(place.store) == {("2026-01", "came"): 4}


async def test_a_set_up_of_a_newer_release_counts_nothing_and_breaks_nothing(place: Place, database: Database) -> None:
    """Somebody's talk goes on, whatever a community has set up."""
    await database.sql("UPDATE communities SET settings = :settings", settings='{"v":99,"community":{}}')
    await place.come(people(2))
    assert (await journey_of(place.store, "discord:100")).applications
    assert await counts(place.store) == {}


async def test_who_erases_everything_leaves_no_mark_and_the_counter_as_it_is(place: Place) -> None:
    """It is of nobody. Whoever comes again is counted again, because nobody knows them."""
    (ann,) = people(1)
    await place.come([ann])
    assert (await journey_of(place.store, ann)).counted == Counted(month="2026-01", figures=("came",))
    await place.come([ann], Commanded(name="erase"))
    journey = await journey_of(place.store, ann)
    await place.come([ann], Tapped(asked=journey.asked, choice="erase"))
    assert await journey_of(place.store, ann) == Journey()
    assert await counts(place.store) == {("2026-01", "came"): 1}
    await place.come([ann])
    assert await counts(place.store) == {("2026-01", "came"): 2}


async def test_time_alone_counts_nobody(place: Place) -> None:
    """A letter that the bot sends by itself is no coming back."""
    await place.come(people(1), Commanded(name="rejected"))
    await place.come(people(1), Tapped(asked=1, choice="evening"))
    place.clock.move_to(FEBRUARY)
    woken = await place.turns.wake(FEBRUARY, SERVES)
    assert woken is not None
    assert await counts(place.store) == {("2026-01", "came"): 1}


async def test_without_the_key_nobody_can_read_a_counter(place: Place, database: Database) -> None:
    """Neither of what it is nor how far it has counted: a small one would tell what sealed journeys hide."""
    await place.come(people(3))
    rows = await database.sql("SELECT month, figure, count FROM pulse")
    assert [month for month, _, _ in rows] == ["2026-01"]
    assert all(figure not in pulse.FIGURES and count > 2**20 for _, figure, count in rows)
    assert b"lesson_" not in await database.content()


async def test_figures_stay_the_same_under_another_key_of_the_host(place: Place) -> None:
    """The secret behind them is the database's own."""
    await place.come(people(40))
    place.clock.move_to(FEBRUARY)
    before = await place.asked()
    old, new = KEY, bytes(range(1, 33))
    place.store._seal._take((new, old))  # noqa: SLF001 - as a host does it with a file of keys
    await place.store.rotate(new)
    assert await place.asked() == before


async def test_the_note_comes_once_in_the_first_days_of_a_month(place: Place) -> None:
    """Into the channel that was chosen for it, with the figures of the page."""
    await place.come(people(40))
    for early in (datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 1, 23, tzinfo=UTC)):
        place.clock.move_to(early)
        assert await place.notes() == []
    place.clock.move_to(FEBRUARY)
    (note,) = await place.notes()
    assert note.address == CHANNEL
    assert note.reply.text.startswith("How January 2026 was here")
    assert figures(note.reply.text) == figures((await place.asked()).text)
    assert await place.notes() == [note]
    await place.store.delivered([note.id])
    place.clock.move_to(datetime(2026, 2, 7, 23, tzinfo=UTC))
    assert await place.notes() == []


async def test_a_process_that_serves_another_platform_sends_no_note(place: Place, catalog: Catalog) -> None:
    """It could not deliver it, and whoever can would find it noted."""
    await place.come(people(40))
    place.clock.move_to(FEBRUARY)
    async with place.store.begin() as unit:
        assert await Pulse(catalog, ("elsewhere:",)).due(unit, FEBRUARY) == []
    assert len(await place.notes()) == 1


@pytest.mark.parametrize("why", ["too few", "off", "no channel", "late"])
async def test_there_is_no_note_where_there_is_nothing_to_say(place: Place, why: str) -> None:
    """Too few people look like nobody, and what was missed for a week is not made up for."""
    await place.come(people(4 if why == "too few" else 40))
    if why == "off":
        await switch(place.store)
    if why == "no channel":
        communities = place.store.communities(place.clock.now)
        await communities.change(HERE, lambda before: chosen(before, "moderators_channel", ()))
    place.clock.move_to(datetime(2026, 2, 8, tzinfo=UTC) if why == "late" else FEBRUARY)
    assert await place.notes() == []


@pytest.mark.databases("postgresql")  # two programs on a SQLite file wait for each other far longer than they work
async def test_several_processes_count_right_and_send_one_note(
    database: Database, understanding: Understanding, catalog: Catalog, clock: Clock
) -> None:
    """People of one community, in turns of two processes at once, and both look for what is due."""
    async with AsyncExitStack() as stack:
        places = []
        for _ in range(2):
            store = await stack.enter_async_context(database.store())
            lane = Turns(store, understanding, catalog, clock, lambda _posted, _at: None)
            turns = await stack.enter_async_context(lane)
            places.append(Place(store, turns, members_of(store, catalog, clock), clock))
        await switch(places[0].store, "pulse")
        for number in range(4):
            both = [one.come(people(50, 1000 * number + 100 * which)) for which, one in enumerate(places)]
            await asyncio.gather(*both)
        await asyncio.gather(*(one.come(people(50), Commanded(name="help")) for one in places))
        assert await counts(places[0].store) == {("2026-01", "came"): 400}
        clock.move_to(FEBRUARY)
        await asyncio.gather(*(one.members.look() for one in places))
        notes = [one for one in await places[0].store.pending() if one.person == f"{HERE}/community"]
        assert len(notes) == 1


async def test_the_note_comes_once_whoever_looks_and_also_after_a_restart(
    place: Place, database: Database, catalog: Catalog, clock: Clock
) -> None:
    """That it was sent is in the database: two programs that look at the same moment, and one later."""
    await place.come(people(40))
    clock.move_to(FEBRUARY)
    async with database.store() as other:
        await asyncio.gather(place.members.look(), members_of(other, catalog, clock).look())
    assert len(await place.notes()) == 1
    async with database.store() as again:
        await members_of(again, catalog, clock).look()
    assert len(await place.notes()) == 1


async def test_counters_are_kept_for_two_years(place: Place, database: Database) -> None:
    """And not a month longer."""
    await place.come(people(1))
    place.clock.move_to(datetime(2028, 1, 2, tzinfo=UTC))
    await place.members.look()
    assert await counts(place.store) == {("2026-01", "came"): 1}
    place.clock.move_to(datetime(2028, 2, 2, tzinfo=UTC))
    await place.members.look()
    assert [month for (month,) in await database.sql("SELECT month FROM pulse WHERE figure != 'noted'")] == []


async def test_a_community_that_leaves_takes_its_counters_along(place: Place, database: Database) -> None:
    """Like everything else of it."""
    await place.come(people(1))
    await place.store.communities(place.clock.now).remove(HERE)
    assert await database.sql("SELECT * FROM pulse") == []
    await place.come(people(1, 200))
    assert await database.sql("SELECT * FROM pulse") == []


async def test_the_pulse_asks_about_no_letter(catalog: Catalog, store: Store) -> None:
    """So there is nothing to be told."""
    async with store.begin() as unit:
        assert await Pulse(catalog, SERVES).told(unit, Act(name="pulse.noted"), HERE, "1", NOON) == ()
