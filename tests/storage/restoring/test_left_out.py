"""Nobody who erased everything since the backup comes back silently, and no workspace or community that left."""

# ruff: noqa: ASYNC240 - small files, and nobody else waits for these loops

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dialogs.community import chosen
from dialogs.journey import Journey
from storage import backup
from storage.restoring import restore
from storage.sealing import Seal
from storage.store import Store
from tests.databases import KEY, url
from tests.storage.restoring.databases import CLEO, beside, bot, opened, refusal
from tests.storage.test_erasing import erased, met
from tests.storage.test_keys import NEW
from tests.storage.test_store import ANN, BEN, NOW, keep, kept, reply

pytestmark = pytest.mark.databases("sqlite")


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
