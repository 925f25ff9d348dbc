"""Several applications on one PostgreSQL: who delivers what, and what happens when one of them falls silent."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.port import Arrival, Letter, Outcome
from bot import assemble
from bot.assemble import Application
from bot.clock import Clock
from dialogs.catalog import Catalog
from dialogs.events import Said
from dialogs.journey import Journey, Venting
from dialogs.steps import Step
from storage.database import SERVER_SETTINGS
from storage.errors import UnavailableError
from storage.outbox import Posted
from storage.sealing import Seal
from storage.store import Store
from tests.bot.conftest import NOON
from tests.cut import wire
from tests.databases import KEY, Database
from tests.storage.test_store import reply

pytestmark = pytest.mark.databases("postgresql")

ANN, BEN = "test:ann", "test:ben"
LEASE, LONGER_LEASE, LONG_LEASE = 1.0, 8.0, 120.0
"""Seconds after which the others take over; the long one does not end within a test."""

HELD = "idle_in_transaction_session_timeout"


class Post:
    """A platform of several applications, which notes what it is handed by which of them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.handed: list[tuple[str, str, int]] = []
        self.changed = asyncio.Condition()

    async def until(self, true: Callable[[], bool]) -> None:
        """Return when something has come true."""
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(true)

    def numbers(self, by: str = "", to: str = "") -> list[int]:
        """Return the letters' numbers in the order in which they were handed over, by whom and to whom."""
        return [number for name, person, number in self.handed if by in {"", name} and to in {"", person}]


class Window:
    """Where one application hands letters over."""

    name = "test"

    def __init__(self, post: Post, name: str) -> None:
        """Belong to a platform, as the window of the application with this name."""
        self._post = post
        self._name = name
        self.open = asyncio.Event()
        self.open.set()
        self.tried = asyncio.Event()

    async def deliver(self, letter: Letter) -> str:
        """Take a letter, when it is open."""
        self.tried.set()
        await self.open.wait()
        async with self._post.changed:
            self._post.handed.append((self._name, letter.person, letter.id))
            self._post.changed.notify_all()
        return ""


class Office:
    """One application and its window."""

    def __init__(self, app: Application, store: Store, window: Window, clock: Clock) -> None:
        """Look at the parts of an application."""
        self.app = app
        self.store = store
        self.window = window
        self.clock = clock

    async def hears(self, number: int, text: str = "i got rejected", person: str = ANN) -> Outcome:
        """Take something that somebody says."""
        return await self.app.turns.take(Arrival(id=f"{person}/{number}", person=person, event=Said(text=text)))


@asynccontextmanager
async def office(
    database: Database, post: Post, name: str, lease: float = LONG_LEASE, patience: float = 20.0
) -> AsyncIterator[Office]:
    """Run an application on a database. patience: seconds that it waits for a connection."""
    window, clock = Window(post, name), Clock(lambda: NOON)
    store = await Store.open(database.url, Seal(KEY), upgrade=False, lease=lease, patience=patience)
    try:
        async with assemble.application(store, lambda _: window, clock, Catalog.load(), ["test:"]) as app:
            yield Office(app, store, window, clock)
    finally:
        await store.close()


@pytest.fixture
def post() -> Post:
    """Give a platform."""
    return Post()


async def test_a_persons_letters_stay_in_order_across_applications(database: Database, post: Post) -> None:
    """While one still delivers an earlier letter, the later ones of another are left to it."""
    async with office(database, post, "first") as first, office(database, post, "second") as second:
        first.window.open.clear()
        await first.hears(1)
        await first.window.tried.wait()
        await second.hears(2, "a day")
        await second.hears(3, "hello", BEN)
        await post.until(lambda: bool(post.handed))
        to_ann = [letter.id for letter in await first.store.pending() if letter.person == ANN]
        assert len(to_ann) > 1
        first.window.open.set()
        await post.until(lambda: set(to_ann) <= set(post.numbers()))
        await second.app.dispatcher.settled()
    assert post.numbers("first", ANN) == post.numbers(to=ANN) == to_ann
    assert post.numbers("second", BEN) == post.numbers(to=BEN)


async def test_what_is_left_at_the_end_goes_on_at_once(database: Database, post: Post) -> None:
    """Whoever ends lets go of its letters, and the others are told."""
    async with office(database, post, "second"):
        async with office(database, post, "first") as first:
            first.window.open.clear()
            await first.hears(1)
            await first.window.tried.wait()
            first.app.dispatcher._closing.set()  # noqa: SLF001 - it ends while the platform does not answer
            first.window.open.set()
            await first.hears(2, "a day")
        await post.until(lambda: len(post.handed) >= 2)
    assert post.numbers() == sorted(post.numbers())
    assert post.numbers("second")
    assert await database.sql("SELECT count(*) FROM replicas") == [(0,)]


