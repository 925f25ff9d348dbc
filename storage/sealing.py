"""Sealing: what is stored of a person can be read only with the host's key (AES-256-GCM)."""

import base64
import binascii
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import StorageError

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"
"""The first byte of everything sealed: it names the way it was sealed, so that later releases can add others."""

SQLITE = b"SQLite format 3\x00"
"""How every SQLite file begins."""

WRONG_KEY = "The key does not fit this database: set ONWARD_KEY to the key it was made with, or put its key file back."


class Seal:
    """Seals and unseals with one key. `about` binds a sealed text to its place: moved elsewhere it does not open."""

    def __init__(self, key: bytes, nonce: Callable[[int], bytes] = os.urandom) -> None:
        """Take the key of 32 bytes, and where unpredictable bytes come from. Raises StorageError for another length."""
        if len(key) != KEY_BYTES:
            msg = f"The key has {len(key)} bytes, and needs {KEY_BYTES}."
            raise StorageError(msg)
        self._cipher = AESGCM(key)
        self._nonce = nonce

    def seal(self, plain: bytes, about: str) -> bytes:
        """Return the sealed text."""
        nonce = self._nonce(NONCE_BYTES)
        return FORMAT + nonce + self._cipher.encrypt(nonce, plain, about.encode())

    def unseal(self, sealed: bytes, about: str) -> bytes:
        """Return what was sealed. Raises StorageError when key, place or text are not those of the sealing."""
        if sealed[:1] != FORMAT:
            msg = "A sealed text is of a newer release: run that release."
            raise StorageError(msg)
        nonce, text = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, text, about.encode())
        except (InvalidTag, ValueError):  # the latter for a text that was cut off
            raise StorageError(WRONG_KEY) from None


def read_key(told: str) -> bytes:
    """Return the key that a setting holds as hex or base64. Raises StorageError when it is neither."""
    for decode in (bytes.fromhex, lambda text: base64.b64decode(text, validate=True)):
        with suppress(ValueError, binascii.Error):
            key = decode(told.strip())
            if len(key) == KEY_BYTES:
                return key
    msg = f"ONWARD_KEY has to be {KEY_BYTES} bytes as hex (64 characters) or base64 (44 characters)."
    raise StorageError(msg)


def key_beside(database: Path, random: Callable[[int], bytes] = os.urandom) -> bytes:
    """Return the key in the file beside a database, and make one for a database that is new.

    Raises StorageError when the database is there and its key file is not, or when the file cannot be used.
    """
    path = database.with_name(f"{database.name}.key")
    try:
        if path.exists():
            return read_key(path.read_text(encoding="ascii"))
        if database.exists() and _beginning(database) not in {b"", SQLITE}:
            msg = f"{database} is no database of Onward: name another file, or move this one away."
            raise StorageError(msg)
        if database.exists() and database.stat().st_size:
            msg = f"The key file {path} of this database is missing: put it back, or set ONWARD_KEY."
            raise StorageError(msg)
        key = random(KEY_BYTES)
        _write_new(path, key)
    except FileExistsError:
        return key_beside(database, random)  # another process was quicker; its key counts
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no key file"
        msg = f"The key file {path} cannot be used: {reason}."
        raise StorageError(msg) from None
    return key


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(SQLITE))


def _write_new(path: Path, key: bytes) -> None:
    """Write a key file, whole or not at all: a process may be killed, and a disk lose its power, at any moment.

    Raises FileExistsError when there is one already.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(f"{key.hex()}\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)
