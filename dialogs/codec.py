"""A journey as bytes and back: plain names, a schema version, and a way up from every older version."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from dialogs.journey import Journey

VERSION = 2
"""The version of the stored form. Raise it when a step, field or meaning changes, and add a way up to `UPGRADES`."""

State = dict[str, Any]


def _days(state: State) -> State:
    """Version 2 keeps days where version 1 kept moments, and asks about another action where the plan is made."""
    zone = ZoneInfo(state.get("settings", {}).get("zone", "UTC"))

    def day(moment: str) -> str:
        return datetime.fromisoformat(moment).astimezone(zone).date().isoformat()

    def renamed(values: State, names: Mapping[str, str]) -> State:
        return {names.get(name, name): day(it) if name in names and it else it for name, it in values.items()}

    def action(values: State) -> State:
        return renamed(values, {"due": "due", "ask_at": "ask_on"})

    def application(values: State) -> State:
        values = renamed(values, {"feedback_at": "feedback_on", "close_at": "close_on"})
        return {**values, "actions": [action(one) for one in values.get("actions", ())]}

    def step(name: str | None) -> str | None:
        return "action" if name == "more" else name

    draft = state.get("draft")
    return {
        **state,
        "applications": [application(one) for one in state.get("applications", ())],
        "draft": action(draft) if draft else None,
        "step": step(state.get("step", "new")),
        "left": step(state.get("left")),
        "detour": step(state.get("detour")),
        "trail": [step(name) for name in state.get("trail", ())],
    }


UPGRADES: Mapping[int, Callable[[State], State]] = {1: _days}
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
    except (msgspec.MsgspecError, AttributeError, KeyError, TypeError, ValueError, OSError, RecursionError):
        # Whatever an older state breaks on the way up. Their messages may quote the contents, so none is passed on.
        msg = "a stored state is damaged: restore it from a backup, or erase that person's journey"
        raise UnreadableStateError(msg) from None


def upgraded(state: State, version: int) -> State:
    """Return a state of an older version as one of the newest."""
    for older in range(version, VERSION):
        state = UPGRADES[older](state)
    return state
