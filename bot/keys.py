"""`onward keys rotate`: change to another key, while the bot runs."""

import asyncio

from bot import assemble
from bot.settings import Settings, SettingsError
from storage.errors import StorageError
from storage.keyfile import add_key, file_beside, keep_newest
from storage.sealing import read_key

BOTH_KEYS = (
    "Set ONWARD_KEY to the new key and ONWARD_OLD_KEYS to the one until now, restart every bot with these two, "
    "and run this again."
)


def rotate(settings: Settings) -> str:
    """Change to the next key, and return what to tell. Raises SettingsError, StorageError."""
    file = settings.database_file
    if settings.key or file is None:
        if not settings.old_keys:
            raise SettingsError(BOTH_KEYS)
        count = asyncio.run(_rotate(settings, read_key(settings.key)))
        return f"{count} people's keys are sealed with the new key. ONWARD_OLD_KEYS can go; old backups still need it."
    if not file.exists():
        msg = f"There is no database at {file}: name one with --db."
        raise StorageError(msg)
    count = asyncio.run(_rotate(settings, add_key(file)[0]))
    keep_newest(file)
    return f"{count} people's keys are sealed with the new key in {file_beside(file)}. Old backups need the old one."


async def _rotate(settings: Settings, key: bytes) -> int:
    async with assemble.store(settings, upgrade=settings.database_file is not None) as store:
        return await store.rotate(key)
