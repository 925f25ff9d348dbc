"""The lane in which turns are made."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import cast

import pytest

from adapters.port import Arrival
from bot.clock import Clock
from bot.turns import MOST, Turns, Woken
from dialogs.catalog import Catalog
from dialogs.events import Commanded, Event, Filled, Said
from dialogs.journey import Application, Interview, Journey, Lesson
from dialogs.steps import Step
from dialogs.understanding import Understanding
from dialogs.waits import PUT_OFF
from storage.errors import StorageError
from storage.store import Posted, Store
from tests.bot.conftest import NOON, journey_of, keep
from tests.databases import Database
from tests.storage.conftest import due

ANN = "test:ann"
BEN = "test:ben"


class Commits:
    """What was told after each commit."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.letters: list[list[Posted]] = []
        self.wakes: list[datetime | None] = []

    def __call__(self, posted: Sequence[Posted], wake_at: datetime | None) -> None:
        """Take note of a commit."""
        self.letters.append(list(posted))
        self.wakes.append(wake_at)

    def said_to(self, person: str) -> list[str]:
        """Return the keys of the lines that were said to a person, in order."""
        return [key for letters in self.letters for one in letters if one.person == person for key in one.reply.keys]


@pytest.fixture
def commits() -> Commits:
    """Give a list of commits."""
    return Commits()


@pytest.fixture
async def turns(
    store: Store, understanding: Understanding, catalog: Catalog, clock: Clock, commits: Commits
) -> AsyncIterator[Turns]:
    """Give an open lane."""
    async with Turns(store, understanding, catalog, clock, commits) as lane:
        yield lane


def arrival(person: str, event: Event, number: int = 1, at: datetime | None = None) -> Arrival:
    """Return an arrival with an id of its own per person and number."""
    return Arrival(id=f"{person}-{number}", person=person, event=event, address=f"at {person}", at=at)


async def test_a_turn_is_committed_when_take_returns(turns: Turns, store: Store, commits: Commits) -> None:
    """The journey is kept, its letters lie in the outbox with the address, and their posting was told."""
    await turns.take(arrival(ANN, Said(text="i got rejected by Acme")))
    journey = await journey_of(store, ANN)
    assert journey.step is Step.LENGTH
    assert journey.application
    assert journey.application.employer == "Acme"
    assert journey.seen_at == NOON
    assert commits.letters == [await store.pending()]
    assert {posted.address for posted in await store.pending()} == {f"at {ANN}"}


async def test_danger_is_looked_for_in_whatever_somebody_writes(turns: Turns, store: Store) -> None:
    """In a line, behind a command, and in a form."""
    words = "i want to die"
    events: tuple[Event, ...] = (
        Said(text=words),
        Commanded(name="rejected", argument=words),
        Filled(asked=0, fields={"will": words}),
    )
    for number, event in enumerate(events):
        await turns.take(arrival(f"terminal:{number}", event))
        assert (await journey_of(store, f"terminal:{number}")).step is Step.SAFETY


async def test_an_event_that_is_delivered_again_does_nothing(turns: Turns, commits: Commits) -> None:
    """Platforms deliver twice, in one batch or days later; only the first one counts."""
    twice = arrival(ANN, Commanded(name="start"))
    await asyncio.gather(turns.take(twice), turns.take(twice))
    await turns.take(twice)
    assert [len(letters) for letters in commits.letters] == [1, 0]


async def test_what_waits_shares_a_transaction(turns: Turns, commits: Commits) -> None:
    """Many people's events are committed together, at most so many at a time."""
    people = [f"test:{number}" for number in range(MOST + 1)]
    await asyncio.gather(*(turns.take(arrival(person, Commanded(name="start"))) for person in people))
    assert [len({one.person for one in letters}) for letters in commits.letters] == [MOST, 1]


async def test_one_persons_events_go_one_after_the_other(turns: Turns, store: Store, commits: Commits) -> None:
    """In one batch, each event finds the journey as the one before it left it."""
    said = ["i got rejected", "straight on", "4"]
    await asyncio.gather(*(turns.take(arrival(ANN, Said(text=text), n)) for n, text in enumerate(said)))
    journey = await journey_of(store, ANN)
    assert len(commits.letters) == 1
    assert journey.step is Step.REPEAT_LINE
    assert journey.applications[-1].sting_before == 4


async def test_the_platforms_own_time_counts(turns: Turns, store: Store) -> None:
    """An event that tells when it happened is taken to have happened then."""
    await turns.take(arrival(ANN, Said(text="hello"), at=NOON - timedelta(hours=1)))
    assert (await journey_of(store, ANN)).seen_at == NOON - timedelta(hours=1)


async def test_the_next_wake_is_told(turns: Turns, store: Store, commits: Commits) -> None:
    """After a commit it is known when the earliest of the journeys wakes."""
    await asyncio.gather(
        *(turns.take(arrival(ANN, Said(text=text), n)) for n, text in enumerate(["i got rejected", "a day"])),
        *(turns.take(arrival(BEN, Said(text=text), n)) for n, text in enumerate(["i got rejected", "two days"])),
    )
    assert commits.wakes == [NOON + timedelta(days=1)]
    assert await due(store, NOON + timedelta(days=3), 9) == [
        (ANN, NOON + timedelta(days=1)),
        (BEN, NOON + timedelta(days=2)),
    ]


BREAKING = Said(text=cast("str", 5))
"""No platform sends this: it makes the understanding raise."""


