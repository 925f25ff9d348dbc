"""The store: batches of turns, where reading goes on, wake-ups, erasing."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from dialogs.journey import Journey, Settings
from dialogs.replies import Button, Reply
from storage import database
from storage.errors import StorageError
from storage.sealing import Seal
from storage.store import Store
from tests.databases import KEY, Database, next_wake, url
from tests.storage.conftest import due

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ANN, BEN = "terminal:ann", "terminal:ben"


def reply(text: str) -> Reply:
    """Return a reply with something of everything."""
    return Reply(text=text, keys=("opening.sorry",), buttons=(Button(id="day", label="A day"),), asked=3)


async def keep(store: Store, person: str, journey: Journey, wake_at: datetime | None = None) -> None:
    """Keep one journey."""
    async with store.begin() as unit:
        await unit.journeys([person])
        await unit.keep([(person, journey, wake_at)])


async def kept(store: Store, person: str) -> Journey:
    """Return one journey as it is kept."""
    async with store.begin() as unit:
        return (await unit.journeys([person]))[person]


def of_ann(ids: list[str]) -> list[tuple[str, str]]:
    """Return events of Ann."""
    return [(ANN, one) for one in ids]


def raw(path: Path) -> bytes:
    """Return every byte of the database and of its log."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir() if not file.name.endswith(".key"))


async def test_a_stranger_has_an_empty_journey_and_a_kept_one_comes_back(store: Store) -> None:
    """What was kept is what is read."""
    journey = Journey(own_line="I am more", asked=4, settings=Settings(zone="Asia/Kolkata"))
    assert await kept(store, ANN) == Journey()
    await keep(store, ANN, journey)
    assert await kept(store, ANN) == journey


async def test_an_event_that_is_delivered_twice_counts_once(store: Store, database: Database) -> None:
    """In one batch, in a later one, and after a restart."""
    async with store.begin() as unit:
        assert await unit.first_seen(of_ann(["a", "b", "a"]), NOW) == {"a", "b"}
    async with store.begin() as unit:
        assert await unit.first_seen(of_ann(["b", "c"]), NOW) == {"c"}
    await store.close()
    again = await Store.open(database.url, Seal(KEY), upgrade=False)
    async with again.begin() as unit:
        assert await unit.first_seen(of_ann(["c", "d", "a"]), NOW) == {"d"}
    await again.close()


async def test_nothing_to_do_is_nothing_done(store: Store) -> None:
    """Every list may be empty."""
    async with store.begin() as unit:
        assert await unit.first_seen([], NOW) == set()
        assert await unit.journeys([]) == {}
        await unit.keep([])
        await unit.erase([])
        assert await unit.post([]) == []
    await store.delivered([])
    assert await store.pending() == []


async def test_event_ids_expire(store: Store) -> None:
    """The table of what was seen does not grow for ever."""
    async with store.begin() as unit:
        await unit.first_seen(of_ann(["old"]), NOW - timedelta(days=31))
        await unit.first_seen(of_ann(["new"]), NOW)
    assert await store.forget_events(NOW - timedelta(days=30)) == 1
    async with store.begin() as unit:
        assert await unit.first_seen(of_ann(["old", "new"]), NOW) == {"old"}


async def test_transactions_that_read_and_then_write_all_count(store: Store, database: Database) -> None:
    """Nobody's turn is lost to another one at the same moment, not even from a second process's connection."""
    other = await Store.open(database.url, Seal(KEY), upgrade=False)

    async def count(which: Store) -> None:
        async with which.begin() as unit:
            journey = (await unit.journeys([ANN]))[ANN]
            await unit.keep([(ANN, Journey(asked=journey.asked + 1), None)])

    await asyncio.gather(*(count(which) for which in (store, other) for _ in range(20)))
    assert (await kept(store, ANN)).asked == 40
    await other.close()


async def test_an_exception_leaves_nothing_behind(store: Store) -> None:
    """A transaction is whole or not at all."""
    with pytest.raises(RuntimeError):  # noqa: PT012 - the whole transaction is what raises
        async with store.begin() as unit:
            await unit.first_seen(of_ann(["a"]), NOW)
            await unit.journeys([ANN])
            await unit.keep([(ANN, Journey(asked=1), None)])
            await unit.post([(ANN, "here", reply("x"))])
            raise RuntimeError
    assert await store.pending() == []
    async with store.begin() as unit:
        assert await unit.first_seen(of_ann(["a"]), NOW) == {"a"}
        assert await unit.journeys([ANN]) == {ANN: Journey()}


