"""The statements of a turn, as each database runs them quickest: made once, because that takes as long as running one.

SQLite gets a row at a time, and PostgreSQL all of them as one array for each column. So the text of a statement is the
same however many rows there are, and is parsed and planned once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Delete,
    Executable,
    Select,
    TableValuedAlias,
    Update,
    any_,
    bindparam,
    column,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.outbox import served
from storage.tables import events, journeys, outbox, people

Rows = Sequence[dict[str, Any]]

COLUMNS = (
    people.c.person,
    people.c.address,
    people.c.cursor,
    people.c.unreachable_since,
    people.c.key,
    journeys.c.state,
)
"""What is read of somebody."""

_STATE = ("state", "step", "wake_at", "version")
_WITH_ANOTHER = (
    select(outbox.c.id).where(outbox.c.person == people.c.person, outbox.c.holder.is_distinct_from(bindparam("me")))
).exists()
_AFTER = tuple_(journeys.c.wake_at, journeys.c.person) > tuple_(bindparam("moment"), bindparam("person"))


@dataclass(frozen=True)
class Statements:
    """The statements for one kind of database. `people` and `ids` are lists everywhere; see `given` for rows."""

    columnwise: bool
    see: Executable
    meet: Executable
    keep: Executable
    post: Executable
    heard: Executable
    locked: Select[str]
    read: Executable
    read_among_replicas: Executable
    keys: Select[str, bytes]
    reached: Update
    erased: Delete

    def given(self, rows: Rows) -> Any:  # noqa: ANN401 - the parameters, as SQLAlchemy takes them
        """Return the parameters of a statement about several rows."""
        return {name: [row[name] for row in rows] for name in rows[0]} if self.columnwise else list(rows)


def among(of: Column[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values of a list, the parameter of this name."""
    if dialect == "postgresql":
        return of == any_(bindparam(name, type_=ARRAY(of.type)))
    return of.in_(bindparam(name, expanding=True))


@cache
def due(serves: tuple[str, ...]) -> Select[str, int]:
    """Return the statement that finds, and locks, people whose time has come. serves: see storage/outbox.py."""
    return (
        select(people.c.person, journeys.c.wake_at)
        .join(journeys)
        .where(journeys.c.wake_at <= bindparam("now"), people.c.unreachable_since.is_(None), _AFTER, served(serves))
        .order_by(journeys.c.wake_at, journeys.c.person)
        .limit(bindparam("most"))
        .with_for_update(of=people, skip_locked=True, key_share=True)
    )


@cache
def statements(dialect: str) -> Statements:
    """Return the statements for a kind of database."""
    person = among(people.c.person, "people", dialect)
    read = select(*COLUMNS).select_from(people.outerjoin(journeys, people.c.person == journeys.c.person)).where(person)
    see, meet, keep, post, heard = _on_postgresql() if dialect == "postgresql" else _on_sqlite()
    return Statements(
        columnwise=dialect == "postgresql",
        see=see,
        meet=meet,
        keep=keep,
        post=post,
        heard=heard,
        # Not quite the whole row: a letter to somebody refers to their name, and must not have to wait for their turn.
        locked=select(people.c.person).where(person).order_by(people.c.person).with_for_update(key_share=True),
        read=read,
        read_among_replicas=read.add_columns(_WITH_ANOTHER.label("with_another")),
        keys=select(people.c.person, people.c.key).where(person),
        reached=update(people).where(person).values(unreachable_since=None),
        erased=delete(people).where(person),
    )


def _on_sqlite() -> Sequence[Executable]:
    keep = sqlite.insert(journeys)
    return (
        sqlite.insert(events).on_conflict_do_nothing().returning(events.c.id),
        sqlite.insert(people).on_conflict_do_nothing(),
        keep.on_conflict_do_update(index_elements=["person"], set_={name: keep.excluded[name] for name in _STATE}),
        # The rows of one INSERT are numbered in their order, but SQLAlchemy would send them one by one to be sure.
        sqlite.insert(outbox).returning(outbox.c.id, sort_by_parameter_order=False),
        update(people)
        .where(people.c.person == bindparam("who"))
        .values(address=bindparam("there"), cursor=bindparam("up_to")),
    )


def _on_postgresql() -> Sequence[Executable]:
    seen = _unnested(events.c.id, events.c.seen_at)
    met = _unnested(people.c.person, people.c.address, people.c.key)
    kept = _unnested(journeys.c.person, *(journeys.c[name] for name in _STATE))
    posted = _unnested(*(outbox.c[name] for name in ("person", "address", "reply", "holder", "posted_at")))
    moved = _unnested(people.c.person.label("who"), people.c.address.label("there"), people.c.cursor.label("up_to"))
    keep = postgresql.insert(journeys).from_select([one.name for one in kept.c], select(kept))
    return (
        postgresql.insert(events)
        .from_select([one.name for one in seen.c], select(seen))
        .on_conflict_do_nothing()
        .returning(events.c.id),
        postgresql.insert(people).from_select([one.name for one in met.c], select(met)).on_conflict_do_nothing(),
        keep.on_conflict_do_update(index_elements=["person"], set_={name: keep.excluded[name] for name in _STATE}),
        # The rows come out of the arrays in their order, and are numbered in it.
        postgresql.insert(outbox).from_select([one.name for one in posted.c], select(posted)).returning(outbox.c.id),
        update(people).where(people.c.person == moved.c.who).values(address=moved.c.there, cursor=moved.c.up_to),
    )


def _unnested(*of: ColumnElement[Any]) -> TableValuedAlias:
    """Return rows that are given as an array for each column, by the columns' names."""
    arrays = [bindparam(one.name, type_=ARRAY(one.type)) for one in of]
    return func.unnest(*arrays).table_valued(*(column(one.name, one.type) for one in of)).render_derived("given")
