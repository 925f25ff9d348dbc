"""Delivery of the outbox."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from msgspec import structs

from adapters.port import Letter, Platform, TryLaterError, UndeliverableError
from bot.clock import Clock
from bot.dispatcher import MOST_SURPRISES, MOST_UNAWAITED, Dispatcher
from dialogs.replies import Reply
from storage.errors import UnavailableError
from storage.store import Posted, Store
from tests.bot.conftest import NOON
from tests.databases import Database

ANN = "test:ann"
BEN = "test:ben"


class Desk:
    """A platform that raises what it is told to, and otherwise takes note of what was delivered."""

    name = "test"

    def __init__(self, *errors: Exception) -> None:
        """Raise these errors first, one at a try."""
        self.errors = list(errors)
        self.delivered: list[tuple[str, str]] = []
        self.tried: list[str] = []
        self.hold: dict[str, asyncio.Event] = {}
        self.busy = asyncio.Event()
        self.done = asyncio.Event()

    async def deliver(self, letter: Letter) -> str:
        """Take a letter."""
        self.tried.append(letter.reply.text)
        self.busy.set()
        if letter.person in self.hold:
            await self.hold[letter.person].wait()
        if self.errors:
            raise self.errors.pop(0)
        self.delivered.append((letter.person, letter.reply.text))
        self.done.set()
        return ""


def serving(desk: Desk) -> Callable[[str], Platform | None]:
    """Return a route to the desk for everybody of its platform."""
    return lambda person: desk if person.startswith("test:") else None


def dispatcher_of(store: Store, desk: Desk, first_wait: float = 0.0) -> Dispatcher:
    """Return a dispatcher that does not wait between tries, unless told."""
    return Dispatcher(store, serving(desk), Clock(lambda: NOON), jitter=lambda: 0.5, first_wait=first_wait)


async def posted(store: Store, *letters: tuple[str, str]) -> Sequence[Posted]:
    """Post letters: to whom, and what."""
    async with store.begin() as unit:
        await unit.journeys(sorted({person for person, _ in letters}))
        return await unit.post([(person, "here", Reply(text=text, keys=("x",))) for person, text in letters])


async def test_letters_are_delivered_and_cleared_away(store: Store) -> None:
    """What was delivered is gone from the outbox."""
    desk = Desk()
    dispatcher = dispatcher_of(store, desk)
    dispatcher.post(await posted(store, (ANN, "one"), (BEN, "two"), (ANN, "three")))
    await dispatcher.settled()
    assert sorted(desk.delivered) == [(ANN, "one"), (ANN, "three"), (BEN, "two")]
    assert await store.pending() == []


async def test_what_is_taken_over_is_delivered_before_what_was_posted_meanwhile(store: Store) -> None:
    """Whoever is expected waits for it; others do not."""
    desk = Desk()
    dispatcher = dispatcher_of(store, desk)
    first, *meanwhile = await posted(store, (ANN, "one"), (ANN, "two"), (BEN, "three"))
    dispatcher.expected.add(ANN)
    dispatcher.post(meanwhile)
    await dispatcher.settled()
    assert desk.delivered == [(BEN, "three")]
    dispatcher.take_over([first])
    await dispatcher.settled()
    assert desk.delivered == [(BEN, "three"), (ANN, "one"), (ANN, "two")]
    assert await store.pending() == []
    assert dispatcher.held == 0


@pytest.mark.databases("postgresql")
async def test_what_was_left_to_another_and_is_taken_over_at_once_is_delivered(store: Store) -> None:
    """Its own commit may be told only after the one that took it over."""
    desk = Desk()
    dispatcher = dispatcher_of(store, desk)
    (ours,) = await posted(store, (ANN, "one"))
    assert ours.holder is not None
    dispatcher.expected.add(ANN)
    dispatcher.post([structs.replace(ours, holder=None)])
    dispatcher.take_over([ours])
    await dispatcher.settled()
    assert desk.delivered == [(ANN, "one")]
    assert await store.pending() == []


async def test_one_persons_letters_stay_in_order(store: Store) -> None:
    """A letter that has to be tried again holds up the ones behind it."""
    desk = Desk(TryLaterError("busy"), TryLaterError("busy", after=0.0))
    dispatcher = dispatcher_of(store, desk)
    dispatcher.post(await posted(store, *((ANN, str(n)) for n in range(5))))
    await dispatcher.settled()
    assert desk.tried == ["0", "0", *"01234"]
    assert [text for _, text in desk.delivered] == list("01234")


async def test_nobody_waits_for_somebody_else(store: Store) -> None:
    """While one person's platform hangs, other people's letters arrive."""
    desk = Desk()
    desk.hold[ANN] = asyncio.Event()
    dispatcher = dispatcher_of(store, desk)
    dispatcher.post(await posted(store, (ANN, "held"), (BEN, "free")))
    await desk.done.wait()
    assert desk.delivered == [(BEN, "free")]
    desk.hold[ANN].set()
    await dispatcher.settled()
    assert desk.delivered == [(BEN, "free"), (ANN, "held")]


async def test_a_letter_that_can_never_arrive_is_given_up(store: Store) -> None:
    """It leaves the outbox, and the next one is tried."""
    desk = Desk(UndeliverableError("the account is gone"))
    dispatcher = dispatcher_of(store, desk)
    dispatcher.post(await posted(store, (ANN, "one"), (ANN, "two")))
    await dispatcher.settled()
    assert desk.delivered == [(ANN, "two")]
    assert await store.pending() == []


async def test_an_error_nobody_expected_is_tried_again_a_few_times(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged each time; then the letter is given up, because others wait behind it."""
    desk = Desk(*(KeyError("x") for _ in range(MOST_SURPRISES)))
    dispatcher = dispatcher_of(store, desk)
    dispatcher.post(await posted(store, (ANN, "one"), (ANN, "two")))
    await dispatcher.settled()
    assert desk.tried == ["one"] * MOST_SURPRISES + ["two"]
    assert desk.delivered == [(ANN, "two")]
    assert caplog.text.count("a delivery broke") == MOST_SURPRISES


