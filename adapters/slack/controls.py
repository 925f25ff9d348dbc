"""Buttons and menus that stay, each of which says by itself what it does; and the window that some of them open. Pure.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from adapters.incoming import cleaned, shortened
from adapters.slack.elements import (
    LONGEST_LABEL,
    LONGEST_TITLE,
    MOST_BUTTONS,
    Payload,
    actions,
    button,
    plain,
    short,
    text_input,
    window,
)
from dialogs import acts
from dialogs.acts import Act
from dialogs.catalog import Catalog
from dialogs.private import Private
from dialogs.replies import Control, Pick, Press, Write

DO = "o:do"
"""How the ids of its elements and windows begin; behind it stands the act, so that nothing needs to be remembered."""

MOST_OPTIONS, LONGEST_VALUE, LONGEST_WRITTEN, SEVERAL_LINES = 100, 150, 3000, 150
"""Lines of a menu, characters of the value of one and of what a field takes; a field for more has several lines."""

FIELD = "text"

Read = TypeVar("Read", bound=Struct)


class Asked(Private, frozen=True):
    """The window that a button opens, as the button itself holds it."""

    title: str
    field: str
    longest: int


def rendered(controls: Sequence[Control]) -> list[Payload]:
    """Return controls as blocks: buttons beside each other, and a row for each menu."""
    rows: list[Payload] = []
    for number, control in enumerate(controls):
        if isinstance(control, Pick):
            rows += [_menu(control, number)] if control.options else []
            continue
        element = _press(control) if isinstance(control, Press) else _write(control)
        if _has_room(rows, element):
            rows[-1]["elements"].append(element)
        else:
            rows.append(actions([element]))
    return rows


class _Option(Struct):
    value: str = ""


class _Action(Struct):
    action_id: str = ""
    value: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None


class _Field(Struct):
    value: str | None = None


class _State(Struct):
    values: Mapping[str, Mapping[str, _Field]] = {}


class _View(Struct):
    callback_id: str = ""
    state: _State | None = None


def act_of(action: Mapping[str, Any]) -> Act | None:
    """Return the act that an element stands for, with what was picked; None for any other element."""
    done = _read(action, _Action)
    held = _held(done.action_id)
    options = done.selected_options or filter(None, [done.selected_option])
    return acts.read(held, tuple(one.value for one in options if one.value)) if held else None


def asked(action: Mapping[str, Any]) -> Asked | None:
    """Return the window that a button opens, None when it opens none."""
    try:
        return msgspec.json.decode(_read(action, _Action).value or "", type=Asked)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return None


def form(act: Act, about: Asked, catalog: Catalog, private: str) -> Payload:
    """Return the window of a button. private: what comes back with what was written into it, unseen by people."""
    field = text_input(FIELD, about.field, about.longest, several_lines=about.longest > SEVERAL_LINES)
    return window(f"{DO}:{act}", about.title, [field], catalog, private)


def written(view: Mapping[str, Any]) -> Act | None:
    """Return the act of a window that was sent, with what was written; None for any other window."""
    sent = _read(view, _View)
    held = _held(sent.callback_id)
    field = sent.state.values.get(FIELD, {}).get(FIELD) if sent.state else None
    text, _ = shortened(cleaned(field.value or "" if field else ""))
    return acts.read(held, (text,)) if held else None


def _read(given: object, kind: type[Read]) -> Read:
    """Return what Slack has told, as far as it is what Slack tells."""
    try:
        return msgspec.convert(given, kind)
    except (msgspec.ValidationError, UnicodeEncodeError):
        return kind()


def _held(name: str) -> str:
    return name.removeprefix(f"{DO}:") if name.startswith(f"{DO}:") else ""


def _press(control: Press) -> Payload:
    style = {"style": control.style} if control.style else {}
    return {**button(f"{DO}:{control.act}", short(control.label, LONGEST_LABEL)), **style}


def _write(control: Write) -> Payload:
    about = Asked(
        title=short(control.title, LONGEST_TITLE),
        field=short(control.field, LONGEST_VALUE),
        longest=min(control.longest, LONGEST_WRITTEN),
    )
    label = short(control.label, LONGEST_LABEL)
    return {**button(f"{DO}:{control.act}", label), "value": msgspec.json.encode(about).decode()}


def _menu(control: Pick, number: int) -> Payload:
    """Return a row with a menu. Slack goes on showing what was picked in a block: what is picked names it."""
    options = [
        {"text": plain(short(one.label, LONGEST_LABEL)), "value": one.value} for one in control.options[:MOST_OPTIONS]
    ]
    picked = [one for one in options if one["value"] in control.picked][: control.most]
    element: Payload = {"action_id": f"{DO}:{control.act}", "placeholder": plain(short(control.label, LONGEST_VALUE))}
    if control.least == control.most == 1:
        element |= {"type": "static_select", "options": options, **({"initial_option": picked[0]} if picked else {})}
    else:
        # One from which nothing has to be picked, too: in the other kind a choice cannot be taken back.
        several = {"type": "multi_static_select", "options": options, "max_selected_items": control.most}
        element |= {**several, **({"initial_options": picked} if picked else {})}
    shown = blake2b(f"{control.act}/{control.picked}".encode(errors="replace"), digest_size=12).hexdigest()
    return {"type": "section", "block_id": f"{number}/{shown}", "text": plain(control.label), "accessory": element}


def _has_room(rows: Sequence[Payload], element: Payload) -> bool:
    """Say whether an element fits into the last row: no two in a row may have the same id."""
    if not rows or rows[-1]["type"] != "actions":
        return False
    there = rows[-1]["elements"]
    return len(there) < MOST_BUTTONS and element["action_id"] not in {one["action_id"] for one in there}
