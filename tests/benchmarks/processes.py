"""What a host sees of the processes: how soon the first prompt is there, and the memory of a bot on both platforms."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks.chatting import memory_of
from tests.platforms.discord import server as discord
from tests.platforms.discord.people import Person
from tests.platforms.slack import server as slack
from tests.platforms.slack.running import SOCKET, environment

TIMES = 5


async def first_prompt(folder: Path) -> float:
    """Return the median seconds from the command to the first line of a conversation, on a database that is there."""
    return median([await _once(folder) for _ in range(TIMES + 1)][1:])


async def _once(folder: Path) -> float:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONWARD_")}
    command = (sys.executable, "-m", "bot", "chat", "--plain", "--db", str(folder / "prompt.db"))
    begun = perf_counter()
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env={**kept, "HOME": str(folder)})
    assert process.stdout is not None
    await process.stdout.read(1)
    took = perf_counter() - begun
    await process.communicate(b"")
    return took


async def memory_on_both(folder: Path) -> float:
    """Return the megabytes of `onward run` with Discord and Slack, after somebody has talked to it."""
    async with discord.served() as first, slack.served() as second:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ONWARD_")}
        settings = {
            "HOME": str(folder),
            "ONWARD_DISCORD__TOKEN": discord.TOKEN,
            "ONWARD_DISCORD__API_URL": first.api_url,
            **environment(second, SOCKET),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--db", str(folder / "both.db"), env={**kept, **settings}
        )
        try:
            await first.world.until(lambda: bool(first.gateway.sessions))
            ann = Person.new(first, "ann")
            for line in ("I got rejected by Stark", "straight on", "4"):
                before = len(ann.sees())
                await ann.writes(line)
                await first.world.until(lambda before=before: len(ann.sees()) > before)  # type: ignore[misc]
            return memory_of(process.pid)
        finally:
            process.terminate()
            await process.wait()
