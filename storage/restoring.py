"""Putting a backup back: all of it is checked first, and whoever erased everything since does not come back."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage import backup, schema
from storage.errors import StorageError, translated
from storage.naming import EventNames
from storage.sealing import NAME_BYTES, Seal
from storage.tables import (
    EVENT_SECRET,
    KEY_CHECK,
    communities,
    introductions,
    offers,
    outbox,
    pulse,
    reports,
    slack_bots,
    slack_installations,
    wins,
)

Row = tuple[Any, ...]

WORKSPACES = (slack_bots.name, slack_installations.name)

NUMBERED = (outbox.name, introductions.name, reports.name, wins.name)
"""Tables whose numbers stand outside of the database too: in messages, buttons and names of rooms."""

GAP = 1_000_000
"""How many of these numbers are skipped: those that were given after the backup must not come again."""

DISOWNED = (
    "DELETE FROM offers WHERE person = ?1",
    "DELETE FROM reports WHERE person = ?1",
    "DELETE FROM apart WHERE person = ?1 OR other = ?1",
    "DELETE FROM introductions WHERE seeker = ?1 OR mentor = ?1",
    "DELETE FROM wins WHERE person = ?1",
)
"""What goes with somebody who erased everything since: of what others had to be told then, they were."""

OF_COMMUNITIES = {
    communities.name: "id",
    **dict.fromkeys((t.name for t in (offers, introductions, reports, wins, pulse)), "community"),
}
"""The tables that go with a community, and the column in which it stands."""


@dataclass(frozen=True)
class Restored:
    """What was done.

    people: how many are in the database now. compared: whether there was a database to tell who erased everything.
    left_out, workspaces: how many people and workspaces were left out for that. kept: the copy of what was there.
    """

    people: int
    compared: bool
    left_out: int = 0
    workspaces: int = 0
    kept: Path | None = None


@dataclass(frozen=True)
class Contents:
    """What a database has, as far as it can be told without opening what is sealed."""

    people: Mapping[str, bytes]
    """Everybody, with their sealed key; b"" in databases of releases that had none."""
    workspaces: frozenset[Row]
    numbers: Mapping[str, int]
    """The last number that was given in each table of `NUMBERED` that is there."""
    communities: frozenset[str] | None
    """Those that have set the bot up; None in databases of releases without them."""
    apart: frozenset[Row]
    """Pairs of people who are not to be introduced to each other."""


def restore(file: Path, database: Path, seal: Seal, *, everybody: bool) -> Restored:
    """Put a backup in the place of a database, or where there is none, and keep a copy of what was there.

    everybody: leave nobody out. Raises StorageError, before anything was touched or with everything as it was.
    """
    with translated(str(file)), closing(backup.reading(file)) as source:
        check(source, file, seal)
        with backup.drafted(source, file, database) as draft, translated(str(database)):
            return _put(draft, database, seal, everybody=everybody)


def check(source: sqlite3.Connection, file: Path, seal: Seal) -> None:
    """See whether a file is a whole backup that this release and these keys can read. Raises StorageError if not."""
    if not _tables(source) >= {"alembic_version", "people", "locks"}:
        msg = f"{file} is no backup of Onward: name another file."
        raise StorageError(msg)
    ((revision,),) = source.execute("SELECT version_num FROM alembic_version").fetchall() or [("none",)]
    if revision not in schema.REVISIONS:
        msg = f"{file} has the revision {revision}, which this release does not know: run the newer release."
        raise StorageError(msg)
    if not backup.is_whole(source):
        msg = f"{file} is damaged: use another backup."
        raise StorageError(msg)
    try:
        _open_everything(source, seal)
    except StorageError:
        msg = f"The key does not open {file}: set ONWARD_KEY to the key of that time, or put its key file back."
        raise StorageError(msg) from None


def _open_everything(source: sqlite3.Connection, seal: Seal) -> None:
    """Try the keys on the database's own secrets, and on one person for each key of the host that theirs name."""
    for name, sealed in source.execute("SELECT name, sealed FROM locks WHERE name = ?", (KEY_CHECK,)):
        seal.unseal(sealed, name)
    if _has_keys(source):
        one_each = f"SELECT person, key FROM people WHERE key != '' GROUP BY substr(key, 1, {1 + NAME_BYTES})"  # noqa: S608 - our own number
        for person, key in source.execute(one_each):
            seal.person(person, key)


