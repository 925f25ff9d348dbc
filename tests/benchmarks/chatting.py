"""What Discord costs: a message on its way through, 200 presses at once, and a connection on which nothing happens."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import discord

from adapters.discord.connection import Connection, use_server
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import running
from tests.platforms.discord.server import TOKEN, Server, served

LINES, CROWD, IDLE = 200, 200, 20.0
FIRST = 2
"""How many messages answer somebody's first line."""

PLAIN = """
import asyncio, os
import adapters.discord.connection as c
c.use_server(os.environ["ONWARD_DISCORD__API_URL"])
connection = c.Connection(identify_pause=0)

async def main():
    await connection.login(os.environ["ONWARD_DISCORD__TOKEN"])
    await connection.connect()

asyncio.run(main())
"""
"""A client that does nothing but stay connected."""


@dataclass(frozen=True)
class Idle:
    """A process on which nothing happens: megabytes resident, wake-ups and CPU milliseconds a minute."""

    memory: float
    wakeups: float
    cpu: float


@dataclass(frozen=True)
class Figures:
    """Milliseconds from the gateway's event to the last answer at the server, and to the first acknowledgement."""

    plain: float
    onward: float
    acknowledged_p50: float
    acknowledged_p99: float
    idle_plain: Idle
    idle_onward: Idle


async def measure(folder: Path) -> Figures:
    """Measure everything against a server on loopback, whose own work is in all of the figures."""
    plain = await _echo()
    async with served() as server, running(server, folder) as bot:
        ann = Person.new(server, "ann")
        await bot.took(await ann.writes("I got rejected"))
        await bot.took(await ann.presses("two_days"))
        onward = await _lines(server, ann, bot.settled)
    waits = await _crowd(folder)
    return Figures(
        plain=plain,
        onward=onward,
        acknowledged_p50=median(waits),
        acknowledged_p99=quantiles(waits, n=100)[98],
        idle_plain=await _idle(folder, "-c", PLAIN),
        idle_onward=await _idle(folder, "-m", "bot", "run"),
    )


async def _crowd(folder: Path) -> list[float]:
    """Return after how many milliseconds each of many presses was acknowledged by a bot in a process of its own."""
    async with _worker(folder, "-m", "tests.platforms.discord.worker", str(folder / "crowd.db")) as (server, _):
        crowd = [Person.new(server, f"person {number}") for number in range(CROWD)]
        await asyncio.gather(*(person.writes("I got rejected") for person in crowd))
        await server.world.until(lambda: all(len(person.sees()) == FIRST for person in crowd))
        pressed = await asyncio.gather(*(person.presses("straight_on") for person in crowd))
        await server.world.until(lambda: all(len(person.sees()) > FIRST for person in crowd))
    return [press.acknowledged_after * 1000 for press in pressed if press.acknowledged_after is not None]


@asynccontextmanager
async def _worker(folder: Path, *command: str) -> AsyncIterator[tuple[Server, Process]]:
    """Run a program against a server of its own, and go on when it is connected."""
    async with served() as server:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ONWARD_")}
        environ = {**kept, "HOME": str(folder), "ONWARD_DISCORD__API_URL": server.api_url}
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, env={**environ, "ONWARD_DISCORD__TOKEN": TOKEN}
        )
        try:
            await server.world.until(lambda: bool(server.gateway.sessions))
            yield server, process
        finally:
            process.terminate()
            await process.wait()


async def _echo() -> float:
    """Measure the bare library: it answers each line with one message."""
    async with served() as server:
        use_server(server.api_url)
        connection = Connection(identify_pause=0)

        async def on_message(message: discord.Message) -> None:
            if not message.author.bot:
                await message.channel.send("Go on.")

        connection.event(on_message)
        await connection.login(TOKEN)
        serving = asyncio.create_task(connection.connect())
        await server.world.until(lambda: server.gateway.identified > 0)
        try:
            return await _lines(server, Person.new(server, "ann"), _nothing)
        finally:
            await connection.close()
            await serving


async def _nothing() -> None:
    """Wait for nothing more."""


async def _lines(server: Server, person: Person, settled: Callable[[], Awaitable[None]]) -> float:
    """Return the median milliseconds until a line is answered with something to read."""
    took = []
    for number in range(LINES):
        before = len(person.sees())
        begun = perf_counter()
        await person.writes("repeat" if number else "help")
        await server.world.until(lambda before=before: len(person.sees()) > before)  # type: ignore[misc]
        took.append((perf_counter() - begun) * 1000)
        await settled()
    return median(took)


async def _idle(folder: Path, *command: str) -> Idle:
    async with _worker(folder, *command) as (_, process):
        return await _watch(process)


async def _watch(process: Process) -> Idle:
    """Look at a process twice, some seconds apart, when what it does at the start is done."""
    await asyncio.sleep(3)
    before = _seen(process.pid)
    await asyncio.sleep(IDLE)
    memory, wakeups, cpu = _seen(process.pid)
    minute = 60 / IDLE
    return Idle(memory=memory, wakeups=(wakeups - before[1]) * minute, cpu=(cpu - before[2]) * minute)


def memory_of(pid: int) -> float:
    """Return how many megabytes of a process are resident (Linux only)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _seen(pid: int) -> tuple[float, int, float]:
    """Return megabytes resident, voluntary context switches of all threads, and CPU milliseconds (Linux only)."""
    tick = os.sysconf("SC_CLK_TCK")
    memory = memory_of(pid)
    wakeups = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        lines = dict(line.split(":", 1) for line in (task / "status").read_text().splitlines() if ":" in line)
        wakeups += int(lines["voluntary_ctxt_switches"])
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return memory, wakeups, (int(fields[11]) + int(fields[12])) * 1000 / tick
