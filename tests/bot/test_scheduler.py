"""Waking journeys whose time has come."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from adapters.port import Arrival
from bot.clock import Clock
from bot.scheduler import Scheduler
from bot.turns import MOST_WOKEN, Turns
from dialogs.catalog import Catalog
from dialogs.events import Said
from dialogs.journey import Journey, Venting
from dialogs.steps import Step
from dialogs.understanding import Understanding
from storage.store import Posted, Store
from tests.bot.conftest import NOON, journey_of, keep
from tests.databases import Database

HOUR = timedelta(hours=1)


class Office:
    """The lane, the scheduler, and what was said."""

    def __init__(self, store: Store, understanding: Understanding, catalog: Catalog, clock: Clock) -> None:
        """Wire them as the application does."""
        self.clock = clock
        self.said: list[tuple[str, datetime]] = []
        self.told = asyncio.Event()
        self.turns = Turns(store, understanding, catalog, clock, self._committed)
        self.scheduler = Scheduler(store, self.turns, clock, ("test:",))

    def _committed(self, posted: Sequence[Posted], wake_at: datetime | None) -> None:
        if wake_at:
            self.scheduler.nudge(wake_at)
        for one in posted:
            self.said.append((one.person, self.clock.now()))
            self.told.set()


@pytest.fixture
async def office(store: Store, understanding: Understanding, catalog: Catalog, clock: Clock) -> AsyncIterator[Office]:
    """Give the lane and the scheduler, not yet running by itself."""
    office = Office(store, understanding, catalog, clock)
    async with office.turns:
        yield office


async def venting(store: Store, person: str, until: datetime) -> None:
    """Have a person vent until a moment."""
    await keep(store, person, Journey(step=Step.VENTING, venting=Venting(began=NOON, until=until)), until)


async def test_who_is_due_is_woken_once_and_in_order(store: Store, office: Office) -> None:
    """The one who waited longest comes first; who is not due sleeps on, and nobody is woken twice."""
    await venting(store, "test:late", NOON - HOUR)
    await venting(store, "test:later", NOON - 2 * HOUR)
    await venting(store, "test:not_yet", NOON + HOUR)
    await asyncio.gather(office.scheduler.fire_due(NOON), office.scheduler.fire_due(NOON))
    assert [person for person, _ in office.said] == ["test:later", "test:late"]
    assert (await journey_of(store, "test:late")).step is Step.TIME_UP
    assert (await journey_of(store, "test:not_yet")).step is Step.VENTING


async def test_people_of_other_platforms_sleep_on(store: Store, office: Office) -> None:
    """A process wakes those whom it serves; the others' time is kept for the process that serves them."""
    await venting(store, "elsewhere:cy", NOON - HOUR)
    await office.scheduler.fire_due(NOON)
    assert office.said == []
    assert await office.scheduler.next_due(NOON + HOUR) is None


async def test_it_sleeps_until_it_is_time(store: Store, office: Office) -> None:
    """The next moment is known, and a nudge makes it look again when somebody wants an earlier one."""
    await venting(store, "test:ann", NOON + HOUR / 2)
    assert await office.scheduler.next_due(NOON + HOUR) == NOON + HOUR / 2
    running = asyncio.create_task(office.scheduler.run())
    office.clock.move_to(NOON + HOUR)
    office.scheduler.nudge(office.clock.now())
    await asyncio.wait_for(office.told.wait(), 5)
    assert office.said == [("test:ann", NOON + HOUR)]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("steps", range(5))
async def test_it_ends_when_it_is_told_to_also_just_after_a_nudge(store: Store, office: Office, steps: int) -> None:
    """A program that has just made a turn ends too, however few steps the loop has gone since."""
    await venting(store, "test:ann", NOON + HOUR / 2)
    running = asyncio.create_task(office.scheduler.run())
    office.clock.move_to(NOON + HOUR)
    office.scheduler.nudge(office.clock.now())
    await asyncio.wait_for(office.told.wait(), 5)
    while office.scheduler._planned is None:  # noqa: ASYNC110, SLF001 - nothing tells that it waits
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    office.scheduler.nudge(NOON)
    for _ in range(steps):
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait({running}, timeout=1)
    assert done == {running}


class Logged(logging.Handler):
    """Tells that something was logged."""

    def __init__(self) -> None:
        """Wait for a record."""
        super().__init__()
        self.happened = asyncio.Event()

    def emit(self, _record: logging.LogRecord) -> None:
        """Take note."""
        self.happened.set()


@pytest.fixture
def logged() -> Iterator[Logged]:
    """Give what tells that the scheduler has logged something."""
    handler = Logged()
    logging.getLogger("bot.scheduler").addHandler(handler)
    yield handler
    logging.getLogger("bot.scheduler").removeHandler(handler)


async def test_trouble_does_not_end_it(store: Store, office: Office, database: Database, logged: Logged) -> None:
    """A journey that cannot be read is logged; the others are woken, and the scheduler goes on."""
    await venting(store, "test:ann", NOON - HOUR)
    await venting(store, "test:ben", NOON - 2 * HOUR)
    await database.sql("UPDATE journeys SET state = :broken WHERE person = 'test:ben'", broken=b"\0")
    running = asyncio.create_task(office.scheduler.run())
    await asyncio.wait_for(office.told.wait(), 5)
    await asyncio.wait_for(logged.happened.wait(), 5)
    assert [person for person, _ in office.said] == ["test:ann"]
    assert not running.done()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_people_of_other_platforms_never_stand_in_the_way(store: Store, office: Office) -> None:
    """However many of them are due before: who is served is found behind them."""
    for number in range(5):
        await venting(store, f"elsewhere:{number}", NOON - HOUR)
    await venting(store, "test:ann", NOON)
    assert await office.scheduler.next_due(NOON) == NOON
    await office.scheduler.fire_due(NOON)
    assert {person for person, _ in office.said} == {"test:ann"}


async def test_who_writes_goes_before_those_whom_time_wakes(store: Store, office: Office) -> None:
    """A hundred check-ins are due; somebody who writes then is answered after one small batch of them."""
    for number in range(100):
        await venting(store, f"test:{number:03}", NOON)
    waking = asyncio.create_task(office.scheduler.fire_due(NOON))
    await office.told.wait()
    await office.turns.take(Arrival(id="1", person="test:zoe", event=Said(text="I got rejected")))
    assert len({person for person, _ in office.said}) <= 3 * MOST_WOKEN
    await waking
    await office.scheduler.fire_due(NOON)
    assert len({person for person, _ in office.said}) == 101


async def test_two_processes_wake_somebody_once(
    store: Store, office: Office, understanding: Understanding, catalog: Catalog, clock: Clock
) -> None:
    """Both see that it is time; the second finds that there is nothing left to say."""
    for number in range(30):
        await venting(store, f"test:{number:03}", NOON)
    other = Office(store, understanding, catalog, clock)
    async with other.turns:
        await asyncio.gather(office.scheduler.fire_due(NOON), other.scheduler.fire_due(NOON))
    woken = [person for person, _ in (*office.said, *other.said)]
    assert len({*woken}) == 30
    per_person = {woken.count(person) for person in woken}
    assert len(per_person) == 1, "nobody hears twice what the others hear once"
