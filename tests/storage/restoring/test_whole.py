"""Putting a backup back: all of it or nothing, over whatever is there."""

# ruff: noqa: ASYNC240 - small files, and nobody else waits for these loops

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dialogs.journey import Journey
from storage import backup, restoring
from storage.restoring import restore
from storage.sealing import Seal
from storage.store import Store
from tests.databases import KEY
from tests.storage.former import BACK_TO_0004
from tests.storage.restoring.databases import CLEO, beside, bot, opened
from tests.storage.test_backup import damage
from tests.storage.test_erasing import met
from tests.storage.test_store import ANN, BEN, NOW, keep, kept, of_ann, reply

pytestmark = pytest.mark.databases("sqlite")


async def test_everything_comes_back(path: Path, file: Path, store: Store) -> None:
    """Journeys, letters, which events were taken, workspaces; and what was there before is kept."""
    letters = await met(store)
    async with store.begin() as unit:
        await unit.first_seen(of_ann(["a"]), NOW)
    await store.installations("client").async_save_bot(bot("T1"))
    journeys = {person: await kept(store, person) for person in (ANN, BEN)}
    assert backup.copy(path, file) == 2
    for person in (ANN, BEN, CLEO):
        await keep(store, person, Journey(asked=99))
    await store.delivered([one.id for one in letters])
    await store.close()
    done = restore(file, path, Seal(KEY), everybody=False)
    assert (done.people, done.compared, done.left_out, done.workspaces) == (2, True, 0, 0)
    assert done.kept == path.with_name("onward.db.before-restore")
    assert beside(path) == {"onward.db", "onward.db.before-restore"}
    assert beside(file) == {"backup.db"}
    async with opened(path) as after:
        assert {person: await kept(after, person) for person in (ANN, BEN)} == journeys
        assert await after.journey(CLEO) == Journey()
        assert await after.pending() == letters
        async with after.begin() as unit:
            assert await unit.first_seen(of_ann(["a", "b"]), NOW) == {"b"}
        found = await after.installations("client").find("T1")
        assert found is not None
        assert found.bot_token == "xoxb-T1"
    async with opened(done.kept) as former:
        assert (await kept(former, CLEO)).asked == 99


async def test_a_lost_database_comes_back_with_everybody(path: Path, file: Path, store: Store) -> None:
    """There is nothing to compare with, and that is told; a log that was left behind is not mixed in."""
    await keep(store, ANN, Journey(asked=4))
    backup.copy(path, file)
    await keep(store, ANN, Journey(asked=5))
    log = path.with_name("onward.db-wal").read_bytes()
    await store.close()
    path.unlink()
    path.with_name("onward.db-wal").write_bytes(log)
    done = restore(file, path, Seal(KEY), everybody=False)
    assert (done.people, done.compared, done.kept) == (1, False, None)
    assert path.stat().st_mode & 0o777 == 0o600
    async with opened(path) as after:
        assert (await kept(after, ANN)).asked == 4


async def test_a_damaged_database_is_moved_away(path: Path, file: Path, store: Store) -> None:
    """As it is, with its log: there may be something in it for somebody who can read such things."""
    for n in range(50):
        await keep(store, f"terminal:{n}", Journey(own_line="x" * 2000))
    backup.copy(path, file)
    await store.close()
    damage(path)
    broken = path.read_bytes()
    done = restore(file, path, Seal(KEY), everybody=False)
    assert (done.people, done.compared) == (50, False)
    assert done.kept is not None
    assert done.kept.read_bytes() == broken
    async with opened(path) as after:
        assert (await kept(after, "terminal:7")).own_line


@pytest.mark.parametrize("first_start", [False, True])
async def test_an_empty_database_tells_nothing(path: Path, file: Path, store: Store, *, first_start: bool) -> None:
    """Neither an empty file nor one in which a first start was cut off says that somebody erased anything."""
    await keep(store, ANN, Journey(asked=4))
    backup.copy(path, file)
    await store.close()
    path.unlink()
    path.touch()
    if first_start:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    done = restore(file, path, Seal(KEY), everybody=False)
    assert (done.people, done.compared) == (1, False)


async def test_a_restoring_that_breaks_leaves_everything_as_it_was(
    path: Path, file: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever comes in between: the database is what it was, and no draft is left."""
    await keep(store, ANN, Journey(asked=1))
    backup.copy(path, file)
    await keep(store, ANN, Journey(asked=2))
    await store.close()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for name in ("_held", "_leave_out", "_skip_numbers"):
        with monkeypatch.context() as patch:
            patch.setattr(restoring, name, interrupt)
            with pytest.raises(KeyboardInterrupt):
                restore(file, path, Seal(KEY), everybody=False)
        assert beside(path) == {"onward.db"}
    async with opened(path) as after:
        assert (await kept(after, ANN)).asked == 2


async def test_numbers_of_letters_do_not_come_again(path: Path, file: Path, store: Store) -> None:
    """Slack looks for the number of a letter before it is sent again, and must not find an older one."""
    await met(store)
    backup.copy(path, file)
    async with store.begin() as unit:
        last = (await unit.post([(BEN, "there", reply("later")) for _ in range(5)]))[-1].id
    await store.close()
    for kept_database in (True, False):
        if not kept_database:
            path.unlink()
        restore(file, path, Seal(KEY), everybody=False)
        async with opened(path) as after, after.begin() as unit:
            (posted,) = await unit.post([(BEN, "there", reply("anew"))])
        assert posted.id > last


async def test_a_backup_of_an_older_release_is_put_back_and_then_upgraded(path: Path, file: Path, store: Store) -> None:
    """It is recognised by who is there alone, as nobody had a key yet."""
    seal = Seal(KEY)
    await met(store)
    await store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(file.with_name("older.db")),))
    older = file.with_name("older.db")
    with closing(sqlite3.connect(older)) as connection, connection:
        for person, key, state in connection.execute(
            "SELECT person, key, state FROM people JOIN journeys USING (person)"
        ).fetchall():
            old = seal.seal(seal.person(person, key).unseal(state), person)
            connection.execute("UPDATE journeys SET state = ? WHERE person = ?", (old, person))
        connection.execute("DELETE FROM outbox")
        for statement in ("DELETE FROM locks WHERE name = 'events'", *BACK_TO_0004):
            connection.execute(statement)
    async with opened(path) as now, now.begin() as unit:
        await unit.erase([ANN])
    done = restore(older, path, seal, everybody=False)
    assert (done.people, done.left_out) == (1, 1)
    async with opened(path) as after:
        assert (await kept(after, BEN)).own_line
        assert await after.journey(ANN) == Journey()
