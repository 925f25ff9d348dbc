"""Files on their way: under the message that they belong to, and never in its way."""

import json
from typing import Any

from adapters.discord.address import Pressed
from dialogs.replies import File, Reply
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot
from tests.platforms.discord.server import Fault, Server
from tests.platforms.discord.test_delivery import MESSAGES
from tests.platforms.discord.world import Channel, Message

REPLY = Reply(text="The page\n\nand what is on it", keys=("x",), file=File(name="onward-1.json", text='{"soup": 1}'))


async def post(bot: Bot, ann: Person, address: str = "") -> None:
    """Have a page with a file delivered, twice, as after a crash."""
    who = f"discord:{ann.user.id}"
    async with bot.store.begin() as unit:
        await unit.journeys([who])
        posted = await unit.post([(who, address or f"dm/{ann.direct.id}", REPLY)])
    for _ in range(2):
        bot.app.dispatcher.post(posted)
        await bot.app.dispatcher.settled()


def files(server: Server, message: Message) -> list[tuple[str, str, Any]]:
    """Return what is under a message: names, descriptions, and what is in it."""
    return [
        (one["filename"], one["description"], json.loads(server.world.files[one["id"]])) for one in message.attachments
    ]


async def test_the_export_is_a_file_in_the_chat(bot: Bot, ann: Person, server: Server) -> None:
    """Under the page, which says what it is."""
    await bot.took(await ann.writes("rejected by St\u00e4rk"))
    await bot.took(await ann.uses("export"))
    (message,) = (one for one in ann.sees() if one.attachments)
    assert "St\u00e4rk" in message.content
    ((name, description, content),) = files(server, message)
    assert name == "onward-2026-11-23-180000.json"
    assert description == "Everything I keep about you"
    assert content["format"] == "onward-export"
    assert content["applications"][0]["employer"] == "St\u00e4rk"


async def test_a_file_comes_once_and_whole(bot: Bot, ann: Person, server: Server) -> None:
    """Also when the message is sent again, or its first tries fail; one of them had arrived."""
    server.faults += [Fault("503", 1, MESSAGES), Fault("reset", 1, MESSAGES), Fault("503", 1, MESSAGES, after=True)]
    await post(bot, ann)
    (message,) = ann.sees()
    assert files(server, message) == [("onward-1.json", "The page", {"soup": 1})]


async def test_where_the_file_is_refused_the_page_arrives_alone(bot: Bot, ann: Person, server: Server) -> None:
    """And what comes behind it, too."""
    server.messages.largest = 5
    await post(bot, ann)
    assert [(message.content, message.attachments) for message in ann.sees()] == [(REPLY.text, [])]
    assert await bot.store.pending() == []


async def test_in_a_server_only_the_person_sees_the_file(bot: Bot, ann: Person, server: Server, town: Channel) -> None:
    """It is added to the one window, beside the files of before; a letter that comes again adds nothing."""
    await bot.took(await ann.writes("rejected by Stark"))
    pressed = await ann.uses("export", town)
    await bot.took(pressed)
    (shown,) = ann.sees(town)
    assert shown.only_for == ann.user.id
    ((name, _, content),) = files(server, shown)
    assert name.endswith(".json")
    assert content["applications"][0]["employer"] == "Stark"
    await post(bot, ann, str(Pressed(id=pressed.id, token=pressed.token)))
    (shown,) = ann.sees(town)
    assert [found[0] for found in files(server, shown)] == [name, "onward-1.json"]
    assert shown.content.endswith(REPLY.text)
