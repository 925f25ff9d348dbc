"""Erasing: of somebody who erased everything, nothing is left in any table, nor in any byte of the files."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from dialogs.journey import Journey
from storage.sealing import Seal
from storage.store import Posted, Store
from tests.databases import KEY, Database
from tests.storage.test_store import ANN, BEN, NOW, kept, reply

ADDRESS = "an-address-of-hers"


async def met(store: Store) -> list[Posted]:
    """Let two people say a lot, and return the letters that are on their way to them."""
    async with store.begin() as unit:
        await unit.journeys([ANN, BEN])
        await unit.keep([(person, Journey(own_line="x" * 5000), NOW) for person in (ANN, BEN)])
        await unit.heard([(ANN, ADDRESS, "a-cursor"), (BEN, "there", "")])
        return await unit.post([(ANN, ADDRESS, reply("old")), (BEN, "there", reply("to Ben"))])


async def erased(store: Store) -> list[Posted]:
    """Erase everything of Ann, and return the receipt."""
    async with store.begin() as unit:
        await unit.journeys([ANN])
        await unit.erase([ANN])
        return await unit.post([(ANN, "", reply("receipt"))])


async def seals(database: Database, person: str) -> list[bytes]:
    """Return every sealed text of a person, as it is kept."""
    rows = await database.sql("SELECT state FROM journeys WHERE person = :person", person=person)
    rows += await database.sql("SELECT reply FROM outbox WHERE person = :person", person=person)
    return [sealed for (sealed,) in rows]


async def mentioned(database: Database, person: str) -> list[str]:
    """Return the tables that have a row with a person's name anywhere in it."""
    tables = (await database.rows()).items()
    return [table for table, rows in tables if any(person in map(str, row) for row in rows)]


async def test_erasing_leaves_nothing_but_the_receipt_and_then_nothing_at_all(store: Store, database: Database) -> None:
    """Rows, outbox, log and free pages: once the receipt is delivered, not even the name is left."""
    await met(store)
    of_ann, of_ben = await seals(database, ANN), await seals(database, BEN)
    traces = [sealed[64:128] for sealed in of_ann]  # the file may cut a long text, so a part is looked for
    assert len(of_ann) == 2
    before = await database.content()
    assert all(trace in before for trace in traces)
    receipt = await erased(store)
    after = await database.content()
    assert not any(trace in after for trace in traces)
    assert all(sealed[64:128] in after for sealed in of_ben)
    assert [(one.reply.text, one.address) for one in await store.pending()] == [
        ("to Ben", "there"),
        ("receipt", ADDRESS),
    ]
    assert await mentioned(database, ANN) == ["people", "outbox"]
    await store.delivered([one.id for one in receipt])
    assert await mentioned(database, ANN) == []
    assert ANN.encode() not in await database.content()
    assert ADDRESS.encode() not in await database.content()
    assert BEN.encode() in await database.content()
    assert await kept(store, ANN) == Journey()


async def test_a_receipt_among_other_letters_is_the_last_of_somebody_all_the_same(
    store: Store, database: Database
) -> None:
    """Whatever is delivered between erasing and the receipt, and whether it arrives or never can."""
    letters = await met(store)
    receipt = await erased(store)
    await store.delivered([one.id for one in letters])
    assert await mentioned(database, ANN) == ["people", "outbox"]
    await store.failed(receipt[0].id, NOW)
    assert await mentioned(database, ANN) == []
    assert ADDRESS.encode() not in await database.content()


async def test_a_restart_between_erasing_and_the_receipt_forgets_nothing_of_it(
    store: Store, database: Database
) -> None:
    """The receipt is delivered by the next process, and takes the name along."""
    await met(store)
    await erased(store)
    await store.close()
    again = await Store.open(database.url, Seal(KEY), upgrade=False)
    await again.delivered([one.id for one in await again.pending()])
    assert await mentioned(database, ANN) == []
    assert ANN.encode() not in await database.content()
    await again.close()


async def test_erasing_without_a_receipt_is_complete_at_once(store: Store, database: Database) -> None:
    """Nobody waits for a letter that was never written."""
    await met(store)
    async with store.begin() as unit:
        await unit.erase([ANN])
    assert await mentioned(database, ANN) == []
    assert ANN.encode() not in await database.content()


async def test_somebody_who_begins_anew_before_the_receipt_arrives_is_kept(store: Store, database: Database) -> None:
    """The delivery of the receipt takes nothing of the new journey along."""
    await met(store)
    receipt = await erased(store)
    async with store.begin() as unit:
        await unit.journeys([ANN])
        await unit.keep([(ANN, Journey(asked=7), None)])
    await store.delivered([one.id for one in receipt])
    assert (await kept(store, ANN)).asked == 7
    assert await mentioned(database, ANN) == ["people", "journeys"]


@pytest.mark.databases("sqlite")
async def test_a_log_that_another_program_reads_is_emptied_when_it_is_done(
    path: Path, store: Store, database: Database
) -> None:
    """The erased turn is committed all the same, and the next delivery takes the traces away."""
    await store.close()
    impatient = await Store.open(database.url, Seal(KEY), upgrade=False, patience=0.05)
    letters = await met(impatient)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM people").fetchone() == (2,)
        receipt = await erased(impatient)
        await impatient.delivered([one.id for one in receipt])
        assert await mentioned(database, ANN) == []
        assert ANN.encode() in await database.content()
        reader.execute("COMMIT")
    await impatient.delivered([one.id for one in letters])
    assert ANN.encode() not in await database.content()
    await impatient.close()


async def test_what_was_taken_is_forgotten_but_for_the_last_hour(store: Store) -> None:
    """A message that the platform brings twice, right around erasing, is not taken for a stranger's first."""
    async with store.begin() as unit:
        await unit.first_seen([(ANN, "old"), (BEN, "old")], NOW - timedelta(hours=2))
        await unit.first_seen([(ANN, "new")], NOW - timedelta(minutes=5))
    async with store.begin() as unit:
        await unit.first_seen([(ANN, "erase")], NOW)
        await unit.journeys([ANN])
        await unit.erase([ANN])
    async with store.begin() as unit:
        events = [(who, what) for who in (ANN, BEN) for what in ("old", "new", "erase")]
        assert await unit.first_seen([one for one in events if one[0] == ANN], NOW) == {"old"}
        assert await unit.first_seen([one for one in events if one[0] == BEN], NOW) == {"new", "erase"}
