"""`onward run` is killed again and again while people talk to it; nobody loses a line, and nobody reads one twice."""

import os
import random
from asyncio.subprocess import Process
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.databases import Database
from tests.platforms import crowd
from tests.platforms.discord.people import Person
from tests.platforms.discord.server import TOKEN, Server
from tests.platforms.discord.world import Interaction, Message

LONG = "ONWARD_TEST_KILLS" in os.environ
KILLS = int(os.environ.get("ONWARD_TEST_KILLS", "5"))
SEED = int(os.environ.get("ONWARD_TEST_SEED", "20260105"))
CROWD = 10


class Someone(crowd.Someone[Interaction | Message]):
    """A person in the direct messages of Discord."""

    def __init__(self, person: Person, script: tuple[str, ...]) -> None:
        """Follow a script."""
        super().__init__(person.user.name, script)
        self._person = person

    async def does(
        self,
        mark: str,
        text: str,
        before: Interaction | Message | None,  # noqa: ARG002 - Discord brings nothing again
    ) -> Interaction | Message:
        """Write, or press; what was done in vain is done anew."""
        if mark == "*":
            return await self._person.presses_id(f"o:tap:{self.asked()}:{text}", self._person.last())
        return await self._person.writes(text)

    def id_of(self, sent: Interaction | Message) -> tuple[str, str]:
        """Return as whose event, and by which id, something is known once it is committed."""
        return f"discord:{self._person.user.id}", f"discord/{sent.id}"

    def asked(self) -> int:
        """Return the number of the last question that this person sees."""
        shown = [button["custom_id"] for message in self._person.sees() for button in message.buttons]
        return int(shown[-1].split(":")[2]) if shown else 0

    def told(self) -> list[str]:
        """Return everything that this person was told, in order."""
        return [message.content for message in self._person.sees()]


class Run(crowd.Run):
    """One run in Discord."""

    def __init__(self, server: Server, database: Path | Database, kills: Sequence[int] = (), count: int = 1) -> None:
        """Prepare a run."""
        super().__init__(server, database, kills, count)
        self._discord = server

    def person(self, name: str, script: tuple[str, ...]) -> Someone:
        """Return somebody new."""
        return Someone(Person.new(self._discord, name), script)

    async def start(self) -> Process:
        """Start the bot, and return it when it is there."""
        environ = {
            "ONWARD_DISCORD__TOKEN": TOKEN,
            "ONWARD_DISCORD__API_URL": self._discord.api_url,
            "ONWARD_TEST_LEASE": "1.5",
        }
        begun = self._discord.gateway.identified
        worker = await crowd.worker("tests.platforms.discord.worker", self.database, environ)
        await self._discord.world.until(lambda: self._discord.gateway.identified > begun)
        return worker

    def leaves(self, worker: Process) -> None:
        """Do nothing: its sessions end with it."""


@pytest.mark.faults
@pytest.mark.no_cover  # what is killed is another process
async def test_a_killed_bot_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    """What everybody reads, in order, is the same as in a run that nobody disturbed."""
    async with Server() as server:
        calm = Run(server, tmp_path / "calm.db")
        expected = await calm.play(CROWD)
        requests = len(server.requests)
    async with Server() as server:
        dice = random.Random(SEED)  # noqa: S311 - a test has to repeat itself
        kills = sorted(dice.choices(range(10, requests * 9 // 10), k=KILLS))
        wild = Run(server, tmp_path / "wild.db", kills)
        told = await wild.play(CROWD)
        assert server.wrong == []
    crowd.assert_same(expected, told)
    assert wild.lives == KILLS + 1
    assert calm.repeated == 0
    print(f"{wild.lives} lives, {wild.repeated} repeated")  # noqa: T201 - seen with pytest -s


@pytest.mark.faults
@pytest.mark.databases("postgresql")
@pytest.mark.skipif(not LONG, reason="make faults runs it: two processes that are killed")
async def test_with_two_of_them_nobody_even_has_to_press_again(tmp_path: Path, database: Database) -> None:
    """On one shard and one PostgreSQL: one of them is always there, and takes what the other one cannot."""
    async with Server() as server:
        expected = await Run(server, tmp_path / "calm.db").play(CROWD)
        requests = len(server.requests)
    async with Server() as server:
        dice = random.Random(SEED)  # noqa: S311 - a test has to repeat itself
        # Those who are left go on meanwhile: with too many kills everybody would be through before the last one.
        kills = sorted(dice.choices(range(10, requests // 2), k=min(KILLS, 10)))
        wild = Run(server, database, kills, 2)
        told = await wild.play(CROWD)
        assert server.wrong == []
    crowd.assert_same(expected, told)
    assert wild.lives > 2
    assert wild.repeated == 0
