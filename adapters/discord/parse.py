"""From what Discord sends to what it means. Pure, but for what `discord.py` has already taken in."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import discord

from adapters.discord import panel, render
from adapters.discord.address import Address, Direct, Pressed
from adapters.discord.commands import COMMANDS
from adapters.incoming import cleaned, shortened
from adapters.port import Arrival
from dialogs.events import Commanded, Event, Filled, Said, Tapped
from dialogs.private import Private

PLATFORM = "discord"

TALK = frozenset({discord.MessageType.default, discord.MessageType.reply})
"""Messages that somebody wrote; others say that something was pinned, or that somebody joined."""

LARGEST_FILE = 64 * 1024
"""The largest text file that is read, in bytes. Discord makes one of a long paste."""

LONGEST_NUMBER = 20
"""Digits of an id."""

OLD = Tapped(asked=0, choice="")
"""A button that nobody knows any more: it is explained, like every old one."""


class OpenForm(Private, frozen=True):
    """A press that opens a window: `name` of the form and the `asked` question; "" for the window to write in."""

    name: str = ""
    asked: str = ""


def person(user: int) -> str:
    """Return how an account is known everywhere."""
    return f"{PLATFORM}:{user}"


def account(known_as: str) -> int:
    """Return the account of a person."""
    return int(known_as.partition(":")[2])


# Messages


def readable_file(message: discord.Message) -> discord.Attachment | None:
    """Return the text file of a message that is nothing but a paste which was too long."""
    if message.content.strip() or len(message.attachments) != 1:
        return None
    file = message.attachments[0]
    text = (file.content_type or "").startswith("text/plain")
    return file if text and file.size <= LARGEST_FILE else None


def said(message: discord.Message, *, me: int, file: str | None = None) -> list[Event]:
    """Return what somebody's message means, in order; nothing for what is no talk, from bots, and from ourselves.

    file: what the text file holds that `readable_file` found.
    """
    if message.author.bot or message.webhook_id is not None or message.type not in TALK:
        return []
    forwarded = "\n".join(snapshot.content for snapshot in message.message_snapshots)
    text = file if file is not None else message.content or forwarded
    text, cut = shortened(cleaned(_without_mention(text, me)))
    if text:
        return [Commanded(name="long"), Said(text=text)] if cut else [Said(text=text)]
    if message.flags.voice:
        return [Commanded(name="voice")]
    if message.attachments or any(snapshot.attachments for snapshot in message.message_snapshots):
        return [Commanded(name="file")]
    if message.stickers:
        return [Commanded(name="sticker")]
    # Somebody who only mentions the bot wants it to come; a poll or a call in the direct messages says nothing.
    return [Commanded(name="hello")] if message.guild is not None else []


def _without_mention(text: str, me: int) -> str:
    return re.sub(rf"<@!?{me}>", " ", text)


def community(guild: int) -> str:
    """Return how a server is known everywhere."""
    return f"{PLATFORM}:{guild}"


def server(community: str) -> int | None:
    """Return the server of a community; None for what is none."""
    platform, _, number = community.partition(":")
    return int(number) if platform == PLATFORM and number.isdecimal() and len(number) <= LONGEST_NUMBER else None


def arrivals(
    message: discord.Message, events: Iterable[Event], *, direct: bool, place: Mapping[str, str] | None = None
) -> list[Arrival]:
    """Return the arrivals of a message. One that was not direct is answered in the direct messages all the same.

    place: where whoever wrote it is taken to be.
    """
    where = Direct(channel=message.channel.id if direct else None)
    return [
        Arrival(
            id=f"{PLATFORM}/{message.id}" + (f"/{number}" if number else ""),
            person=person(message.author.id),
            event=event,
            address=str(where),
            cursor=cursor(message.channel.id, message.id) if direct else "",
            place=place or {},
        )
        for number, event in enumerate(events)
    ]


def cursor(channel: int, message: int) -> str:
    """Return how it is kept up to where a channel was read."""
    return f"{channel}/{message}"


def read_cursor(text: str) -> tuple[int, int]:
    """Return the channel and the last message that was read there."""
    channel, _, message = text.partition("/")
    return int(channel), int(message)


# Interactions


def pressed(interaction: discord.Interaction) -> Event | OpenForm | None:
    """Return what an interaction means; None for one that this bot never offers."""
    data: Mapping[str, Any] = interaction.data or {}
    match interaction.type:
        case discord.InteractionType.application_command:
            return _command(data)
        case discord.InteractionType.component:
            return _component(str(data.get("custom_id", "")), data.get("values") or ())
        case discord.InteractionType.modal_submit:
            return _submitted(str(data.get("custom_id", "")), fields(data.get("components") or ()))
        case _:
            return None


def _command(data: Mapping[str, Any]) -> Event | None:
    name = str(data.get("name", ""))
    if name not in COMMANDS:
        return None
    given = {str(option["name"]): cleaned(str(option.get("value", ""))) for option in data.get("options") or ()}
    return Commanded(name=name, fields={name: value for name, value in given.items() if value})


def _component(custom_id: str, values: Iterable[str]) -> Event | OpenForm:
    kind, asked, rest = _parts(custom_id)
    if (on_panel := panel.pressed(custom_id)) is not None:
        return on_panel
    match kind:
        case render.TAP if asked.isdecimal():
            return Tapped(asked=int(asked), choice=rest)
        case render.MENU if asked.isdecimal():
            return Tapped(asked=int(asked), choice=next(iter(values), ""))
        case render.FORM if rest:
            return OpenForm(name=rest, asked=asked)
        case render.WRITE:
            return OpenForm()
        case _:
            return OLD


def _submitted(custom_id: str, written: Mapping[str, str]) -> Event:
    kind, asked, _ = _parts(custom_id)
    if kind == render.WRITE:
        text, _ = shortened(" ".join(written.values()).strip())
        return Said(text=text)
    if kind == render.FORM and asked.isdecimal():
        return Filled(asked=int(asked), fields=dict(written))
    return OLD


def _parts(custom_id: str) -> tuple[str, str, str]:
    """Return what one of our components is, the number of its question, and its choice or form."""
    ours, _, rest = custom_id.partition(":")
    kind, _, rest = rest.partition(":")
    asked, _, rest = rest.partition(":")
    return f"{ours}:{kind}", asked, rest


def fields(components: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what was written into a window; each field stands in a row or under a label."""
    found: dict[str, str] = {}
    for outer in components:
        inner = outer.get("components") or [outer.get("component") or {}]
        found |= {str(one["custom_id"]): cleaned(str(one.get("value") or "")) for one in inner if "custom_id" in one}
    return found


def address(interaction: discord.Interaction) -> Address:
    """Return where an interaction is answered: in the direct messages openly, elsewhere unseen by others."""
    if own_channel(interaction) and interaction.channel_id is not None:
        return Direct(channel=interaction.channel_id)
    return Pressed(id=interaction.id, token=interaction.token)


def own_channel(interaction: discord.Interaction) -> bool:
    """Say whether an interaction happened in the direct messages with this bot."""
    return interaction.guild_id is None and interaction.context.dm_channel
