"""Forgetting the ids of old events."""

import asyncio
from datetime import timedelta

import pytest

from bot import expiry
from bot.clock import Clock, real_time
from bot.expiry import KEPT
from dialogs.journey import Journey
from storage.store import Store
from tests.bot.conftest import NOON
from tests.databases import Database, next_wake
from tests.storage.test_store import ANN, BEN, keep, of_ann, reply


async def once(store: Store, clock: Clock) -> None:
    """Let the loop do its work once."""
    forgetting = asyncio.create_task(expiry.run(store, clock, 0))
    await asyncio.sleep(0)
    await next_wake(store)  # it waits in line behind what the loop has begun
    forgetting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await forgetting


@pytest.mark.databases("sqlite")
async def test_old_ids_are_forgotten(store: Store, clock: Clock) -> None:
    """An id from a month ago is gone, a recent one is still known."""
    async with store.begin() as unit:
        await unit.first_seen(of_ann(["old"]), NOON - KEPT - timedelta(days=1))
        await unit.first_seen(of_ann(["recent"]), NOON - timedelta(days=1))
    await once(store, clock)
    async with store.begin() as unit:
        assert await unit.first_seen(of_ann(["old", "recent"]), NOON) == {"old"}


@pytest.mark.databases("sqlite")
async def test_trouble_does_not_end_it(
    store: Store, clock: Clock, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that fails is logged; the next day is another try."""
    await database.sql("ALTER TABLE events RENAME TO gone")
    await once(store, clock)
    assert "what is old stays" in caplog.text


async def test_people_whom_nothing_reaches_are_forgotten_in_the_end(store: Store, clock: Clock) -> None:
    """They cannot be told that it ends; those whom something reached since are kept, and so is everybody with 0."""
    for person in (ANN, BEN):
        await keep(store, person, Journey(asked=1))
    async with store.begin() as unit:
        (letter,) = await unit.post([(ANN, "nowhere", reply("x"))])
        await unit.first_seen(of_ann(["a"]), NOON)
    await store.failed(letter.id, NOON - timedelta(days=181))
    await expiry.forget(store, clock, 0)
    await expiry.forget(store, clock, 182)
    assert (await store.journey(ANN)).asked == 1
    await expiry.forget(store, clock, 180)
    assert await store.journey(ANN) == Journey()
    assert (await store.journey(BEN)).asked == 1
    async with store.begin() as unit:
        assert await unit.first_seen(of_ann(["a"]), NOON) == {"a"}


async def test_who_did_not_finish_adding_the_app_is_forgotten(store: Store, clock: Clock, database: Database) -> None:
    """A state that is over serves nobody, and there may be many."""
    states = store.oauth_states(600)
    kept = await states.async_issue()
    await expiry.forget(store, clock, 0)
    assert await states.async_consume(kept)
    await states.async_issue()
    clock.move_to(real_time() + timedelta(minutes=11))
    await expiry.forget(store, clock, 0)
    assert await database.sql("SELECT count(*) FROM slack_oauth_states") == [(0,)]
