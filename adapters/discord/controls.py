"""Controls: buttons, menus and windows that stay, and what a press of one means. Pure.

A control says by itself what it is, so it works for as long as its message stands. Whoever copies the id of one gains
nothing: who may do what is looked at with each press.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from adapters.discord.components import (
    BUTTON,
    DANGER,
    MOST_IN_A_ROW,
    MOST_ROWS,
    PARAGRAPH,
    PRIMARY,
    SECONDARY,
    SELECT,
    Input,
    Payload,
    button,
    elements,
    modal,
    row,
)
from adapters.incoming import cleaned
from dialogs import acts
from dialogs.acts import Act
from dialogs.catalog import Catalog
from dialogs.private import Private
from dialogs.replies import Control, Option, Pick, Press, Write

DO, ASK = "o:do", "o:ask"
"""How the ids of controls begin: those that act at once, with the act behind it, and those that open a window."""

STYLES: Mapping[str, int] = {"primary": PRIMARY, "danger": DANGER}

LONGEST_LABEL, LONGEST_PLACEHOLDER, LONGEST_OPTION, LONGEST_TITLE = 80, 150, 100, 45
LONGEST_ID, MOST_OPTIONS, LONGEST_TEXT = 100, 25, 4000
"""Limits of https://docs.discord.com/developers/components/reference"""

UNNAMED = "\N{HORIZONTAL ELLIPSIS}"

_ACT = re.compile(r"[a-z_]{1,20}\.[a-z_]{1,30}(:[!-~]{1,80})?")
_ASK = re.compile(rf"{ASK}:([\w-]{{6}})([\w-]{{6}}):(\d{{1,4}}):(.+)")
_FIELD = "text"


class Window(Private, frozen=True):
    """The window that a press opens: for which act, how its words are recognised, and how much may be written."""

    act: Act
    title: str = ""
    field: str = ""
    longest: int = LONGEST_TEXT


def rows(controls: Sequence[Control], most: int = MOST_ROWS) -> list[Payload]:
    """Return the rows of controls, at most so many: what does not fit is left out, the last ones first.

    Left out is also what Discord would not take, with which it would refuse the whole message: a second control for
    the same act, an act that is too long, a menu without options.
    """
    found: list[Payload] = []
    seen: set[str] = set()
    for one in filter(None, map(_component, controls)):
        if one["custom_id"] in seen:
            continue
        seen.add(one["custom_id"])
        if one["type"] == BUTTON and found and _has_room(found[-1]):
            found[-1]["components"].append(one)
        else:
            found.append(row(one))
    return found[:most]


def kept(message: Mapping[str, Any], besides: Iterable[Payload]) -> list[Payload]:
    """Return the rows of a message that hold controls, without those that other rows have too."""
    there = {one["custom_id"] for line in besides for one in line["components"]}
    lines = [
        [dict(one) for one in line["components"] if is_control(one) and one["custom_id"] not in there]
        for line in message.get("components", ())
    ]
    return [row(*line) for line in lines if line]


def is_control(component: Mapping[str, Any]) -> bool:
    """Say whether a component of a message is a control."""
    return str(component.get("custom_id", "")).startswith((f"{DO}:", f"{ASK}:"))


def alone(message: Mapping[str, Any]) -> bool:
    """Say whether there is nothing else to press in a message."""
    return all(map(is_control, elements(message)))


def label(message: Mapping[str, Any], custom_id: str) -> str:
    """Return what stands on something that can be pressed in a message, "" when it is not there."""
    found = [one.get("label") or one.get("placeholder") for one in elements(message) if one["custom_id"] == custom_id]
    return str(found[0]) if found else ""


# What comes back


