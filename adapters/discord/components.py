"""The elements of Discord's messages and windows, as it takes them. Pure.

https://docs.discord.com/developers/components/reference
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Payload = dict[str, Any]

ROW, BUTTON, SELECT, TEXT_INPUT, ROLE_SELECT, CHANNEL_SELECT, LABEL = 1, 2, 3, 4, 6, 8, 18
PRIMARY, SECONDARY, SUCCESS, DANGER = 1, 2, 3, 4
ONE_LINE, PARAGRAPH = 1, 2

MOST_ROWS, MOST_IN_A_ROW = 5, 5

EPHEMERAL, NO_EMBEDS = 1 << 6, 1 << 2
"""Message flags: seen by one person only, and no previews of links."""

NO_PINGS: Mapping[str, Any] = {"parse": []}


class Input(NamedTuple):
    """One field of a window: its name, its label, its kind, and the most characters in it."""

    name: str
    label: str
    style: int
    longest: int


def message(content: str, components: Sequence[Payload]) -> Payload:
    """Return a message as Discord takes it, which pings nobody."""
    rows = list(components)
    return {"content": content, "components": rows, "flags": NO_EMBEDS, "allowed_mentions": dict(NO_PINGS)}


def row(*components: Payload) -> Payload:
    """Return a row of components."""
    return {"type": ROW, "components": list(components)}


def button(custom_id: str, label: str, style: int = SECONDARY) -> Payload:
    """Return a button."""
    return {"type": BUTTON, "style": style, "custom_id": custom_id, "label": label}


def modal(custom_id: str, title: str, fields: Sequence[Input]) -> Payload:
    """Return a window with fields, of which one to write a paragraph in has to be filled."""
    inputs = [
        {
            "type": LABEL,
            "label": one.label,
            "component": {
                "type": TEXT_INPUT,
                "custom_id": one.name,
                "style": one.style,
                "max_length": one.longest,
                "required": one.style == PARAGRAPH,
            },
        }
        for one in fields
    ]
    return {"custom_id": custom_id, "title": title, "components": inputs}


def elements(shown: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield everything in the rows of a message, as Discord has it."""
    for line in shown.get("components", ()):
        yield from line.get("components", ())
