"""Copies of a SQLite database, made while others write to it: each is one file that is whole, or is not there."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.errors import StorageError, sentence, translated

PATIENCE = 2.0
"""Seconds to wait for another program that holds the file."""

COMPANIONS = ("-journal", "-wal", "-shm")
"""The endings of the files that SQLite keeps beside a database while it is open."""


def copy(source: Path, target: Path, *, replace: bool = False) -> int:
    """Copy a database as it is at this moment, log included, and return how many people are in the copy.

    replace: put it in the place of a file that is there already. Raises StorageError.
    """
    if not replace and target.exists():
        raise _there_already(target)
    with translated(str(source)), closing(opened(source)) as connection, drafted(connection, source, target) as draft:
        with closing(opened(draft)) as copied:
            people = count_people(copied)
        publish(draft, target, replace=replace)
    return people


def opened(path: Path) -> sqlite3.Connection:
    """Return a connection to a database; where there is none, none is made. Raises sqlite3.Error."""
    return _connected(path, "mode=rw")


def reading(path: Path) -> sqlite3.Connection:
    """Return a connection that leaves no trace beside a file to which nobody writes. Raises sqlite3.Error."""
    # A log beside it belongs to it and has to be read; otherwise SQLite must not begin one, as it would in WAL mode.
    loose = any(path.with_name(path.name + ending).exists() for ending in COMPANIONS[:2])
    return _connected(path, "mode=ro" if loose else "mode=ro&immutable=1")


def _connected(path: Path, options: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?{options}", uri=True, timeout=PATIENCE, isolation_level=None)


@contextmanager
def drafted(source: sqlite3.Connection, name: Path, target: Path) -> Iterator[Path]:
    """Copy a database to a temporary name beside the target, check the copy, and remove it at the end if it is there.

    name: the file of the source. Only the owner of the copy can read it. Raises StorageError.
    """
    try:
        number, made = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _unwritable(target, error) from None
    os.close(number)
    draft = Path(made)
    try:
        _fill(draft, source, name, target)
        yield draft
    finally:
        for ending in ("", *COMPANIONS):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)


def _fill(draft: Path, source: sqlite3.Connection, name: Path, target: Path) -> None:
    try:
        with closing(opened(draft)) as copied:
            # All pages in one step: with several, each commit of the bot in between would make it begin again.
            source.backup(copied)
            copied.execute("PRAGMA journal_mode = DELETE")  # so that it is one file for whoever opens it, too
            whole = is_whole(copied)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
        raise StorageError(sentence(error, str(target if full else name))) from None
    if not whole:
        msg = f"{name} is damaged, and no copy of it was kept: put back an earlier backup."
        raise StorageError(msg)


def publish(draft: Path, target: Path, *, replace: bool = False) -> None:
    """Give a draft its name. Raises StorageError, also for a file that is there already and is not to be replaced."""
    try:
        if replace:
            draft.replace(target)
        else:
            _rename_to_new(draft, target)
    except FileExistsError:
        raise _there_already(target) from None
    except OSError as error:
        raise _unwritable(target, error) from None


def _rename_to_new(draft: Path, target: Path) -> None:
    try:
        target.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links, as many that are carried around
        if target.exists():
            raise FileExistsError from None
        draft.rename(target)


def is_whole(connection: sqlite3.Connection) -> bool:
    """Say whether SQLite finds nothing wrong in a database. Raises sqlite3.Error."""
    return [tuple(row) for row in connection.execute("PRAGMA quick_check(1)")] == [("ok",)]


def count_people(connection: sqlite3.Connection) -> int:
    """Return how many people are in a database. Raises sqlite3.Error."""
    return int(connection.execute("SELECT count(*) FROM people").fetchone()[0])


def _there_already(target: Path) -> StorageError:
    return StorageError(f"{target} is there already, and nothing is overwritten: name another file.")


def _unwritable(target: Path, error: OSError) -> StorageError:
    return StorageError(f"{target} cannot be written: {error.strerror or 'its folder takes no files'}.")