def pressed(custom_id: str, values: Iterable[object]) -> Act | Window | None:
    """Return what a press means: an act with what was picked, or the window that is to be opened; None if neither."""
    if (found := _ASK.fullmatch(custom_id)) is not None and _ACT.fullmatch(found[4]):
        longest = min(max(int(found[3]), 1), LONGEST_TEXT)
        return Window(act=acts.read(found[4]), title=found[1], field=found[2], longest=longest)
    text = custom_id.removeprefix(f"{DO}:")
    if text == custom_id or len(custom_id) > LONGEST_ID or not _ACT.fullmatch(text):
        return None
    picked = [cleaned(str(one))[:LONGEST_OPTION] for one in values]
    return acts.read(text, tuple(picked[:MOST_OPTIONS]))


def submitted(custom_id: str, fields: Mapping[str, str]) -> Act | None:
    """Return what a window means that was sent: its act, with what was written."""
    text, _, longest = custom_id.removeprefix(f"{ASK}:").rpartition("/")
    if not custom_id.startswith(f"{ASK}:") or not _ACT.fullmatch(text) or not longest.isdecimal():
        return None
    written = cleaned(fields.get(_FIELD, ""))[: min(int(longest), LONGEST_TEXT)].strip()
    return acts.read(text, (written,))


def window(asked_for: Window, label: str, catalog: Catalog) -> Payload:
    """Return the window. Its words are looked up; where they are not to be found any more, the button's label stands.

    label: of the button that was pressed.
    """
    words = {_mark(line): line for line in _lines(catalog)}
    title, field = (_label(words.get(mark, label), LONGEST_TITLE) for mark in (asked_for.title, asked_for.field))
    name = f"{ASK}:{asked_for.act}/{asked_for.longest}"
    return modal(name, title, [Input(_FIELD, field, PARAGRAPH, asked_for.longest)])


# The components


def _component(control: Control) -> Payload | None:
    found = _unchecked(control) if _ACT.fullmatch(control.act) else None
    return found if found is not None and len(found["custom_id"]) <= LONGEST_ID else None


def _unchecked(control: Control) -> Payload | None:
    match control:
        case Press(act=act, label=label, style=style):
            return button(f"{DO}:{act}", _label(label, LONGEST_LABEL), STYLES.get(style, SECONDARY))
        case Write(act=act, label=label, title=title, field=field, longest=longest):
            most = min(max(longest, 1), LONGEST_TEXT)
            return button(f"{ASK}:{_mark(title)}{_mark(field)}:{most}:{act}", _label(label, LONGEST_LABEL))
        case Pick():
            return _menu(control)


def _menu(pick: Pick) -> Payload | None:
    options = {one.value: one for one in pick.options if 0 < len(one.value) <= LONGEST_OPTION}
    offered = [*options.values()][:MOST_OPTIONS]
    if not offered:
        return None
    most = min(max(pick.most, 1), len(offered))
    least = min(max(pick.least, 0), most)
    picked = [one.value for one in offered if one.value in pick.picked]
    chosen = picked if least <= len(picked) <= most else []
    return {
        "type": SELECT,
        "custom_id": f"{DO}:{pick.act}",
        "placeholder": _label(pick.label, LONGEST_PLACEHOLDER),
        "options": [_option(one, chosen) for one in offered],
        "min_values": least,
        "max_values": most,
    }


def _option(option: Option, chosen: Sequence[str]) -> Payload:
    label = _label(option.label, LONGEST_OPTION)
    return {"label": label, "value": option.value, "default": option.value in chosen}


def _label(text: str, longest: int) -> str:
    words = " ".join(text.split()) or UNNAMED
    return words if len(words) <= longest else f"{words[: longest - 1]}{UNNAMED}"


def _has_room(line: Payload) -> bool:
    inside = line["components"]
    return inside[-1]["type"] == BUTTON and len(inside) < MOST_IN_A_ROW


def _mark(words: str) -> str:
    """Return six characters by which words are recognised: a button has no room for them, and no memory."""
    digest = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _lines(catalog: Catalog) -> Iterator[str]:
    for line in catalog.lines.values():
        yield from line.say
