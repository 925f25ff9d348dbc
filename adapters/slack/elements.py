"""What blocks and windows are made of. Pure.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Sequence
from typing import Any

from dialogs.catalog import Catalog

Payload = dict[str, Any]

MOST_BUTTONS = 5
"""So many buttons stand beside each other."""

LONGEST_LABEL, LONGEST_TITLE = 75, 24
"""Characters of a button or a line of a menu, and of the title of a window."""


def plain(text: str) -> Payload:
    """Return text in which every character stands for itself."""
    return {"type": "plain_text", "text": text, "emoji": False}


def short(text: str, most: int) -> str:
    """Return text that has room."""
    return text if len(text) <= most else f"{text[: most - 1]}\u2026"


def button(action_id: str, label: str) -> Payload:
    """Return a button."""
    return {"type": "button", "action_id": action_id, "text": plain(label)}


def actions(elements: Sequence[Payload]) -> Payload:
    """Return a row of what can be pressed."""
    return {"type": "actions", "elements": list(elements)}


def text_input(name: str, label: str, most: int, *, several_lines: bool = False) -> Payload:
    """Return a field of a window. It may be left empty: what is missing is said in its place."""
    element = {"type": "plain_text_input", "action_id": name, "max_length": most, "multiline": several_lines}
    return {"type": "input", "block_id": name, "optional": True, "label": plain(label), "element": element}


def window(callback: str, title: str, fields: Sequence[Payload], catalog: Catalog, private: str) -> Payload:
    """Return a window with fields. private: what comes back with what was written into it, unseen by people."""
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title),
        "submit": plain(catalog.plain("slack.send")),
        "close": plain(catalog.plain("slack.leave")),
        "private_metadata": private,
        "blocks": list(fields),
    }
