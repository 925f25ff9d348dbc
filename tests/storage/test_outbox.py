"""The outbox: what waits there, in which order, and what leaves it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from dialogs.journey import Journey
from storage.errors import StorageError
from storage.sealing import Seal
from storage.store import Store
from storage.tables import outbox
from tests.databases import KEY, next_wake
from tests.storage.conftest import due
from tests.storage.test_store import ANN, BEN, NOW, keep, kept, reply


async def test_the_outbox_keeps_order_content_and_the_last_address(store: Store) -> None:
    """A reply without an address goes where its person was last heard."""
    async with store.begin() as unit:
        await unit.journeys([ANN, BEN])
        await unit.heard([(ANN, "here", ""), (BEN, "there", "")])
        first = await unit.post([(ANN, "here", reply("1")), (BEN, "there", reply("2")), (ANN, "", reply("3"))])
    async with store.begin() as unit:
        await unit.journeys([BEN])
        second = await unit.post([(BEN, "", reply("4"))])
        assert await unit.post([]) == []
    pending = await store.pending()
    assert pending == [*first, *second]
    assert [one.reply for one in pending] == [reply(text) for text in "1234"]
    assert [one.address for one in pending] == ["here", "there", "here", "there"]


async def test_an_id_of_the_outbox_never_comes_again(store: Store) -> None:
    """It is the nonce of a delivery: a platform would drop a second letter with the same one."""
    ids = []
    for _ in range(3):
        async with store.begin() as unit:
            await unit.journeys([ANN])
            ids += [one.id for one in await unit.post([(ANN, "here", reply("x"))])]
        await store.delivered(ids[-1:])
    assert len(set(ids)) == 3
    assert ids == sorted(ids)


async def test_a_reply_that_can_never_be_delivered_leaves_the_outbox(store: Store) -> None:
    """It must not stand in the way of the next."""
    async with store.begin() as unit:
        await unit.journeys([ANN])
        posted = await unit.post([(ANN, "here", reply("1")), (ANN, "here", reply("2"))])
    await store.failed(posted[0].id, NOW)
    assert [one.reply.text for one in await store.pending()] == ["2"]


async def test_whom_nothing_reaches_is_left_in_peace_until_they_are_back(store: Store) -> None:
    """A reminder that cannot arrive is not made; whoever takes a turn is reminded as before."""
    for person, hours in ((ANN, 1), (BEN, 2)):
        await keep(store, person, Journey(), NOW + timedelta(hours=hours))
    async with store.begin() as unit:
        await unit.journeys([ANN])
        posted = await unit.post([(ANN, "here", reply("1"))])
    await store.failed(posted[0].id, NOW)
    later = NOW + timedelta(days=1)
    assert [person for person, _ in await due(store, later, 9)] == [BEN]
    assert await next_wake(store) == NOW + timedelta(hours=2)
    await kept(store, ANN)
    assert [person for person, _ in await due(store, later, 9)] == [ANN, BEN]
    assert await next_wake(store) == NOW + timedelta(hours=1)


async def test_a_letter_of_another_release_is_not_guessed_at(store: Store) -> None:
    """It is named by its number; what it says stays sealed."""
    async with store.begin() as unit:
        await unit.journeys([ANN])
        await unit.post([(ANN, "here", reply("x"))])
    async with store._transaction() as connection:  # noqa: SLF001
        sealed = Seal(KEY).seal(b'{"text":["canary"]}', ANN)
        await connection.execute(update(outbox).values(reply=sealed))
    with pytest.raises(StorageError, match="Letter 1 in the outbox is of another release") as caught:
        await store.pending()
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_the_outbox_tells_how_much_waits_and_since_when(store: Store) -> None:
    """For whoever looks after it. Letters of older releases, of which no moment was noted, count without one."""
    assert await store.outbox_state() == (0, None)
    async with store.begin() as unit:
        await unit.journeys([ANN])
        older = await unit.post([(ANN, "here", reply("of an older release"))])
    assert await store.outbox_state() == (1, None)
    async with store.begin() as unit:
        await unit.journeys([ANN])
        newer = await unit.post([(ANN, "here", reply("now"))], NOW)
        await unit.post([(ANN, "here", reply("and later"))], NOW + timedelta(hours=1))
    assert await store.outbox_state() == (3, NOW)
    assert [one.posted_at for one in await store.pending()] == [None, NOW, NOW + timedelta(hours=1)]
    await store.delivered([one.id for one in (*older, *newer)])
    assert await store.outbox_state() == (1, NOW + timedelta(hours=1))
