"""From a SQLite file to a server: everything goes along, or nothing does."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from dialogs.community import chosen
from dialogs.journey import Journey
from storage.errors import StorageError
from storage.moving import move
from storage.restoring import GAP
from storage.schema import NEWEST
from storage.sealing import Seal
from storage.store import Store
from tests.databases import KEY, Database, bring_up_to_date, next_wake, url
from tests.storage.test_store import ANN, BEN, NOW, keep, kept, reply
from tests.storage.test_workspaces import added

pytestmark = pytest.mark.databases("postgresql")


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """Return a SQLite file in which two people have got somewhere, and a workspace has added the app."""
    path = tmp_path / "until_now.db"
    store = await Store.open(url(path), Seal(KEY), upgrade=True)
    await keep(store, ANN, Journey(asked=6), NOW + timedelta(hours=1))
    await keep(store, BEN, Journey(asked=7))
    async with store.begin() as unit:
        await unit.first_seen([(ANN, "1")], NOW)
        await unit.journeys([ANN])
        letters = await unit.post([(ANN, "here", reply("gone")), (ANN, "here", reply("waits"))])
    await store.delivered([letters[0].id])
    await store.installations("client").async_save(added("T1", "xoxe-token", 0))
    await store.communities(lambda: NOW).change("slack:T1", lambda one: chosen(one, "country", ["GB"]))
    await store.close()
    return path


@pytest.mark.parametrize("fresh", [True, False], ids=["empty", "tables"])
async def test_everything_goes_along(file: Path, new_database: Database, fresh: bool) -> None:  # noqa: FBT001
    """Journeys, what waits for its time, letters, events that were taken, tokens; and numbers go on behind."""
    if not fresh:
        bring_up_to_date(new_database.url)
    before = file.read_bytes()  # noqa: ASYNC240 - a small file
    assert await move(file, new_database.url, Seal(KEY)) == 2
    assert file.read_bytes() == before  # noqa: ASYNC240 - likewise
    store = await Store.open(new_database.url, Seal(KEY), upgrade=False)
    assert ((await kept(store, ANN)).asked, (await kept(store, BEN)).asked) == (6, 7)
    assert await next_wake(store) == NOW + timedelta(hours=1)
    (waiting,) = await store.pending()
    assert (waiting.reply.text, waiting.address) == ("waits", "here")
    async with store.begin() as unit:
        assert await unit.first_seen([(ANN, "1"), (ANN, "2")], NOW) == {"2"}
        await unit.journeys([ANN])
        (posted,) = await unit.post([(ANN, "here", reply("next"))])
    assert posted.id > waiting.id + GAP - 1
    community = await store.communities(lambda: NOW).read("slack:T1")
    assert community is not None
    assert community.now.country == "GB"
    installations = store.installations("client")
    found = await installations.find("T1")
    assert found is not None
    assert found.bot_token == "xoxe-token"
    await installations.async_save(added("T2", "xoxe-other", 1))
    await store.close()


async def refused(file: Path, database: Database, seal: Seal | None = None) -> str:
    """Return why nothing is moved; nothing was."""
    with pytest.raises(StorageError) as caught:
        await move(file, database.url, seal or Seal(KEY))
    return str(caught.value)


async def test_what_is_not_moved(file: Path, database: Database, tmp_path: Path) -> None:
    """Each with one sentence, and nothing of it gets there."""
    assert "does not open" in await refused(file, database, Seal(bytes(32)))
    (tmp_path / "photos.db").write_bytes(b"SQLite format 3\x00")
    assert "photos.db" in await refused(tmp_path / "photos.db", database)
    with closing(sqlite3.connect(file, isolation_level=None)) as bot:
        bot.execute("BEGIN IMMEDIATE")
        assert "Another program holds" in await refused(file, database)
        bot.execute("ROLLBACK")
        bot.execute("UPDATE alembic_version SET version_num = '0005'")
        assert "run 'onward db upgrade --db" in await refused(file, database)
        bot.execute("UPDATE alembic_version SET version_num = ?", (NEWEST,))
        bot.execute("PRAGMA foreign_keys = OFF")
        bot.execute("INSERT INTO journeys (person, state, step, version) VALUES ('test:nobody', x'00', 'rest', 1)")
    assert await refused(file, database)
    assert await database.sql("SELECT count(*) FROM people") == [(0,)]
    store = await Store.open(database.url, Seal(KEY), upgrade=False)
    await keep(store, ANN, Journey())
    assert "has 1 people in it already" in await refused(file, database)
    assert (await kept(store, ANN)).asked == 0
    await store.close()
