"""`onward run` is asked to stop, whatever is under way: it ends in time, and the next one answers everybody.

One process serves everything: Discord, and Slack over Socket Mode and over HTTP.
"""

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest

from tests.databases import Database, says
from tests.gate import Gate, gate_to
from tests.platforms import commands
from tests.platforms.commands import ended, logs
from tests.platforms.databases import environment_of
from tests.platforms.discord import server as discord
from tests.platforms.discord.people import Person as DiscordPerson
from tests.platforms.ports import free_port, listens
from tests.platforms.slack import server as slack
from tests.platforms.slack.deliveries import SECRET, Delivery
from tests.platforms.slack.people import Person as SlackPerson
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import SOCKET, environment
from tests.platforms.slack.world import Json

STOPS_WITHIN = 10.0
"""Seconds: what is promised to hosts, whose tools kill what has not ended by then."""

LONG = int(os.environ.get("ONWARD_TEST_KILLS", "0")) > 0
"""Whether this is the long run: `make faults`."""

FOR_EVER = 10**6
WITH_NOBODY = "SELECT count(*) = 0 FROM outbox WHERE holder IS NOT NULL"
GONE = "SELECT count(*) = 0 FROM replicas"
WAITS = (
    "SELECT count(*) > 0 FROM pg_locks JOIN pg_database ON pg_database.oid = database "
    "WHERE NOT granted AND relation = 'events'::regclass AND datname = current_database()"
)

pytestmark = [pytest.mark.faults, pytest.mark.databases("postgresql")]


class Host:
    """Where the command runs: two platforms, a database behind a gate, and three people who use it."""

    def __init__(
        self, folder: Path, other: discord.Server, workspace: slack.Server, database: Database, gate: Gate
    ) -> None:
        """Begin with nobody known."""
        self.folder = folder
        self.discord = other
        self.slack = workspace
        self.database = database
        self.gate = gate
        self.ann = DiscordPerson.new(other, "ann")
        self.ben = SlackPerson.new(workspace, "ben")
        self.zoe = SlackPerson.new(workspace, "zoe")
        self._port = free_port()
        self._of_zoe = {"channel": self.zoe.direct.id, "channel_type": "im", "team": self.zoe.user.team}

    async def start(self) -> Process:
        """Start the command, and return when it serves everything."""
        begun, greeted = self.discord.gateway.identified, self.slack.socket_mode.greeted
        process = await self.begin()
        await self.discord.world.until(lambda: self.discord.gateway.identified > begun)
        await self.slack.world.until(lambda: self.slack.socket_mode.greeted >= greeted + 2)
        await listens(process, self._port)
        return process

    async def begin(self) -> Process:
        """Start the command."""
        environ = {
            **environment(self.slack, SOCKET),
            **environment_of(Database(self.gate.on(self.database.url))),
            "ONWARD_DISCORD__TOKEN": discord.TOKEN,
            "ONWARD_DISCORD__API_URL": self.discord.api_url,
            "ONWARD_SLACK__SIGNING_SECRET": SECRET,
            "ONWARD_HTTP__LISTEN": f"127.0.0.1:{self._port}",
        }
        return await commands.start(self.folder, "run", **environ)

    async def write(self, text: str) -> Delivery:
        """Have all three write; return what Slack brings over HTTP."""
        await self.ann.writes(text)
        await self.ben.writes(text)
        return await self.write_over_http(text)

    async def write_over_http(self, text: str) -> Delivery:
        """Have one of them write."""
        return await self.bring(self.zoe.event({**self.zoe.put(text).payload(), **self._of_zoe}))

    async def bring(self, payload: Json) -> Delivery:
        """Bring an event over HTTP, and return when it is on its way."""
        self.slack.bot_url = f"http://127.0.0.1:{self._port}"
        delivery = self.slack.bring("events_api", payload)
        while not delivery.tries:  # noqa: ASYNC110 - it begins at once
            await asyncio.sleep(0)
        self.slack.bot_url = ""
        return delivery

    async def told(self, number: int) -> None:
        """Return when everybody was told so many things, and all of it is cleared away; nobody is told more."""
        await self.discord.world.until(lambda: len(self.ann.sees()) >= number)
        await self.slack.world.until(lambda: len(self.ben.sees()) >= number and len(self.zoe.sees()) >= number)
        await says(self.database, "SELECT count(*) = 0 FROM outbox")
        assert [len(one.sees()) for one in (self.ann, self.ben, self.zoe)] == [number] * 3


