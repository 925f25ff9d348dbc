"""Whether the process lives, and whether it can take work."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

from storage.errors import StorageError

DATABASE, RUNNING = "database", "running"
PATIENCE = 3.0
"""Seconds: whoever asks whether it is ready does not wait much longer."""

Outbox = tuple[int, datetime | None]
"""How many letters are in the outbox, and since when the oldest of them is."""

Ask = Callable[[], Awaitable[Outbox]]

LACKS = {
    DATABASE: "the database does not answer",
    RUNNING: "it is stopping",
}


class Look(NamedTuple):
    """What was found at one look: for each part whether it can do its work, and the outbox if the database answered."""

    ready: Mapping[str, bool]
    outbox: Outbox | None

    @property
    def lacks(self) -> list[str]:
        """What is missing, each in a few words."""
        return [LACKS.get(part, f"{part} is not connected") for part, ready in self.ready.items() if not ready]


class Health:
    """Knows the loops that have to run, and the parts that have to be there."""

    def __init__(
        self, platforms: Sequence[str], stopping: Callable[[], bool] = lambda: False, patience: float = PATIENCE
    ) -> None:
        """Expect the database and these platforms.

        stopping: says whether the process was told to stop. patience: seconds in which the database has to answer.
        """
        self._patience = patience
        self._stopping = stopping
        self._connected: dict[str, Callable[[], bool]] = dict.fromkeys(platforms, lambda: False)
        self._loops: list[asyncio.Task[None]] = []
        self._ask: Ask | None = None
        self._asked: asyncio.Task[Outbox] | None = None

    def connects(self, platform: str, connected: Callable[[], bool]) -> None:
        """Ask `connected` from now on whether a platform is connected."""
        self._connected[platform] = connected

    def watch(self, loops: Sequence[asyncio.Task[None]]) -> None:
        """Watch loops, each known by the name of its task, that run for as long as the process lives."""
        self._loops += loops

    @asynccontextmanager
    async def asking(self, ask: Ask) -> AsyncIterator[None]:
        """Ask the database by `ask`, which is not under way any more after the block."""
        self._ask = ask
        try:
            yield
        finally:
            self._ask = None
            if (asked := self._asked) is not None:
                await asyncio.wait({asked}, timeout=self._patience)
                asked.cancel()
                await asyncio.gather(asked, return_exceptions=True)

    def ended(self) -> list[str]:
        """Return the names of loops that do not run any more, none when all is well or it is stopping."""
        return [] if self._stopping() else [loop.get_name() for loop in self._loops if loop.done()]

    async def look(self) -> Look:
        """Look at each part, for some seconds at most."""
        outbox = await self._outbox()
        connected = {platform: connected() for platform, connected in self._connected.items()}
        return Look({DATABASE: outbox is not None, **connected, RUNNING: not self._stopping()}, outbox)

    async def _outbox(self) -> Outbox | None:
        """Ask the database, None when it does not answer; however many want to know, it is asked once at a time.

        A question is never cut off: a connection would be left in the middle of it.
        """
        if self._ask is None:
            return None
        if self._asked is None:
            self._asked = asyncio.ensure_future(self._ask())
        asked = self._asked
        await asyncio.wait({asked}, timeout=self._patience)
        if not asked.done():
            return None
        if self._asked is asked:
            self._asked = None
        try:
            return asked.result()
        except StorageError:
            return None
