"""The lane in which turns are made: everything that came in since the last commit shares one transaction.

Whoever wrote or pressed goes before those whom time wakes.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Generic, NamedTuple, Self, TypeVar

from msgspec.structs import replace

from adapters.port import SEEN_BEFORE, Arrival, Outcome
from bot import stopping
from bot.batch import Batch, understood
from bot.clock import Clock
from bot.flood import Flood, Verdict
from bot.metrics import Metrics
from bot.waiting import happens
from dialogs.catalog import Catalog
from dialogs.events import Commanded, Event, Woke
from dialogs.understanding import Understanding
from storage.errors import UnavailableError
from storage.store import Posted, Store, Unit

MOST, MOST_WOKEN = 64, 2
"""The largest number of events that share a transaction; fewer of time's, because somebody may write meanwhile."""

TRIES, LONGEST_PAUSE = 10, 5.0
"""How often a batch is tried while a database server is away, and the longest wait between two tries, in seconds."""

TOO_FAST = Commanded(name="too_fast")

Committed = Callable[[Sequence[Posted], datetime | None], None]
"""Is told, after a commit, which letters were posted, and the earliest moment at which one of the journeys wakes."""

Recover = Callable[[], Awaitable[None]]
"""Takes up the letters of commits of which nobody knows whether they were made."""

log = logging.getLogger(__name__)


Key = tuple[str, datetime]
"""Somebody who waits for a moment."""


class Woken(NamedTuple):
    """What became of those whose time had come: the last of them, and what kept the turns from being made."""

    last: Key
    errors: Sequence[Exception] = ()


Result = TypeVar("Result")


class _Asked(Generic[Result]):
    """Something that waits for its turn, and the future of whoever waits for it, who may have been cancelled."""

    def __init__(self) -> None:
        self.done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()

    def finish(self, result: Result) -> None:
        """Let the one who waits go on."""
        if not self.done.done():
            self.done.set_result(result)

    def fail(self, error: Exception) -> None:
        """Tell the one who waits what went wrong."""
        if not self.done.done():
            self.done.set_exception(error)


class _Taken(_Asked[Outcome]):
    """An arrival, and its event with the meaning of its words; None when finding it broke."""

    def __init__(self, arrival: Arrival, event: Event | None) -> None:
        super().__init__()
        self.arrival = arrival
        self.event = event


class _Wake(_Asked[Woken | None]):
    """A request to wake those whose time has come by `now`, behind the last one who was woken before."""

    def __init__(self, now: datetime, serves: Sequence[str], after: Key | None) -> None:
        super().__init__()
        self.now = now
        self.serves = serves
        self.after = after


