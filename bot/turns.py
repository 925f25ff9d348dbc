"""The lane in which turns are made: everything that came in since the last commit shares one transaction.

Whoever wrote or pressed goes before those whom time wakes.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from adapters.port import SEEN_BEFORE, Arrival, Outcome
from bot.batch import Batch
from bot.clock import Clock
from bot.flood import Flood, Verdict
from dialogs.catalog import Catalog
from dialogs.events import Commanded, Woke
from dialogs.understanding import Understanding
from storage.store import Posted, Store

MOST, MOST_WOKEN = 64, 2
"""The largest number of events that share a transaction; fewer of time's, because somebody may write meanwhile."""

TOO_FAST = Commanded(name="too_fast")

Committed = Callable[[Sequence[Posted], datetime | None], None]
"""Is told, after a commit, which letters were posted, and the earliest moment at which one of the journeys wakes."""

log = logging.getLogger(__name__)


class _Taken:
    """An arrival that waits for its turn, and the future of whoever waits for it."""

    __slots__ = ("arrival", "done")

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        self.done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    def finish(self, outcome: Outcome) -> None:
        """Let the one who waits go on; somebody who was cancelled no longer waits."""
        if not self.done.done():
            self.done.set_result(outcome)

    def fail(self, error: Exception) -> None:
        """Tell the one who waits that the turn failed."""
        if not self.done.done():
            self.done.set_exception(error)


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
    ) -> None:
        """Take what a turn needs; `committed` is called after every commit.

        keep_days: so many days after somebody's last word everything of them is erased, 0 for never. flood: who sends
        too much at once; None for no limit.
        """
        self._store = store
        self._understanding = understanding
        self._catalog = catalog
        self._clock = clock
        self._committed = committed
        self._keep_days = keep_days
        self._flood = flood
        self._waiting: list[_Taken] = []
        self._woken: deque[_Taken] = deque()
        self._news = asyncio.Event()
        self._closing = False
        self._lane: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Open the lane."""
        self._lane = asyncio.create_task(self._run(), name="turns")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the lane behind the last event that was taken."""
        self._closing = True
        self._news.set()
        if self._lane is not None:
            await self._lane

    async def take(self, arrival: Arrival) -> Outcome:
        """Return when the arrival's turn is committed, and what became of it.

        Of a flood, the first event that is too many is answered with a word about it, and the others are not taken.
        Raises what kept it from that, a StorageError as a rule.
        """
        if self._closing:
            msg = "the lane is closed"
            raise RuntimeError(msg)
        if not isinstance(arrival.event, Woke) and self._flood is not None:
            verdict = self._flood.verdict(arrival.person, self._clock.now())
            if verdict is Verdict.TOO_MANY:
                return SEEN_BEFORE
            if verdict is Verdict.FIRST_TOO_MANY:
                arrival = replace(arrival, event=TOO_FAST)
        taken = _Taken(arrival)
        (self._woken if isinstance(arrival.event, Woke) else self._waiting).append(taken)
        self._news.set()
        return await taken.done

    async def _run(self) -> None:
        while self._waiting or self._woken or not self._closing:
            if self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            elif self._woken:
                batch = [self._woken.popleft() for _ in range(min(MOST_WOKEN, len(self._woken)))]
            else:
                self._news.clear()
                await self._news.wait()
                continue
            await self._together(batch)

    async def _together(self, batch: Sequence[_Taken]) -> None:
        try:
            outcomes = await self._commit([taken.arrival for taken in batch])
        except Exception as error:
            if len(batch) == 1:
                batch[0].fail(error)
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
                    outcomes = await self._commit([taken.arrival])
                    taken.finish(outcomes.get(taken.arrival.id, SEEN_BEFORE))
                except Exception as error:  # noqa: BLE001 - as above
                    failed[person] = error
            if person in failed:
                taken.fail(failed[person])

    async def _commit(self, arrivals: Sequence[Arrival]) -> dict[str, Outcome]:
        batch = Batch(arrivals, self._understanding, self._catalog, self._clock, self._keep_days)
        async with self._store.begin() as unit:
            posted = await batch.turn(unit)
        self._committed(posted, batch.next_wake)
        return batch.outcomes
