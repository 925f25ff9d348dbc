"""Buttons and menus that stay, each of which says by itself what it does; and the window that some of them open. Pure.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from adapters.incoming import cleaned
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


def act_of(action: Mapping[str, Any]) -> Act | None:
    """Return the act that an element stands for, with what was picked; None for any other element."""
    held = _held(str(action.get("action_id", "")))
    options = action.get("selected_options") or [action.get("selected_option") or {}]
    return acts.read(held, tuple(str(one["value"]) for one in options if one.get("value"))) if held else None


def asked(action: Mapping[str, Any]) -> Asked | None:
    """Return the window that a button opens, None when it opens none."""
    try:
        return msgspec.json.decode(str(action.get("value") or ""), type=Asked)
    except msgspec.MsgspecError:
        return None


def form(act: Act, about: Asked, catalog: Catalog, private: str) -> Payload:
    """Return the window of a button. private: what comes back with what was written into it, unseen by people."""
    field = text_input(FIELD, about.field, about.longest, several_lines=about.longest > SEVERAL_LINES)
    return window(f"{DO}:{act}", about.title, [field], catalog, private)


def written(view: Mapping[str, Any]) -> Act | None:
    """Return the act of a window that was sent, with what was written; None for any other window."""
    held = _held(str(view.get("callback_id", "")))
    values = (view.get("state") or {}).get("values") or {}
    text = str(((values.get(FIELD) or {}).get(FIELD) or {}).get("value") or "")
    return acts.read(held, (cleaned(text),)) if held else None


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