class Turns:
    """Makes the turns of everybody, in one lane. Use it as a context: leaving it finishes what was taken."""

    def __init__(
        self,
        store: Store,
        understanding: Understanding,
        catalog: Catalog,
        clock: Clock,
        committed: Committed,
        keep_days: int = 0,
        flood: Flood | None = None,
        recover: Recover | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        """Take what a turn needs; `committed` is called after every commit.

        keep_days: so many days after somebody's last word everything of them is erased, 0 for never. flood: who sends
        too much at once; None for no limit. recover: is called before the next turn when the database had gone away.
        """
        self._store = store
        self._understanding = understanding
        self._catalog = catalog
        self._clock = clock
        self._committed = committed
        self._keep_days = keep_days
        self._flood = flood
        self._recover = recover
        self._unsure = False
        self._metrics = metrics or Metrics()
        self._waiting: list[_Taken] = []
        self._wakes: deque[_Wake] = deque()
        self._news = asyncio.Event()
        self._closing = asyncio.Event()
        self._lane: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Open the lane."""
        self._lane = asyncio.create_task(self._run(), name="turns")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the lane behind the last event that was taken, unless the database takes too long for it."""
        self._closing.set()
        self._news.set()
        if self._lane is not None:
            await stopping.at_most(stopping.TURNS, self._lane)

    @property
    def lane(self) -> asyncio.Task[None]:
        """What makes the turns, once the lane was opened."""
        assert self._lane is not None, "it is a context"  # noqa: S101 - for the types
        return self._lane

    async def take(self, arrival: Arrival) -> Outcome:
        """Return when the arrival's turn is committed, and what became of it.

        Of a flood, the first event that is too many is answered with a word about it, and the others are not taken.
        Raises what kept it from that, a StorageError as a rule.
        """
        self._check_open()
        if self._flood is not None:
            verdict = self._flood.verdict(arrival.person, self._clock.now())
            if verdict is Verdict.TOO_MANY:
                return SEEN_BEFORE
            if verdict is Verdict.FIRST_TOO_MANY:
                arrival = replace(arrival, event=TOO_FAST)
        # Now, and not in the lane, which may be waiting for the database just then.
        taken = _Taken(arrival, understood(arrival.event, self._understanding))
        self._waiting.append(taken)
        self._news.set()
        return await taken.done

    async def wake(self, now: datetime, serves: Sequence[str], after: Key | None = None) -> Woken | None:
        """Wake the next few people whose time has come by `now`, when nobody else waits; None when there are none.

        serves: names of people, or beginnings of names up to a colon. after: the last one of those before. Raises a
        StorageError when the database does not tell whose time has come.
        """
        self._check_open()
        request = _Wake(now, serves, after)
        self._wakes.append(request)
        self._news.set()
        return await request.done

    def _check_open(self) -> None:
        if self._closing.is_set():
            msg = "the lane is closed"
            raise RuntimeError(msg)

    async def _run(self) -> None:
        while self._waiting or self._wakes or not self._closing.is_set():
            if self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._together(batch)
            elif self._wakes:
                await self._answer(self._wakes.popleft())
            else:
                self._news.clear()
                await self._news.wait()

    async def _together(self, batch: Sequence[_Taken]) -> None:
        try:
            outcomes = await self._commit(batch)
        except Exception as error:
            if len(batch) == 1 or isinstance(error, UnavailableError):
                for taken in batch:
                    taken.fail(error)
            else:
                log.warning("a batch failed, each of its events is tried alone", exc_info=error)
                await self._alone(batch)
        else:
            for taken in batch:
                taken.finish(outcomes.pop(taken.arrival.id, SEEN_BEFORE))

    async def _alone(self, batch: Sequence[_Taken]) -> None:
        """Try each event by itself. Behind one that fails, the same person's later ones fail too: the order stays."""
        failed: dict[str, Exception] = {}
        for taken in batch:
            person = taken.arrival.person
            if person not in failed:
                try:
                    outcomes = await self._commit([taken])
                    taken.finish(outcomes.get(taken.arrival.id, SEEN_BEFORE))
                except Exception as error:  # noqa: BLE001 - as above
                    failed[person] = error
            if person in failed:
                taken.fail(failed[person])

    async def _commit(self, taken: Sequence[_Taken]) -> dict[str, Outcome]:
        """Commit the turns of arrivals; while a database server is away, try again for about half a minute."""
        outcomes: dict[str, Outcome] = {}
        wakes: list[datetime | None] = []
        tries = 0
        while True:
            tries += 1
            batch = self._batch([(one.arrival, one.event) for one in taken])
            try:
                async with self._transaction() as unit:
                    posted: list[Posted] | None = await batch.turn(unit)
            except UnavailableError:
                if tries == TRIES or self._closing.is_set():
                    raise
                posted = None  # whether it was kept, nobody knows
            # What an earlier try made of an event that a later one finds seen was kept after all.
            outcomes |= batch.outcomes
            wakes.append(batch.next_wake)
            if posted is not None:
                self._metrics.committed(len(taken), batch.arrived)
                self._committed(posted, min(filter(None, wakes), default=None))
                return outcomes
            await self._pause(tries)

    async def _answer(self, request: _Wake) -> None:
        try:
            woken = await self._wake_some(request, MOST_WOKEN)
        except Exception as error:  # noqa: BLE001 - whoever asked hears of it
            request.fail(error)
        else:
            request.finish(woken)

    async def _wake_some(self, request: _Wake, most: int) -> Woken | None:
        due: list[Key] = []
        try:
            async with self._transaction() as unit:
                due = await unit.due(request.now, most, request.after, request.serves)
                if not due:
                    return None
                batch = self._batch([(Arrival(id="", person=person, event=Woke()), Woke()) for person, _ in due])
                posted = await batch.turn(unit)
            self._metrics.committed(len(due), batch.arrived)
            self._metrics.woke([self._clock.now() - moment for _, moment in due])
            self._committed(posted, batch.next_wake)
        except Exception as error:
            if not due or isinstance(error, UnavailableError):
                raise
            return Woken(due[0], [error]) if len(due) == 1 else await self._wake_alone(request, len(due))
        return Woken(due[-1])

    async def _wake_alone(self, request: _Wake, count: int) -> Woken | None:
        """Wake so many people each by themselves: one journey that cannot be read keeps nobody else asleep."""
        last, errors = request.after, list[Exception]()
        for _ in range(count):
            woken = await self._wake_some(_Wake(request.now, request.serves, last), 1)
            if woken is not None:
                last = woken.last
                errors += woken.errors
        return None if last is None else Woken(last, errors)

    def _batch(self, arrivals: Sequence[tuple[Arrival, Event | None]]) -> Batch:
        return Batch(arrivals, self._catalog, self._clock, self._keep_days)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Unit]:
        """Begin a transaction. When one went wrong of which nobody knows whether it was kept, look after it first."""
        if self._unsure and self._recover is not None:
            await self._recover()
        self._unsure = False
        try:
            async with self._store.begin() as unit:
                yield unit
        except UnavailableError:
            self._unsure = True
            raise

    async def _pause(self, tries: int) -> None:
        """Wait before the next try, twice as long each time; the end of the process cuts it short."""
        log.warning("the database is away, it is tried again", extra={"fields": {"tries": tries}})
        self._metrics.retries_database()
        await happens(self._closing, min(LONGEST_PAUSE, 0.1 * 2**tries))
