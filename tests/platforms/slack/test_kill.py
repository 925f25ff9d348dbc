"""`onward run` is killed again and again while people talk to it in Slack; nobody loses a line or reads one twice."""

import os
import random
from asyncio.subprocess import Process
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.databases import Database
from tests.platforms import crowd
from tests.platforms.ports import free_port, listens
from tests.platforms.slack.deliveries import Delivery
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import HTTP, SOCKET, environment
from tests.platforms.slack.server import Server

LONG = "ONWARD_TEST_KILLS" in os.environ
KILLS = int(os.environ.get("ONWARD_TEST_KILLS", "3"))
"""In each of the two modes."""
SEED = int(os.environ.get("ONWARD_TEST_SEED", "20260105"))
CROWD = 10


class Someone(crowd.Someone[Delivery]):
    """A person in the direct messages of Slack."""

    def __init__(self, person: Person, script: tuple[str, ...]) -> None:
        """Follow a script."""
        super().__init__(person.user.name, script)
        self._person = person

    async def does(self, mark: str, text: str, before: Delivery | None) -> Delivery:
        """Write, or press. A message that nobody took is brought again as it is."""
        if mark == "*":
            action = {"type": "button", "action_id": f"o:tap:{self.asked()}:{text}", "text": {"text": text}}
            return await self._person.acts(action, self._person.sees()[-1])
        if before is None:
            return await self._person.writes(text)
        return self._person.server.bring("events_api", before.payload)

    def id_of(self, sent: Delivery) -> tuple[str, str]:
        """Return as whose event, and by which id, something is known once it is committed."""
        told = sent.payload.get("event")
        name = f"{told['channel']}/{told['ts']}" if told else sent.payload["trigger_id"]
        return self._person.known_as, f"slack/{self._person.user.team}/{name}"

    def asked(self) -> int:
        """Return the number of the last question that this person sees."""
        shown = [one["action_id"].split(":")[2] for message in self._person.sees() for one in message.elements]
        return max(map(int, shown), default=0)

    def told(self) -> list[str]:
        """Return everything that this person was told, in order."""
        return [message.told for message in self._person.sees()]

    def is_over(self, sent: Delivery) -> bool:
        """Say whether Slack brings something no more."""
        return sent.done.is_set()


class Run(crowd.Run):
    """One run over Socket Mode or HTTP."""

    def __init__(
        self, server: Server, database: Path | Database, mode: str, kills: Sequence[int] = (), count: int = 1
    ) -> None:
        """Prepare a run."""
        super().__init__(server, database, kills, count)
        self._slack = server
        self._mode = mode
        self._urls: dict[int, str] = {}
        server.patience = 1.0

    def person(self, name: str, script: tuple[str, ...]) -> Someone:
        """Return somebody new."""
        return Someone(Person.new(self._slack, name), script)

    async def start(self) -> Process:
        """Start the bot, and return it when it is there."""
        begun, port = self._slack.socket_mode.greeted, free_port()
        listen = f"127.0.0.1:{port}"
        told = environment(self._slack, self._mode)
        environ = {**told, "ONWARD_HTTP__LISTEN": listen, "ONWARD_TEST_LEASE": "1.5"}
        worker = await crowd.worker("tests.platforms.slack.worker", self.database, environ)
        if self._mode == SOCKET:
            await self._slack.world.until(lambda: self._slack.socket_mode.greeted > begun)
        else:
            await listens(worker, port)
            self._urls[worker.pid] = f"http://{listen}"
            self._slack.balanced = list(self._urls.values())
        return worker

    def leaves(self, worker: Process) -> None:
        """Send it nothing more."""
        self._urls.pop(worker.pid, None)
        self._slack.balanced = list(self._urls.values())


@pytest.mark.faults
@pytest.mark.no_cover  # what is killed is another process
@pytest.mark.parametrize("mode", [SOCKET, HTTP])
async def test_a_killed_bot_loses_nothing_and_says_nothing_twice(tmp_path: Path, mode: str) -> None:
    """What everybody reads, in order, is the same as in a run that nobody disturbed."""
    async with Server() as server:
        calm = Run(server, tmp_path / "calm.db", mode)
        expected = await calm.play(CROWD)
        requests = len(server.requests)
    async with Server() as server:
        dice = random.Random(SEED)  # noqa: S311 - a test has to repeat itself
        kills = sorted(dice.choices(range(10, requests * 9 // 10), k=KILLS))
        wild = Run(server, tmp_path / "wild.db", mode, kills)
        told = await wild.play(CROWD)
        assert not server.wrong, server.wrong
    crowd.assert_same(expected, told)
    assert wild.lives == KILLS + 1
    assert calm.repeated == 0
    print(f"{wild.lives} lives, {wild.repeated} repeated")  # noqa: T201 - seen with pytest -s


@pytest.mark.faults
@pytest.mark.databases("postgresql")
@pytest.mark.skipif(not LONG, reason="make faults runs it: three processes that are killed")
@pytest.mark.parametrize("mode", [SOCKET, HTTP])
async def test_with_three_of_them_it_is_the_same(tmp_path: Path, database: Database, mode: str) -> None:
    """On one PostgreSQL, behind a balancer or with connections of their own."""
    async with Server() as server:
        expected = await Run(server, tmp_path / "calm.db", mode).play(CROWD)
        requests = len(server.requests)
    async with Server() as server:
        dice = random.Random(SEED)  # noqa: S311 - a test has to repeat itself
        # Those who are left go on meanwhile: with too many kills everybody would be through before the last one.
        kills = sorted(dice.choices(range(10, requests // 2), k=min(KILLS, 10)))
        wild = Run(server, database, mode, kills, 3)
        told = await wild.play(CROWD)
        assert not server.wrong, server.wrong
    crowd.assert_same(expected, told)
    assert wild.lives > 3
    print(f"{wild.lives} lives, {wild.repeated} repeated")  # noqa: T201 - seen with pytest -s
