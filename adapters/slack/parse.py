"""From what Slack sends to what it means. Pure: payloads go in, events of the dialog come out."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from adapters.incoming import cleaned, shortened, spoken
from adapters.port import Arrival
from adapters.slack import home, panel, render
from adapters.slack.address import Address, Direct, Unseen
from adapters.slack.declared import ACTS, EVERYTHING, READ_SHORTCUT
from adapters.slack.declared import TALK as TALKING
from dialogs.acts import Act
from dialogs.events import Commanded, Event, Filled, Said, Tapped
from dialogs.private import Private

PLATFORM = "slack"
Json = Mapping[str, Any]

TALK = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that somebody wrote. Others tell of edits, deletions, joins, and what bots say.

https://docs.slack.dev/reference/events/message#subtypes
"""

OLD = Tapped(asked=0, choice="")
"""A button that nobody knows any more: it is explained, like every old one."""

_SPECIAL = re.compile(r"<(?P<kind>[@#!]?)(?P<what>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


class Place(Private, frozen=True):
    """Who did something, and where: the workspace as it is known everywhere, the account, the channel."""

    workspace: str
    user: str
    channel: str = ""

    @property
    def person(self) -> str:
        """The person, as they are known everywhere."""
        return person(self.workspace, self.user)


class RefusedError(Exception):
    """Something was sent that cannot come from a person who uses the app. The message says what, without any words."""


class OpenForm(Private, frozen=True):
    """A press that opens a window: `name` of the form and the `asked` question; "" for the window to write in."""

    name: str = ""
    asked: str = ""


class OpenSettings(Private, frozen=True):
    """A press that opens the window with the settings."""


Pressed = Event | OpenForm | OpenSettings


def person(workspace: str, user: str) -> str:
    """Return how an account is known everywhere."""
    return f"{PLATFORM}:{workspace}/{user}"


def community(workspace: str) -> str:
    """Return how a workspace is known everywhere."""
    return f"{PLATFORM}:{workspace}"


def account(known_as: str) -> tuple[str, str]:
    """Return the workspace and the account of a person."""
    workspace, _, user = known_as.partition(":")[2].partition("/")
    return workspace, user


# Messages


def plain(text: str, *, me: str = "") -> str:
    """Return what somebody typed, from how Slack writes it: without its marks, and without a mention of the bot.

    https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
    """

    def shown(found: re.Match[str]) -> str:
        if found["kind"] == "@" and me and found["what"] == me:
            return " "
        kind = "" if found["kind"] == "!" else found["kind"]
        return found["label"] or f"{kind}{found['what']}"

    return _SPECIAL.sub(shown, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def said(message: Json, *, me: str) -> list[Event]:
    """Return what somebody's message means, in order; nothing for what is no talk, from bots, and from ourselves."""
    by_machine = message.get("bot_id") or message.get("bot_profile") or message.get("user") in {None, me, "USLACKBOT"}
    if by_machine or str(message.get("subtype", "")) not in TALK or message.get("hidden"):
        return []
    text, cut = shortened(cleaned(plain(str(message.get("text") or ""), me=me)))
    if text:
        return [Commanded(name="long"), Said(text=text)] if cut else [Said(text=text)]
    files = message.get("files") or ()
    if files:
        heard = all(str(file.get("mimetype", "")).startswith(("audio/", "video/")) for file in files)
        return [Commanded(name="voice" if heard else "file")]
    return [Commanded(name="hello")] if message.get("type") == "app_mention" else []


def arrivals(message: Json, events: Iterable[Event], place: Place, known: Mapping[str, str]) -> list[Arrival]:
    """Return the arrivals of a message. One that was not direct is answered in the direct messages all the same.

    known: where the person is, as `Arrival.place` takes it.
    """
    direct = message.get("type") != "app_mention"
    ts, thread = str(message.get("ts", "")), str(message.get("thread_ts", ""))
    where = Direct(channel=place.channel, thread=thread) if direct else Direct()
    return [
        Arrival(
            id=f"{PLATFORM}/{place.workspace}/{place.channel}/{ts}" + (f"/{number}" if number else ""),
            person=place.person,
            event=event,
            address=str(where),
            cursor=cursor(place.channel, ts, thread) if direct else "",
            place=known,
        )
        for number, event in enumerate(events)
    ]


def cursor(channel: str, ts: str, thread: str) -> str:
    """Return how it is kept up to where a channel was read, and the thread in which the talk went on."""
    return f"{channel}/{ts}/{thread}" if thread else f"{channel}/{ts}"


def read_cursor(text: str) -> tuple[str, str, str]:
    """Return the channel, the last message that was read there, and the thread, "" for none."""
    channel, _, rest = text.partition("/")
    ts, _, thread = rest.partition("/")
    return channel, ts, thread


# Commands, presses, windows


def command(payload: Json) -> Event | None:
    """Return what a slash command means; None for one that this app does not have."""
    name = str(payload.get("command", "")).removeprefix("/")
    text, _ = shortened(cleaned(plain(str(payload.get("text") or ""))))
    if name == EVERYTHING:
        return spoken(text)
    return Commanded(name=name, argument=text) if name in TALKING else None


def act(payload: Json) -> Act | None:
    """Return what a slash command asks for among members; one without a name where it is not clear what.

    None for a command that belongs to the talk.
    """
    name = str(payload.get("command", "")).removeprefix("/")
    words = " ".join(str(payload.get("text") or "").casefold().split())
    if name == EVERYTHING:
        name, _, words = words.partition(" ")
        if words and words not in ACTS.get(name, ()):
            return None  # a line of talk that begins like that
    known = ACTS.get(name)
    return None if known is None else Act(name=known.get(words) or known.get("", ""))


def shortcut(payload: Json) -> Event | None:
    """Return what a message shortcut means: the message is read as if the person had pasted it."""
    if payload.get("callback_id") != READ_SHORTCUT:
        return None
    message: Json = payload.get("message") or {}
    text, _ = shortened(cleaned(plain(str(message.get("text") or ""))))
    return Said(text=text) if text else Commanded(name="file" if message.get("files") else "read")


def press(payload: Json) -> Pressed:
    """Return what a press on a button, a menu or check boxes means."""
    action: Json = next(iter(payload.get("actions") or ()), {})
    kind, first, rest = _parts(str(action.get("action_id", "")))
    meant: Pressed = OLD
    match kind:
        case render.TAP if first.isdecimal():
            meant = Tapped(asked=int(first), choice=rest)
        case render.MENU if first.isdecimal():
            meant = Tapped(asked=int(first), choice=str((action.get("selected_option") or {}).get("value", "")))
        case render.FORM if rest:
            meant = OpenForm(name=rest, asked=first)
        case render.WRITE:
            meant = OpenForm()
        case home.SETTINGS:
            meant = OpenSettings()
        case panel.PANEL if first in panel.BUTTONS:
            meant = Commanded(name=first)
        case home.COMMAND if first in {*home.BUTTONS, "rejected"}:
            meant = Commanded(name=first)
        case home.TICK:
            done = " ".join(str(option.get("value", "")) for option in action.get("selected_options") or ())
            meant = Commanded(name="tick", fields={"shown": first.replace(".", " "), "done": done})
    return meant


def label(payload: Json) -> str:
    """Return the words of the button that was pressed, or of the line of a menu that was chosen."""
    action: Json = next(iter(payload.get("actions") or ()), {})
    words: Json = action.get("text") or (action.get("selected_option") or {}).get("text") or {}
    return str(words.get("text", ""))


def written(view: Json) -> dict[str, str]:
    """Return what was written into the fields of a window."""
    values: Json = (view.get("state") or {}).get("values") or {}
    found: dict[str, str] = {}
    for block in values.values():
        found |= {str(name): cleaned(str(element.get("value") or "")) for name, element in block.items()}
    return found


def submitted(view: Json) -> Event:
    """Return what a window that was sent means."""
    fields = written(view)
    kind, asked, _ = _parts(str(view.get("callback_id", "")))
    match kind:
        case render.WRITE:
            text, _ = shortened(" ".join(fields.values()).strip())
            return Said(text=text)
        case render.FORM if asked.isdecimal():
            return Filled(asked=int(asked), fields=fields)
        case home.SETTINGS:
            return Commanded(name="settings", fields={name: value for name, value in fields.items() if value})
        case _:
            return OLD


def where(payload: Json) -> Address:
    """Return where a command, a press or a shortcut is answered.

    In direct messages openly, elsewhere unseen by others. Whether direct messages are those with this bot, the channel
    of a slash command does not tell: that is found out when the answer is sent.
    """
    channel = str((payload.get("channel") or {}).get("id") or payload.get("channel_id") or "")
    message: Json = payload.get("message") or {}
    url = str(payload.get("response_url") or "")
    if not channel or not url:
        return Direct()
    container: Json = payload.get("container") or {}
    if payload.get("type") == "block_actions" and channel.startswith("D") and not container.get("is_ephemeral"):
        return Direct(channel=channel, thread=str(message.get("thread_ts", "")))
    return Unseen(channel=channel, url=url)


def _parts(action_id: str) -> tuple[str, str, str]:
    """Return what one of our elements is, and the two parts behind it: a question's number and a choice, as a rule."""
    ours, _, rest = action_id.partition(":")
    kind, _, rest = rest.partition(":")
    first, _, rest = rest.partition(":")
    return f"{ours}:{kind}", first, rest
