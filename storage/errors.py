"""What can go wrong with a database, each as one sentence that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EHOSTUNREACH, ENETUNREACH
from socket import gaierror
from sqlite3 import Error as SQLiteError

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class StorageError(Exception):
    """The database cannot be used. The message is one clear sentence, without anybody's words."""


class UnavailableError(StorageError):
    """A server's database does not answer now, or gave up what was begun: the same may well work in a moment."""


PASSING = ("08", "40", "53", "57", "25P03", "55P03")
"""How the codes of errors begin that pass by themselves: connections, conflicts, shortages, an administrator's hand.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

CODES: tuple[tuple[str, str], ...] = (
    ("28", "{where} refuses the user or the password: check ONWARD_DATABASE_URL."),
    ("3D", "There is no database {where}: make it (createdb), or check ONWARD_DATABASE_URL."),
    ("42501", "The user may not do that in {where}: give it the rights to make and use tables there."),
    ("42P01", "{where} is a database of another program: name another one."),
)
AWAY = "The database {where} does not answer: check that it runs and can be reached from here."

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
    told, code = str(error).lower(), code_of(error)
    for sign, words in SENTENCES:
        if sign in told:
            return words.format(where=where)
    for begin, words in CODES:
        if code.startswith(begin):
            return words.format(where=where)
    return f"The database {where} cannot be used ({type(error).__name__}): see the host's log of the database."


def code_of(error: BaseException) -> str:
    """Return the code that a server gives an error, "" when it gives none."""
    return str(getattr(error, "sqlstate", None) or "")


OUTDATED = "InvalidCachedStatementError"
"""What SQLAlchemy calls a statement that was prepared before another process changed the tables. It prepares it anew;
imported by name, the class would need the driver."""

AWAY_ERRORS = (None, EHOSTUNREACH, ENETUNREACH)
"""What the network says when it does not get there; None is several errors in one, as of a name with two addresses."""


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn errors of the driver into StorageError; their own text, which may quote data, stays behind."""
    try:
        yield
    except DBAPIError as error:
        cause = error.orig or error
        passes = code_of(cause).startswith(PASSING) or type(cause).__name__ == OUTDATED
        if error.connection_invalidated or passes:
            raise UnavailableError(AWAY.format(where=where)) from None
        raise StorageError(sentence(cause, where)) from None
    except PoolTimeoutError:
        raise UnavailableError(AWAY.format(where=where)) from None
    except SQLiteError as error:  # from a backup, which does not go through SQLAlchemy
        raise StorageError(sentence(error, where)) from None
    except OSError as error:
        if isinstance(error, ConnectionError | TimeoutError | gaierror) or error.errno in AWAY_ERRORS:
            raise UnavailableError(AWAY.format(where=where)) from None
        msg = f"The database {where} cannot be used: {error.strerror or 'it does not answer'}."
        raise StorageError(msg) from None
