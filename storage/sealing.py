"""Sealing: what is stored of a person can be read only with the host's key (AES-256-GCM).

The host's key seals a key for each person, and that one seals what is kept of them. So where somebody's key is gone, no
remnant of the rest can be read, and a new key of the host means sealing the keys anew, and nothing else.
"""

import base64
import binascii
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import StorageError

KEY_BYTES = 32
NONCE_BYTES = 12
NAME_BYTES = 4
"""How much of a host's key's name stands in what it sealed. A name is a hash, and tells nothing of the key."""

OLD_FORMAT, BY_HOST, BY_PERSON = b"\x01", b"\x02", b"\x03"
"""The first byte of everything sealed names the way it was sealed: with a host's key that it does not name, with one
that it names, with a person's key."""

WRONG_KEY = "The key does not fit this database: set ONWARD_KEY to the key it was made with, or put its key file back."
NEWER = "A sealed text is of a newer release: run that release."

Random = Callable[[int], bytes]
"""Returns so many unpredictable bytes."""


class _Cipher:
    """AES-256-GCM with one key."""

    def __init__(self, key: bytes, random: Random) -> None:
        self._cipher = AESGCM(key)
        self._random = random

    def encrypt(self, plain: bytes, about: str) -> bytes:
        nonce = self._random(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, about.encode())

    def decrypt(self, sealed: bytes, about: str) -> bytes:
        """Return what was sealed. Raises InvalidTag, and ValueError for a text that was cut off."""
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())


class Seal:
    """Seals with the host's key. `about` binds a sealed text to its place: moved elsewhere it does not open."""

    def __init__(
        self,
        key: bytes,
        older: Iterable[bytes] = (),
        random: Random = os.urandom,
        again: Callable[[], Iterable[bytes]] = tuple,
    ) -> None:
        """Take the key of 32 bytes, older ones that still open things, and where unpredictable bytes come from.

        again: returns the keys once more, the newest first, for when another program may have changed them.
        Raises StorageError for another length.
        """
        self.random = random
        self._again = again
        self._ciphers: dict[bytes, _Cipher] = {}
        self._take((key, *older))

    def _take(self, keys: Iterable[bytes]) -> None:
        found: dict[bytes, _Cipher] = {}
        for key in keys:
            if len(key) != KEY_BYTES:
                msg = f"The key has {len(key)} bytes, and needs {KEY_BYTES}."
                raise StorageError(msg)
            found.setdefault(_name(key), _Cipher(key, self.random))
        # What could be opened before can be opened still.
        self._ciphers = {**found, **{name: one for name, one in self._ciphers.items() if name not in found}}
        self._newest = next(iter(self._ciphers))

    @property
    def mark(self) -> bytes:
        """How everything begins that is sealed with the newest key."""
        return BY_HOST + self._newest

    def seal(self, plain: bytes, about: str) -> bytes:
        """Return the sealed text."""
        return self.mark + self._ciphers[self._newest].encrypt(plain, about)

    def unseal(self, sealed: bytes, about: str) -> bytes:
        """Return what was sealed. Raises StorageError when key, place or text are not those of the sealing."""
        kind, rest = sealed[:1], sealed[1:]
        if kind == OLD_FORMAT:
            for cipher in self._ciphers.values():
                with suppress(InvalidTag, ValueError):
                    return cipher.decrypt(rest, about)
            raise StorageError(WRONG_KEY)
        if kind != BY_HOST:
            raise StorageError(NEWER)
        return _opened(self._named(rest[:NAME_BYTES]), rest[NAME_BYTES:], about)

    def _named(self, name: bytes) -> _Cipher:
        """Return the cipher of the key with this name. Raises StorageError when there is no such key."""
        if name not in self._ciphers:
            self._take(self._again())
        if name not in self._ciphers:
            raise StorageError(WRONG_KEY)
        return self._ciphers[name]

    def follow(self, sealed: bytes) -> None:
        """Seal with the key that a text was sealed with from now on: another program has changed to it.

        Raises StorageError when there is no such key.
        """
        name = sealed[1 : 1 + NAME_BYTES]
        if sealed[:1] == BY_HOST and name != self._newest:
            self._named(name)
            self._newest = name

    def prefer(self, key: bytes) -> None:
        """Seal with one of the keys that this seal has from now on."""
        self._newest = _name(key)

    def new_person(self, person: str) -> bytes:
        """Return a new key for a person, sealed."""
        return self.seal(self.random(KEY_BYTES), _of(person))

    def person(self, person: str, key: bytes) -> "PersonSeal":
        """Return the seal of a person from their sealed key. Raises StorageError."""
        return PersonSeal(_Cipher(self.unseal(key, _of(person)), self.random), self, person)

    def same_person(self, person: str, key: bytes, other: bytes) -> bool:
        """Say whether two sealed keys of somebody are one; erasing everything makes another. Raises StorageError."""
        return key == other or self.unseal(key, _of(person)) == self.unseal(other, _of(person))

    def resealed(self, key: bytes, person: str) -> bytes:
        """Return a person's key, sealed with the newest key of the host. Raises StorageError."""
        return self.seal(self.unseal(key, _of(person)), _of(person))


class PersonSeal:
    """Seals what is kept of one person with the key of that person."""

    def __init__(self, cipher: _Cipher, host: Seal, person: str) -> None:
        """Take the cipher of the person, and the host's seal for what an older release has sealed."""
        self._cipher = cipher
        self._host = host
        self._person = person

    def seal(self, plain: bytes) -> bytes:
        """Return the sealed text."""
        return BY_PERSON + self._cipher.encrypt(plain, self._person)

    def unseal(self, sealed: bytes) -> bytes:
        """Return what was sealed. Raises StorageError."""
        if sealed[:1] == BY_PERSON:
            return _opened(self._cipher, sealed[1:], self._person)
        return self._host.unseal(sealed, self._person)


def _name(key: bytes) -> bytes:
    return blake2b(key, digest_size=NAME_BYTES, person=b"onward key").digest()


def _of(person: str) -> str:
    """Return what the key of a person is about: it opens nothing that lies elsewhere."""
    return f"key/{person}"


def _opened(cipher: _Cipher, sealed: bytes, about: str) -> bytes:
    try:
        return cipher.decrypt(sealed, about)
    except (InvalidTag, ValueError):
        raise StorageError(WRONG_KEY) from None


def read_key(told: str, setting: str = "ONWARD_KEY") -> bytes:
    """Return the key that a setting holds as hex or base64. Raises StorageError when it is neither."""
    for decode in (bytes.fromhex, lambda text: base64.b64decode(text, validate=True)):
        with suppress(ValueError, binascii.Error):
            key = decode(told.strip())
            if len(key) == KEY_BYTES:
                return key
    msg = f"{setting} has to be {KEY_BYTES} bytes as hex (64 characters) or base64 (44 characters)."
    raise StorageError(msg)
