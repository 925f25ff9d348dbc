"""Reading what was written while nobody was here: Discord sends nothing a second time after a session ended."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import discord

from adapters.discord import parse
from adapters.discord.rest import TROUBLE, gone

MOST_MESSAGES = 500
"""The most messages that are read of one channel. Nobody writes more to a bot that does not answer."""

PAUSE = 0.1
"""Seconds between two channels, so that people who are here now go first."""

log = logging.getLogger(__name__)

Read = Callable[[int, int], AsyncIterator[discord.Message]]
"""Yields the messages of a channel after one of them, the oldest first."""


class CatchUp:
    """What every new session begins with: each known channel is read from where reading stopped.

    A message that comes in before its channel was read waits until it was, so that nothing is answered out of order.
    """

    def __init__(
        self,
        cursors: Callable[[], Awaitable[Mapping[str, str]]],
        read: Read,
        take: Callable[[discord.Message], Awaitable[None]],
        pause: Callable[[float], Awaitable[object]],
    ) -> None:
        """Read the channels that `cursors` names with `read`, and give each message to `take`."""
        self._cursors = cursors
        self._read = read
        self._take = take
        self._pause = pause
        self._behind: dict[int, int] = {}
        self._reading: dict[int, asyncio.Task[None]] = {}
        self._known: asyncio.Task[None] | None = None
        self._rest: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin anew: a session has begun that knows nothing of what was before it."""
        for task in self._tasks():
            task.cancel()
        self._known = asyncio.create_task(self._learn())
        self._rest = asyncio.create_task(self._read_all(self._known))

    async def close(self) -> None:
        """Stop reading; what was not read is read after the next start."""
        if tasks := self._tasks():
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [task for task in (self._known, self._rest, *self._reading.values()) if task is not None]

    async def before(self, channel: int) -> None:
        """Return when a channel has been read as far as it had been written when the session began."""
        if self._known is not None and not self._known.done():
            await asyncio.wait({self._known})
        if channel in self._behind or channel in self._reading:
            await asyncio.wait({self._task(channel)})

    async def _learn(self) -> None:
        places = [parse.read_cursor(cursor) for cursor in (await self._cursors()).values()]
        # Whoever wrote last is the likeliest to be waiting.
        self._behind = dict(sorted(places, key=lambda place: place[1], reverse=True))

    async def _read_all(self, known: asyncio.Task[None]) -> None:
        await asyncio.wait({known})
        if known.cancelled() or known.exception():
            log.error("what was written meanwhile cannot be read: the database does not say where to begin")
            return
        count = len(self._behind)
        while self._behind:
            await asyncio.wait({self._task(next(iter(self._behind)))})
            await self._pause(PAUSE)
        log.info("caught up", extra={"fields": {"channels": count}})

    def _task(self, channel: int) -> asyncio.Task[None]:
        """Return the task that reads a channel; there is one at most, and it takes the channel off the list."""
        if channel not in self._reading:
            self._reading[channel] = asyncio.create_task(self._read_one(channel, self._behind.pop(channel)))
            self._reading[channel].add_done_callback(lambda _: self._reading.pop(channel, None))
        return self._reading[channel]

    async def _read_one(self, channel: int, after: int) -> None:
        try:
            async for message in self._read(channel, after):
                await self._take(message)
        except TROUBLE as error:
            # A channel that is gone has nothing to read; anything else is tried again with the next session.
            if not gone(error):
                log.warning("a channel could not be read", extra={"fields": {"error": type(error).__name__}})
