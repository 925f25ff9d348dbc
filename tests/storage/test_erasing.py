"""Erasing: of somebody who erased everything, nothing is left in any table, nor in any byte of the files."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from dialogs.journey import Journey
from storage.sealing import Seal
from storage.store import Posted, Store
from storage.tables import metadata
from tests.storage.conftest import KEY, url
from tests.storage.test_store import ANN, BEN, NOW, kept, raw, reply

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


def seals(path: Path, person: str) -> list[bytes]:
    """Return every sealed text of a person, as it lies in the file."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT state FROM journeys WHERE person = ?1", (person,)).fetchall()
        rows += connection.execute("SELECT reply FROM outbox WHERE person = ?1", (person,)).fetchall()
    return [bytes(sealed) for (sealed,) in rows]


def mentioned(path: Path, person: str) -> list[str]:
    """Return the tables that have a row with a person's name anywhere in it."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            table
            for table in metadata.tables
            if any(person in map(str, row) for row in connection.execute(f"SELECT * FROM {table}"))  # noqa: S608
        ]


async def test_erasing_leaves_nothing_but_the_receipt_and_then_nothing_at_all(store: Store, path: Path) -> None:
    """Rows, outbox, log and free pages: once the receipt is delivered, not even the name is left."""
    await met(store)
    of_ann, of_ben = seals(path, ANN), seals(path, BEN)
    traces = [sealed[64:128] for sealed in of_ann]  # the file may cut a long text, so a part is looked for
    assert len(of_ann) == 2
    assert all(trace in raw(path) for trace in traces)
    receipt = await erased(store)
    assert not any(trace in raw(path) for trace in traces)
    assert all(sealed[64:128] in raw(path) for sealed in of_ben)
    assert [(one.reply.text, one.address) for one in await store.pending()] == [
        ("to Ben", "there"),
        ("receipt", ADDRESS),
    ]
    assert mentioned(path, ANN) == ["people", "outbox"]
    await store.delivered([one.id for one in receipt])
    assert mentioned(path, ANN) == []
    assert ANN.encode() not in raw(path)
    assert ADDRESS.encode() not in raw(path)
    assert BEN.encode() in raw(path)
    assert await kept(store, ANN) == Journey()


async def test_a_receipt_among_other_letters_is_the_last_of_somebody_all_the_same(store: Store, path: Path) -> None:
    """Whatever is delivered between erasing and the receipt, and whether it arrives or never can."""
    letters = await met(store)
    receipt = await erased(store)
    await store.delivered([one.id for one in letters])
    assert mentioned(path, ANN) == ["people", "outbox"]
    await store.failed(receipt[0].id, NOW)
    assert mentioned(path, ANN) == []
    assert ADDRESS.encode() not in raw(path)


async def test_a_restart_between_erasing_and_the_receipt_forgets_nothing_of_it(store: Store, path: Path) -> None:
    """The receipt is delivered by the next process, and takes the name along."""
    await met(store)
    await erased(store)
    await store.close()
    again = await Store.open(url(path), Seal(KEY), upgrade=False)
    await again.delivered([one.id for one in await again.pending()])
    assert mentioned(path, ANN) == []
    assert ANN.encode() not in raw(path)
    await again.close()


async def test_erasing_without_a_receipt_is_complete_at_once(store: Store, path: Path) -> None:
    """Nobody waits for a letter that was never written."""
    await met(store)
    async with store.begin() as unit:
        await unit.erase([ANN])
    assert mentioned(path, ANN) == []
    assert ANN.encode() not in raw(path)


async def test_somebody_who_begins_anew_before_the_receipt_arrives_is_kept(store: Store, path: Path) -> None:
    """The delivery of the receipt takes nothing of the new journey along."""
    await met(store)
    receipt = await erased(store)
    async with store.begin() as unit:
        await unit.journeys([ANN])
        await unit.keep([(ANN, Journey(asked=7), None)])
    await store.delivered([one.id for one in receipt])
    assert (await kept(store, ANN)).asked == 7
    assert mentioned(path, ANN) == ["people", "journeys"]


async def test_a_log_that_another_program_reads_is_emptied_when_it_is_done(path: Path, store: Store) -> None:
    """The erased turn is committed all the same, and the next delivery takes the traces away."""
    await store.close()
    impatient = await Store.open(url(path), Seal(KEY), upgrade=False, patience=0.05)
    letters = await met(impatient)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM people").fetchone() == (2,)
        receipt = await erased(impatient)
        await impatient.delivered([one.id for one in receipt])
        assert mentioned(path, ANN) == []
        assert ANN.encode() in raw(path)
        reader.execute("COMMIT")
    await impatient.delivered([one.id for one in letters])
    assert ANN.encode() not in raw(path)
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
