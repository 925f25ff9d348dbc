"""Reading what was written while nobody was here, for platforms that do not send it a second time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Generic, TypeVar

PAUSE = 0.1
"""Seconds between two channels, so that people who are here now go first."""

log = logging.getLogger(__name__)

Channel = TypeVar("Channel")
"""What names a channel on the platform."""

Places = Callable[[], Awaitable[Sequence[tuple[Channel, str]]]]
"""Returns each known channel with where reading stopped there, the likeliest to be waited for first."""

Read = Callable[[Channel, str], Coroutine[Any, Any, None]]
"""Reads a channel on from there, and has everything taken that was written. Deals with its own failures."""


class CatchUp(Generic[Channel]):
    """What every new session begins with: each known channel is read from where reading stopped.

    A message that comes in before its channel was read waits until it was, so that nothing is answered out of order.
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
        self._known: asyncio.Task[None] | None = None
        self._rest: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin anew: a session has begun that knows nothing of what was before it."""
        self._cancel()
        self._known = asyncio.create_task(self._learn(self._known))
        self._rest = asyncio.create_task(self._read_all(self._known))

    async def close(self) -> None:
        """Stop reading; what was not read is read after the next start."""
        self._cancel()
        tasks = [task for task in (self._known, self._rest, *self._reading.values()) if task is not None]
        if tasks:
            await asyncio.wait(tasks)

    def _cancel(self) -> None:
        """Stop reading. Learning where to read is short, and goes on: a database is not left in the middle of it."""
        for task in (self._rest, *self._reading.values()):
            if task is not None:
                task.cancel()

    def is_behind(self, channel: Channel) -> bool:
        """Say whether a channel may still have to be read; `before` waits for that."""
        learning = self._known is not None and not self._known.done()
        return learning or channel in self._behind or channel in self._reading

    async def before(self, channel: Channel) -> None:
        """Return when a channel has been read as far as it had been written when the session began."""
        if self._known is not None and not self._known.done():
            await asyncio.wait({self._known})
        if channel in self._behind or channel in self._reading:
            await asyncio.wait({self._task(channel)})

    async def _learn(self, earlier: asyncio.Task[None] | None) -> None:
        if earlier is not None:
            await asyncio.wait({earlier})
        self._behind = dict(await self._places())

    async def _read_all(self, known: asyncio.Task[None]) -> None:
        await asyncio.wait({known})
        if known.exception():
            log.error("what was written meanwhile cannot be read: the database does not say where to begin")
            return
        count = len(self._behind)
        while self._behind:
            await asyncio.wait({self._task(next(iter(self._behind)))})
            await self._pause(PAUSE)
        log.info("caught up", extra={"fields": {"channels": count}})

    def _task(self, channel: Channel) -> asyncio.Task[None]:
        """Return the task that reads a channel; there is one at most, and it takes the channel off the list."""
        if channel not in self._reading:
            self._reading[channel] = asyncio.create_task(self._read(channel, self._behind.pop(channel)))
            self._reading[channel].add_done_callback(lambda _: self._reading.pop(channel, None))
        return self._reading[channel]
