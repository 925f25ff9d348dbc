"""What can go wrong with a database, each as one sentence that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Error as SQLiteError

from sqlalchemy.exc import DBAPIError


class StorageError(Exception):
    """The database cannot be used. The message is one clear sentence, without anybody's words."""


SENTENCES: tuple[tuple[str, str], ...] = (
    ("readonly database", "The database {where} is read-only: make the file and its folder writable, then try again."),
    ("disk is full", "The disk of {where} is full: free some space, then try again; what was kept is still there."),
    ("database is locked", "Another program holds the database {where}: close it, then try again."),
    ("file is not a database", "{where} is no database of Onward: name another file, or move this one away."),
    ("unable to open database", "The database {where} cannot be opened: check that its folder exists and is writable."),
    ("disk i/o error", "The disk of {where} does not read or write: check the disk, then try again."),
    ("malformed", "The database {where} is damaged: put back a backup copy."),
    ("no such table", "{where} is a database of another program: name another file."),
)


def sentence(error: BaseException, where: str) -> str:
    """Return the sentence for an error of the database driver."""
    told = str(error).lower()
    for sign, words in SENTENCES:
        if sign in told:
            return words.format(where=where)
    return f"The database {where} cannot be used ({type(error).__name__}): see the host's log of the database."


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn errors of the driver into StorageError; their own text, which may quote data, stays behind."""
    try:
        yield
    except DBAPIError as error:
        raise StorageError(sentence(error.orig or error, where)) from None
    except SQLiteError as error:  # from a backup, which does not go through SQLAlchemy
        raise StorageError(sentence(error, where)) from None
    except OSError as error:
        msg = f"The database {where} cannot be used: {error.strerror or 'it does not answer'}."
        raise StorageError(msg) from None
