"""Many people at once: everybody is acknowledged in time, and answered."""

import asyncio

from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot
from tests.platforms.discord.server import Server

CROWD = 200


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
