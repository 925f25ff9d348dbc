"""What the lane and the dispatcher count, with a real database."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from adapters.port import Arrival
from bot.clock import Clock
from bot.dispatcher import Dispatcher
from bot.metrics import Metrics
from bot.turns import Turns
from dialogs.catalog import Catalog
from dialogs.events import Said
from dialogs.journey import Journey
from dialogs.replies import Reply
from dialogs.understanding import Understanding
from storage.errors import StorageError
from storage.store import Store
from tests.bot.conftest import NOON, keep
from tests.bot.test_dispatcher import Desk, serving
from tests.databases import Database

ANN, BEN = "test:ann", "test:ben"


class Calendar:
    """A time that can be moved."""

    def __init__(self) -> None:
        """Begin at noon."""
        self.now = NOON

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    """Give a time that can be moved."""
    return Calendar()


@pytest.fixture
def metrics(calendar: Calendar) -> Metrics:
    """Give what counts."""
    return Metrics(now=calendar)


@pytest.fixture
async def turns(
    store: Store, understanding: Understanding, catalog: Catalog, calendar: Calendar, metrics: Metrics
) -> AsyncIterator[Turns]:
    """Give an open lane."""
    async with Turns(
        store, understanding, catalog, Clock(calendar), lambda _posted, _wake: None, metrics=metrics
    ) as lane:
        yield lane


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Return what a metric shows."""
    return metrics.registry.get_sample_value(f"onward_{name}", labels)


async def says(turns: Turns, number: int, text: str, person: str) -> None:
    """Say something."""
    await turns.take(Arrival(id=f"{person}/{number}", person=person, event=Said(text=text)))


async def test_whom_time_woke_is_counted_with_how_late_it_was(store: Store, turns: Turns, metrics: Metrics) -> None:
    """Everybody by themselves, also when they share a transaction."""
    for person, late in ((ANN, 90), (BEN, 30)):
        await keep(store, person, Journey(), NOON - timedelta(seconds=late))
    last = None
    while (woken := await turns.wake(NOON, ["test:"], last)) is not None:
        last = woken.last
    assert value(metrics, "wake_lag_seconds_count") == 2
    assert value(metrics, "wake_lag_seconds_sum") == 120
    assert value(metrics, "batch_events_sum") == 2


async def test_danger_is_counted_when_it_is_committed_and_once_for_each_time_that_it_led_somewhere(
    turns: Turns, metrics: Metrics, calendar: Calendar, database: Database
) -> None:
    """Staying with somebody who goes on talking of it is still the same time."""
    for number in range(10):
        person = f"test:{number}"
        await says(turns, 1, "i got rejected by stark", person)
        await says(turns, 2, "i want to kill myself", person)
        await says(turns, 3, "i want to kill myself", person)
    await database.sql("ALTER TABLE journeys RENAME TO gone")
    with pytest.raises(StorageError):
        await says(turns, 4, "i want to kill myself", ANN)
    calendar.now += timedelta(days=1)
    assert [value(metrics, "danger_total", level=level) for level in ("unclear", "clear")] == [0, 10]


async def test_a_letter_is_counted_from_the_outbox_to_its_delivery(
    store: Store, metrics: Metrics, calendar: Calendar
) -> None:
    """Also one that an earlier run has left; this desk is of no platform that has a name of its own."""
    async with store.begin() as unit:
        await unit.journeys([ANN])
        await unit.post([(ANN, "here", Reply(text="one", keys=("x",)))], NOON)
    calendar.now += timedelta(seconds=40)
    dispatcher = Dispatcher(store, serving(Desk()), Clock(calendar), jitter=lambda: 0.5, metrics=metrics)
    await dispatcher.start()
    await dispatcher.settled()
    assert value(metrics, "deliveries_total", platform="other", outcome="delivered", kind="none") == 1
    assert value(metrics, "delivery_seconds_sum", platform="other") == 40
