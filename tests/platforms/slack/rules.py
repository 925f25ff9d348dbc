"""What Slack refuses in blocks and windows: the documented limits, and the library's own validators.

https://docs.slack.dev/reference/block-kit/blocks and the pages beneath it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = Mapping[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS, MOST_OPTIONS = 50, 100, 100
ALLOWED: Mapping[str, set[str]] = {
    "actions": {"type", "block_id", "elements"},
    "button": {"type", "text", "action_id", "value", "style", "confirm"},
    "checkboxes": {"type", "action_id", "options", "initial_options"},
    "context": {"type", "block_id", "elements"},
    "conversations_select": {"type", "action_id", "placeholder", "filter", "initial_conversation"},
    "date": {"type", "timestamp", "format", "fallback"},
    "divider": {"type", "block_id"},
    "image": {"type", "block_id", "slack_file", "alt_text"},
    "header": {"type", "block_id", "text"},
    "input": {"type", "block_id", "optional", "label", "element"},
    "multi_static_select": {
        "type",
        "action_id",
        "placeholder",
        "options",
        "initial_options",
        "max_selected_items",
    },
    "link": {"type", "url", "text", "style"},
    "plain_text": {"type", "text", "emoji"},
    "plain_text_input": {"type", "action_id", "max_length", "multiline", "initial_value"},
    "rich_text": {"type", "block_id", "elements"},
    "rich_text_list": {"type", "style", "elements"},
    "rich_text_preformatted": {"type", "elements"},
    "rich_text_section": {"type", "elements"},
    "section": {"type", "block_id", "text", "accessory"},
    "static_select": {"type", "action_id", "placeholder", "options", "initial_option"},
    "text": {"type", "text", "style"},
    "user": {"type", "user_id"},
}
"""The fields that each object may have, of those that this bot uses."""


def message(body: Json) -> Iterator[str]:
    """Yield what is wrong with a message."""
    given = body.get("blocks") or []
    if not body.get("text"):
        yield "no_text: a notification would say nothing"
    if len(given) > MESSAGE_BLOCKS:
        yield "invalid_blocks: more than 50"
    yield from blocks(given)
    metadata = body.get("metadata")
    if metadata is not None and set(metadata) != {"event_type", "event_payload"}:
        yield "invalid_metadata_format"


def view(body: Json) -> Iterator[str]:
    """Yield what is wrong with a window or a Home tab."""
    given = body.get("blocks") or []
    if len(given) > VIEW_BLOCKS:
        yield "blocks: more than 100"
    if body.get("type") == "modal":
        # One without fields has nothing to send.
        sends = ("submit",) if any(block["type"] == "input" for block in given) or "submit" in body else ()
        for name in ("title", *sends, "close"):
            yield from limited(name, (body.get(name) or {}).get("text", ""), 24)
        yield from limited("callback_id", body.get("callback_id", "x"), 255)
    yield from limited("private_metadata", body.get("private_metadata", "x") or "x", 3000)
    yield from blocks(given)
    try:
        View(**{**body, "blocks": given[:1]}).validate_json()
    except (SlackObjectFormationError, TypeError) as error:
        yield f"slack_sdk.models: {error}"


def blocks(given: Sequence[Json]) -> Iterator[str]:
    """Yield what is wrong with blocks."""
    names = [block["block_id"] for block in given if "block_id" in block]
    if len(names) != len(set(names)):
        yield "block_id: twice the same"
    yield from (limited_id for name in names for limited_id in limited("block_id", name, 255))
    for block in given:
        yield from one(block)
        yield from by_models(json.dumps(block))


@cache
def by_models(block: str) -> Sequence[str]:
    """Return what the library's models find wrong with a block; most blocks come again and again."""
    try:
        parsed = Block.parse(json.loads(block))
        if parsed is None:
            return ["slack_sdk.models: the block is unknown"]
        parsed.validate_json()
        for element in (*getattr(parsed, "elements", ()), *filter(None, [getattr(parsed, "element", None)])):
            element.validate_json()
    except (SlackObjectFormationError, TypeError) as error:
        return [f"slack_sdk.models: {error}"]
    return []


def one(block: Json) -> Iterator[str]:
    """Yield what is wrong with a block."""
    yield from known(block)
    check = BY_TYPE.get(block["type"])
    if check is None:
        yield f"{block['type']}: not used here"
    else:
        yield from check(block)


def _actions(block: Json) -> Iterator[str]:
    yield from counted("elements", block["elements"], 25)
    ids = [element["action_id"] for element in block["elements"]]
    if len(ids) != len(set(ids)):
        yield "action_id: twice the same in a block"
    for element in block["elements"]:
        yield from interactive(element)