async def test_a_platform_that_needs_the_database_waits_for_it(store: Store) -> None:
    """However long it is away: a letter is given up for errors that are ours only."""
    desk = Desk(*(UnavailableError("away") for _ in range(MOST_SURPRISES)))
    dispatcher = dispatcher_of(store, desk)
    dispatcher.post(await posted(store, (ANN, "one"), (ANN, "two")))
    await dispatcher.settled()
    assert desk.delivered == [(ANN, "one"), (ANN, "two")]


async def test_what_an_earlier_run_left_is_taken_up(store: Store) -> None:
    """At the start, everything in the outbox is delivered, in order."""
    await posted(store, (ANN, "one"), (ANN, "two"))
    desk = Desk()
    dispatcher = dispatcher_of(store, desk)
    await dispatcher.start()
    await dispatcher.settled()
    assert desk.delivered == [(ANN, "one"), (ANN, "two")]


async def test_other_platforms_letters_stay(store: Store) -> None:
    """Letters to people whom nothing here serves wait for a process that serves them."""
    desk = Desk()
    dispatcher = dispatcher_of(store, desk)
    dispatcher.post(await posted(store, ("elsewhere:cy", "one")))
    await dispatcher.settled()
    assert [one.person for one in await store.pending()] == ["elsewhere:cy"]


async def test_closing_does_not_wait_for_the_next_try(store: Store) -> None:
    """A letter between two tries stays in the outbox, with those behind it; the end is not held up."""
    desk = Desk(TryLaterError("busy", after=3600))
    dispatcher = dispatcher_of(store, desk, first_wait=3600)
    dispatcher.post(await posted(store, (ANN, "one"), (ANN, "two")))
    await desk.busy.wait()
    await asyncio.wait_for(dispatcher.close(), 5)
    assert [one.reply.text for one in await store.pending()] == ["one", "two"]


async def test_an_outbox_that_cannot_be_cleared_is_cleared_later(
    store: Store, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Letters that were delivered are removed with the next ones, when the database works again."""
    desk = Desk()
    dispatcher = dispatcher_of(store, desk)
    letters = await posted(store, (ANN, "one"), (ANN, "two"))
    await database.sql("ALTER TABLE outbox RENAME TO gone")
    dispatcher.post(letters[:1])
    await dispatcher.settled()
    desk.errors.append(UndeliverableError("gone"))
    dispatcher.post(letters[1:])
    await dispatcher.settled()
    assert caplog.text.count("stays in the outbox for now") == 2
    await database.sql("ALTER TABLE gone RENAME TO outbox")
    await dispatcher.close()
    assert [one.reply.text for one in await store.pending()] == ["two"]


@pytest.mark.databases("sqlite")  # the letters are in no database
async def test_check_ins_leave_room_for_answers(store: Store, clock: Clock) -> None:
    """However many go out at once, a letter that somebody waits for is delivered at once."""
    desk = Desk()
    dispatcher = Dispatcher(store, serving(desk), clock, jitter=lambda: 0.5)
    crowd = [f"test:{number}" for number in range(3 * MOST_UNAWAITED)]
    desk.hold = {person: asyncio.Event() for person in crowd}
    reply = Reply(text="check-in", keys=("x",))
    dispatcher.post(
        [Posted(id=n, person=person, address="", reply=reply, awaited=False) for n, person in enumerate(crowd, 1)]
    )
    dispatcher.post([Posted(id=999, person=ANN, address="", reply=Reply(text="answer", keys=("x",)))])
    await desk.done.wait()
    assert desk.delivered == [(ANN, "answer")]
    assert desk.tried.count("check-in") <= MOST_UNAWAITED
    for event in desk.hold.values():
        event.set()
    await dispatcher.settled()
    assert len(desk.delivered) == len(crowd) + 1


@pytest.mark.parametrize("errors", [(), (UndeliverableError("the account is gone"),)])
async def test_whoever_breaks_when_told_holds_up_nobody(
    store: Store, caplog: pytest.LogCaptureFixture, errors: Sequence[Exception]
) -> None:
    """The letter stays for the next start, as one of which they could not be told; those behind it go out."""
    desk = Desk(*errors)

    async def breaks(posted: Posted, _receipt: str | None) -> None:
        raise KeyError(posted.id)

    dispatcher = Dispatcher(store, serving(desk), Clock(lambda: NOON), jitter=lambda: 0.5, first_wait=0.0, tell=breaks)
    async with store.begin() as unit:
        await unit.journeys([ANN])
        letters = [Reply(text="one", keys=("x",), about="wins.posted:1"), Reply(text="two", keys=("x",))]
        dispatcher.post(await unit.post([(ANN, "here", letter) for letter in letters]))
    await dispatcher.settled()
    assert desk.tried == ["one", "two"]
    assert [one.reply.text for one in await store.pending()] == ["one"]
    assert "KeyError" in caplog.text
