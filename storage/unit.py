"""The unit of work of a batch of turns: lists in, lists out, a handful of statements however many people there are."""

from collections.abc import Sequence
from datetime import datetime
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
from storage.errors import StorageError
from storage.sealing import Seal
from storage.tables import events, journeys, outbox, people, to_number

_encoder = msgspec.json.Encoder()
_replies = msgspec.json.Decoder(Reply)

_OF_PEOPLE: BindParameter[list[str]] = bindparam("people", expanding=True)
_LOCKED = select(people.c.person).where(people.c.person.in_(_OF_PEOPLE)).order_by(people.c.person).with_for_update()
_READ = (
    select(people.c.person, people.c.address, people.c.cursor, people.c.unreachable_since, journeys.c.state)
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

    def __init__(self, connection: AsyncConnection, seal: Seal) -> None:
        """Work on the connection of an open transaction."""
        self._connection = connection
        self._seal = seal
        self._words = _statements(connection.dialect.name)
        self._places: dict[str, tuple[str, str]] = {}
        self.unreached: set[str] = set()
        self._writes = False
        self.erased: set[str] = set()

    async def first_seen(self, ids: Sequence[str], now: datetime) -> set[str]:
        """Remember the ids of events, and return those that had never been seen."""
        if not ids:
            return set()
        self._writes = True
        # In one fixed order, so that two programs on PostgreSQL never wait for each other in a circle.
        rows = [{"id": one, "seen_at": to_number(now)} for one in sorted(set(ids))]
        return set((await self._connection.execute(self._words.see, rows)).scalars())

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
            await self._connection.execute(self._words.meet, [{"person": name, "address": ""} for name in strangers])
            found |= await self._locked(strangers)
        if self.unreached:
            await self._connection.execute(_REACHED, {"people": sorted(self.unreached)})
        return found

    async def _locked(self, names: Sequence[str]) -> dict[str, Journey]:
        if self._connection.dialect.name != "sqlite":
            # A statement of its own: one that waits for a lock goes on to read what was there before it waited.
            await self._connection.execute(_LOCKED, {"people": names})
        found: dict[str, Journey] = {}
        for person, address, cursor, unreachable, state in await self._connection.execute(_READ, {"people": names}):
            self._places[person] = address, cursor
            if unreachable is not None:
                self.unreached.add(person)
            found[person] = codec.decode(self._seal.unseal(state, person)) if state else Journey()
        return found

    async def keep(self, kept: Sequence[tuple[str, Journey, datetime | None]]) -> None:
        """Keep journeys with the moments at which they wake."""
        if not kept:
            return
        self._writes = True
        rows = [
            {
                "person": person,
                "state": self._seal.seal(codec.encode(journey), person),
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
        placed = [
            (person, address or self._places.get(person, ("", ""))[0], reply) for person, address, reply in letters
        ]
        rows = [
            {"person": person, "address": address, "reply": self._seal.seal(_encoder.encode(reply), person)}
            for person, address, reply in placed
        ]
        found = sorted((await self._connection.execute(self._words.post, rows)).scalars())
        return [
            Posted(id=number, person=person, address=address, reply=reply)
            for number, (person, address, reply) in zip(found, placed, strict=True)
        ]

    async def erase(self, of: Sequence[str]) -> None:
        """Delete all there is of people: journeys, addresses, undelivered replies."""
        if not of:
            return
        self._writes = True
        await self._connection.execute(_ERASED, {"people": list(of)})
        # A receipt may still have to reach them: their row goes with it, see storage/erasing.py.
        rows = [{"person": person, "address": self._places.get(person, ("", ""))[0]} for person in sorted(set(of))]
        await self._connection.execute(self._words.meet, rows)
        self.erased.update(of)


def unsealed(row: Any, seal: Seal) -> Posted:  # noqa: ANN401 - a row of the outbox
    """Return a row of the outbox as it was posted. Raises StorageError when it cannot be read."""
    plain = seal.unseal(row.reply, row.person)
    try:
        reply = _replies.decode(plain)
    except msgspec.MsgspecError:  # its message may quote the reply
        msg = f"Letter {row.id} in the outbox is of another release: run the release that wrote it, then upgrade."
        raise StorageError(msg) from None
    return Posted(id=row.id, person=row.person, address=row.address, reply=reply)
