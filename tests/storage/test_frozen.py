"""A process that stands still in the middle of a statement: the server lets go of what it has locked."""

import asyncio

import pytest
from sqlalchemy import text

from dialogs.journey import Journey
from storage import database as opening
from storage.database import take_time
from storage.errors import UnavailableError
from storage.store import Store
from tests.databases import Database
from tests.storage.test_store import ANN, keep

pytestmark = pytest.mark.databases("postgresql")

HELD = "SELECT 1 FROM people FOR UPDATE"


async def stands_still(store: Store, database: Database, others_have: list[tuple[object, ...]]) -> None:
    """Lock somebody, begin a statement and send no more of it until others have what was locked."""
    async with store._transaction() as connection:  # noqa: SLF001 - it is the transaction that stands still
        await connection.execute(text(HELD))
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.prepare("SELECT 2")  # the server waits for the rest of it
        async with asyncio.timeout(10):
            others_have += await database.sql(HELD)
        await connection.execute(text("SELECT 3"))


async def test_what_it_has_locked_is_free_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts neither as idle nor as slow; what it goes on with is refused."""
    monkeypatch.setattr(opening, "LONGEST_TRANSACTION", "2s")
    async with database.store() as store:
        await keep(store, ANN, Journey())
        others_have: list[tuple[object, ...]] = []
        with pytest.raises(UnavailableError):
            await stands_still(store, database, others_have)
        assert others_have == [(1,)]


async def test_what_may_take_its_time_is_not_ended(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgrade, or a workspace that goes."""
    monkeypatch.setattr(opening, "LONGEST_TRANSACTION", "1s")
    async with database.store() as store, store._transaction() as connection:  # noqa: SLF001 - as above
        await take_time(connection)
        await connection.execute(text("SELECT pg_sleep(1.5)"))
        assert (await connection.execute(text("SELECT 4"))).scalar() == 4
