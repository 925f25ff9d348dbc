"""Which replicas of a server's database are alive. What belongs to one that is not, another one takes over.

All moments are the database's own, so that the clocks of the machines do not matter; a replica by itself counts on a
clock that nobody sets.
"""

from collections.abc import Callable
from time import monotonic

from sqlalchemy import BigInteger, bindparam, delete, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import outbox, replicas

LEASE = 30.0
"""Seconds for which a replica counts as alive after it has said so."""

SURE = 0.8
"""For this part of the lease a replica itself believes in it: what it begins then also ends in time."""

GONE = 3_600_000_000
"""After so many microseconds nobody needs to know any more that there was a replica."""

_NOW = literal_column("(extract(epoch FROM clock_timestamp()) * 1000000)::bigint", BigInteger)
_UNTIL = _NOW + bindparam("length", type_=BigInteger)

ALIVE = select(replicas.c.id).where(replicas.c.alive_until > _NOW)
"""The replicas that are alive, on PostgreSQL."""

_RENEWED = (
    update(replicas)
    .where(replicas.c.id == bindparam("number"), replicas.c.alive_until > _NOW)
    .values(alive_until=_UNTIL)
    .returning(replicas.c.id)
)
_BEGUN = insert(replicas).values(id=bindparam("number"), alive_until=_UNTIL)
_LONG_GONE = delete(replicas).where(replicas.c.alive_until < _NOW - GONE)
_LET_GO = update(outbox).where(outbox.c.holder == bindparam("number")).values(holder=None)
_ENDED = delete(replicas).where(replicas.c.id == bindparam("number"))


class Lease:
    """For how long a replica may count on what is its own.

    number: its name in the database; another one after it was too late once, because others may have taken what was
    under the old one.
    """

    def __init__(
        self, new_number: Callable[[], int], seconds: float = LEASE, ticks: Callable[[], float] = monotonic
    ) -> None:
        """Begin without one. new_number: returns a number that nobody else has; ticks: seconds on a steady clock."""
        self._new_number = new_number
        self._ticks = ticks
        self._until: float | None = None
        self.seconds = seconds
        self.number = new_number()

    def holds(self) -> bool:
        """Say whether nobody else can have taken anything yet."""
        return self._until is not None and self._ticks() < self._until

    async def renew(self, connection: AsyncConnection) -> bool:
        """Say that this replica is alive; return False when it was too late, and has another number from now on."""
        length = int(self.seconds * 1_000_000)
        found = await connection.execute(_RENEWED, {"number": self.number, "length": length})
        unbroken = found.first() is not None
        if not unbroken:
            self._until = None  # what it had under the old number it has no more
            self.number = self._new_number()
            await connection.execute(_LONG_GONE)
            await connection.execute(_BEGUN, {"number": self.number, "length": length})
        return unbroken

    def now(self) -> float:
        """Return the moment on the steady clock."""
        return self._ticks()

    def believe(self, renewed: float) -> None:
        """Count on it from now on. renewed: the moment before it was said that this replica is alive."""
        self._until = renewed + self.seconds * SURE

    async def end(self, connection: AsyncConnection) -> int:
        """Let go of everything, and return how many letters somebody else may deliver now."""
        self._until = None
        count = (await connection.execute(_LET_GO, {"number": self.number})).rowcount
        await connection.execute(_ENDED, {"number": self.number})
        return count
