"""The note that comes once a month, whichever processes look."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from bot.clock import Clock
from bot.pulse import Pulse
from bot.turns import Turns
from dialogs.acts import Act
from dialogs.catalog import Catalog
from dialogs.community import chosen
from dialogs.events import Commanded
from dialogs.understanding import Understanding
from storage.store import Store
from tests.bot.conftest import NOON
from tests.bot.pulse.places import CHANNEL, FEBRUARY, HERE, Place, counts, figures, members_of, people, switch
from tests.databases import SERVES, Database


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


async def test_the_pulse_asks_about_no_letter(catalog: Catalog, store: Store) -> None:
    """So there is nothing to be told."""
    async with store.begin() as unit:
        assert await Pulse(catalog, SERVES).told(unit, Act(name="pulse.noted"), HERE, "1", NOON) == ()
