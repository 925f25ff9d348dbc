"""The real command as a process, for servers in this one that it talks to."""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from tests.bot.running import onward


def database_in(folder: Path) -> bool:
    """Say whether a database was made."""
    return any(folder.rglob("onward.db"))


async def start(folder: Path, *command: str, **environ: str) -> Process:
    """Start the real command with nothing set but this, and a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ONWARD_", "XDG_"))}
    return await asyncio.create_subprocess_exec(
        *onward(*command), env={**kept, "HOME": str(folder), **environ}, stdout=PIPE, stderr=PIPE
    )


async def ended(process: Process) -> tuple[int, str, str]:
    """Return how a command ended: its code, and what it wrote."""
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()
