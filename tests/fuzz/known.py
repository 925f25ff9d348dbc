"""What the fuzzer has found and what is left as it is, each with a small input that shows it.

These are payloads of shapes that Slack and Discord do not send; they are refused with a line in the log, and nobody's
turn is lost by them.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.fuzz.target import Json, Made

DIGITS = "9" * 5000
ATTRIBUTE, TYPE, KEY, VALUE = "AttributeError", "TypeError", "KeyError", "ValueError"
HALF = "UnicodeEncodeError"


class Mistake(NamedTuple):
    """A mistake of a target, by its place. A test says so when it is mended: then it goes from here."""

    target: str
    place: str
    made: Made


def of_slack(where: str, kind: str, payload: Json, text: str = "") -> Mistake:
    """Return a mistake of what reads Slack's payloads."""
    return Mistake("slack", where, [kind, payload, text])


PARSE, PRESSES, RENDER = "adapters/slack/parse.py", "adapters/slack/presses.py", "adapters/slack/render.py"
CHOSEN = {"selected_option": {"text": {"text": "x"}}}

SLACK = (
    of_slack(f"{ATTRIBUTE} in {PARSE}, said", "event", {"event": "x"}),
    of_slack(f"{TYPE} in {PARSE}, said", "event", {"event": {"user": {}}}),
    of_slack(f"{ATTRIBUTE} in {PARSE}, press", "press", {"actions": [""]}),
    of_slack(f"{TYPE} in {PARSE}, press", "press", {"actions": 1}),
    of_slack(f"{VALUE} in {PARSE}, press", "press", {"actions": [{"action_id": f"o:tap:{DIGITS}:x"}]}),
    of_slack(f"{ATTRIBUTE} in {PARSE}, label", "press", {"actions": [{"text": "x"}]}),
    of_slack(f"{ATTRIBUTE} in {PARSE}, where", "press", {"channel": "C"}),
    of_slack(f"{ATTRIBUTE} in {PARSE}, written", "window", {"view": "x"}),
    of_slack(f"{ATTRIBUTE} in {PARSE}, shortcut", "shortcut", {"callback_id": "read_rejection", "message": "x"}),
    of_slack(f"{TYPE} in {PRESSES}, of", "press", {"message": {"blocks": True}}),
    of_slack(f"{ATTRIBUTE} in {PRESSES}, of", "press", {"message": "x"}),
    of_slack(f"{HALF} in {PRESSES}, kept", "press", {"channel": {"id": "\ud800"}, "response_url": "x"}),
    of_slack(f"{HALF} in {PRESSES}, read", "event", {}, "\ud800"),
    of_slack("a field of Window has another type than is declared", "press", {"message": {"blocks": {"x": 1}}}),
    of_slack(f"{KEY} in {RENDER}, chosen", "press", {"actions": [CHOSEN], "message": {"blocks": [{}]}}),
    of_slack(f"{TYPE} in {RENDER}, chosen", "press", {"actions": [CHOSEN], "message": {"blocks": [{"type": []}]}}),
    of_slack(
        "more comes through than is read",
        "window",
        {"view": {"callback_id": "o:form:1:x", "state": {"values": {"x": {"x": {"value": "x" * 9000}}}}}},
    ),
)

BASE = {"id": "1", "application_id": "1", "token": "", "version": 1, "attachment_size_limit": 1}


def of_discord(where: str, kind: int, data: Json, **more: Json) -> Mistake:
    """Return a mistake of what reads Discord's interactions."""
    return Mistake("discord", where, ["INTERACTION_CREATE", {**BASE, "type": kind, "data": data, **more}, ""])


def of_message(where: str, **more: Json) -> Mistake:
    """Return a mistake of what reads Discord's messages."""
    return Mistake("discord", where, ["MESSAGE_CREATE", {"id": "1", "channel_id": "1", "type": 0, **more}, ""])


DISCORD_PARSE = "adapters/discord/parse.py"
FILE: Mapping[str, Json] = {"id": "1", "filename": "", "url": "", "proxy_url": "", "content_type": "text/plain"}
AUTHOR = {"id": "1", "username": "", "discriminator": "", "avatar": None}

DISCORD = (
    of_message(f"{ATTRIBUTE} in {DISCORD_PARSE}, readable_file", content=[]),
    of_message(f"{TYPE} in {DISCORD_PARSE}, readable_file", content="", attachments=[{**FILE, "size": []}]),
    of_message(f"{ATTRIBUTE} in {DISCORD_PARSE}, said", content="x"),
    of_message(f"{TYPE} in {DISCORD_PARSE}, said", content="", author=AUTHOR, flags=None),
    of_discord(f"{ATTRIBUTE} in {DISCORD_PARSE}, _command", 2, "x"),
    of_discord(f"{TYPE} in {DISCORD_PARSE}, _command", 2, {"name": "rejected", "options": True}),
    of_discord(f"{KEY} in {DISCORD_PARSE}, _command", 2, {"name": "rejected", "options": [{}]}),
    of_discord(
        f"{TYPE} in {DISCORD_PARSE}, _component", 3, {"custom_id": "o:menu:5", "component_type": 3, "values": 1}
    ),
    of_discord(f"{VALUE} in {DISCORD_PARSE}, _component", 3, {"custom_id": f"o:tap:{DIGITS}:x", "component_type": 2}),
    of_discord(f"{ATTRIBUTE} in {DISCORD_PARSE}, fields", 5, {"custom_id": "", "components": [True]}),
    of_discord(f"{TYPE} in {DISCORD_PARSE}, fields", 5, {"custom_id": "", "components": 1}),
    of_discord(f"{VALUE} in {DISCORD_PARSE}, _submitted", 5, {"custom_id": f"o:form:{DIGITS}:x", "components": []}),
    of_discord(
        "a field of Tapped has another type than is declared",
        3,
        {"custom_id": "o:menu:5", "component_type": 3, "values": [1]},
    ),
    of_discord("a field of Pressed has another type than is declared", 2, {"name": "plan"}, token=1),
    of_discord("an address is not kept as it is", 2, {"name": "plan"}, context=1, channel={"id": "0", "type": 1}),
    of_discord(
        "more comes through than is read",
        5,
        {"custom_id": "o:form:1:x", "components": [{"component": {"custom_id": "x", "value": "x" * 9000}}]},
    ),
)


KNOWN: Sequence[Mistake] = (*SLACK, *DISCORD)
