"""What is kept of it: counters of nobody, sealed, for two years."""

from datetime import UTC, datetime

from dialogs import pulse
from dialogs.events import Commanded, Tapped
from dialogs.journey import Counted, Journey
from tests.bot.conftest import journey_of
from tests.bot.pulse.places import HERE, Place, counts, people
from tests.databases import Database


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


async def test_without_the_key_nobody_can_read_a_counter(place: Place, database: Database) -> None:
    """Neither of what it is nor how far it has counted: a small one would tell what sealed journeys hide."""
    await place.come(people(3))
    rows = await database.sql("SELECT month, figure, count FROM pulse")
    assert [month for month, _, _ in rows] == ["2026-01"]
    assert all(figure not in pulse.FIGURES and count > 2**20 for _, figure, count in rows)
    assert b"lesson_" not in await database.content()


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
