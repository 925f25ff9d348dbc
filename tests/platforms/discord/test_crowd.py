"""Many people at once: everybody is acknowledged in time, and answered."""

import asyncio
import os
from collections.abc import Awaitable, Iterable
from pathlib import Path

import pytest

from adapters.discord import panel
from dialogs.catalog import Catalog
from dialogs.community import chosen
from tests.platforms.discord.community import Neighbourhood
from tests.platforms.discord.interactions import FIRST_ANSWER_WITHIN
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import EPHEMERAL, Interaction, Message

CROWD = 200
LONG = "ONWARD_TEST_KILLS" in os.environ
SERVERS = 200
PRESSES, AT_ONCE = 10_000 if LONG else 400, 50
"""Here the server, the people and the bot share a process; in the bench the bot has its own, and 200 come at once."""
COMMUNITIES = 100 if LONG else 30


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


@pytest.mark.faults
async def test_members_of_200_servers_who_press_the_panel_are_all_acknowledged_and_answered(
    server: Server, tmp_path: Path
) -> None:
    """10,000 presses within an hour are three a second; here many more come at the same moment, again and again."""
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
        pressed: list[Interaction] = []
        for first in range(0, PRESSES, AT_ONCE):
            some = crowd[first : first + AT_ONCE]
            now = await asyncio.gather(
                *(person.presses("rejected", place, next(iter(place.messages.values()))) for person, place in some)
            )
            await server.world.until(lambda batch=now: all(one.answered for one in batch))  # type: ignore[misc] # a lambda in a loop
            await bot.settled()
            pressed += now
        assert {press.answered for press in pressed} == {5}
        longest = max(press.acknowledged_after or 0 for press in pressed)
        assert longest < FIRST_ANSWER_WITHIN
        print(f"{PRESSES} presses, the longest acknowledged after {longest:.2f} s")  # noqa: T201 - seen with pytest -s
        for person, place in crowd:
            (answer,) = [one for one in person.sees(place) if one.flags & EPHEMERAL]
            assert "How long" in answer.content
        person, _ = crowd[-1]
        assert (await bot.store.journey(f"discord:{person.user.id}")).settings.country == "GB"
        assert await bot.store.pending() == []


async def test_members_of_many_servers_find_a_mentor_at_once_each_in_their_own(server: Server, tmp_path: Path) -> None:
    """Every request goes to the mentor of that server, and to nobody else; the last step comes from direct messages."""
    towns = [Neighbourhood.built(server, f"server {number}") for number in range(COMMUNITIES)]
    async with running(server, tmp_path) as bot:

        async def all_of(doing: Iterable[Awaitable[Interaction]]) -> list[Interaction]:
            done = await asyncio.gather(*doing)
            await server.world.until(lambda: all(one.answered is not None for one in done), 120)
            await bot.settled()
            assert max(one.acknowledged_after or 0 for one in done) < FIRST_ANSWER_WITHIN
            return done

        for town in towns:
            await town.set_up(bot)
        await all_of(one.mia.uses("mentor offer", one.start) for one in towns)
        picked = "What you can help with", "Salary"
        await all_of(one.mia.picks(*picked, channel=one.start) for one in towns)
        await all_of(one.mia.presses("I'm 18 or older: offer", one.start) for one in towns)
        await all_of(one.ben.uses("mentor find", one.start) for one in towns)
        await all_of(one.ben.presses("Salary", one.start) for one in towns)
        await all_of(one.ben.presses("I'm 18 or older: look", one.start) for one in towns)
        await all_of(one.mia.presses("Yes, I can") for one in towns)
        await all_of(one.ben.presses("Yes, open a room") for one in towns)
        for town in towns:
            (room,) = town.ben.threads()
            assert room.members == {town.ben.user.id, town.mia.user.id, server.world.bot.id}
            assert room.parent == town.start.id
            assert len(town.mia.sees()) == 1
        assert await bot.store.pending() == []
