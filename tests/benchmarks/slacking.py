"""What Slack over HTTP costs: a signed line in, committed, acknowledged, beside a Bolt app whose listener is empty."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from tests.platforms.ports import free_port, listens
from tests.platforms.slack.deliveries import SECRET
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import HTTP, environment
from tests.platforms.slack.server import Server, served

IN_FLIGHT, LINES = 64, 2000
TICK = {"type": "checkboxes", "action_id": "o:tick:0", "selected_options": [{"value": "0"}]}

EMPTY = """
import os, re
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

async def authorize():
    return AuthorizeResult(enterprise_id=None, team_id="T", bot_token="xoxb-1", bot_id="B", bot_user_id="U")

app = AsyncApp(signing_secret=os.environ["SECRET"], authorize=authorize, process_before_response=True)

@app.action(re.compile(".*"))
async def acknowledge(ack):
    await ack()

@app.event(re.compile(".*"))
async def nothing():
    pass

app.start(port=int(os.environ["PORT"]), path="/slack/events", host="127.0.0.1")
"""
"""The reference: the same library, signatures checked, and nothing behind it."""


@dataclass(frozen=True)
class Speed:
    """Requests a second, and milliseconds until the acknowledgement."""

    rate: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Figures:
    """Lines, whose meaning has to be found, and ticks on the Home tab, which have none."""

    empty_lines: Speed
    lines: Speed
    empty_ticks: Speed
    ticks: Speed


async def measure(folder: Path) -> Figures:
    """Measure the empty app and the bot. The one who sends is in all of the figures."""
    async with _running(folder, "-c", EMPTY) as server:
        crowd = [Person.new(server, f"person {n}") for n in range(IN_FLIGHT)]
        empty = [await _sent(server, crowd), await _sent(server, crowd, ticks=True)]
    async with _running(folder, "-m", "bot", "run", "--db", str(folder / "slack.db")) as server:
        crowd = [Person.new(server, f"person {n}") for n in range(IN_FLIGHT)]
        # While they vent, hardly a line is answered: what is measured is the way in.
        for deliveries in (
            [await one.writes("I got rejected") for one in crowd],
            [await one.writes("two days") for one in crowd],
        ):
            await asyncio.gather(*(delivery.done.wait() for delivery in deliveries))
        await server.world.until(lambda: all(len(one.sees()) >= 3 for one in crowd))
        bot = [await _sent(server, crowd), await _sent(server, crowd, ticks=True)]
    return Figures(empty[0], bot[0], empty[1], bot[1])


@asynccontextmanager
async def _running(folder: Path, *command: str) -> AsyncIterator[Server]:
    port = free_port()
    async with served() as server:
        environ = {**os.environ, **environment(server, HTTP), "HOME": str(folder)}
        environ |= {"ONWARD_HTTP__LISTEN": f"127.0.0.1:{port}", "PORT": str(port), "SECRET": SECRET}
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, env=environ, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            await listens(process, port)
            server.bot_url = f"http://127.0.0.1:{port}"
            server.retrying = False
            yield server
        finally:
            process.terminate()
            await process.wait()


async def _sent(server: Server, crowd: list[Person], *, ticks: bool = False) -> Speed:
    """Have everybody send a line, or tick on their Home tab, when their last one is acknowledged."""
    took: list[float] = []

    async def talk(person: Person) -> None:
        for number in range(LINES // IN_FLIGHT):
            message = None if ticks else person.put(f"and then they said nothing for {number} days")
            sent = perf_counter()
            delivery = person.acts_at_home(TICK) if message is None else person.tell(message)
            await delivery.done.wait()
            assert delivery.acknowledged
            took.append((perf_counter() - sent) * 1000)

    begun = perf_counter()
    await asyncio.gather(*map(talk, crowd))
    rate = len(took) / (perf_counter() - begun)
    assert not server.wrong
    return Speed(rate, median(took), quantiles(took, n=100)[98])
