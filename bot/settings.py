"""Every setting of Onward, on one page. Each comes from the environment; a flag, where there is one, wins.

ONWARD_DATABASE_URL   where journeys are kept; a file in the user's data folder when it is not set. Flag: --db PATH
ONWARD_KEY            the key that everything stored is sealed with, 32 bytes as base64 or hex; a file beside the
                      database, made on first use, when it is not set
ONWARD_LOG_LEVEL      debug, info, warning (the default), error
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

NAMES = ("ONWARD_DATABASE_URL", "ONWARD_KEY", "ONWARD_LOG_LEVEL")
LEVELS = ("debug", "info", "warning", "error")
DATABASES = ("sqlite+aiosqlite:///", "postgresql+asyncpg://")


class SettingsError(Exception):
    """A setting is unknown or has a value that cannot be. The message is one sentence that names it."""


@dataclass(frozen=True)
class Settings:
    """What can be set, with everything filled in."""

    database_url: str = field(repr=False)  # it may hold a password
    key: str = field(repr=False)
    log_level: str
    folder: Path | None = None
    """The user's data folder, when the database is kept there: it is made when it is needed."""

    @classmethod
    def read(cls, environ: Mapping[str, str], *, database: Path | None = None) -> "Settings":
        """Return the settings of an environment and flags. Raises SettingsError."""
        for name in sorted(environ):
            if name.startswith("ONWARD_") and not name.startswith("ONWARD_TEST_") and name not in NAMES:
                msg = f"{name} is no setting of Onward; there are {', '.join(NAMES)}."
                raise SettingsError(msg)
        told = f"{DATABASES[0]}{database.absolute()}" if database else environ.get("ONWARD_DATABASE_URL", "")
        folder = None if told else data_folder(environ)
        return cls(
            database_url=_database_url(told or f"{DATABASES[0]}{data_folder(environ) / 'onward.db'}"),
            key=environ.get("ONWARD_KEY", ""),
            log_level=_log_level(environ.get("ONWARD_LOG_LEVEL", "") or "warning"),
            folder=folder,
        )

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None for another database."""
        prefix = DATABASES[0]
        return Path(self.database_url.removeprefix(prefix)) if self.database_url.startswith(prefix) else None


def _database_url(url: str) -> str:
    if not url.startswith(DATABASES):
        msg = f"ONWARD_DATABASE_URL has to begin with {' or '.join(DATABASES)}."
        raise SettingsError(msg)
    return url


def _log_level(level: str) -> str:
    if level.lower() not in LEVELS:
        msg = f"ONWARD_LOG_LEVEL is {level!r}; it can be {', '.join(LEVELS)}."
        raise SettingsError(msg)
    return level.lower()


def data_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return the folder where this system keeps a user's data of Onward."""
    home = Path(environ.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises where this does not
    if platform == "darwin":
        return home / "Library" / "Application Support" / "onward"
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "onward"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "onward"
