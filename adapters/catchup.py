"""Reading what was written while nobody was here, for platforms that do not send it a second time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from itertools import count
from typing import Any, Generic, TypeVar

PAUSE = 0.1
"""Seconds between two channels, so that people who are here now go first."""

PATIENCE = 5.0
"""After so many seconds the next channel is begun, too: one that cannot be read keeps nobody else waiting."""

TRIES, LONGEST_WAIT = 8, 60.0
"""How often a channel is tried that cannot be read just now, and the most seconds between two tries; each wait is twice
as long as the one before. Where to read is asked until it is known."""

log = logging.getLogger(__name__)

Channel = TypeVar("Channel")
"""What names a channel on the platform."""

Places = Callable[[], Awaitable[Sequence[tuple[Channel, str]]]]
"""Returns each known channel with where reading stopped there, the likeliest to be waited for first."""

Read = Callable[[Channel, str], Coroutine[Any, Any, bool]]
"""Reads a channel on from there, and has everything taken that was written; says whether it got to the end, or nothing
is to be read there (any more). Otherwise it is tried again, from the same place: what was taken is known."""


class CatchUp(Generic[Channel]):
    """What every new session begins with: each known channel is read from where reading stopped.

    A message that comes in before its channel was read waits until it was, so that nothing is answered out of order,
    and that nobody reads on behind it after the next start.
    """

    def __init__(
        self, places: Places[Channel], read: Read[Channel], pause: Callable[[float], Awaitable[object]]
    ) -> None:
        """Read the channels that `places` names with `read`. pause: waits for so many seconds."""
        self._places = places
        self._read = read
        self._pause = pause
        self._behind: dict[Channel, str] = {}
        self._reading: dict[Channel, asyncio.Task[None]] = {}
        self._asking: asyncio.Task[bool] | None = None
        self._learning: asyncio.Task[None] | None = None
        self._rest: asyncio.Task[None] | None = None
        self._closed = False

    def begin(self) -> None:
        """Begin anew: a session has begun that knows nothing of what was before it."""
        if self._closed:
            return
        self._cancel()
        self._learning = asyncio.create_task(self._learn())
        self._rest = asyncio.create_task(self._read_all(self._learning))

    async def close(self) -> None:
        """Stop reading; what was not read is read after the next start."""
        self._closed = True
        self._cancel()
        tasks = [one for one in (self._learning, self._asking, self._rest, *self._reading.values()) if one is not None]
        if tasks:
            await asyncio.wait(tasks)

    def _cancel(self) -> None:
        """Stop reading. A question to the database goes on: it is not left in the middle of one."""
        for task in (self._learning, self._rest, *self._reading.values()):
            if task is not None:
                task.cancel()

    @property
    def is_learning(self) -> bool:
        """Whether it is not known yet which channels have to be read."""
        return self._learning is not None and (not self._learning.done() or self._learning.cancelled())

    def is_behind(self, channel: Channel) -> bool:
        """Say whether a channel may still have to be read; `before` waits for that."""
        return self.is_learning or channel in self._behind

    async def before(self, channel: Channel) -> bool:
        """Return when a channel has been read as far as it had been written when the session began.

        Returns False when it will not be, because this is the end: what waits for it is read after the next start.
        """
        while self.is_behind(channel):
            if self._closed:
                return False
            assert self._learning is not None  # noqa: S101 - for the types
            await asyncio.wait({self._learning if self.is_learning else self._task(channel)})
        return True

    async def _learn(self) -> None:
        for tries in count():
            if before := {*self._reading.values(), *([self._asking] if self._asking else [])}:
                await asyncio.wait(before)  # of the session before this one
            self._asking = asyncio.create_task(self._ask())
            # It goes on when this is cancelled.
            await asyncio.wait({self._asking})
            if self._asking.result():
                return
            await self._pause(_wait(tries))

    async def _ask(self) -> bool:
        """Ask which channels are to be read on from where; say whether there was an answer."""
        try:
            self._behind = dict(await self._places())
        except Exception:
            log.exception("what was written meanwhile is read later: the database does not say where to begin")
            return False
        return True

    async def _read_all(self, learning: asyncio.Task[None]) -> None:
        await asyncio.wait({learning})
        channels = list(self._behind)
        for channel in channels:
            if channel in self._behind:
                await asyncio.wait({self._task(channel)}, timeout=PATIENCE)
                await self._pause(PAUSE)
        if self._reading:
            await asyncio.wait(self._reading.values())
        log.info("caught up", extra={"fields": {"channels": len(channels)}})

    def _task(self, channel: Channel) -> asyncio.Task[None]:
        """Return the task that reads a channel; there is one at most."""
        if channel not in self._reading:
            self._reading[channel] = asyncio.create_task(self._through(channel))
            self._reading[channel].add_done_callback(lambda _: self._reading.pop(channel))
        return self._reading[channel]

    async def _through(self, channel: Channel) -> None:
        """Read a channel, and take it off the list when that is done, or has been tried often enough."""
        for tries in range(TRIES):
            if await self._to_the_end(channel):
                break
            await self._pause(_wait(tries))
        else:
            log.error("a channel cannot be read, and is left until the next session")
        del self._behind[channel]

    async def _to_the_end(self, channel: Channel) -> bool:
        try:
            return await self._read(channel, self._behind[channel])
        except Exception:
            log.exception("a channel could not be read")
            return False


def _wait(tries: int) -> float:
    return min(LONGEST_WAIT, 2.0**tries)