def _put(draft: Path, database: Path, seal: Seal, *, everybody: bool) -> Restored:
    kept = _free_name(database) if database.exists() else None
    present = _held(database)
    try:
        there = _contents(present) if present else None
        with closing(backup.opened(draft)) as restored:
            people, workspaces = (0, 0) if there is None or everybody else _leave_out(restored, there, seal)
            _skip_numbers(restored, there)
            _keep_apart(restored, there)
            count = backup.count_people(restored)
            if present is not None and kept is not None and backup.is_whole(present):
                with backup.drafted(present, database, kept) as former:
                    backup.publish(former, kept)
                present.execute("PRAGMA journal_mode = DELETE")  # no log that could be mixed in, and all or nothing
                restored.backup(present)
                return Restored(count, there is not None, people, workspaces, kept)
    finally:
        if present is not None:
            present.close()
    _set_aside(database, kept or _free_name(database))
    backup.publish(draft, database)
    return Restored(count, there is not None, people, workspaces, kept)


def _held(database: Path) -> sqlite3.Connection | None:
    """Return a connection that keeps everybody else out; None where no database can be opened.

    A running bot has the database open, so it is noticed. Raises StorageError and sqlite3.Error.
    """
    if not database.exists():
        return None
    connection = backup.opened(database)
    try:
        for statement in ("PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE", "COMMIT"):
            connection.execute(statement)
        tables = _tables(connection)
    except sqlite3.DatabaseError as error:
        connection.close()
        if _damaged(error):
            return None
        raise
    if tables and "alembic_version" not in tables:
        connection.close()
        msg = f"{database} is a database of another program: name another file."
        raise StorageError(msg)
    return connection


def _damaged(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT


def _contents(connection: sqlite3.Connection) -> Contents | None:
    """Return what a database has, None when it cannot be told."""
    if "people" not in _tables(connection):
        return None
    key = "key" if _has_keys(connection) else "''"
    try:
        rows = _rows(connection, f"SELECT person, {key} FROM people")  # noqa: S608 - our own column
        people = {person: sealed or b"" for person, sealed in rows}
        workspaces = frozenset(one for table in WORKSPACES for one in _workspaces(connection, table).values())
        return Contents(people, workspaces, _numbers(connection), _communities(connection), _apart(connection))
    except sqlite3.DatabaseError as error:
        if _damaged(error):
            return None
        raise


def _leave_out(restored: sqlite3.Connection, there: Contents, seal: Seal) -> tuple[int, int]:
    """Take out who erased everything since, and the workspaces that are gone; return how many of each."""
    found = _contents(restored)
    here = found.people if found else {}
    try:
        gone = [person for person, key in here.items() if not _goes_on(person, key, there.people.get(person), seal)]
    except StorageError:
        msg = (
            "The keys open the backup, but not the database that is there, and so do not tell who erased everything "
            "since: give both keys (ONWARD_KEY and ONWARD_OLD_KEYS, or two lines in the key file), or add --everybody."
        )
        raise StorageError(msg) from None
    for statement in ("PRAGMA foreign_keys = ON", "PRAGMA secure_delete = ON", "BEGIN"):
        restored.execute(statement)
    for statement in ("DELETE FROM people WHERE person = ?1", *(DISOWNED if _has_members(restored) else ())):
        restored.executemany(statement, [(person,) for person in gone])
    for name, sealed in _rows(restored, "SELECT name, sealed FROM locks"):
        if name == EVENT_SECRET:
            names = EventNames(seal.unseal(sealed, name))
            restored.executemany("DELETE FROM events WHERE id >= ? AND id < ?", names.of(gone))
    workspaces = set()
    for table in WORKSPACES:
        removed = {row: one for row, one in _workspaces(restored, table).items() if one not in there.workspaces}
        restored.executemany(f"DELETE FROM {table} WHERE id = ?", [(row,) for row in removed])  # noqa: S608 - our own table
        workspaces |= set(removed.values())
    if found and found.communities and there.communities is not None:
        left = [(one,) for one in found.communities - there.communities]
        for table, column in OF_COMMUNITIES.items():
            if table in _tables(restored):
                restored.executemany(f"DELETE FROM {table} WHERE {column} = ?", left)  # noqa: S608 - our own table
    restored.execute("COMMIT")
    return len(gone), len(workspaces)


def _goes_on(person: str, key: bytes, present: bytes | None, seal: Seal) -> bool:
    """Say whether somebody is still there and has erased nothing: whoever did, and began anew, has another key."""
    return present is not None and (not (key and present) or seal.same_person(person, key, present))


def _skip_numbers(restored: sqlite3.Connection, there: Contents | None) -> None:
    for table, number in _numbers(restored).items():
        last = max(number, there.numbers.get(table, 0) if there else 0) + GAP
        restored.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        restored.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))


