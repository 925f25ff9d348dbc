"""The outbox: which letters wait, who delivers them, and what happens to those that are dealt with."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs.private import Private
from dialogs.replies import Reply
from storage.errors import StorageError
from storage.lease import ALIVE
from storage.sealing import Seal
from storage.tables import outbox, people, to_moment, to_number

log = logging.getLogger(__name__)

_replies = msgspec.json.Decoder(Reply)

_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_PEOPLE: BindParameter[list[str]] = bindparam("people", expanding=True)
_ME: BindParameter[int] = bindparam("me")
_UNREADABLE: BindParameter[list[int]] = bindparam("unreadable", expanding=True)

_PENDING = select(outbox, people.c.key).join(people).order_by(outbox.c.id)
_OF_ONE = _PENDING.where(outbox.c.holder == _ME)
_DELIVERED = delete(outbox).where(outbox.c.id.in_(_IDS)).returning(outbox.c.person)
_STATE = select(func.count(), func.min(outbox.c.posted_at).filter(outbox.c.posted_at > 0)).select_from(outbox)
_UNREACHABLE = update(people).where(
    people.c.person == select(outbox.c.person).where(outbox.c.id == bindparam("number")).scalar_subquery()
)

# A person's letters go out in order, so they are all with one replica: nobody takes one while another, who is alive,
# has an earlier one of them.
_earlier = outbox.alias("earlier")
_WITH_ANOTHER = (
    select(_earlier.c.id)
    .where(_earlier.c.person == outbox.c.person, _earlier.c.holder != _ME, _earlier.c.holder.in_(ALIVE))
    .exists()
)
_WITH_NOBODY = or_(outbox.c.holder.is_(None), and_(outbox.c.holder != _ME, outbox.c.holder.not_in(ALIVE)))
_LOCKED = (
    select(people.c.person)
    .where(people.c.person.in_(_PEOPLE))
    .order_by(people.c.person)
    .with_for_update(skip_locked=True)
)
# Somebody whose letter only another release can read is left to it, with everything behind that letter.
_of_another_release = outbox.alias("of_another_release")
_UNREADABLE_FOR_US = (
    select(_of_another_release.c.id)
    .where(_of_another_release.c.person == outbox.c.person, _of_another_release.c.id.in_(_UNREADABLE))
    .exists()
)
_LEFT = update(outbox).where(outbox.c.id.in_(_IDS)).values(holder=None)
_CLAIMED = (
    update(outbox)
    .where(people.c.person == outbox.c.person, outbox.c.person.in_(_PEOPLE), _WITH_NOBODY, ~_WITH_ANOTHER)
    .values(holder=_ME)
    .returning(outbox, people.c.key)
)


class Posted(Private, frozen=True):
    """A reply in the outbox. Its id orders a person's replies and is the nonce of the delivery.

    awaited: whether somebody waits for it, because they wrote or pressed; time itself is in no hurry. holder: the name
    of the replica that delivers it; None where there is no other one, and when somebody else has an earlier letter
    to the same person. posted_at: when it came into the outbox, None where that was not noted.
    """

    id: int
    person: str
    address: str
    reply: Reply
    awaited: bool = True
    holder: int | None = None
    posted_at: datetime | None = None


def served(names: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that somebody is served: by name, or by the beginning of the name up to a colon."""
    return or_(
        people.c.person.in_([name for name in names if not name.endswith(":")]),
        *(people.c.person.startswith(name, autoescape=True) for name in names if name.endswith(":")),
    )


async def pending(connection: AsyncConnection, seal: Seal, holder: int | None = None) -> list[Posted]:
    """Return everything in the outbox, or what one replica delivers, in the order in which it was posted."""
    rows = await connection.execute(_PENDING if holder is None else _OF_ONE, {} if holder is None else {"me": holder})
    return [unsealed(row, seal) for row in rows]


async def with_nobody(
    connection: AsyncConnection, me: int, serves: Sequence[str], most: int, unreadable: set[int]
) -> tuple[list[str], bool]:
    """Return at most so many people with whose letters no replica is that is alive, locked until the end.

    Say, too, whether there may be more of them now. unreadable: letters that only another release can read, as far as
    they are known: they are left to it, with what was posted after them for the same person.
    """
    asked = {"me": me, "most": most, "unreadable": sorted(unreadable)}
    waiting = list((await connection.execute(_waiting(serves), asked)).scalars())
    if not waiting:
        return [], False
    # Whoever posts for somebody holds their row, and so does whoever else is claiming: those are left for now.
    free = list((await connection.execute(_LOCKED, {"people": sorted(waiting)})).scalars())
    return free, not free or len(waiting) == most or len(free) < len(waiting)


async def claim(
    connection: AsyncConnection, seal: Seal, me: int, of: Sequence[str], unreadable: set[int]
) -> list[Posted]:
    """Take over the letters to people who are locked, and return them in order.

    Those that only another release can read are added to `unreadable`, and left.
    """
    if not of:
        return []
    rows = (await connection.execute(_CLAIMED, {"people": of, "me": me})).all()
    letters, left = _readable(sorted(rows, key=lambda row: int(row.id)), seal, unreadable)
    if left:
        await connection.execute(_LEFT, {"ids": left})
    return letters


def _readable(rows: Sequence[Row[Any]], seal: Seal, unreadable: set[int]) -> tuple[list[Posted], list[int]]:
    """Return the letters that can be read, and the numbers of those that cannot or that come after one."""
    letters, left, people_of = list[Posted](), list[int](), set[str]()
    for row in rows:
        if row.person not in people_of:
            try:
                letters.append(unsealed(row, seal))
                continue
            except StorageError as error:
                people_of.add(row.person)
                unreadable.add(row.id)
                log.error("a letter cannot be read and stays in the outbox", exc_info=error)  # noqa: TRY400 - one line
        left.append(row.id)
    return letters, left


def _waiting(serves: Sequence[str]) -> Select[tuple[str]]:
    return (
        select(outbox.c.person)
        .join(people)
        .where(_WITH_NOBODY, ~_WITH_ANOTHER, ~_UNREADABLE_FOR_US, served(serves))
        .group_by(outbox.c.person)
        .order_by(func.min(outbox.c.id))
        .limit(bindparam("most"))
    )


async def state(connection: AsyncConnection) -> tuple[int, datetime | None]:
    """Return how many letters there are, and since when the oldest is of which that was noted."""
    number, oldest = (await connection.execute(_STATE)).one()
    return number, None if oldest is None else to_moment(oldest)


async def take_out(connection: AsyncConnection, ids: Sequence[int]) -> set[str]:
    """Take letters out, and return whose they were."""
    return set((await connection.execute(_DELIVERED, {"ids": list(ids)})).scalars())


async def mark_unreachable(connection: AsyncConnection, number: int, now: datetime) -> None:
    """Remember since when nothing reaches the person of a letter."""
    await connection.execute(_UNREACHABLE.values(unreachable_since=to_number(now)), {"number": number})


def unsealed(row: Row[Any], seal: Seal) -> Posted:
    """Return a row of the outbox, with its person's key, as it was posted. Raises StorageError."""
    plain = seal.person(row.person, row.key).unseal(row.reply)
    try:
        reply = _replies.decode(plain)
    except msgspec.MsgspecError:  # its message may quote the reply
        msg = f"Letter {row.id} in the outbox is of another release: run the release that wrote it, then upgrade."
        raise StorageError(msg) from None
    posted_at = to_moment(row.posted_at) if row.posted_at else None
    return Posted(
        id=row.id, person=row.person, address=row.address, reply=reply, holder=row.holder, posted_at=posted_at
    )
