"""What members do with each other, as it is kept: it goes with a person, with a community, and changes keys along."""

from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from dialogs.community import chosen
from dialogs.journey import Journey
from storage import backup, together
from storage.errors import StorageError
from storage.restoring import restore
from storage.sealing import Seal
from storage.store import Store
from storage.tables import apart, introductions, offers, pulse, reports, wins
from tests.databases import KEY, Database
from tests.storage.test_keys import NEW, opened
from tests.storage.test_store import ANN, BEN, NOW, keep

HERE, THERE = "test:1", "test:2"
COUNTED = (offers, introductions, apart, reports, wins, pulse)


async def together_in(store: Store, community: str, one: str, other: str) -> None:
    """Let two people mentor, be introduced, kept apart, reported and share a win in a community."""

    def sealed(table: str) -> bytes:
        return Seal(KEY).seal(b"words", f"{table}/{community}")

    async with store._locked() as connection:  # noqa: SLF001 - rows as any part of the bot could have made them
        at = {"community": community}
        await connection.execute(insert(offers).values(**at, person=one, sealed=sealed("offers")))
        pair = {"seeker": other, "mentor": one, "due_at": 7, "sealed": sealed("introductions")}
        await connection.execute(insert(introductions).values(**at, **pair))
        await connection.execute(delete(apart).where(apart.c.person == one, apart.c.other == other))
        await connection.execute(insert(apart).values(person=one, other=other))
        await connection.execute(
            insert(reports).values(**at, person=one, reported_at=1, sealed=sealed("reports")),
        )
        await connection.execute(insert(wins).values(**at, person=one, receipt="1/2", shared_at=1))
        await connection.execute(delete(pulse).where(pulse.c.community == community))
        await connection.execute(insert(pulse).values(**at, month="2026-11", figure="came", count=9))


async def erase(store: Store, person: str) -> None:
    """Erase everything of somebody."""
    async with store.begin() as unit:
        await unit.journeys([person])
        await unit.erase([person])


async def counts(database: Database) -> dict[str, int]:
    """Return how many rows there are in each table."""
    rows = await database.rows()
    return {table.name: len(rows[table.name]) for table in COUNTED}


async def test_who_erases_everything_has_nothing_to_do_with_anybody(database: Database, store: Store) -> None:
    """Others still have to be told, and messages to be taken away: those rows stay, and are nobody's."""
    await keep(store, ANN, Journey(asked=1))
    await together_in(store, HERE, ANN, BEN)
    await together_in(store, THERE, BEN, ANN)
    await erase(store, ANN)
    rows = await database.rows()
    assert await database.sql("SELECT person FROM offers") == [(BEN,)]
    assert not [one for table in COUNTED for row in rows[table.name] for one in row if one == ANN]
    left = await database.sql("SELECT seeker, mentor, due_at FROM introductions ORDER BY community")
    assert left == [(BEN, "", 0), ("", BEN, 0)]
    assert await database.sql("SELECT person FROM wins ORDER BY community") == [("",), (BEN,)]
    assert (await counts(database))["pulse"] == 2


async def test_a_workspace_that_goes_takes_everybody_along(database: Database, store: Store) -> None:
    """As when its people had erased everything one by one."""
    await keep(store, ANN, Journey(asked=1))
    await together_in(store, HERE, ANN, BEN)
    assert await store.purge(ANN.partition(":")[0]) == 1
    assert {name: count for name, count in (await counts(database)).items() if count} == {
        "introductions": 1,
        "wins": 1,
        "pulse": 1,
    }


async def test_a_community_that_removes_the_bot_takes_everything_of_it_along(database: Database, store: Store) -> None:
    """And nothing of another one."""
    communities = store.communities(lambda: NOW)
    for one in (HERE, THERE):
        await communities.change(one, lambda before: chosen(before, "country", ["GB"]))
        await together_in(store, one, ANN, BEN)
    await communities.remove(HERE)
    assert await counts(database) == dict.fromkeys((table.name for table in COUNTED), 1)
    assert {community for (community,) in await database.sql("SELECT community FROM offers")} == {THERE}


