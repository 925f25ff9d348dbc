"""A database that is up to date already: making one anew for every test would take most of its time."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import assemble
from bot.settings import Settings
from tests.databases import KEY as SERVERS_KEY
from tests.databases import Database

KEY = bytes(32).hex()
_made: list[bytes] = []


async def prepare(path: Path) -> Settings:
    """Return the settings for a database, which is there from now on."""
    if not _made:
        with TemporaryDirectory() as folder:
            first = Path(folder) / "onward.db"
            async with assemble.store(Settings.read({"ONWARD_KEY": KEY}, database=first), upgrade=True):
                pass
            _made.append(_read(first))
    _copy(path)
    return Settings.read({"ONWARD_KEY": KEY}, database=path)


def environment_of(database: Database) -> dict[str, str]:
    """Return the settings for a database of a server."""
    return {"ONWARD_KEY": SERVERS_KEY.hex(), "ONWARD_DATABASE_URL": database.url}


async def prepared(place: Path | Database, environ: Mapping[str, str] = {}) -> Settings:
    """Return the settings for a file in a folder, made there when there is none, or for a database of a server."""
    if isinstance(place, Database):
        return Settings.read({**environ, **environment_of(place)})
    await prepare(place / "onward.db")
    return Settings.read({**environ, "ONWARD_KEY": KEY}, database=place / "onward.db")


def _read(path: Path) -> bytes:
    return path.read_bytes()


def _copy(path: Path) -> None:
    if not path.exists():
        path.write_bytes(_made[0])
