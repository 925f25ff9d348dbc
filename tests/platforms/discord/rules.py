"""What Discord refuses, as its documentation says; each function yields what is wrong.

Messages: https://docs.discord.com/developers/resources/message#create-message
Components: https://docs.discord.com/developers/components/reference
Commands: https://docs.discord.com/developers/interactions/application-commands
Interactions: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from tests.platforms.discord.world import PRIVATE_THREAD, Json

ROW, BUTTON, SELECT, TEXT_INPUT, ROLE_SELECT, CHANNEL_SELECT, LABEL = 1, 2, 3, 4, 6, 8, 18
MENUS = {SELECT, ROLE_SELECT, CHANNEL_SELECT}
NAME = re.compile(r"[-_'\w]{1,32}")
KNOWN = {"content", "components", "flags", "allowed_mentions", "nonce", "enforce_nonce", "attachments", "tts", "embeds"}


def message(body: Json, *, new: bool) -> Iterator[str]:
    """Yield what is wrong with a message, or with the change of one."""
    yield from (f"{key}: not known" for key in body.keys() - KNOWN)
    content = body.get("content")
    if content is not None and len(content) > 2000:
        yield "content: must be 2000 or fewer in length"
    if new and not content and not body.get("attachments"):
        yield "content: cannot send an empty message"
    if len(str(body.get("nonce", ""))) > 25:
        yield "nonce: must be 25 or fewer in length"
    if body.get("allowed_mentions", {}).get("parse"):
        yield "allowed_mentions: this bot pings nobody"
    if new and "allowed_mentions" not in body:
        yield "allowed_mentions: this bot says each time that it pings nobody"
    pinged = body.get("allowed_mentions", {}).get("users", ())
    if len(pinged) > 100 or len(set(pinged)) < len(pinged):
        yield "allowed_mentions: at most 100 users, each once"
    yield from rows(body.get("components") or [])


def thread(body: Json) -> Iterator[str]:
    """Yield what is wrong with a private thread that is to be opened."""
    known = {"name", "type", "invitable", "auto_archive_duration", "rate_limit_per_user"}
    yield from (f"{key}: not known" for key in body.keys() - known)
    if not 1 <= len(body.get("name", "")) <= 100:
        yield "name: must be between 1 and 100 in length"
    if body.get("type") != PRIVATE_THREAD:
        yield "type: this bot opens private threads only"
    if body.get("auto_archive_duration") not in {60, 1440, 4320, 10080}:
        yield "auto_archive_duration: one of 60, 1440, 4320, 10080"


def attachments(named: Sequence[Json], kept: Collection[str], files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with the files of a message: those it names, those it has, and those that came with it."""
    if len(named) > 10:
        yield "attachments: must be 10 or fewer"
    for one in named:
        if one["id"] not in kept and one["id"] not in files:
            yield "attachments: there is no such file"
        if len(one.get("description") or "") > 1024:
            yield "description: must be 1024 or fewer in length"
    if files.keys() - {one["id"] for one in named}:
        yield "attachments: a file came that is not named"


def rows(components: Sequence[Json]) -> Iterator[str]:
    """Yield what is wrong with the rows under a message."""
    if len(components) > 5:
        yield "components: must be 5 or fewer"
    ids = [one.get("custom_id") for row in components for one in row.get("components", [])]
    if len(set(ids)) < len(ids):
        yield "components: custom ids cannot be duplicated"
    for row in components:
        inside = row.get("components", [])
        if row.get("type") != ROW or not 1 <= len(inside) <= 5:
            yield "components: a row has one to five"
        if any(one["type"] in MENUS for one in inside) and len(inside) > 1:
            yield "components: a menu fills its row"
        for one in inside:
            yield from component(one)