@pytest.fixture
async def host(database: Database, tmp_path: Path) -> AsyncIterator[Host]:
    """Give everything that the command needs, with three people who have said hello to it."""
    async with AsyncExitStack() as stack:
        other = await stack.enter_async_context(discord.served())
        workspace = await stack.enter_async_context(slack.served())
        workspace.retrying = False
        gate = await stack.enter_async_context(gate_to(database.url))
        yield Host(tmp_path, other, workspace, database, gate)


@asynccontextmanager
async def stopping(process: Process) -> AsyncIterator[None]:
    """Ask a process to stop; at the end of the block, it ends well and in time."""
    begun = monotonic()
    process.terminate()
    yield
    status, out, err = await ended(process)
    assert (status, out) == (0, ""), err
    assert monotonic() - begun < STOPS_WITHIN
    assert "Traceback" not in err


async def test_while_the_platforms_take_letters_and_never_answer(host: Host) -> None:
    """The letters are with nobody then, and whoever starts next delivers them, once."""
    process = await host.start()
    host.discord.faults.append(discord.Fault("hang", FOR_EVER, "/messages"))
    host.slack.faults.append(Fault("hang", FOR_EVER, "/chat.postMessage"))
    await host.write("hello")
    await says(host.database, "SELECT count(*) = 3 FROM outbox")
    await host.discord.world.until(lambda: any(path.endswith("/messages") for _, path, _ in host.discord.requests))
    await host.slack.world.until(lambda: any(method == "chat.postMessage" for method, _ in host.slack.requests))
    async with stopping(process):
        pass
    await says(host.database, f"SELECT ({GONE}) AND ({WITH_NOBODY})")
    host.discord.faults.clear()
    host.slack.faults.clear()
    process = await host.start()
    await host.told(1)
    # And with nothing under way, nothing is left behind.
    async with stopping(process):
        pass
    await says(host.database, GONE)


@pytest.mark.parametrize("way", ["jammed", "closed"] if LONG else ["jammed"])
async def test_while_turns_wait_for_a_database_that_is_away(host: Host, way: str) -> None:
    """They are given up. What was written is read after the next start, or brought again."""
    process = await host.start()
    await host.write("hello")
    await host.told(1)
    if way == "jammed":
        host.gate.jam()
    else:
        await host.gate.close()
    brought = await host.write("help")
    await (host.gate.tried.wait() if way == "jammed" else logs(process, "it is tried again"))
    async with stopping(process):
        pass
    await host.gate.open()
    process = await host.start()
    await host.bring(brought.payload)
    await host.told(2)
    async with stopping(process):
        pass


async def test_while_a_request_of_slack_is_on_its_way(host: Host) -> None:
    """It is finished and acknowledged, and the answer is delivered."""
    process = await host.start()
    async with AsyncExitStack() as lock:
        await lock.enter_async_context(host.database.holding("LOCK TABLE events IN SHARE MODE"))
        brought = await host.write_over_http("hello")
        await says(host.database, WAITS)
        async with stopping(process):
            await lock.aclose()
            await host.slack.world.until(brought.done.is_set)
            assert brought.acknowledged == 1
    await says(host.database, f"SELECT ({GONE}) AND ({WITH_NOBODY})")


async def test_at_the_start(host: Host) -> None:
    """A process that waits for a database that says nothing is stopped at once."""
    host.gate.jam()
    process = await host.begin()
    await host.gate.tried.wait()
    async with stopping(process):
        pass
