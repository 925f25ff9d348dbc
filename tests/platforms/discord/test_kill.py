"""`onward run` is killed again and again while people talk to it; nobody loses a line, and nobody reads one twice."""

import asyncio
import os
import random
import sqlite3
import sys
from asyncio.subprocess import Process
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.people import TAPPER, WRITER
from tests.platforms.discord.people import Person
from tests.platforms.discord.server import TOKEN, Server
from tests.platforms.discord.world import Interaction, Message

KILLS = int(os.environ.get("ONWARD_TEST_KILLS", "10"))
SEED = int(os.environ.get("ONWARD_TEST_SEED", "20260105"))
CROWD = 20
LOOK = 0.02
"""Commits are looked for in the database every so many seconds: nothing on the wire tells of one."""


@dataclass
class Someone:
    """A person who goes on when the question is there, and presses again when the bot was gone and nothing happened."""

    person: Person
    script: tuple[str, ...]
    done: int = 0
    under_way: Interaction | Message | None = None
    during: int = 0
    repeated: int = 0

    async def go_on(self, known: set[str], life: int) -> None:
        """Do what comes next, given the events that are committed, in one of the lives of the bot."""
        if self.under_way is not None and f"discord/{self.under_way.id}" in known:
            self.under_way, self.done = None, self.done + 1
        if self.done == len(self.script):
            return
        mark, _, text = self.script[self.done].partition(" ")
        if self.under_way is None:
            if mark == "*" and self.asked() < sum(line[0] != "-" for line in self.script[: self.done]):
                return
        # A message in a channel that the bot knows is read after the restart; the first one, and presses, are not.
        elif life == self.during or (isinstance(self.under_way, Message) and self.done):
            return
        else:
            self.repeated += 1
        self.during = life
        if mark == "*":
            last = self.person.last()
            self.under_way = await self.person.presses_id(f"o:tap:{self.asked()}:{text}", last)
        else:
            self.under_way = await self.person.writes(text)

    def asked(self) -> int:
        """Return the number of the last question that this person sees."""
        shown = [button["custom_id"] for message in self.person.sees() for button in message.buttons]
        return int(shown[-1].split(":")[2]) if shown else 0


@dataclass
class Run:
    """One run of the whole crowd. `kills` are the numbers of requests after which to kill."""

    server: Server
    database: Path
    kills: list[int] = field(default_factory=list)
    lives: int = 0

    async def play(self) -> dict[str, list[str]]:
        """Return what everybody was told."""
        people = []
        for n in range(CROWD):
            script = tuple(line.format(n=n) for line in (WRITER if n % 2 else TAPPER))
            people.append(Someone(Person.new(self.server, f"person {n}"), script))
        worker = await self._start()
        try:
            while not await self._through(people):
                if self.kills and len(self.server.requests) >= self.kills[0]:
                    self.kills.pop(0)
                    worker.kill()
                    await worker.wait()
                    worker = await self._start()
                assert worker.returncode is None, "a worker ended by itself"
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK), self.server.world.changed:
                        await self.server.world.changed.wait()
        finally:
            with suppress(ProcessLookupError):
                worker.kill()
            await worker.wait()
        self.repeated = sum(one.repeated for one in people)
        return {one.person.user.name: [message.content for message in one.person.sees()] for one in people}

    async def _start(self) -> Process:
        environ = {**os.environ, "ONWARD_DISCORD__TOKEN": TOKEN, "ONWARD_DISCORD__API_URL": self.server.api_url}
        self.lives += 1
        begun = self.server.gateway.identified
        command = (sys.executable, "-m", "tests.platforms.discord.worker", str(self.database))
        worker = await asyncio.create_subprocess_exec(*command, env=environ)
        await self.server.world.until(lambda: self.server.gateway.identified > begun)
        return worker

    async def _through(self, people: list[Someone]) -> bool:
        with closing(sqlite3.connect(self.database)) as connection:
            known = {row[0] for row in connection.execute("SELECT id FROM events")}
            (left,) = connection.execute("SELECT count(*) FROM outbox").fetchone()
        for one in people:
            await one.go_on(known, self.lives)
        return not left and all(one.done == len(one.script) for one in people)


@pytest.mark.faults
@pytest.mark.no_cover  # what is killed is another process
async def test_a_killed_bot_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    """What everybody reads, in order, is the same as in a run that nobody disturbed."""
    async with Server() as server:
        calm = Run(server, tmp_path / "calm.db")
        expected = await calm.play()
        requests = len(server.requests)
    async with Server() as server:
        dice = random.Random(SEED)  # noqa: S311 - a test has to repeat itself
        kills = sorted(dice.choices(range(10, requests * 9 // 10), k=KILLS))
        wild = Run(server, tmp_path / "wild.db", kills)
        told = await wild.play()
        assert server.wrong == []
    for name, said in expected.items():
        heard = told[name]
        # The message counts: a person's words belong into no log, not even these.
        assert heard == said, f"{name} was told {len(heard)} messages that should be these {len(said)}"
    assert wild.lives == KILLS + 1
    assert calm.repeated == 0
    print(f"{wild.lives} lives, {wild.repeated} repeated")  # noqa: T201 - seen with pytest -s
