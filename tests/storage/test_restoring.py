"""Putting a backup back: all of it or nothing, and nobody who erased everything comes back silently."""

# ruff: noqa: ASYNC240 - small files, and nobody else waits for these loops

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Bot

from dialogs.community import chosen
from dialogs.journey import Journey
from storage import backup, restoring
from storage.errors import StorageError
from storage.restoring import restore
from storage.sealing import Seal
from storage.store import Store
from tests.databases import KEY, url
from tests.storage.former import BACK_TO_0004
from tests.storage.test_backup import damage
from tests.storage.test_erasing import erased, met
from tests.storage.test_keys import NEW
from tests.storage.test_store import ANN, BEN, NOW, keep, kept, of_ann, reply

pytestmark = pytest.mark.databases("sqlite")

CLEO = "terminal:cleo"


@pytest.fixture
def file(path: Path) -> Path:
    """Return where the backup is."""
    folder = path.parent / "backups"
    folder.mkdir()
    return folder / "backup.db"


@asynccontextmanager
async def opened(path: Path, key: bytes = KEY) -> AsyncIterator[Store]:
    """Open a database, as a bot does."""
    store = await Store.open(url(path), Seal(key), upgrade=True)
    try:
        yield store
    finally:
        await store.close()


def bot(team: str) -> Bot:
    """Return the bot of a workspace."""
    return Bot(
        app_id="A1",
        enterprise_id=None,
        team_id=team,
        bot_token=f"xoxb-{team}",
        bot_id="B1",
        bot_user_id="U1",
        bot_scopes=[],
        installed_at=NOW.timestamp(),
    )


def beside(path: Path) -> set[str]:
    """Return the files in the folder of the database."""
    return {one.name for one in path.parent.iterdir() if one.is_file()}


def refusal(file: Path, path: Path, seal: Seal | None = None, *, everybody: bool = False) -> str:
    """Return why a backup is not put back, after making sure that nothing was touched."""
    before = {one: one.read_bytes() for one in (*path.parent.iterdir(), *file.parent.iterdir()) if one.is_file()}
    with pytest.raises(StorageError) as caught:
        restore(file, path, seal or Seal(KEY), everybody=everybody)
    after = {one: one.read_bytes() for one in (*path.parent.iterdir(), *file.parent.iterdir()) if one.is_file()}
    assert before == after
    assert "\n" not in str(caught.value)
    return str(caught.value)


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


@pytest.mark.parametrize("everybody", [False, True])
async def test_who_erased_everything_since_comes_back_only_when_asked_for(
    path: Path, file: Path, store: Store, *, everybody: bool
) -> None:
    """With the receipt delivered, nothing is there of them; not a byte of theirs is in the restored file either."""
    await met(store)
    async with store.begin() as unit:
        await unit.first_seen([(ANN, "a"), (BEN, "b")], NOW)
    before = await kept(store, ANN)
    backup.copy(path, file)
    receipt = await erased(store)
    await store.delivered([one.id for one in receipt])
    await store.close()
    done = restore(file, path, Seal(KEY), everybody=everybody)
    assert (done.people, done.left_out) == ((2, 0) if everybody else (1, 1))
    assert (ANN.encode() in path.read_bytes()) is everybody
    async with opened(path) as after:
        assert await after.journey(ANN) == (before if everybody else Journey())
        assert (await after.journey(BEN)).own_line
        async with after.begin() as unit:
            assert await unit.first_seen([(ANN, "a"), (BEN, "b")], NOW) == (set() if everybody else {"a"})


async def test_who_erased_everything_and_began_anew_has_another_key(path: Path, file: Path, store: Store) -> None:
    """And so has somebody whose receipt is still on its way. What they erased does not come back."""
    for person in (ANN, BEN, CLEO):
        await keep(store, person, Journey(own_line="canary"))
    backup.copy(path, file)
    async with store.begin() as unit:
        await unit.journeys([ANN, BEN])
        await unit.erase([ANN, BEN])
        await unit.post([(ANN, "here", reply("receipt"))])
    await keep(store, BEN, Journey(asked=1))
    await store.close()
    assert restore(file, path, Seal(KEY), everybody=False).left_out == 2
    async with opened(path) as after:
        assert [(await after.journey(person)).own_line for person in (ANN, BEN, CLEO)] == ["", "", "canary"]


async def test_a_backup_from_before_another_key_needs_both(path: Path, file: Path, store: Store) -> None:
    """With both it is known who erased everything; with the old one alone, nobody is guessed at."""
    for person in (ANN, BEN):
        await keep(store, person, Journey(asked=1))
    backup.copy(path, file)
    await store.close()
    both = Seal(NEW, [KEY])
    changing = await Store.open(url(path), both, upgrade=True)
    async with changing.begin() as unit:
        await unit.erase([BEN])
    await changing.rotate(NEW)
    await changing.close()
    assert "The key does not open" in refusal(file, path, Seal(NEW))
    assert "give both keys" in refusal(file, path, Seal(KEY))
    assert restore(file, path, both, everybody=False).left_out == 1
    assert restore(file, path, Seal(KEY), everybody=True).people == 2
    assert beside(path) >= {"onward.db.before-restore", "onward.db.before-restore-2"}


