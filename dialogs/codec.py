"""A journey as bytes and back: plain names, a schema version, and a way up from every older version."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from dialogs.journey import Journey

VERSION = 1
"""The version of the stored form. Raise it when a step, field or meaning changes, and add a way up to `UPGRADES`."""

State = dict[str, Any]

UPGRADES: Mapping[int, Callable[[State], State]] = {}
"""For each older version, how its state becomes one of the next version."""


class UnreadableStateError(Exception):
    """A stored state is from a newer version, or damaged. The message says which, and holds nothing of its contents."""


class _Stored(msgspec.Struct):
    v: int
    state: msgspec.Raw


_encoder = msgspec.json.Encoder()
_journeys = msgspec.json.Decoder(Journey)
_stored = msgspec.json.Decoder(_Stored)


def encode(journey: Journey) -> bytes:
    """Return the journey as JSON bytes, with the schema version."""
    return b'{"v":%d,"state":%b}' % (VERSION, _encoder.encode(journey))


def decode(stored: bytes) -> Journey:
    """Return the journey that `encode` of this or any older version stored.

    Raises UnreadableStateError when it comes from a newer version or is damaged.
    """
    try:
        outer = _stored.decode(stored)
        if outer.v == VERSION:
            return _journeys.decode(outer.state)
        if outer.v > VERSION:
            msg = f"a stored state has version {outer.v}, and this program reads up to {VERSION}: run a newer release"
            raise UnreadableStateError(msg)
        return msgspec.convert(upgraded(msgspec.json.decode(outer.state), outer.v), Journey, strict=False)
    except (msgspec.MsgspecError, KeyError, UnicodeDecodeError):
        # The library's message may quote the contents, so it is not passed on.
        msg = "a stored state is damaged: restore it from a backup, or erase that person's journey"
        raise UnreadableStateError(msg) from None


def upgraded(state: State, version: int) -> State:
    """Return a state of an older version as one of the newest."""
    for older in range(version, VERSION):
        state = UPGRADES[older](state)
    return state
