"""What a database holds and whether the keys open it, found by reading alone: nothing is made, changed or upgraded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, LargeBinary, NullPool, and_, create_engine, func, inspect, select, text

from storage import tokens
from storage.backup import reading
from storage.errors import StorageError, translated
from storage.schema import NEWEST, REVISIONS, goes_along
from storage.sealing import NAME_BYTES, Seal
from storage.tables import (
    KEY_CHECK,
    locks,
    outbox,
    people,
    slack_bots,
    slack_installations,
    to_moment,
    to_number,
)

LATE = timedelta(hours=1)
"""A letter that waits longer than this does not go out as it should."""


@dataclass(frozen=True)
class Letters:
    """The outbox: how many letters are in it, how many wait for too long, and since when the oldest of those does."""

    count: int
    late: int
    since: datetime | None


@dataclass(frozen=True)
class Keys:
    """What the keys that were given do.

    fit: they are those of this database. old: something is sealed with another one than the newest. lost: something
    is sealed with none of them.
    """

    fit: bool
    old: bool = False
    lost: bool = False


@dataclass(frozen=True)
class Contents:
    """A database as this release sees it.

    revision: None where there are no tables yet. usable: this release works with it as it is. newer: it is of a newer
    release. keys: None where no keys were given, or nothing is sealed yet. letters: None where it is not usable.
    """

    revision: str | None
    usable: bool = False
    newer: bool = False
    keys: Keys | None = None
    letters: Letters | None = None


def inspect_file(file: Path, seal: Seal | None, now: datetime, *, whole: bool) -> Contents:
    """Return what a SQLite file holds. whole: look for damage too, which reads all of it. Raises StorageError."""
    engine = create_engine("sqlite://", creator=lambda: reading(file), poolclass=NullPool, hide_parameters=True)
    with translated(str(file)), engine.connect() as connection:
        if whole and connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
            msg = f"The database {file} is damaged: put back a backup copy."
            raise StorageError(msg)
        return inspect_contents(connection, seal, now)


def inspect_contents(connection: Connection, seal: Seal | None, now: datetime) -> Contents:
    """Return what a database holds. Raises StorageError for one of another program, and errors of the driver."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        if tables:
            msg = "This is a database of another program: name another one."
            raise StorageError(msg)
        return Contents(None)
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is None:
        return Contents(None)
    newer = revision not in REVISIONS
    usable = revision == NEWEST or (newer and goes_along(connection))
    return Contents(
        revision=revision,
        usable=usable,
        newer=newer,
        keys=_keys(connection, seal, usable=usable) if seal else None,
        letters=_letters(connection, now) if usable else None,
    )


def _keys(connection: Connection, seal: Seal, *, usable: bool) -> Keys | None:
    """Try the keys on a known text, and on one thing for each key that something is sealed with."""
    check = connection.execute(select(locks.c.sealed).where(locks.c.name == KEY_CHECK)).scalar()
    if check is None:
        return None
    if not _opens(partial(seal.unseal, check, KEY_CHECK)):
        return Keys(fit=False)
    old = lost = False
    for outdated, opens in _samples(connection, seal) if usable else ():
        old, lost = old or outdated, lost or not opens
    return Keys(fit=True, old=old, lost=lost)


def _samples(connection: Connection, seal: Seal) -> Iterator[tuple[bool, bool]]:
    """Yield of each sample whether it is sealed with another key than the newest, and whether it can be opened."""
    for row in connection.execute(select(locks)):
        yield not row.sealed.startswith(seal.mark), _opens(partial(seal.unseal, row.sealed, row.name))
    mark = func.substr(people.c.key, 1, 1 + NAME_BYTES, type_=LargeBinary)
    one_each = select(func.min(people.c.person)).where(func.length(people.c.key) > 0).group_by(mark)
    for row in connection.execute(select(people.c.person, people.c.key).where(people.c.person.in_(one_each))):
        yield not row.key.startswith(seal.mark), _opens(partial(seal.person, row.person, row.key))
    for table in (slack_bots, slack_installations):
        for entry in connection.execute(select(table)).mappings():
            for _, token, place in tokens.stored(entry):
                yield tokens.outdated(token, seal), _opens(partial(tokens.opened, token, place, seal))


def _opens(opening: Callable[[], object]) -> bool:
    try:
        opening()
    except StorageError:
        return False
    return True


def _letters(connection: Connection, now: datetime) -> Letters:
    # Of letters from before an upgrade nobody knows since when they wait: their moment is 0.
    late = and_(outbox.c.posted_at > 0, outbox.c.posted_at < to_number(now - LATE))
    query = select(func.count(), func.count().filter(late), func.min(outbox.c.posted_at).filter(late)).select_from(
        outbox
    )
    count, many, since = connection.execute(query).one()
    return Letters(count, many, None if since is None else to_moment(since))