@pytest.mark.parametrize("answer", ["late", "lost"])
async def test_what_was_taken_over_goes_before_what_is_posted_meanwhile(
    database: Database, post: Post, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """The database may let go of what it has committed before it says so, or never come to say so."""
    async with office(database, post, "first") as first:
        first.window.open.clear()
        await first.hears(1)
        await first.window.tried.wait()
        async with office(database, post, "second") as second:
            ours, others = first.store.replica, second.store.replica
            assert ours is not None
            assert others is not None
            claim = others.claim
            claimed, answered = asyncio.Event(), asyncio.Event()

            async def slowly(serves: Sequence[str], most: int, people: set[str]) -> tuple[list[Posted], bool]:
                found = await claim(serves, most, people)
                if found[0]:
                    claimed.set()
                    await answered.wait()
                    if answer == "lost":
                        monkeypatch.undo()
                        msg = "the connection is gone"
                        raise UnavailableError(msg)
                return found

            monkeypatch.setattr(others, "claim", slowly)
            await ours.release()
            first.app.dispatcher.drop()
            await claimed.wait()
            await second.hears(2, "a day")
            answered.set()
            await post.until(lambda: len(post.numbers("second", ANN)) >= 3)
        first.window.open.set()
    assert post.numbers("second", ANN) == sorted(post.numbers("second", ANN))


async def test_the_letters_of_one_that_falls_silent_are_taken_over(database: Database, post: Post) -> None:
    """When its lease is over, another one delivers them; when it finds that out, it delivers none of them again."""
    async with office(database, post, "silent", LONGER_LEASE) as silent, office(database, post, "other", LEASE):
        silent.window.open.clear()
        await silent.hears(1)
        await silent.hears(2, "a day")
        await silent.window.tried.wait()
        numbers, name = [letter.id for letter in await silent.store.pending()], _number(silent)
        await database.sql("UPDATE replicas SET alive_until = 0 WHERE id = :me", me=name)
        await post.until(lambda: post.numbers("other") == numbers)
        async with asyncio.timeout(LONGER_LEASE):
            while _number(silent) == name:  # noqa: ASYNC110 - nothing tells that it has found out
                await asyncio.sleep(0.01)
        silent.window.open.set()
        await silent.hears(3, "hello", BEN)
        await post.until(lambda: len(post.handed) > len(numbers) + 1)
    # One was under way when it fell silent, and nobody can take that back.
    assert len(numbers) > 1
    assert set(post.numbers("silent")) & set(numbers) == {numbers[0]}


def _number(of: Office) -> int:
    assert of.store.replica is not None
    return of.store.replica.lease.number


async def test_one_that_was_too_late_delivers_nothing_on_its_own_account(database: Database, post: Post) -> None:
    """From the moment its lease is over it hands nothing over, until it has said that it is alive."""
    async with office(database, post, "late") as late:
        assert late.store.replica is not None
        lease = late.store.replica.lease
        lease.believe(lease.now() - 2 * LONG_LEASE)
        assert not late.store.holds()
        await late.hears(1)
        assert await late.store.pending()
        assert await database.sql("SELECT count(*) FROM outbox WHERE holder IS NOT NULL") == [(0,)]
        assert post.handed == []
        assert await late.store.replica.claim(["test:"], 9, set()) == ([], False)


async def test_a_moment_that_one_has_committed_is_known_to_the_others(database: Database, post: Post) -> None:
    """Whoever committed it may be gone when it comes: another one wakes the journey, and not an hour later."""
    soon = NOON + timedelta(minutes=30)
    async with office(database, post, "second") as second:
        scheduler = second.app.scheduler
        async with office(database, post, "first") as first, first.store.begin() as unit:
            await unit.first_seen([(ANN, "1")], NOON)
            await unit.journeys([ANN])
            await unit.keep([(ANN, Journey(step=Step.VENTING, venting=Venting(began=NOON, until=soon)), soon)])
        async with asyncio.timeout(20):
            while scheduler._planned != soon:  # noqa: ASYNC110, SLF001 - nothing tells what it waits for
                await asyncio.sleep(0.01)
        second.clock.move_to(soon)
        scheduler.nudge(NOON)
        await post.until(lambda: bool(post.handed))
    assert {name for name, _, _ in post.handed} == {"second"}


async def test_a_commit_of_which_nobody_hears_is_no_loss(database: Database, post: Post) -> None:
    """The connection is cut between a commit and the answer to it: the event counts once, its letters arrive once."""
    async with wire(database.url) as (cable, url), office(Database(url), post, "first") as first:
        await first.hears(1)
        await post.until(lambda: bool(post.handed))
        await first.app.dispatcher.settled()
        cable.cuts_next_commit = True
        outcome = await first.hears(2, "straight on")
        assert cable.cuts == 1
        assert outcome.fresh
        await post.until(lambda: post.numbers() == sorted(set(post.numbers())) and len(post.handed) > 2)
        await first.app.dispatcher.settled()
        assert await first.store.pending() == []
        assert (await first.store.journey(ANN)).step is Step.STING_BEFORE


async def test_a_letter_that_cannot_be_cleared_away_is_cleared_as_soon_as_the_database_is_back(
    database: Database, post: Post
) -> None:
    """And not with the next letter, which may never come."""
    async with wire(database.url) as (cable, url), office(Database(url), post, "first") as first:
        first.window.open.clear()
        await first.hears(1)
        await first.window.tried.wait()
        cable.loses_next_commit = True
        first.window.open.set()
        await first.app.dispatcher.settled()
        assert cable.cuts == 1
        assert await first.store.pending() == []
    assert post.numbers() == sorted(set(post.numbers()))


async def test_people_wait_while_there_is_no_connection_left(
    database: Database, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything else may use the connections up: two hundred people are answered when there is one again."""
    everybody = [f"test:{number}" for number in range(200)]
    async with office(database, post, "first", patience=0.2) as first:
        engine = first.store._engine  # noqa: SLF001 - whatever else needs connections
        held: list[AsyncConnection] = []
        with suppress(PoolTimeoutError):
            while True:
                held.append(await engine.connect())
        talking = [asyncio.create_task(first.hears(1, person=person)) for person in everybody]
        async with asyncio.timeout(20):
            while "the database is away" not in caplog.text:  # noqa: ASYNC110 - the log is all that tells
                await asyncio.sleep(0.01)
        assert held
        assert not any(task.done() for task in talking)
        for connection in held:
            await connection.close()
        assert all(outcome.fresh for outcome in await asyncio.gather(*talking))
        await first.app.dispatcher.settled()
    assert post.numbers() == sorted(set(post.numbers()))
    assert {person for _, person, _ in post.handed} == set(everybody)


async def test_whoever_stands_still_in_the_middle_of_a_turn_loses_it(
    database: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds the row of its person, until the server takes it away; then the turn is another one's."""
    assert SERVER_SETTINGS[HELD] == "5s"
    monkeypatch.setitem(SERVER_SETTINGS, HELD, "2s")  # longer than a busy machine takes from one statement to the next
    async with office(database, post, "still") as still, office(database, post, "other") as other:
        stands = asyncio.Event()

        async def half() -> None:
            async with still.store.begin() as unit:
                await unit.first_seen([(ANN, "1")], NOON)
                await unit.journeys([ANN])
                stands.set()
                await asyncio.sleep(4)
                await unit.keep([(ANN, Journey(asked=99), None)])

        standing = asyncio.create_task(half())
        standing.add_done_callback(lambda _: stands.set())
        await stands.wait()
        assert (await other.hears(1)).fresh
        with pytest.raises(UnavailableError):
            await standing
        assert (await other.store.journey(ANN)).step is Step.LENGTH


async def test_a_turn_in_which_a_lease_ends_leaves_its_letters_to_whoever_has_the_earlier_ones(
    database: Database, post: Post
) -> None:
    """A replica that gets another number in the middle has lost its earlier letters, and must not go on behind them."""
    async with office(database, post, "first") as first:
        replica = first.store.replica
        assert replica is not None
        first.window.open.clear()
        await first.hears(1)
        await first.window.tried.wait()
        async with first.store.begin() as unit:
            await unit.journeys([ANN])
            before = await unit.post([(ANN, "", reply("before"))])
            await database.sql("UPDATE replicas SET alive_until = 0")
            assert not await replica.renew()
            after = await unit.post([(ANN, "", reply("after"))])
            first.app.dispatcher.drop()
            first.app.dispatcher.post([*before, *after])
            assert first.app.dispatcher.held == 0
        assert after[0].holder is None
