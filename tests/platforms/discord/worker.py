"""`onward run` as a process of its own, but for the pauses in which somebody sees that the bot is writing."""

import asyncio
import os
from pathlib import Path
from sys import argv

from bot import observability
from bot.run import serve
from bot.settings import Settings
from storage.lease import LEASE


async def at_once(_seconds: float) -> None:
    """Wait as little as can be."""
    await asyncio.sleep(0)


if __name__ == "__main__":
    settings = Settings.read(os.environ, database=Path(argv[1]) if argv[1:] else None)
    observability.set_up(settings.log_level)
    asyncio.run(serve(settings, at_once, float(os.environ.get("ONWARD_TEST_LEASE", LEASE))))