def component(one: Json) -> Iterator[str]:
    """Yield what is wrong with a button or a menu."""
    if not 1 <= len(one.get("custom_id", "")) <= 100:
        yield "custom_id: must be between 1 and 100 in length"
    if one["type"] == BUTTON and not 1 <= len(one.get("label", "")) <= 80:
        yield "label: must be between 1 and 80 in length"
    if one["type"] == BUTTON and one.get("style") not in {1, 2, 3, 4}:
        yield "style: must be one of 1 to 4"
    if one["type"] == SELECT:
        options = one.get("options", [])
        if not 1 <= len(options) <= 25 or len({option["value"] for option in options}) < len(options):
            yield "options: between 1 and 25, each with a value of its own"
        if any(not 1 <= len(option["label"]) <= 100 or not 1 <= len(option["value"]) <= 100 for option in options):
            yield "options: labels and values must be between 1 and 100 in length"
        if not one.get("min_values", 1) <= sum(bool(option.get("default")) for option in options) <= one.get(
            "max_values", 1
        ) and any(option.get("default") for option in options):
            yield "options: more or fewer are chosen than may be"
    if one["type"] in MENUS:
        yield from menu(one)
    if one["type"] not in {BUTTON, *MENUS}:
        yield "type: not used here"


def menu(one: Json) -> Iterator[str]:
    """Yield what is wrong with a menu of any kind."""
    if len(one.get("placeholder", "")) > 150:
        yield "placeholder: must be 150 or fewer in length"
    if not 0 <= one.get("min_values", 1) <= one.get("max_values", 1) <= 25:
        yield "min_values: between 0 and max_values, which is 25 or fewer"
    kind = {ROLE_SELECT: "role", CHANNEL_SELECT: "channel"}.get(one["type"])
    chosen = one.get("default_values", [])
    if len(chosen) > one.get("max_values", 1) or any(default["type"] != kind for default in chosen):
        yield "default_values: as many as can be chosen, of the kind of the menu"


def modal(data: Json) -> Iterator[str]:
    """Yield what is wrong with a window."""
    if not 1 <= len(data.get("title", "")) <= 45:
        yield "title: must be between 1 and 45 in length"
    if not 1 <= len(data.get("custom_id", "")) <= 100:
        yield "custom_id: must be between 1 and 100 in length"
    fields = data.get("components", [])
    if not 1 <= len(fields) <= 5:
        yield "components: must be between 1 and 5"
    for field in fields:
        if field.get("type") != LABEL or not 1 <= len(field.get("label", "")) <= 45:
            yield "label: must be between 1 and 45 in length"
        inner = field.get("component", {})
        if inner.get("type") != TEXT_INPUT or inner.get("style") not in {1, 2} or inner.get("max_length", 1) > 4000:
            yield "component: not a text input"


def commands(body: Sequence[Json]) -> Iterator[str]:
    """Yield what is wrong with a list of slash commands."""
    if len({one["name"] for one in body}) < len(body) or len(body) > 100:
        yield "name: at most 100 commands, each with a name of its own"
    for one in (*body, *(option for command in body for option in command.get("options", []))):
        if not NAME.fullmatch(one["name"]) or one["name"] != one["name"].lower():
            yield "name: lower case, up to 32"
        if not 1 <= len(one.get("description", "")) <= 100:
            yield "description: must be between 1 and 100 in length"


def callback(kind: int, data: Json, *, of: int, on_message: bool) -> Iterator[str]:
    """Yield what is wrong with the first answer to an interaction of a type (2 command, 3 component, 5 form)."""
    if kind not in {4, 5, 6, 7, 9}:
        yield "type: not known"
    if kind in {6, 7} and not on_message:
        yield "type: there is no message to update"
    if kind == 9 and of == 5:
        yield "type: a form cannot be answered with a form"
    if kind == 5 and set(data) - {"flags"}:
        yield "data: only flags are taken with a deferred answer"
    if kind == 9:
        yield from modal(data)
    if kind in {4, 7}:
        yield from message(data, new=kind == 4)
