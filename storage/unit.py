"""The unit of work of a batch of turns: lists in, lists out, a handful of statements however many people there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BindParameter, Insert, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from dialogs import codec
from dialogs.journey import Journey
from dialogs.private import Private
from dialogs.replies import Reply
from storage.database import lock
from storage.erasing import forget_events_of
from storage.errors import StorageError
from storage.naming import EventNames
from storage.sealing import PersonSeal, Seal
from storage.tables import EVERYTHING, KEY_CHECK, events, journeys, locks, outbox, people, to_number

_encoder = msgspec.json.Encoder()
_replies = msgspec.json.Decoder(Reply)

_OF_PEOPLE: BindParameter[list[str]] = bindparam("people", expanding=True)
_LOCKED = select(people.c.person).where(people.c.person.in_(_OF_PEOPLE)).order_by(people.c.person).with_for_update()
_READ = (
    select(
        people.c.person, people.c.address, people.c.cursor, people.c.unreachable_since, people.c.key, journeys.c.state
    )
    .select_from(people.outerjoin(journeys, people.c.person == journeys.c.person))
    .where(people.c.person.in_(_OF_PEOPLE))
)
_HEARD = (
    update(people)
    .where(people.c.person == bindparam("who"))
    .values(address=bindparam("there"), cursor=bindparam("up_to"))
)
_REACHED = update(people).where(people.c.person.in_(_OF_PEOPLE)).values(unreachable_since=None)
_ERASED = delete(people).where(people.c.person.in_(_OF_PEOPLE))
_KEYS = select(people.c.person, people.c.key).where(people.c.person.in_(_OF_PEOPLE))
_CHECKED = select(locks.c.sealed).where(locks.c.name == KEY_CHECK)


TWICE_WITHIN = timedelta(hours=1)
"""Within this time a platform delivers an event a second time."""


class Posted(Private, frozen=True):
    """A reply in the outbox. Its id orders a person's replies and is the nonce of the delivery.

    awaited: whether somebody waits for it, because they wrote or pressed; time itself is in no hurry.
    """

    id: int
    person: str
    address: str
    reply: Reply
    awaited: bool = True


class _Statements(NamedTuple):
    """The inserts, which each dialect words in its own way; made once: that takes as long as running one."""

    see: ReturningInsert[str]
    meet: Insert
    keep: Insert
    post: ReturningInsert[int]


@cache
def _statements(dialect: str) -> _Statements:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    keep = insert(journeys)
    new = keep.excluded
    return _Statements(
        see=insert(events).on_conflict_do_nothing().returning(events.c.id),
        meet=insert(people).on_conflict_do_nothing(),
        keep=keep.on_conflict_do_update(
            index_elements=["person"],
            set_={"state": new.state, "step": new.step, "wake_at": new.wake_at, "version": new.version},
        ),
        # SQLite numbers the rows of one INSERT in their order, but SQLAlchemy would send them one by one to be sure.
        post=insert(outbox).returning(outbox.c.id, sort_by_parameter_order=dialect != "sqlite"),
    )


class Unit:
    """What one transaction does. It is gone when the transaction is."""

    def __init__(self, connection: AsyncConnection, seal: Seal, names: EventNames) -> None:
        """Work on the connection of an open transaction."""
        self._connection = connection
        self._seal = seal
        self._names = names
        self._now: datetime | None = None
        self._words = _statements(connection.dialect.name)
        self._places: dict[str, tuple[str, str]] = {}
        self._seals: dict[str, PersonSeal] = {}
        self.unreached: set[str] = set()
        self._writes = False
        self.erased: set[str] = set()

    async def first_seen(self, happened: Sequence[tuple[str, str]], now: datetime) -> set[str]:
        """Remember events (person, id), and return the ids of those that had never been seen."""
        if not happened:
            return set()
        self._writes = True
        ids = {self._names.name(person, event): event for person, event in happened}
        self._now = now
        # In one fixed order, so that two programs on PostgreSQL never wait for each other in a circle.
        rows = [{"id": one, "seen_at": to_number(now)} for one in sorted(ids)]
        return {ids[name] for name in (await self._connection.execute(self._words.see, rows)).scalars()}

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
        strangers = [name for name in names if name not in found]
        if strangers:
            # A row that is not there yet cannot be locked: insert it or find that somebody else just did, then lock.
            await self._meet(dict.fromkeys(strangers, ""))
            found |= await self._locked(strangers)
        if self.unreached:
            await self._connection.execute(_REACHED, {"people": sorted(self.unreached)})
        return found

    async def _locked(self, names: Sequence[str]) -> dict[str, Journey]:
        if self._connection.dialect.name != "sqlite":
            # A statement of its own: one that waits for a lock goes on to read what was there before it waited.
            await self._connection.execute(_LOCKED, {"people": names})
        found: dict[str, Journey] = {}
        for person, address, cursor, unreachable, key, state in await self._connection.execute(
            _READ, {"people": names}
        ):
            self._places[person] = address, cursor
            if unreachable is not None:
                self.unreached.add(person)
            self._seals[person] = seal = self._seal.person(person, key)
            found[person] = codec.decode(seal.unseal(state)) if state else Journey()
        return found

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
        await self._connection.execute(self._words.keep, rows)

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
            await self._connection.execute(_HEARD, list(moved.values()))

    async def post(self, letters: Sequence[tuple[str, str, Reply]]) -> list[Posted]:
        """Put replies (person, address, reply) into the outbox in order; "" is where the person was last heard."""
        if not letters:
            return []
        self._writes = True
        await self._learn_keys([person for person, _, _ in letters])
        placed = [
            (person, address or self._places.get(person, ("", ""))[0], reply) for person, address, reply in letters
        ]
        rows = [
            {"person": person, "address": address, "reply": self._seals[person].seal(_encoder.encode(reply))}
            for person, address, reply in placed
        ]
        found = sorted((await self._connection.execute(self._words.post, rows)).scalars())
        return [
            Posted(id=number, person=person, address=address, reply=reply)
            for number, (person, address, reply) in zip(found, placed, strict=True)
        ]

    async def erase(self, of: Sequence[str]) -> None:
        """Delete all there is of people: keys, journeys, addresses, undelivered replies, and which events were taken.

        Those of the last hour are remembered, so that what is delivered twice is not taken for a stranger's.
        """
        if not of:
            return
        self._writes = True
        await self._connection.execute(_ERASED, {"people": list(of)})
        before = to_number(self._now - TWICE_WITHIN) if self._now else EVERYTHING
        await forget_events_of(self._connection, self._names, of, before)
        # A receipt may still have to reach them: their row goes with it, see storage/erasing.py.
        await self._meet({person: self._places.get(person, ("", ""))[0] for person in sorted(set(of))})
        self.erased.update(of)

    async def _learn_keys(self, of: Sequence[str]) -> None:
        """Read the keys of people whose journeys were not read. Raises StorageError when somebody has none."""
        unknown = sorted({person for person in of if person not in self._seals})
        if unknown:
            found = await self._connection.execute(_KEYS, {"people": unknown})
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
        await self._connection.execute(self._words.meet, rows)
        self._seals |= {person: self._seal.person(person, key) for person, key in keys.items()}


def unsealed(row: Any, seal: Seal) -> Posted:  # noqa: ANN401 - a row of the outbox, with its person's key
    """Return a row of the outbox as it was posted. Raises StorageError when it cannot be read."""
    plain = seal.person(row.person, row.key).unseal(row.reply)
    try:
        reply = _replies.decode(plain)
    except msgspec.MsgspecError:  # its message may quote the reply
        msg = f"Letter {row.id} in the outbox is of another release: run the release that wrote it, then upgrade."
        raise StorageError(msg) from None
    return Posted(id=row.id, person=row.person, address=row.address, reply=reply)