@pytest.mark.parametrize(
    ("event", "at"), [(BREAKING, None), (Said(text="canary"), NOON.replace(tzinfo=None))], ids=["meaning", "turn"]
)
async def test_a_broken_turn_is_one_persons_trouble(
    turns: Turns,
    store: Store,
    commits: Commits,
    caplog: pytest.LogCaptureFixture,
    event: Event,
    at: datetime | None,
) -> None:
    """They are told, their journey stays as it was, the event is not tried again, and the others go on."""
    await turns.take(arrival(ANN, Said(text="i got rejected"), 0))
    before = await journey_of(store, ANN)
    broken = arrival(ANN, event, 1, at)
    await asyncio.gather(turns.take(broken), turns.take(arrival(BEN, Said(text="i got rejected"))))
    await turns.take(broken)
    assert await journey_of(store, ANN) == before
    assert commits.said_to(ANN)[-1] == "anywhere.broken"
    assert commits.said_to(ANN).count("anywhere.broken") == 1
    assert (await journey_of(store, BEN)).step is Step.LENGTH
    assert "broke" in caplog.text


async def test_time_that_breaks_says_nothing_and_comes_again(turns: Turns, store: Store, commits: Commits) -> None:
    """Nobody is told out of the blue that something broke; the wake is put off, so that it cannot spin."""
    application = Application(opened_at=NOON, lessons=(Lesson(key="no_such_lesson"),))
    interview = Interview(day=NOON.date(), card=True)
    journey = Journey(step=Step.REST, applications=(application,), interviews=(interview,))
    await keep(store, ANN, journey, NOON)
    assert await turns.wake(NOON, ["test:"]) == Woken((ANN, NOON))
    assert commits.letters == [[]]
    assert await due(store, NOON + timedelta(days=1), 9) == [(ANN, NOON + PUT_OFF)]


async def test_a_journey_that_cannot_be_read_fails_alone(turns: Turns, store: Store, database: Database) -> None:
    """Its person's events fail, all of them so that their order stays; everybody else's go through."""
    await turns.take(arrival(ANN, Said(text="i got rejected"), 0))
    await database.sql("UPDATE journeys SET state = :broken", broken=b"\0")
    outcomes = await asyncio.gather(
        turns.take(arrival(ANN, Said(text="straight on"), 1)),
        turns.take(arrival(ANN, Said(text="4"), 2)),
        turns.take(arrival(BEN, Said(text="i got rejected"))),
        return_exceptions=True,
    )
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [True, True, False]
    assert outcomes[0] is outcomes[1]
    assert (await journey_of(store, BEN)).step is Step.LENGTH


async def test_a_database_that_fails_is_told_to_whoever_waits(turns: Turns, database: Database) -> None:
    """Then the platform is not told that the event was taken, and delivers it again."""
    await database.sql("DROP TABLE outbox")
    with pytest.raises(StorageError):
        await turns.take(arrival(ANN, Commanded(name="start")))


async def test_closing_finishes_what_was_taken(
    store: Store, understanding: Understanding, catalog: Catalog, clock: Clock, commits: Commits
) -> None:
    """Events that were handed over before the end are committed; none is taken afterwards."""
    async with Turns(store, understanding, catalog, clock, commits) as lane:
        taken = [asyncio.create_task(lane.take(arrival(f"test:{n}", Commanded(name="start")))) for n in range(3)]
        await asyncio.sleep(0)
    await asyncio.gather(*taken)
    assert len(await store.pending()) == 3
    with pytest.raises(RuntimeError):
        await lane.take(arrival(ANN, Commanded(name="start")))


async def test_somebody_who_stops_waiting_does_not_stop_the_turn(turns: Turns, store: Store) -> None:
    """A cancelled request was still taken."""
    task = asyncio.create_task(turns.take(arrival(ANN, Said(text="i got rejected"))))
    await asyncio.sleep(0)
    task.cancel()
    await turns.take(arrival(BEN, Said(text="i got rejected")))
    assert (await journey_of(store, ANN)).step is Step.LENGTH


async def test_erasing_leaves_nothing_but_the_goodbye(turns: Turns, store: Store, commits: Commits) -> None:
    """The journey and earlier letters go; the last ones, which say so, are still delivered."""
    await turns.take(arrival(ANN, Said(text="i got rejected by Acme"), 0))
    await turns.take(arrival(ANN, Commanded(name="erase"), 1))
    await turns.take(arrival(ANN, Said(text="erase"), 2))
    assert await journey_of(store, ANN) == Journey()
    assert [key for posted in await store.pending() for key in posted.reply.keys] == commits.said_to(ANN)[-2:]
    assert commits.said_to(ANN)[-2:] == ["anywhere.erased", "pages.receipt"]


async def test_a_new_beginning_right_behind_erasing(turns: Turns, store: Store) -> None:
    """Somebody who erases everything and writes on in the same breath begins anew."""
    await turns.take(arrival(ANN, Said(text="i got rejected by Acme"), 0))
    await turns.take(arrival(ANN, Commanded(name="erase"), 1))
    await asyncio.gather(
        turns.take(arrival(ANN, Said(text="erase"), 2)), turns.take(arrival(ANN, Said(text="i got rejected"), 3))
    )
    journey = await journey_of(store, ANN)
    assert journey.step is Step.LENGTH
    assert not journey.applications[-1].employer
