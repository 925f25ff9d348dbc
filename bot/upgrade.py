"""`onward db upgrade`: bring a database to this version, after a copy was made where that is possible."""

import asyncio

from bot import assemble
from bot.settings import Settings


def run(settings: Settings) -> str:
    """Upgrade, and return what to tell. Raises StorageError."""
    asyncio.run(_upgrade(settings))
    return "The database is up to date."


async def _upgrade(settings: Settings) -> None:
    async with assemble.store(settings, upgrade=True):
        pass
