"""Both platforms are down while check-ins come due and people write; afterwards everything arrives, once, in order."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.databases import Database, next_wake, says
from tests.platforms.discord import running as discord
from tests.platforms.discord import server as discord_server
from tests.platforms.discord.people import Person as DiscordPerson
from tests.platforms.slack import running as slack
from tests.platforms.slack import server as slack_server
from tests.platforms.slack.people import Person as SlackPerson
from tests.platforms.slack.requests import Fault

LONG = int(os.environ.get("ONWARD_TEST_KILLS", "0")) > 0
"""Whether it lasts for a minute: `make faults`."""

FOR_EVER = 10**9
CROWD = 3
PATIENCE = 300.0 if LONG else 30.0
"""Seconds: waits between tries grow with how long nothing works."""

BEFORE, AFTER = ("I got rejected by Stark", "tonight", "those jerks"), ("enough", "4")

Bot = discord.Bot | slack.Bot
Person = DiscordPerson | SlackPerson

pytestmark = [pytest.mark.faults, pytest.mark.databases("postgresql")]


def told(person: Person) -> list[str]:
    """Return what somebody was told, in order."""
    if isinstance(person, SlackPerson):
        return [message.told for message in person.sees()]
    return [message.content for message in person.sees()]


async def write(bot: Bot, people: Sequence[Person], *lines: str) -> None:
    """Have people write, and return when all of it is answered."""
    for line in lines:
        for sent in [await person.writes(line) for person in people]:
            await bot.took(sent)  # type: ignore[arg-type] # each bot with the people of its platform


async def wake(bot: Bot) -> None:
    """Let the evening be over."""
    due = await next_wake(bot.store)
    assert due is not None
    bot.clock.move_to(due)
    await bot.app.scheduler.fire_due(due)


async def in_peace(folder: Path) -> tuple[list[str], list[str]]:
    """Return what somebody on each platform is told when nothing goes wrong."""
    async with discord_server.served() as server, discord.running(server, folder) as bot:
        ann = DiscordPerson.new(server, "ann")
        await write(bot, [ann], *BEFORE)
        await wake(bot)
        await write(bot, [ann], *AFTER)
    async with slack_server.served() as workspace, slack.running(workspace, folder) as other:
        ben = SlackPerson.new(workspace, "ben")
        await write(other, [ben], *BEFORE)
        await wake(other)
        await write(other, [ben], *AFTER)
    return told(ann), told(ben)


class Outage:
    """Two servers that answer nothing but refusals."""

    def __init__(self, server: discord_server.Server, workspace: slack_server.Server) -> None:
        """Be about these."""
        self._discord = server
        self._slack = workspace

    async def begin(self) -> None:
        """Refuse everything, too many requests first, and cut what is connected."""
        self.refuse("429")
        self._discord.gateway.refuses, self._slack.socket_mode.refuses = True, FOR_EVER
        self._discord.gateway.drop()
        await self._slack.socket_mode.cut()

    def refuse(self, kind: str) -> None:
        """Answer everything so."""
        self._discord.faults.clear()
        self._slack.faults.clear()
        self._discord.faults.append(discord_server.Fault(kind, FOR_EVER))
        self._slack.faults.append(Fault(kind, FOR_EVER))

    async def last(self) -> None:
        """Return when it has lasted a while, too many requests first and then faults of theirs."""
        await self._refused()
        self.refuse("500")
        await self._refused()

    async def _refused(self) -> None:
        if LONG:
            await asyncio.sleep(30)
        for place in (self._discord, self._slack):
            enough = len(place.requests) + CROWD
            await place.world.until(lambda place=place, enough=enough: len(place.requests) >= enough, PATIENCE)  # type: ignore[misc] # lambda in a loop

    def end(self) -> None:
        """Answer everything as it should be."""
        self._discord.faults.clear()
        self._slack.faults.clear()
        self._discord.gateway.refuses, self._slack.socket_mode.refuses = False, 0


async def test_while_both_platforms_are_down_nothing_is_lost(database: Database, tmp_path: Path) -> None:
    """What falls due, and what people write meanwhile; each of two processes serves one of the platforms."""
    async with (
        discord_server.served() as server,
        slack_server.served() as workspace,
        discord.running(server, database) as bot,
        slack.running(workspace, database) as other,
    ):
        here = [DiscordPerson.new(server, f"ann {number}") for number in range(CROWD)]
        there = [SlackPerson.new(workspace, f"ben {number}") for number in range(CROWD)]
        await write(bot, here, *BEFORE)
        await write(other, there, *BEFORE)
        outage = Outage(server, workspace)
        await outage.begin()
        await wake(bot)
        await wake(other)
        await says(database, f"SELECT count(*) >= {2 * CROWD} FROM outbox")  # noqa: S608 - a number
        for person in here:
            await person.writes(AFTER[0])
        for person_there in there:
            await person_there.writes(AFTER[0])
        await outage.last()
        outage.end()
        # Brought again, or read where nobody brings it any more.
        said = 2 * CROWD * (len(BEFORE) + 1)
        await says(database, f"SELECT count(*) = {said} FROM events", PATIENCE)  # noqa: S608 - a number
        await says(database, "SELECT count(*) = 0 FROM outbox", PATIENCE)
        await write(bot, here, *AFTER[1:])
        await write(other, there, *AFTER[1:])
    expected_here, expected_there = await in_peace(tmp_path)
    for person in here:
        assert told(person) == expected_here
    for person_there in there:
        assert told(person_there) == expected_there
