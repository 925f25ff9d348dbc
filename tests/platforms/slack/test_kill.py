"""`onward run` is killed again and again while people talk to it in Slack; nobody loses a line or reads one twice."""

import asyncio
import os
import random
import socket
import sqlite3
import sys
from asyncio.subprocess import Process
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.people import TAPPER, WRITER
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import HTTP, SOCKET, environment
from tests.platforms.slack.server import Delivery, Server

KILLS = int(os.environ.get("ONWARD_TEST_KILLS", "5"))
"""In each of the two modes."""
SEED = int(os.environ.get("ONWARD_TEST_SEED", "20260105"))
CROWD = 10
LOOK = 0.02
"""Commits are looked for in the database every so many seconds: nothing on the wire tells of one."""


@dataclass
class Someone:
    """A person who goes on when the question is there, and presses again when the bot was gone and nothing happened."""

    person: Person
    script: tuple[str, ...]
    done: int = 0
    under_way: Delivery | None = None
    during: int = 0
    repeated: int = 0

    async def go_on(self, known: set[str], life: int) -> None:
        """Do what comes next, given the events that are committed, in one of the lives of the bot."""
        if self.under_way is not None and self.id_of(self.under_way) in known:
            self.under_way, self.done = None, self.done + 1
        if self.done == len(self.script):
            return
        mark, _, text = self.script[self.done].partition(" ")
        if self.under_way is None:
            if mark == "*" and self.asked() < sum(line[0] != "-" for line in self.script[: self.done]):
                return
        # A message in a channel that the bot knows is read after the restart; the first one, and presses, are not.
        elif life == self.during or not self.under_way.done.is_set() or (mark != "*" and self.done):
            return
        else:
            self.repeated += 1
        self.during = life
        if mark == "*":
            action = {"type": "button", "action_id": f"o:tap:{self.asked()}:{text}", "text": {"text": text}}
            self.under_way = await self.person.acts(action, self.person.sees()[-1])
        elif self.under_way is None:
            self.under_way = await self.person.writes(text)
        else:
            self.under_way = self.person.server.bring("events_api", self.under_way.payload)

    def id_of(self, delivery: Delivery) -> str:
        """Return by which id something is known once it is committed."""
        told = delivery.payload.get("event")
        name = f"{told['channel']}/{told['ts']}" if told else delivery.payload["trigger_id"]
        return f"slack/{self.person.user.team}/{name}"

    def asked(self) -> int:
        """Return the number of the last question that this person sees."""
        shown = [one["action_id"].split(":")[2] for message in self.person.sees() for one in message.elements]
        return max(map(int, shown), default=0)


@dataclass
class Run:
    """One run of the whole crowd. `kills` are the numbers of requests after which to kill."""

    server: Server
    database: Path
    mode: str
    kills: list[int] = field(default_factory=list)
    lives: int = 0
    repeated: int = 0

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
        return {one.person.user.name: [message.told for message in one.person.sees()] for one in people}

    async def _start(self) -> Process:
        environ = {**os.environ, **environment(self.server, self.mode)}
        if self.mode == HTTP:
            environ["ONWARD_HTTP__LISTEN"] = self.server.bot_url.removeprefix("http://")
        self.lives += 1
        begun = self.server.greeted
        command = (sys.executable, "-m", "tests.platforms.slack.worker", str(self.database))
        worker = await asyncio.create_subprocess_exec(*command, env=environ)
        if self.mode == SOCKET:
            await self.server.world.until(lambda: self.server.greeted > begun)
        else:
            await self._listens(worker)
        return worker

    async def _listens(self, worker: Process) -> None:
        host, _, port = self.server.bot_url.removeprefix("http://").partition(":")
        async with asyncio.timeout(20):
            while worker.returncode is None:
                try:
                    _, writer = await asyncio.open_connection(host, int(port))
                except OSError:
                    await asyncio.sleep(LOOK)
                else:
                    writer.close()
                    return

    async def _through(self, people: list[Someone]) -> bool:
        with closing(sqlite3.connect(self.database)) as connection:
            known = {row[0] for row in connection.execute("SELECT id FROM events")}
            (left,) = connection.execute("SELECT count(*) FROM outbox").fetchone()
        for one in people:
            await one.go_on(known, self.lives)
        return not left and all(one.done == len(one.script) for one in people)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def prepared(server: Server, mode: str) -> Server:
    """Have a server bring things the way of a mode."""
    server.bot_url = f"http://127.0.0.1:{free_port()}" if mode == HTTP else ""
    server.patience = 1.0
    return server


@pytest.mark.faults
@pytest.mark.no_cover  # what is killed is another process
@pytest.mark.parametrize("mode", [SOCKET, HTTP])
async def test_a_killed_bot_loses_nothing_and_says_nothing_twice(tmp_path: Path, mode: str) -> None:
    """What everybody reads, in order, is the same as in a run that nobody disturbed."""
    async with Server() as server:
        calm = Run(prepared(server, mode), tmp_path / "calm.db", mode)
        expected = await calm.play()
        requests = len(server.requests)
    async with Server() as server:
        dice = random.Random(SEED)  # noqa: S311 - a test has to repeat itself
        kills = sorted(dice.choices(range(10, requests * 9 // 10), k=KILLS))
        wild = Run(prepared(server, mode), tmp_path / "wild.db", mode, kills)
        told = await wild.play()
        assert not server.wrong, server.wrong
    for name, said in expected.items():
        heard = told[name]
        # The message counts: a person's words belong into no log, not even these.
        assert heard == said, f"{name} was told {len(heard)} messages that should be these {len(said)}"
    assert wild.lives == KILLS + 1
    assert calm.repeated == 0
    print(f"{wild.lives} lives, {wild.repeated} repeated")  # noqa: T201 - seen with pytest -s
