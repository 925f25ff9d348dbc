"""The unit of work of a batch of turns: lists in, lists out, a handful of statements however many people there are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs import codec
from dialogs.journey import Journey
from dialogs.replies import Reply
from storage import outbox
from storage.database import lock
from storage.erasing import disown, forget_events_of
from storage.errors import StorageError
from storage.lease import Lease
from storage.naming import EventNames
from storage.outbox import Posted
from storage.sealing import PersonSeal, Seal
from storage.statements import COLUMNS, due, statements
from storage.tables import EVERYTHING, KEY_CHECK, locks, to_moment, to_number

Result = TypeVar("Result")

_encoder = msgspec.json.Encoder()

_CHECKED = select(locks.c.sealed).where(locks.c.name == KEY_CHECK)

TWICE_WITHIN = timedelta(hours=1)
"""Within this time a platform delivers an event a second time."""


class Unit:
    """What one transaction does. It is gone when the transaction is."""

    def __init__(self, connection: AsyncConnection, seal: Seal, names: EventNames, lease: Lease | None = None) -> None:
        """Work on the connection of an open transaction. lease: of this replica, where there may be others."""
        self._connection = connection
        self._seal = seal
        self._names = names
        self._lease = lease
        self._me = lease.number if lease is not None else None
        self.now: datetime | None = None
        """When the turns are made, as far as it was told."""
        self._words = statements(connection.dialect.name)
        self._places: dict[str, tuple[str, str]] = {}
        self._seals: dict[str, PersonSeal] = {}
        self._with_another: set[str] = set()
        self._held: set[str] = set()
        self._writes = False
        self.unreached: set[str] = set()
        """Whom nothing had reached until now, of those whose journeys were read."""
        self.erased: set[str] = set()
        """Who erased everything."""
        self.relieved: set[str] = set()
        """Whose letters were taken out."""
        self.wake_at: datetime | None = None
        """The earliest moment at which one of the journeys wakes that were kept."""
        self.left_to_another = False
        """Whether there are letters that another replica has to deliver."""

    async def first_seen(self, happened: Sequence[tuple[str, str]], now: datetime) -> set[str]:
        """Remember events (person, id), and return the ids of those that had never been seen."""
        if not happened:
            return set()
        self._writes = True
        ids = {self._names.name(person, event): event for person, event in happened}
        self.now = now
        # In one fixed order, so that two programs on PostgreSQL never wait for each other in a circle.
        rows = [{"id": one, "seen_at": to_number(now)} for one in sorted(ids)]
        return {
            ids[name] for name in (await self._connection.execute(self._words.see, self._words.given(rows))).scalars()
        }

    async def journeys(self, of: Sequence[str]) -> dict[str, Journey]:
        """Return the journeys of people, locked until the end in one fixed order; `Journey()` for strangers.

        Whoever takes a turn counts as reachable again; `unreached` says who was not. Raises UnreadableStateError for a
        state that cannot be read.
        """
        if not self._writes:
            await lock(self._connection)
            self._writes = True
        names = sorted(set(of))
        found = await self._locked(names)
        while strangers := [name for name in names if name not in found]:
            # A row that is not there yet cannot be locked: insert it or find that somebody else just did, then lock.
            # And once more when the last letter to somebody who erased everything just took it along again.
            await self._meet(dict.fromkeys(strangers, ""))
            found |= await self._locked(strangers)
        if self.unreached:
            await self._connection.execute(self._words.reached, {"people": sorted(self.unreached)})
        return found

    async def due(
        self, now: datetime, most: int, after: tuple[str, datetime] | None, serves: Sequence[str]
    ) -> list[tuple[str, datetime]]:
        """Return at most so many people whose time has come, with the moment they waited for, the earliest first.

        They are locked until the end, and whoever is locked already is left to the replica that is just about it.
        after: the last one that was returned before. serves: see storage/outbox.py. Those whom nothing reaches are left
        in peace.
        """
        await lock(self._connection)
        self._writes = True
        self.now = now
        person, moment = (after[0], to_number(after[1])) if after else ("", -1)
        values = {"now": to_number(now), "most": most, "person": person, "moment": moment}
        rows = (await self._connection.execute(due(tuple(serves)), values)).all()
        self._held = {row.person for row in rows}
        return [(row.person, to_moment(row.wake_at)) for row in rows]

    async def _locked(self, names: Sequence[str]) -> dict[str, Journey]:
        if self._connection.dialect.name != "sqlite" and not self._held.issuperset(names):
            # A statement of its own: one that waits for a lock goes on to read what was there before it waited. Who is
            # met by another program between the two is not locked, and must not be read.
            names = list((await self._connection.execute(self._words.locked, {"people": names})).scalars())
        found: dict[str, Journey] = {}
        for row in await self._rows(names):
            person, address, cursor, unreachable, key, state = row[: len(COLUMNS)]
            self._places[person] = address, cursor
            if unreachable is not None:
                self.unreached.add(person)
            if row[len(COLUMNS) :] == (True,):
                self._with_another.add(person)
            self._seals[person] = seal = self._seal.person(person, key)
            found[person] = codec.decode(seal.unseal(state)) if state else Journey()
        return found

    async def _rows(self, names: Sequence[str]) -> Sequence[Row[*tuple[Any, ...]]]:
        if self._lease is None:
            return (await self._connection.execute(self._words.read, {"people": names})).all()
        values = {"people": names, "me": self._me}
        return (await self._connection.execute(self._words.read_among_replicas, values)).all()

    def use(self, make: Callable[[AsyncConnection, Seal], Result]) -> Result:
        """Return something that reads and writes in this transaction too, with what seals it for the host."""
        self._writes = True
        return make(self._connection, self._seal)

    def number(self, about: str, below: int) -> int:
        """Return a secret number that belongs to a text for ever, see storage/naming.py."""
        return self._names.number(about, below)

    async def keep(self, kept: Sequence[tuple[str, Journey, datetime | None]]) -> None:
        """Keep journeys with the moments at which they wake."""
        if not kept:
            return
        self._writes = True
        await self._learn_keys([person for person, _, _ in kept])
        rows = [
            {
                "person": person,
                "state": self._seals[person].seal(codec.encode(journey)),
                "step": journey.step.value,
                "wake_at": to_number(wake_at) if wake_at else None,
                "version": codec.VERSION,
            }
            for person, journey, wake_at in kept
        ]
        await self._connection.execute(self._words.keep, self._words.given(rows))
        wakes = [wake_at for _, _, wake_at in kept if wake_at]
        self.wake_at = min([*wakes, *([self.wake_at] if self.wake_at else [])], default=None)

    async def heard(self, places: Sequence[tuple[str, str, str]]) -> None:
        """Remember where people were heard (person, address, cursor); "" keeps what is known."""
        moved: dict[str, dict[str, str]] = {}
        for person, address, cursor in places:
            known = self._places.get(person, ("", ""))
            place = (address or known[0], cursor or known[1])
            if place != known:
                self._places[person] = place
                moved[person] = {"who": person, "there": place[0], "up_to": place[1]}
        if moved:
            self._writes = True
            await self._connection.execute(self._words.heard, self._words.given(list(moved.values())))

    async def post(self, letters: Sequence[tuple[str, str, Reply]], now: datetime | None = None) -> list[Posted]:
        """Put replies (person, address, reply) into the outbox in order; "" is where the person was last heard.

        now: since when they wait. Those to somebody with whom another replica is are left to it.
        """
        if not letters:
            return []
        self._writes = True
        of = {person for person, _, _ in letters}
        await self._learn_keys(of)
        placed = [
            (person, address or self._places.get(person, ("", ""))[0], reply) for person, address, reply in letters
        ]
        # Whoever got another number since the journeys were read has lost the letters before these.
        me = self._me if self._lease is not None and self._lease.holds() and self._lease.number == self._me else None
        holders = {person: None if person in self._with_another else me for person in of}
        self.left_to_another |= self._lease is not None and None in holders.values()
        rows = [
            {
                "person": person,
                "address": address,
                "reply": self._seals[person].seal(_encoder.encode(reply)),
                "holder": holders[person],
                "posted_at": to_number(now) if now else 0,
            }
            for person, address, reply in placed
        ]
        found = sorted((await self._connection.execute(self._words.post, self._words.given(rows))).scalars())
        return [
            Posted(id=number, person=person, address=address, reply=reply, holder=holders[person], posted_at=now)
            for number, (person, address, reply) in zip(found, placed, strict=True)
        ]

    async def take_out(self, letter: int, unreachable_since: datetime | None = None) -> bool:
        """Take a letter out of the outbox, and say whether it was there. unreachable_since: when it cannot arrive.

        See `Store.delivered` and `Store.failed`, which do it in a transaction of their own.
        """
        self._writes = True
        if unreachable_since is not None:
            await outbox.mark_unreachable(self._connection, letter, unreachable_since)
        whose = await outbox.take_out(self._connection, [letter])
        self.relieved |= whose
        return bool(whose)

    async def erase(self, of: Sequence[str]) -> None:
        """Delete all there is of people: keys, journeys, addresses, undelivered replies, and which events were taken.

        Those of the last hour are remembered, so that what is delivered twice is not taken for a stranger's.
        """
        if not of:
            return
        self._writes = True
        # In this order: who is about to write to them has what they share with others, and goes first.
        await disown(self._connection, of)
        await self._connection.execute(self._words.erased, {"people": list(of)})
        before = to_number(self.now - TWICE_WITHIN) if self.now else EVERYTHING
        await forget_events_of(self._connection, self._names, of, before)
        # A receipt may still have to reach them: their row goes with it, see storage/erasing.py.
        await self._meet({person: self._places.get(person, ("", ""))[0] for person in sorted(set(of))})
        self.erased.update(of)

    async def _learn_keys(self, of: Iterable[str]) -> None:
        """Read the keys of people whose journeys were not read. Raises StorageError when somebody has none."""
        unknown = sorted({person for person in of if person not in self._seals})
        if unknown:
            found = await self._connection.execute(self._words.keys, {"people": unknown})
            self._seals |= {person: self._seal.person(person, key) for person, key in found}
        if any(person not in self._seals for person in unknown):
            msg = "Something was to be kept of somebody who is not known: read their journey first."
            raise StorageError(msg)

    async def _meet(self, addresses: Mapping[str, str]) -> None:
        """Make the rows of people who have none, each with a key of their own."""
        # Another program may have changed the host's key meanwhile; whoever is met now must not get an old one.
        self._seal.follow((await self._connection.execute(_CHECKED)).scalar_one())
        keys = {person: self._seal.new_person(person) for person in addresses}
        rows = [{"person": person, "address": addresses[person], "key": key} for person, key in keys.items()]
        await self._connection.execute(self._words.meet, self._words.given(rows))
        self._seals |= {person: self._seal.person(person, key) for person, key in keys.items()}
