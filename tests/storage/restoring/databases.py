"""Databases of a bot, who is in them, and their files, before and after a backup is put back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Bot

from storage.errors import StorageError
from storage.restoring import restore
from storage.sealing import Seal
from storage.store import Store
from tests.databases import KEY, url
from tests.storage.test_store import NOW

CLEO = "terminal:cleo"


@asynccontextmanager
async def opened(path: Path, key: bytes = KEY) -> AsyncIterator[Store]:
    """Open a database, as a bot does."""
    store = await Store.open(url(path), Seal(key), upgrade=True)
    try:
        yield store
    finally:
        await store.close()


def bot(team: str) -> Bot:
    """Return the bot of a workspace."""
    return Bot(
        app_id="A1",
        enterprise_id=None,
        team_id=team,
        bot_token=f"xoxb-{team}",
        bot_id="B1",
        bot_user_id="U1",
        bot_scopes=[],
        installed_at=NOW.timestamp(),
    )


def beside(path: Path) -> set[str]:
    """Return the files in the folder of the database."""
    return {one.name for one in path.parent.iterdir() if one.is_file()}


def refusal(file: Path, path: Path, seal: Seal | None = None, *, everybody: bool = False) -> str:
    """Return why a backup is not put back, after making sure that nothing was touched."""
    before = {one: one.read_bytes() for one in (*path.parent.iterdir(), *file.parent.iterdir()) if one.is_file()}
    with pytest.raises(StorageError) as caught:
        restore(file, path, seal or Seal(KEY), everybody=everybody)
    after = {one: one.read_bytes() for one in (*path.parent.iterdir(), *file.parent.iterdir()) if one.is_file()}
    assert before == after
    assert "\n" not in str(caught.value)
    return str(caught.value)