async def test_where_reading_goes_on_is_kept_for_each_person_of_a_platform(store: Store) -> None:
    """An event that says nothing of it leaves it as it was."""
    async with store.begin() as unit:
        await unit.journeys([ANN, BEN, "slack:1", "discord_2:1"])
        await unit.heard([(ANN, "here", "c/1"), (BEN, "there", ""), ("slack:1", "", "x/9")])
    async with store.begin() as unit:
        await unit.journeys([ANN])
        await unit.heard([(ANN, "elsewhere", ""), (ANN, "", "c/2")])
    assert await store.cursors(ANN.partition(":")[0]) == {ANN: "c/2"}
    assert await store.cursors("slack") == {"slack:1": "x/9"}
    assert await store.cursors("discord%") == {}


async def test_no_error_quotes_what_was_to_be_stored(store: Store) -> None:
    """Not its sentence, nor the error behind it."""
    with pytest.raises(StorageError) as caught:
        async with store.begin() as unit:
            await unit.keep([("terminal:canary", Journey(own_line="canary"), None)])  # nobody who is known
    assert "canary" not in f"{caught.value!r} {caught.value.__context__!r} {caught.value.__context__}"


async def test_any_statement_may_be_the_first_of_a_transaction(store: Store) -> None:
    """Whichever comes first begins it, and the others join in."""
    await keep(store, ANN, Journey(asked=1))
    async with store.begin() as unit:
        await unit.keep([(ANN, Journey(asked=2), None)])
        assert (await unit.journeys([ANN]))[ANN].asked == 2
    async with store.begin() as unit:
        await unit.post([(ANN, "here", reply("x"))])
        assert await unit.journeys([ANN]) == {ANN: Journey(asked=2)}
    async with store.begin() as unit:
        await unit.erase([ANN])
        assert await unit.journeys([ANN]) == {ANN: Journey()}


@pytest.mark.databases("sqlite")
async def test_a_store_with_a_connection_for_each_transaction_does_the_same(store: Store, path: Path) -> None:
    """As on a server, where no single connection is held: turns, rollback, erasing, the outbox."""
    pooled = Store(database.engine(url(path), 5.0), Seal(KEY), store._names, "pooled")  # noqa: SLF001
    await keep(pooled, ANN, Journey(asked=1))
    with pytest.raises(RuntimeError):  # noqa: PT012 - the whole transaction is what raises
        async with pooled.begin() as unit:
            await unit.keep([(ANN, Journey(asked=2), None)])
            raise RuntimeError
    assert (await kept(store, ANN)).asked == 1
    async with pooled.begin() as unit:
        await unit.erase([ANN])
        posted = await unit.post([(ANN, "here", reply("receipt"))])
    assert await pooled.pending() == posted
    await pooled.delivered([one.id for one in posted])
    assert await pooled.pending() == []
    await pooled.close()


async def test_wake_ups_come_in_their_order(store: Store) -> None:
    """The longest due first, no more than asked for, and nothing before its time."""
    assert await next_wake(store) is None
    await keep(store, ANN, Journey(), NOW + timedelta(hours=2))
    await keep(store, BEN, Journey(), NOW + timedelta(hours=1, microseconds=1))
    assert await next_wake(store) == NOW + timedelta(hours=1, microseconds=1)
    assert await due(store, NOW, 9) == []
    later = NOW + timedelta(days=1)
    assert [person for person, _ in await due(store, later, 9)] == [BEN, ANN]
    assert [person for person, _ in await due(store, later, 1)] == [BEN]


@pytest.mark.databases("sqlite")
async def test_nobodys_words_are_readable_in_the_files(store: Store, path: Path) -> None:
    """States and replies are sealed, in the database and in its log."""
    await keep(store, ANN, Journey(own_line="canary in a state"))
    async with store.begin() as unit:
        await unit.journeys([ANN])
        await unit.post([(ANN, "here", reply("canary in a reply"))])
    assert b"canary" not in raw(path)
    assert len(raw(path)) > 10_000


async def test_a_batch_takes_as_many_statements_as_a_single_turn(store: Store, database: Database) -> None:
    """Sixty-four people share a transaction of a handful of statements; that is where the speed is."""
    statements = 4 if database.kind == "sqlite" else 5  # rows are locked by one of their own
    sent: list[str] = []
    event.listen(store._engine.sync_engine, "before_cursor_execute", lambda *args: sent.append(args[2]))  # noqa: SLF001

    async def turn(people: list[str], turn_of: str) -> int:
        sent.clear()
        async with store.begin() as unit:
            await unit.first_seen([(person, turn_of) for person in people], NOW)
            found = await unit.journeys(people)
            await unit.keep([(person, found[person], None) for person in people])
            await unit.post([(person, "here", reply("x")) for person in people])
        return len(sent)

    crowd = [f"terminal:{n:02}" for n in range(64)]
    await turn(crowd, "first")
    assert await turn(crowd, "second") == await turn(crowd[:1], "third") == statements
