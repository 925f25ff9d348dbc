"""Who is counted, and in which month."""

from datetime import UTC, datetime

from adapters.port import Arrival
from dialogs.events import Commanded, Said, Tapped
from tests.bot.conftest import NOON, journey_of
from tests.bot.pulse.places import FEBRUARY, PLACE, REJECTED, Place, counts, figures, people, switch
from tests.databases import SERVES, Database


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


async def test_time_alone_counts_nobody(place: Place) -> None:
    """A letter that the bot sends by itself is no coming back."""
    await place.come(people(1), Commanded(name="rejected"))
    await place.come(people(1), Tapped(asked=1, choice="evening"))
    place.clock.move_to(FEBRUARY)
    woken = await place.turns.wake(FEBRUARY, SERVES)
    assert woken is not None
    assert await counts(place.store) == {("2026-01", "came"): 1}
