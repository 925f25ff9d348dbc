"""What is found of the keys and the tables of a database by reading alone."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Bot

from storage.errors import StorageError
from storage.inspection import Contents, Keys, inspect_file
from storage.sealing import Seal
from storage.store import Store
from tests.databases import KEY, url

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
NEW, OTHER = bytes([7] * 32), bytes([8] * 32)


def keys_of(file: Path, *keys: bytes) -> Keys | None:
    """Return what these keys do, the newest first."""
    return inspect_file(file, Seal(keys[0], keys[1:]), NOW, whole=False).keys


def execute(file: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Run a statement on a file."""
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(statement, values).fetchall()


async def test_each_key_is_told_by_what_it_opens(tmp_path: Path) -> None:
    """A token of a workspace counts as much as what is kept of a person."""
    file = tmp_path / "onward.db"
    store = await Store.open(url(file), Seal(KEY), upgrade=True)
    async with store.begin() as unit:
        await unit.journeys(["discord:1"])
    bot = Bot(bot_token="xoxb-1", team_id="T1", app_id="A1", bot_id="B1", bot_user_id="U1", installed_at=0.0)
    await store.installations("client").async_save_bot(bot)
    await store.close()
    assert keys_of(file, KEY) == keys_of(file, KEY, OTHER) == Keys(fit=True)
    assert keys_of(file, NEW, KEY) == Keys(fit=True, old=True)
    assert keys_of(file, OTHER) == Keys(fit=False)
    ((token,),) = execute(file, "SELECT bot_token FROM slack_bots")
    changed = await Store.open(url(file), Seal(NEW, [KEY]), upgrade=False)
    await changed.rotate(NEW)
    await changed.close()
    assert keys_of(file, NEW) == Keys(fit=True)
    execute(file, "UPDATE slack_bots SET bot_token = ?", token)
    assert keys_of(file, NEW) == Keys(fit=True, old=True, lost=True)
    assert keys_of(file, NEW, KEY) == Keys(fit=True, old=True)


def test_tables_that_are_only_begun(tmp_path: Path) -> None:
    """Without a revision there are none, and without anything sealed no key is wrong."""
    file = tmp_path / "onward.db"
    execute(file, "CREATE TABLE alembic_version (version_num TEXT)")
    assert inspect_file(file, Seal(KEY), NOW, whole=True) == Contents(None)
    execute(file, "INSERT INTO alembic_version VALUES ('0001')")
    execute(file, "CREATE TABLE locks (name TEXT, sealed BLOB)")
    assert inspect_file(file, Seal(KEY), NOW, whole=True) == Contents("0001")


def test_where_there_is_none_nothing_is_made(tmp_path: Path) -> None:
    """Looking is not opening."""
    with pytest.raises(StorageError, match="cannot be opened"):
        inspect_file(tmp_path / "onward.db", None, NOW, whole=True)
    assert not list(tmp_path.iterdir())
