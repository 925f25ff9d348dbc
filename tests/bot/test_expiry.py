"""Forgetting the ids of old events."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot import expiry
from bot.clock import Clock
from bot.expiry import KEPT
from storage.store import Store
from tests.bot.conftest import NOON
from tests.storage.test_store import of_ann


async def once(store: Store, clock: Clock) -> None:
    """Let the loop do its work once."""
    forgetting = asyncio.create_task(expiry.run(store, clock))
    await asyncio.sleep(0)
    await store.next_wake()  # it waits in line behind what the loop has begun
    forgetting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await forgetting


async def test_old_ids_are_forgotten(store: Store, clock: Clock) -> None:
    """An id from a month ago is gone, a recent one is still known."""
    async with store.begin() as unit:
        await unit.first_seen(of_ann(["old"]), NOON - KEPT - timedelta(days=1))
        await unit.first_seen(of_ann(["recent"]), NOON - timedelta(days=1))
    await once(store, clock)
    async with store.begin() as unit:
        assert await unit.first_seen(of_ann(["old", "recent"]), NOON) == {"old"}


async def test_trouble_does_not_end_it(
    store: Store, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that fails is logged; the next day is another try."""
    with closing(sqlite3.connect(tmp_path / "onward.db")) as raw, raw:
        raw.execute("ALTER TABLE events RENAME TO gone")
    await once(store, clock)
    assert "old event ids stay" in caplog.text
