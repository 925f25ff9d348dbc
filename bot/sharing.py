"""What a process does among several on one database: it says that it is alive, takes over from others, and listens."""

import asyncio
import logging
from collections.abc import Sequence

from bot.dispatcher import Dispatcher
from bot.scheduler import Scheduler
from bot.waiting import happens
from storage.errors import StorageError
from storage.replicas import Replica

RENEWALS, LOOKS = 4, 3
"""How often within one lease it says that it is alive, and looks for letters with which nobody is."""

AT_ONCE, MOST_HELD = 100, 1000
"""The number of people whose letters are taken over in one go; with so many letters of its own it takes over none."""

PAUSE, AFTER_TROUBLE = 0.1, 1.0
"""Seconds before the next look when somebody was just busy with what is there, and when the database is away."""

log = logging.getLogger(__name__)


class Sharing:
    """The loops of one replica."""

    def __init__(self, replica: Replica, dispatcher: Dispatcher, scheduler: Scheduler, serves: Sequence[str]) -> None:
        """Take over letters to those whom this process serves."""
        self._replica = replica
        self._dispatcher = dispatcher
        self._scheduler = scheduler
        self._serves = serves
        self._news = asyncio.Event()
        self._unsure = False

    async def run(self) -> None:
        """Go on until cancelled."""
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self._stay_alive())
            loops.create_task(self._take_over())
            loops.create_task(self._listen())

    async def _stay_alive(self) -> None:
        while True:
            await asyncio.sleep(self._replica.lease.seconds / RENEWALS)
            try:
                unbroken = await self._replica.renew()
            except StorageError:
                log.warning("this replica cannot say that it is alive: the database is away")
                continue
            if not unbroken:
                log.warning("this replica was silent for too long; others may have taken over what it had")
                self._dispatcher.drop()
                self._news.set()

    async def _take_over(self) -> None:
        while True:
            self._news.clear()
            try:
                await self._take_all()
            except StorageError:
                log.warning("letters of others cannot be looked for: the database is away")
            await happens(self._news, self._replica.lease.seconds / LOOKS)

    async def _take_all(self) -> None:
        if self._unsure:
            await self._dispatcher.recover()
            self._dispatcher.take_over([])
        while self._dispatcher.held < MOST_HELD:
            self._unsure = True  # until the database has said what came of it
            letters, more = await self._replica.claim(self._serves, AT_ONCE, self._dispatcher.expected)
            self._unsure = False
            self._dispatcher.take_over(letters)
            if not more:
                return
            if not letters:
                await asyncio.sleep(PAUSE)

    async def _listen(self) -> None:
        while True:
            try:
                await self._replica.listen(self._news.set, self._scheduler.nudge)
            except StorageError:
                log.warning("nothing is heard of the other replicas: the database is away")
            await asyncio.sleep(AFTER_TROUBLE)
