"""Many people at once: everybody is acknowledged in time, and answered."""

import asyncio
from pathlib import Path

from adapters.discord import panel
from dialogs.catalog import Catalog
from dialogs.community import chosen
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import FIRST_ANSWER_WITHIN, Server
from tests.platforms.discord.world import EPHEMERAL, Message

CROWD = 200
SERVERS, PRESSES, AT_ONCE = 200, 500, 100


async def test_200_people_who_press_at_once_are_all_acknowledged_and_answered(bot: Bot, server: Server) -> None:
    """The server refuses an acknowledgement after three seconds, as Discord does; how long it takes is in the bench."""
    crowd = [Person.new(server, f"person {number}") for number in range(CROWD)]
    for event in await asyncio.gather(*(person.writes("I got rejected") for person in crowd)):
        await bot.took(event)
    pressed = await asyncio.gather(*(person.presses("straight_on") for person in crowd))
    for press in pressed:
        await bot.took(press)
    assert {press.answered for press in pressed} == {6}
    for person in crowd:
        asked = [message for message in person.sees() if message.buttons]
        assert len(asked) == 2
        assert all(button["disabled"] for button in asked[0].buttons)


async def test_500_people_of_200_servers_who_press_the_panel_are_all_acknowledged_and_answered(
    server: Server, tmp_path: Path
) -> None:
    """10,000 presses within an hour are three a second; here 100 come at the same moment, and five times."""
    world = server.world
    places = [world.server_channel(world.add_guild(f"server {number}"), set()) for number in range(SERVERS)]
    for place in places:
        told = panel.rendered(Catalog.load())
        message = Message(world.snowflake(), place.id, world.bot.id, told["content"], told["components"])
        place.messages[message.id] = message
    async with running(server, tmp_path) as bot:
        for place in places:
            await bot.host.communities.change(f"discord:{place.guild}", lambda one: chosen(one, "country", ["GB"]))
        crowd = [(Person.new(server, f"person {number}"), places[number % SERVERS]) for number in range(PRESSES)]
        for person, place in crowd:
            place.members.add(person.user.id)
        pressed = []
        for first in range(0, PRESSES, AT_ONCE):
            some = crowd[first : first + AT_ONCE]
            pressed += await asyncio.gather(
                *(person.presses("rejected", place, next(iter(place.messages.values()))) for person, place in some)
            )
            for press in pressed[first:]:
                await bot.took(press)
        assert {press.answered for press in pressed} == {5}
        assert max(press.acknowledged_after or 0 for press in pressed) < FIRST_ANSWER_WITHIN
        for person, place in crowd:
            (answer,) = [one for one in person.sees(place) if one.flags & EPHEMERAL]
            assert "How long" in answer.content
        person, _ = crowd[-1]
        assert (await bot.store.journey(f"discord:{person.user.id}")).settings.country == "GB"
