"""`onward db import`: bring everything from a SQLite file to the server of the settings."""

import asyncio
from pathlib import Path

from bot import assemble
from bot.settings import Settings, SettingsError
from storage import moving
from storage.errors import StorageError


def run(settings: Settings, file: Path) -> str:
    """Copy, and return what to tell. Raises SettingsError, StorageError."""
    if settings.database_file is not None:
        msg = "ONWARD_DATABASE_URL is no server's: set it to the PostgreSQL that everything is to go to."
        raise SettingsError(msg)
    if not file.is_file():
        msg = f"There is no database at {file}: name the SQLite file of the bot until now."
        raise StorageError(msg)
    count = asyncio.run(moving.move(file, settings.database_url, assemble.seal(settings)))
    told = f"{count} {'person is' if count == 1 else 'people are'}"
    return f"{told} in the server's database now. {file} is as it was: put it away, and run no bot on it any more."
