"""What Discord sends, as the people of the tests' own Discord make it."""

import asyncio
from collections.abc import Sequence
from functools import cache

from adapters.discord import commands, render
from tests.fuzz.real import CATALOG, LINES, NOON, replies
from tests.fuzz.target import Json
from tests.platforms.discord.gateway import Gateway
from tests.platforms.discord.people import Person
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import Channel, Interaction, Message, World

GUILD = 1 << 22
WRITTEN = {"text": "I got rejected", "cue": "they call", "will": "ask"}
FILE = {"id": "1", "filename": "a.txt", "size": 9, "url": "x", "proxy_url": "x", "content_type": "text/plain"}
STICKER = {"id": "1", "name": "x", "format_type": 1}
FORWARDED = {
    "type": 0,
    "content": "Dear Ann",
    "embeds": [],
    "attachments": [],
    "timestamp": "2026-11-23T18:00:00+00:00",
    "edited_timestamp": None,
    "flags": 0,
    "mentions": [],
    "mention_roles": [],
    "components": [],
}


class _Gateway(Gateway):
    """A gateway that keeps what it would send to the bot."""

    def __init__(self, world: World) -> None:
        super().__init__(world, "")
        self.sent: list[tuple[str, Json]] = []

    async def dispatch(self, event: str, data: Json, *, guild: int | None, intent: int) -> None:
        """Keep an event. guild, intent: as the real one takes them."""
        del guild, intent
        self.sent.append((event, data if event == "MESSAGE_CREATE" else {**data, "token": "t" * 200}))


@cache
def payloads() -> Sequence[tuple[str, Json]]:
    """Return Discord's payloads, each with the name of its event."""
    return asyncio.run(_sent())


@cache
def bot() -> int:
    """Return the account of the bot, which is mentioned in one of the messages."""
    return next(int(one["id"]) for _, payload in payloads() for one in payload.get("mentions", ()))


async def _sent() -> list[tuple[str, Json]]:
    server = Server()
    server.world = World(lambda: NOON)
    server.gateway = gateway = _Gateway(server.world)
    server.world.commands = commands.described(CATALOG, {})
    person = Person.new(server, "ann")
    room = server.world.server_channel(GUILD, {person.user.id})
    for text in LINES:
        await person.writes(text)
    await person.writes("", attachments=[FILE])
    await person.writes("", stickers=[STICKER])
    await person.writes("", snapshots=[{"message": FORWARDED}])
    await person.writes("@onward I got rejected", room)
    for place in (person.direct, room):
        await _press(person, place)
    return gateway.sent


async def _press(person: Person, place: Channel) -> None:
    await person.uses("rejected", place, employer="Acme", role="nurse")
    await person.uses("plan", place)
    world = person.server.world
    for reply in replies():
        components = render.messages(reply, CATALOG)[-1]["components"]
        message = Message(world.snowflake(), place.id, world.bot.id, "x", components=components)
        place.messages[message.id] = message
        for button in message.buttons:
            values = [option["value"] for option in button.get("options", ())[:1]]
            await person.presses_id(button["custom_id"], message, values, kind=button["type"])
    for form in (render.form("action", "7", CATALOG), render.write_form(CATALOG)):
        opened = Interaction(world.snowflake(), "t", person.user.id, place.id, NOON, 3, modal=form)
        await person.fills(opened, **WRITTEN)
