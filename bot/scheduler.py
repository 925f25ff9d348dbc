"""Wakes journeys whose time has come. Time is an event like any other and takes the same way as a message."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from adapters.port import Arrival
from bot.clock import Clock
from bot.turns import Turns
from dialogs.events import Woke
from storage.store import Store

MOST = 64
"""The largest number of journeys that are looked at in one go."""

AHEAD = timedelta(hours=1)
"""How far ahead is looked: whatever moves the clocks of a computer, it is noticed after this long."""

AFTER_TROUBLE = timedelta(minutes=1)
"""How long to wait before the next look when something went wrong."""

log = logging.getLogger(__name__)


class Scheduler:
    """Feeds `Woke` to the journeys of the people that this process serves."""

    def __init__(self, store: Store, turns: Turns, clock: Clock, serves: Callable[[str], bool]) -> None:
        """Wake the people for whom `serves` says yes."""
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
            with suppress(TimeoutError):
                # Not `wait_for`: before Python 3.12 it swallows being cancelled just after a nudge.
                async with asyncio.timeout((planned - self._clock.now()).total_seconds()):
                    await self._nudged.wait()

    async def _pass(self) -> datetime:
        """Wake whom it is time for, and return when to look again."""
        try:
            await self.fire_due(self._clock.now())
            ahead = self._clock.now() + AHEAD
            return await self.next_due(ahead) or ahead
        except Exception:
            # One journey that cannot be read, or a full disk, is no reason to stop waking the others.
            log.exception("waking broke")
            return self._clock.now() + AFTER_TROUBLE

    def nudge(self, moment: datetime) -> None:
        """Tell that a journey wakes at a moment; look again when that is earlier than what is waited for."""
        if self._planned is None or moment < self._planned:
            self._nudged.set()

    async def next_due(self, until: datetime) -> datetime | None:
        """Return the next moment up to `until` at which somebody is to be woken."""
        return min((moment for _, moment in await self._due(until)), default=None)

    async def fire_due(self, now: datetime) -> None:
        """Wake everybody whose time has come by `now`, the longest due first. Raises what kept a turn from it."""
        async with self._firing:
            arrivals = [Arrival(id="", person=person, event=Woke()) for person, _ in await self._due(now)]
            # Tasks begin in the order they are made in, so the lane takes them in this order, many in one transaction.
            turns = [asyncio.create_task(self._turns.take(arrival)) for arrival in arrivals]
            outcomes = await asyncio.gather(*turns, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _due(self, until: datetime) -> list[tuple[str, datetime]]:
        """Return whom this process serves of those who are due: the first ones, however many of others are before."""
        after: tuple[str, datetime] | None = None
        while True:
            due = await self._store.due(until, MOST, after)
            served = [one for one in due if self._serves(one[0])]
            if served or len(due) < MOST:
                return served
            after = due[-1]