@pytest.mark.databases("sqlite")
async def test_a_backup_brings_back_nobody_who_is_gone(path: Path, database: Database, store: Store) -> None:
    """Neither people who erased everything since nor communities that removed the bot; and no number comes twice."""
    communities = store.communities(lambda: NOW)
    for one in (HERE, THERE):
        await communities.change(one, lambda before: chosen(before, "country", ["GB"]))
    await keep(store, ANN, Journey(asked=1))
    await keep(store, BEN, Journey(asked=2))
    await together_in(store, HERE, BEN, ANN)
    await together_in(store, THERE, BEN, "test:cleo")
    await together_in(store, THERE, ANN, BEN)
    file = path.with_name("backup.db")
    backup.copy(path, file)
    await erase(store, ANN)
    await communities.remove(HERE)
    ((last,),) = await database.sql("SELECT seq FROM sqlite_sequence WHERE name = 'introductions'")
    await store.close()
    restore(file, path, Seal(KEY), everybody=False)
    assert await database.sql("SELECT community, person FROM offers") == [(THERE, BEN)]
    assert await database.sql("SELECT seeker, mentor FROM introductions") == [("test:cleo", BEN)]
    async with opened(database, Seal(KEY)) as after:
        await together_in(after, HERE, BEN, "test:dora")
    ((newest,),) = await database.sql("SELECT max(id) FROM introductions")
    assert newest > last


async def test_who_was_erased_by_a_release_before_is_nobody_any_more(database: Database, store: Store) -> None:
    """It may run beside this one, and leaves what it does not know."""
    await keep(store, BEN, Journey(asked=2))
    await together_in(store, HERE, ANN, BEN)
    await together_in(store, THERE, BEN, ANN)
    await store.forget_lost()
    await store.forget_lost()
    assert await database.sql("SELECT person FROM offers") == [(BEN,)]
    rows = await database.sql("SELECT seeker, mentor, due_at FROM introductions ORDER BY id")
    assert rows == [(BEN, "", 0), ("", BEN, 0)]
    assert await database.sql("SELECT person FROM reports") == [(BEN,)]
    assert await database.sql("SELECT * FROM apart") == []
    assert await database.sql("SELECT person FROM wins ORDER BY id") == [("",), (BEN,)]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("everybody", [False, True])
async def test_a_backup_introduces_nobody_to_whom_they_have_blocked_since(
    path: Path,
    database: Database,
    store: Store,
    everybody: bool,  # noqa: FBT001 - pytest gives it
) -> None:
    """Of who has erased everything since, nothing comes with it."""
    await keep(store, ANN, Journey(asked=1))
    await keep(store, BEN, Journey(asked=2))
    file = path.with_name("backup.db")
    backup.copy(path, file)
    await database.sql("INSERT INTO apart VALUES (:ann, :ben), (:ann, 'test:new')", ann=ANN, ben=BEN)
    await store.close()
    restore(file, path, Seal(KEY), everybody=everybody)
    assert await database.sql("SELECT person, other FROM apart") == [(ANN, BEN)]


async def test_what_is_sealed_changes_along_with_the_key(database: Database, store: Store) -> None:
    """With the new key alone it opens, in its place only."""
    await together_in(store, HERE, ANN, BEN)
    await store.close()
    async with opened(database, Seal(NEW, [KEY])) as both:
        await both.rotate(NEW)
        await both.rotate(NEW)
    for table in together.SEALED:
        ((sealed,),) = await database.sql(f"SELECT sealed FROM {table.name}")  # noqa: S608 - our own table
        assert Seal(NEW).unseal(sealed, together.about(table, HERE)) == b"words"
        with pytest.raises(StorageError):
            Seal(NEW).unseal(sealed, together.about(table, THERE))
