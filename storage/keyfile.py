"""The file with the host's key beside a SQLite database: one key a line, the newest first."""

import os
from collections.abc import Callable
from pathlib import Path

from storage.errors import StorageError
from storage.sealing import KEY_BYTES, read_key

SQLITE = b"SQLite format 3\x00"
"""How every SQLite file begins."""


def file_beside(database: Path) -> Path:
    """Return where the key file of a database is."""
    return database.with_name(f"{database.name}.key")


def keys_beside(database: Path, random: Callable[[int], bytes] = os.urandom) -> tuple[bytes, ...]:
    """Return the keys in the file beside a database, the newest first, and make one for a database that is new.

    Raises StorageError when the database is there and its key file is not, or when the file cannot be used.
    """
    path = file_beside(database)
    try:
        if keys := existing_keys(database):
            return keys
        key = random(KEY_BYTES)
        _write_new(path, key)
    except FileExistsError:
        return keys_beside(database, random)  # another process was quicker; its key counts
    except OSError as error:
        raise _unusable(path, error) from None
    return (key,)


def existing_keys(database: Path) -> tuple[bytes, ...]:
    """Return the keys in the file beside a database, the newest first, and none for a database that is new.

    Raises StorageError as `keys_beside` does.
    """
    path = file_beside(database)
    try:
        if path.exists():
            return _read(path)
        if database.exists() and _beginning(database) not in {b"", SQLITE}:
            msg = f"{database} is no database of Onward: name another file, or move this one away."
            raise StorageError(msg)
        if database.exists() and database.stat().st_size:
            msg = f"The key file {path} of this database is missing: put it back, or set ONWARD_KEY."
            raise StorageError(msg)
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, error) from None
    return ()


def add_key(database: Path, random: Callable[[int], bytes] = os.urandom) -> tuple[bytes, ...]:
    """Put a new key before the one in the file, and return both; where there are two, an earlier change goes on.

    Raises StorageError.
    """
    keys = keys_beside(database, random)
    if len(keys) == 1:
        keys = (random(KEY_BYTES), *keys)
        _replace(file_beside(database), keys)
    return keys


def keep_newest(database: Path) -> None:
    """Take every key but the newest out of the file. Raises StorageError."""
    _replace(file_beside(database), keys_beside(database)[:1])


def _read(path: Path) -> tuple[bytes, ...]:
    lines = path.read_text(encoding="ascii").split()
    if not lines:
        msg = f"The key file {path} is empty: put its key back."
        raise StorageError(msg)
    return tuple(read_key(line, f"The key in {path}") for line in lines)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(SQLITE))


def _unusable(path: Path, error: OSError | UnicodeDecodeError) -> StorageError:
    reason = error.strerror if isinstance(error, OSError) else "it is no key file"
    return StorageError(f"The key file {path} cannot be used: {reason}.")


def _write_new(path: Path, key: bytes) -> None:
    """Write a key file, whole or not at all: a process may be killed, and a disk lose its power, at any moment.

    Raises FileExistsError when there is one already.
    """
    draft = _draft(path, (key,))
    try:
        path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)


def _replace(path: Path, keys: tuple[bytes, ...]) -> None:
    try:
        _draft(path, keys).replace(path)
    except OSError as error:
        raise _unusable(path, error) from None


def _draft(path: Path, keys: tuple[bytes, ...]) -> Path:
    """Write keys to a file beside the one that it is to become, readable for its owner alone."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write("".join(f"{key.hex()}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return draft