def _context(block: Json) -> Iterator[str]:
    yield from counted("elements", block["elements"], 10)
    for element in block["elements"]:
        yield from text(element, 2000)


def _image(block: Json) -> Iterator[str]:
    if not 1 <= len(block["alt_text"]) <= 2000:
        yield "alt_text: 1 to 2000 characters"


def _header(block: Json) -> Iterator[str]:
    yield from text(block["text"], 150)


def _input(block: Json) -> Iterator[str]:
    yield from text(block["label"], 2000)
    yield from known(block["element"])
    if not 1 <= block["element"]["max_length"] <= 3000:
        yield "max_length: 1 to 3000"


def _rich_text(block: Json) -> Iterator[str]:
    yield from counted("elements", block["elements"], 100)
    for element in block["elements"]:
        yield from rich(element)


def _section(block: Json) -> Iterator[str]:
    yield from text(block["text"], 3000)
    yield from interactive(block["accessory"])


def _divider(_block: Json) -> Iterator[str]:
    yield from ()


BY_TYPE = {
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "image": _image,
    "header": _header,
    "input": _input,
    "rich_text": _rich_text,
    "section": _section,
}


def rich(element: Json) -> Iterator[str]:
    """Yield what is wrong with an element of rich text."""
    yield from known(element)
    if not element["elements"]:
        yield f"{element['type']}: nothing in it"
    for part in element["elements"]:
        if element["type"] == "rich_text_list":
            yield from rich(part)
        else:
            yield from known(part)
            if part["type"] == "text" and not part["text"]:
                yield "text: empty"
            if part["type"] == "link" and not part["url"].startswith("https://"):
                yield "url: not https"


def interactive(element: Json) -> Iterator[str]:
    """Yield what is wrong with something that can be pressed."""
    yield from known(element)
    yield from limited("action_id", element.get("action_id", ""), 255)
    options = element.get("options", [])
    match element["type"]:
        case "button":
            yield from text(element["text"], 75)
            yield from limited("value", element.get("value", "x"), 2000)
            if element.get("style", "primary") not in {"primary", "danger"}:
                yield "style: primary or danger"
            yield from _confirmed(element.get("confirm"))
        case "static_select" | "multi_static_select" | "conversations_select" as kind:
            yield from text(element["placeholder"], 150)
            if kind != "conversations_select":
                yield from counted("options", options, MOST_OPTIONS)
            yield from _shown(element, options)
        case "checkboxes":
            yield from counted("options", options, 10)
            if any(option not in options for option in element.get("initial_options", [])):
                yield "initial_options: not among the options"
    for option in options:
        yield from text(option["text"], 75 if element["type"].endswith("static_select") else 151)
        yield from limited("value", option["value"], 150)
    if len({option["value"] for option in options}) < len(options):
        yield "options: twice the same value"


def _confirmed(dialog: Json | None) -> Iterator[str]:
    """Yield what is wrong with the question that is asked before a press counts."""
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)) if dialog else ():
        yield from text((dialog or {})[name], most)


def _shown(element: Json, options: Sequence[Json]) -> Iterator[str]:
    """Yield what is wrong with what a menu shows as chosen."""
    several = element.get("initial_options", ["something"])
    shown = [*element.get("initial_options", ()), *filter(None, [element.get("initial_option")])]
    if len(several) > element.get("max_selected_items", MOST_OPTIONS):
        yield "initial_options: more than can be selected"
    if element.get("max_selected_items", 1) < 1:
        yield "max_selected_items: at least 1"
    if not several or any(option not in options for option in shown):
        yield "initial_option: not among the options"


def text(given: Json, most: int) -> Iterator[str]:
    """Yield what is wrong with a text."""
    yield from known(given)
    if given["type"] != "plain_text":
        yield "text: only plain text is used here"
    yield from limited("text", given["text"], most)


def known(given: Json) -> Iterator[str]:
    """Yield the fields that an object does not have."""
    yield from (f"{given['type']}: no field {name}" for name in set(given) - ALLOWED.get(given["type"], set(given)))


def limited(name: str, given: str, most: int) -> Iterable[str]:
    """Return what is wrong with the length of something."""
    return [] if 1 <= len(given) <= most else [f"{name}: must be between 1 and {most} in length"]


def counted(name: str, given: Sequence[object], most: int) -> Iterable[str]:
    """Return what is wrong with the number of something."""
    return [] if 1 <= len(given) <= most else [f"{name}: must be between 1 and {most}"]