def _keep_apart(restored: sqlite3.Connection, there: Contents | None) -> None:
    """Introduce nobody to whom they have blocked since the backup was made."""
    if there is not None and _has_members(restored):
        known = "(SELECT person FROM people)"
        blocked = f"INSERT OR IGNORE INTO apart SELECT ?1, ?2 WHERE ?1 IN {known} AND ?2 IN {known}"
        restored.executemany(blocked, there.apart)


def _set_aside(database: Path, kept: Path) -> None:
    """Move away what cannot be opened, with what SQLite kept beside it, so that nothing of it is mixed in."""
    for ending in (*backup.COMPANIONS, ""):
        there = database.with_name(database.name + ending)
        if there.exists():
            there.rename(kept.with_name(kept.name + ending))


def _free_name(database: Path) -> Path:
    name, number = database.with_name(f"{database.name}.before-restore"), 2
    while name.exists():
        name, number = database.with_name(f"{database.name}.before-restore-{number}"), number + 1
    return name


def _tables(connection: sqlite3.Connection) -> set[object]:
    return {name for (name,) in _rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table'")}


def _has_keys(connection: sqlite3.Connection) -> bool:
    return any(column[1] == "key" for column in _rows(connection, "PRAGMA table_info(people)"))


def _workspaces(connection: sqlite3.Connection, table: str) -> dict[object, Row]:
    """Return the workspace of each installation, by the number of its row."""
    if table not in _tables(connection):
        return {}
    rows = _rows(connection, f"SELECT id, client_id, enterprise_id, team_id FROM {table}")  # noqa: S608 - our own table
    return {row: tuple(of) for row, *of in rows}


def _communities(connection: sqlite3.Connection) -> frozenset[str] | None:
    if communities.name not in _tables(connection):
        return None
    return frozenset(str(one) for (one,) in _rows(connection, f"SELECT id FROM {communities.name}"))  # noqa: S608 - our own table


def _apart(connection: sqlite3.Connection) -> frozenset[Row]:
    return frozenset(_rows(connection, "SELECT person, other FROM apart") if _has_members(connection) else ())


def _has_members(connection: sqlite3.Connection) -> bool:
    return offers.name in _tables(connection)


def _numbers(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the last number that was given in each table that is there, 0 where none was."""
    given = {str(name): int(str(seq)) for name, seq in _rows(connection, "SELECT name, seq FROM sqlite_sequence")}
    return {name: given.get(name, 0) for name in NUMBERED if name in _tables(connection)}


def _rows(connection: sqlite3.Connection, statement: str) -> list[Row]:
    return connection.execute(statement).fetchall()
