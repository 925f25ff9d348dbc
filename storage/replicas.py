"""One process among several on a server's database: what it says to the others, and what it takes over from them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import notices, outbox
from storage.errors import translated
from storage.lease import Lease
from storage.outbox import Posted
from storage.sealing import Seal
from storage.tables import to_moment, to_number
from storage.unit import Unit

SOON = timedelta(hours=1)
"""The others look by themselves at what is further ahead, before its time has come."""

NUMBER_BYTES = 8


class Replica:
    """A process, as the others see it."""

    def __init__(self, engine: AsyncEngine, seal: Seal, where: str, seconds: float) -> None:
        """Be one of those on this database. seconds: for how long it counts as alive after it has said so."""
        self._engine = engine
        self._seal = seal
        self._where = where
        self._announced: datetime | None = None
        self._unreadable: set[int] = set()
        self.lease = Lease(lambda: int.from_bytes(seal.random(NUMBER_BYTES)) >> 2, seconds)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        with translated(self._where):
            async with self._engine.begin() as connection:
                yield connection

    async def renew(self) -> bool:
        """Say that it is alive; return False when that was too late, and others may have taken what it had.

        Raises StorageError.
        """
        begun = self.lease.now()
        async with self._transaction() as connection:
            unbroken = await self.lease.renew(connection)
        self.lease.believe(begun)
        return unbroken

    async def claim(self, serves: Sequence[str], most: int, people: set[str]) -> tuple[list[Posted], bool]:
        """Take over the letters of at most so many people with whom no replica is that is alive. Raises StorageError.

        serves: see storage/outbox.py. people: they are added to it before anybody can see whose the letters are now.
        Return the letters in order, and whether there may be more.
        """
        if not self.lease.holds():
            return [], False
        async with self._transaction() as connection:
            free, more = await outbox.with_nobody(connection, self.lease.number, serves, most, self._unreadable)
            people.update(free)
            return await outbox.claim(connection, self._seal, self.lease.number, free, self._unreadable), more

    async def release(self) -> None:
        """Leave to the others what was not delivered. Raises StorageError."""
        async with self._transaction() as connection:
            if await self.lease.end(connection):
                await notices.tell(connection, notices.LETTERS)

    async def listen(self, letters: Callable[[], None], wakes: Callable[[datetime], None]) -> None:
        """Call `letters` when there are some with nobody, and `wakes` with a moment at which a journey wakes.

        Both are called at the beginning, too, for what was missed. Returns when the connection has ended, at the latest
        after some minutes: one that is dead without a word is noticed so. Raises StorageError.
        """

        def told(notice: str) -> None:
            letters() if notice == notices.LETTERS else wakes(to_moment(int(notice)))

        with translated(self._where):
            await notices.listen(self._engine, told)

    async def announce(self, connection: AsyncConnection, unit: Unit) -> None:
        """Tell the others of letters that are theirs, and of a moment that comes before the one they know of."""
        if unit.left_to_another:
            await notices.tell(connection, notices.LETTERS)
        wake_at, now = unit.wake_at, unit.now
        if wake_at is None or now is None or wake_at > now + SOON:
            return
        # Whoever waits for an earlier moment looks again when it has come, and finds this one then.
        if self._announced is None or not now < self._announced <= wake_at:
            await notices.tell(connection, str(to_number(wake_at)))
            self._announced = wake_at
