"""A store in a file of its own."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from storage.sealing import Seal
from storage.store import Store

KEY = bytes(range(32))
SERVES = ("discord:", "slack:", "terminal:", "test:")
"""Everybody in these tests."""


def url(path: Path) -> str:
    """Return the address of a SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


async def due(store: Store, now: datetime, most: int = 9) -> list[tuple[str, datetime]]:
    """Return whose time has come, and what they waited for."""
    async with store.begin() as unit:
        return await unit.due(now, most, None, SERVES)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database is."""
    return tmp_path / "onward.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    """Open a new store, and close it."""
    opened = await Store.open(url(path), Seal(KEY), upgrade=True)
    yield opened
    await opened.close()
