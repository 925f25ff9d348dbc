"""A store in a database of its own."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from storage.store import Store
from tests.databases import SERVES, Database


async def due(store: Store, now: datetime, most: int = 9) -> list[tuple[str, datetime]]:
    """Return whose time has come, and what they waited for."""
    async with store.begin() as unit:
        return await unit.due(now, most, None, SERVES)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database is, if it is a file."""
    return tmp_path / "onward.db"


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    """Open a new store, and close it."""
    async with database.store() as store:
        yield store
