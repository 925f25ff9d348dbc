"""Wakes journeys whose time has come. Time is an event like any other and takes the same way as a message."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.turns import Key, Turns
from bot.waiting import happens
from storage.errors import UnavailableError
from storage.store import Store

AHEAD = timedelta(hours=1)
"""How far ahead is looked: whatever moves the clocks of a computer, it is noticed after this long."""

AFTER_TROUBLE, WHILE_AWAY = timedelta(minutes=1), timedelta(seconds=5)
"""How long to wait before the next look when something went wrong, and when a database server is away."""

WITH_ANOTHER = timedelta(seconds=1)
"""How long to wait when those who are due are with another replica."""

log = logging.getLogger(__name__)


class Scheduler:
    """Feeds `Woke` to the journeys of the people that this process serves."""

    def __init__(self, store: Store, turns: Turns, clock: Clock, serves: Sequence[str]) -> None:
        """Wake people of these names, or whose names begin with one of these up to a colon."""
        self._store = store
        self._turns = turns
        self._clock = clock
        self._serves = serves
        self._firing = asyncio.Lock()
        self._nudged = asyncio.Event()
        self._planned: datetime | None = None

    async def run(self) -> None:
        """Wake journeys for as long as the process lives."""
        while True:
            self._nudged.clear()
            # While it looks, every nudge counts: the journey may have been written behind its back.
            self._planned = None
            planned = await self._pass()
            self._planned = planned
            await happens(self._nudged, (planned - self._clock.now()).total_seconds())

    async def _pass(self) -> datetime:
        """Wake whom it is time for, and return when to look again."""
        try:
            woke = await self.fire_due(self._clock.now())
            now = self._clock.now()
            planned = await self.next_due(now + AHEAD) or now + AHEAD
        except UnavailableError:
            log.warning("nobody is woken: the database is away")
            return self._clock.now() + WHILE_AWAY
        except Exception:
            # One journey that cannot be read, or a full disk, is no reason to stop waking the others.
            log.exception("waking broke")
            return self._clock.now() + AFTER_TROUBLE
        return planned if woke else max(planned, now + WITH_ANOTHER)

    def nudge(self, moment: datetime) -> None:
        """Tell that a journey wakes at a moment; look again when that is earlier than what is waited for."""
        if self._planned is None or moment < self._planned:
            self._nudged.set()

    async def next_due(self, until: datetime) -> datetime | None:
        """Return the next moment up to `until` at which somebody is to be woken."""
        return await self._store.next_due(until, self._serves)

    async def fire_due(self, now: datetime) -> bool:
        """Wake everybody whose time has come by `now`, the longest due first; return whether there was anybody.

        Raises what kept a turn from it.
        """
        errors: list[Exception] = []
        last: Key | None = None
        async with self._firing:
            while (woken := await self._turns.wake(now, self._serves, last)) is not None:
                last = woken.last
                errors += woken.errors
        if errors:
            raise errors[0]
        return last is not None