async def test_a_backup_in_the_middle_of_a_change_needs_both_keys(path: Path, file: Path, store: Store) -> None:
    """Somebody's key would not open otherwise, and it would be noticed only when they write."""
    await keep(store, ANN, Journey(asked=1))
    await store.close()
    async with opened(path, KEY) as before:
        backup.copy(path, file)
        await before.rotate(KEY)
    with closing(sqlite3.connect(file)) as connection, connection:
        sealed = Seal(NEW).new_person(ANN)
        connection.execute("UPDATE people SET key = ?", (sealed,))
    assert "The key does not open" in refusal(file, path)


async def test_a_workspace_that_removed_the_app_does_not_come_back(path: Path, file: Path, store: Store) -> None:
    """Its tokens are left out like its people, unless everybody is asked for."""
    await keep(store, ANN, Journey())
    for team in ("T1", "T2"):
        await store.installations("client").async_save_bot(bot(team))
    backup.copy(path, file)
    await store.installations("client").remove("T1")
    await store.close()
    assert restore(file, path, Seal(KEY), everybody=False).workspaces == 1
    async with opened(path) as after:
        assert await after.installations("client").find("T1") is None
        assert await after.installations("client").find("T2") is not None


async def test_a_community_that_removed_its_set_up_does_not_come_back(path: Path, file: Path, store: Store) -> None:
    """One that is still there comes back as it was when the backup was made."""
    communities = store.communities(lambda: NOW)
    for one in ("discord:1", "slack:T1"):
        await communities.change(one, lambda before: chosen(before, "country", ["GB"]))
    backup.copy(path, file)
    await communities.remove("discord:1")
    await communities.change("slack:T1", lambda before: chosen(before, "country", ["FR"]))
    await store.close()
    restore(file, path, Seal(KEY), everybody=False)
    async with opened(path) as after:
        there = after.communities(lambda: NOW)
        assert await there.read("discord:1") is None
        found = await there.read("slack:T1")
        assert found is not None
        assert found.now.country == "GB"


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


async def test_a_running_bot_is_noticed(path: Path, file: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would go on with what it remembers, so it has to be stopped first; it runs on undisturbed."""
    monkeypatch.setattr(backup, "PATIENCE", 0.05)
    await keep(store, ANN, Journey(asked=1))
    backup.copy(path, file)
    with pytest.raises(StorageError, match="Another program holds"):
        restore(file, path, Seal(KEY), everybody=False)
    await keep(store, ANN, Journey(asked=2))
    assert (await kept(store, ANN)).asked == 2
    assert beside(path) <= {"onward.db", "onward.db-wal", "onward.db-shm"}


async def test_what_cannot_be_put_back_is_refused_untouched(path: Path, file: Path, store: Store) -> None:
    """A wrong key, a newer release, damage, other files: one sentence each."""
    for n in range(50):
        await keep(store, f"terminal:{n}", Journey(own_line="x" * 2000))
    backup.copy(path, file)
    await store.close()
    assert "The key does not open" in refusal(file, path, Seal(NEW))
    whole = file.read_bytes()
    with closing(sqlite3.connect(file)) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "revision 9999" in refusal(file, path)
    file.write_bytes(whole)
    damage(file)
    assert "damaged" in refusal(file, path)
    file.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refusal(file, path)
    file.write_text("dear diary " * 100)
    assert "is no database of Onward" in refusal(file, path)
    for statement in ("CREATE TABLE photos (id INTEGER)", "PRAGMA user_version = 1"):
        file.unlink()
        with closing(sqlite3.connect(file)) as other:
            other.execute(statement)
        assert "is no backup of Onward" in refusal(file, path)


async def test_what_is_somebody_elses_is_not_replaced(path: Path, file: Path, store: Store) -> None:
    """A typing mistake in the path of the database costs nobody their photos or their diary."""
    await keep(store, ANN, Journey())
    backup.copy(path, file)
    await store.close()
    diary, photos = path.with_name("diary.txt"), path.with_name("photos.db")
    diary.write_text("dear diary " * 100)
    assert "is no database of Onward" in refusal(file, diary)
    with closing(sqlite3.connect(photos)) as other:
        other.execute("CREATE TABLE photos (id INTEGER)")
    assert "another program" in refusal(file, photos)
    with pytest.raises(StorageError, match="cannot be written"):
        restore(file, Path("/proc/onward.db"), Seal(KEY), everybody=False)


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
