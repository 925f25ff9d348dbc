"""Delivers the outbox: each person's letters in order, different people's at the same time."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import nullcontext
from functools import partial

from adapters.port import Letter, Platform, TryLaterError, UndeliverableError
from bot import stopping
from bot.clock import Clock
from bot.metrics import Metrics
from bot.observability import described
from bot.waiting import happens
from storage.errors import StorageError, UnavailableError
from storage.store import Posted, Store

MOST_AT_ONCE, MOST_UNAWAITED = 50, 30
"""The largest number of deliveries under way at a time; fewer of letters that nobody waits for."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
"""The shortest and the longest time between two tries, in seconds, unless the platform asks for more."""

TOO_LATE = "others may have taken this letter over"

MOST_SURPRISES = 8
"""After this many errors that no platform should raise, a letter is given up: others wait behind it."""

log = logging.getLogger(__name__)


Route = Callable[[str], Platform | None]
"""The platform that serves a person, None when this process serves them on none."""

Tell = Callable[[Posted, str | None], Awaitable[None]]
"""Is told what became of a letter that somebody wants to hear of: its receipt, None when it can never be delivered."""


async def nobody(_posted: Posted, _receipt: str | None) -> None:
    """Tell nobody."""


class Dispatcher:
    """Delivers letters until it is closed; what was not delivered by then stays in the outbox for the next start."""

    def __init__(
        self,
        store: Store,
        route: Route,
        clock: Clock,
        jitter: Callable[[], float],
        first_wait: float = FIRST_WAIT,
        metrics: Metrics | None = None,
        tell: Tell = nobody,
    ) -> None:
        """Deliver to the people whom `route` knows. `jitter` returns 0.0 to 1.0; `first_wait` is in seconds."""
        self._tell = tell
        self._store = store
        self._route = route
        self._clock = clock
        self._jitter = jitter
        self._first_wait = first_wait
        self._metrics = metrics or Metrics()
        self._queues: dict[str, deque[Posted]] = {}
        self._known: set[int] = set()
        self._behind: list[Posted] = []
        self.expected: set[str] = set()
        """People whose letters are being taken over: what is posted for them meanwhile waits for `take_over`.

        The database shows such letters as this process's own a moment before the process hears that it got them.
        """
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self._room_for_unawaited = asyncio.Semaphore(MOST_UNAWAITED)
        self._delivered: list[int] = []
        self._clearing = False
        self._closing = asyncio.Event()
        self._left: set[int] = set()

    @property
    def held(self) -> int:
        """How many letters it has that are not dealt with."""
        return len(self._known)

    async def start(self) -> None:
        """Take up everything that an earlier run has left in the outbox."""
        self.take_up(await self._store.ours())

    def take_up(self, letters: Sequence[Posted]) -> None:
        """Deliver letters of which nobody knows whether they have arrived already."""
        for posted in letters:
            if posted.id not in self._known:
                self._left.add(posted.id)
                self._add(posted)

    def take_over(self, letters: Sequence[Posted]) -> None:
        """Deliver letters that others had, and then what was posted meanwhile for those who were expected."""
        self.take_up(letters)
        self.expected.clear()
        behind, self._behind = self._behind, []
        for posted in behind:
            self._add(posted)

    async def recover(self) -> None:
        """Take up what is to be delivered and is not known here: its commit was made, and nobody was told."""
        known = set(self._known)  # what is removed while it is read was known before
        self.take_up([one for one in await self._store.ours() if one.id not in known])

    def drop(self) -> None:
        """Let go of every letter: this process was too late, and others may have taken them."""
        self._queues = {}
        self._behind.clear()
        self._known.clear()
        self._left.clear()

    def post(self, letters: Sequence[Posted]) -> None:
        """Begin to deliver letters. Those of people whom nothing here serves stay in the outbox."""
        for posted in letters:
            if posted.person in self.expected and self._store.is_ours(posted):
                self._known.add(posted.id)
                self._behind.append(posted)
            else:
                self._add(posted)

    def _add(self, posted: Posted) -> None:
        platform = self._route(posted.person)
        if platform is None or not self._store.is_ours(posted):
            self._known.discard(posted.id)
            return
        self._known.add(posted.id)
        queue = self._queues.setdefault(posted.person, deque())
        queue.append(posted)
        if len(queue) == 1:
            self._begin(self._deliver_all(queue, platform))

    async def settled(self) -> None:
        """Return when nothing is left to deliver or to clear away."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Finish the tries that are under way, as far as they end soon, and begin no others."""
        self._closing.set()
        if self._tasks:
            _, endless = await asyncio.wait(self._tasks, timeout=stopping.DELIVERIES)
            await stopping.cancelled(endless, stopping.LETTING_GO)
        await stopping.at_most(stopping.LETTING_GO, self._clear_away())

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_all(self, queue: deque[Posted], platform: Platform) -> None:
        """Deliver one person's letters in order. The first one leaves the queue only when it is dealt with."""
        person = queue[0].person
        try:
            while queue and self._goes_on(queue):
                await self._deliver(queue, platform)
                queue.popleft()
        finally:
            if self._queues.get(person) is queue:
                del self._queues[person]

    def _goes_on(self, queue: deque[Posted]) -> bool:
        return self._queues.get(queue[0].person) is queue and not self._closing.is_set()

    async def _deliver(self, queue: deque[Posted], platform: Platform) -> None:
        """Try until the letter is delivered, can never be, is left to others, or this process ends."""
        posted = queue[0]
        tries = surprises = 0
        again = posted.id in self._left
        self._left.discard(posted.id)
        while self._goes_on(queue):
            letter = Letter(id=posted.id, person=posted.person, address=posted.address, reply=posted.reply, again=again)
            again = True
            after: float | None = None
            try:
                handing_over = self._hand_over(letter, platform, awaited=posted.awaited)
                receipt = await self._metrics.delivery(platform.name, posted.posted_at, handing_over)
            except TryLaterError as later:
                after = later.after
            except UndeliverableError as never:
                return await self._give_up(posted, str(never))
            except StorageError as error:
                log.warning("a letter waits until the database tells how to deliver it", exc_info=error)
            except Exception as error:
                log.exception("a delivery broke")
                surprises += 1
                if surprises == MOST_SURPRISES:
                    return await self._give_up(posted, described(error))
            else:
                return await self._arrived(posted, receipt)
            await self._pause(tries, after)
            tries += 1
        return None

    async def _arrived(self, posted: Posted, receipt: str) -> None:
        """Tell whoever wants to hear of it. A letter of which they could not be told stays."""
        if not posted.reply.about or await self._patiently(partial(self._tell, posted, receipt)):
            self._clear(posted)

    async def _hand_over(self, letter: Letter, platform: Platform, *, awaited: bool) -> str:
        """Deliver when there is room. However many check-ins go out, some of it is left for who waits for an answer."""
        async with nullcontext() if awaited else self._room_for_unawaited, self._room:
            if not self._store.holds():
                raise TryLaterError(TOO_LATE)
            return await platform.deliver(letter)

    async def _pause(self, tries: int, after: float | None) -> None:
        """Wait before the next try, twice as long each time, give or take; the end of the process cuts it short."""
        wait = min(LONGEST_WAIT, self._first_wait * 2 ** min(tries, 16)) * (0.5 + self._jitter())
        await happens(self._closing, max(wait, after or 0.0))

    async def _give_up(self, posted: Posted, reason: str) -> None:
        fields = {"person": self._store.alias(posted.person), "reason": reason}
        log.warning("a letter cannot be delivered", extra={"fields": fields})
        if posted.reply.about and not await self._patiently(partial(self._tell, posted, None)):
            return
        await self._patiently(partial(self._store.failed, posted.id, self._clock.now()))
        self._known.discard(posted.id)

    def _clear(self, posted: Posted) -> None:
        """Have a delivered letter removed from the outbox, together with those that are delivered meanwhile."""
        self._delivered.append(posted.id)
        if not self._clearing:
            self._clearing = True
            self._begin(self._clear_away())

    async def _clear_away(self) -> None:
        try:
            while self._delivered:
                ids = list(self._delivered)
                if not await self._patiently(partial(self._store.delivered, ids)):
                    # They are removed with the next ones; at the worst a platform is asked to drop them as doubles.
                    return
                del self._delivered[: len(ids)]
                self._known.difference_update(ids)
        finally:
            self._clearing = False

    async def _patiently(self, write: Callable[[], Awaitable[None]]) -> bool:
        """Write to the database, again and again while a server is away; return whether it was done."""
        tries = 0
        while True:
            try:
                await write()
            except StorageError as error:
                log.warning("a letter that is dealt with stays in the outbox for now", exc_info=error)
                if self._closing.is_set() or not isinstance(error, UnavailableError):
                    return False
            except Exception:
                log.exception("what comes of a delivery broke: the letter stays in the outbox for now")
                return False
            else:
                return True
            self._metrics.retries_database()
            await self._pause(tries, None)
            tries += 1
