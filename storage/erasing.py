"""The ends of erasing: whose events they were, and the rows of people of whom nothing is kept any more."""

from collections.abc import Collection, Sequence

from sqlalchemy import BindParameter, bindparam, delete, exists, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.naming import EventNames
from storage.tables import apart, events, introductions, journeys, offers, outbox, people, reports, wins

_NAMES: BindParameter[list[str]] = bindparam("names", expanding=True)
_UNKNOWN = (
    people.c.person.in_(_NAMES),
    ~exists().where(journeys.c.person == people.c.person),
    ~exists().where(outbox.c.person == people.c.person),
)
_LOCKED = select(people.c.person).where(*_UNKNOWN).order_by(people.c.person).with_for_update()
_FORGOTTEN = delete(people).where(*_UNKNOWN)
_TAKEN = delete(events).where(
    events.c.id >= bindparam("begin"), events.c.id < bindparam("end"), events.c.seen_at < bindparam("before")
)


_SHARED = tuple(
    # In one fixed order, as acts lock them too: two who erase everything at once may share more than one of these.
    select(*keys).where(or_(*(one.in_(_NAMES) for one in whose))).order_by(*keys).with_for_update()
    for keys, whose in (
        ((offers.c.community, offers.c.person), (offers.c.person,)),
        ((introductions.c.id,), (introductions.c.seeker, introductions.c.mentor)),
        ((apart.c.person, apart.c.other), (apart.c.person, apart.c.other)),
    )
)

_DISOWNED = (
    # Offers and introductions first, which an act of another one may hold; the rest, it may only just have written.
    delete(offers).where(offers.c.person.in_(_NAMES)),
    update(introductions).where(introductions.c.seeker.in_(_NAMES)).values(seeker="", due_at=0),
    update(introductions).where(introductions.c.mentor.in_(_NAMES)).values(mentor="", due_at=0),
    delete(apart).where(or_(apart.c.person.in_(_NAMES), apart.c.other.in_(_NAMES))),
    delete(reports).where(reports.c.person.in_(_NAMES)),
    update(wins).where(wins.c.person.in_(_NAMES)).values(person=""),
)


_NAMED = union(
    *(select(one.label("person")) for one in (offers.c.person, introductions.c.seeker, introductions.c.mentor)),
    *(select(one.label("person")) for one in (apart.c.person, apart.c.other, reports.c.person, wins.c.person)),
).subquery()
_LOST = select(_NAMED.c.person).where(_NAMED.c.person != "", ~exists().where(people.c.person == _NAMED.c.person))


async def disown(connection: AsyncConnection, of: Sequence[str]) -> None:
    """Delete what people have to do with others; what others still have to be told of stays, and is nobody's."""
    if of:
        for statement in (*_SHARED, *_DISOWNED):
            await connection.execute(statement, {"names": sorted(of)})


async def lost(connection: AsyncConnection) -> list[str]:
    """Return who still has something to do with others and is not known: a release before this one erased them."""
    return list((await connection.execute(_LOST)).scalars())


async def forget_events_of(connection: AsyncConnection, names: EventNames, of: Sequence[str], before: int) -> None:
    """Delete the names of events of people that were taken before a moment."""
    if of:
        ranges = [{"begin": begin, "end": end, "before": before} for begin, end in names.of(of)]
        await connection.execute(_TAKEN, ranges)


async def forget(connection: AsyncConnection, names: Collection[str]) -> bool:
    """Delete the rows of those people who have no journey and no reply on its way; return whether there were any.

    They are locked first: on PostgreSQL somebody may be beginning anew at this very moment, and the second statement
    sees that. On the usual day nobody is found, and it stays at one statement.
    """
    if not names:
        return False
    unknown = list((await connection.execute(_LOCKED, {"names": sorted(names)})).scalars())
    if unknown:
        await connection.execute(_FORGOTTEN, {"names": unknown})
    return bool(unknown)
