"""The real command as a process, for servers in this one that it talks to."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from pathlib import Path

from tests.bot.running import onward


def database_in(folder: Path) -> bool:
    """Say whether a database was made."""
    return any(folder.rglob("onward.db"))


async def start(folder: Path, *command: str, **environ: str) -> Process:
    """Start the real command with nothing set but this, and a home of its own."""
    return await _start(folder, onward(*command), environ)


async def alone(folder: Path, allowed: str, **environ: str) -> Process:
    """Start `onward run` with nothing set but this, and no way out but to HOST:PORT; what else it tries is reported."""
    command = [sys.executable, "-m", "tests.alone", str(folder / "report"), allowed, "--", "run"]
    return await _start(folder, command, {"PYTHONASYNCIODEBUG": "1", **environ})


async def _start(folder: Path, command: list[str], environ: Mapping[str, str]) -> Process:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ONWARD_", "XDG_"))}
    return await asyncio.create_subprocess_exec(
        *command, env={**kept, "HOME": str(folder), **environ}, stdout=PIPE, stderr=PIPE
    )


async def ended(process: Process) -> tuple[int, str, str]:
    """Return how a command ended: its code, and what it wrote."""
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def logs(process: Process, words: str) -> None:
    """Return when a command has logged a line with these words."""
    assert process.stderr is not None
    async with asyncio.timeout(30):
        while words not in (line := (await process.stderr.readline()).decode()):
            assert line, "it has ended"
