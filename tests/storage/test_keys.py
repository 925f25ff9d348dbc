"""Keys: one for each person, sealed with the host's; and changing to another one while everything goes on."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

import pytest
from slack_sdk.oauth.installation_store import Bot

from dialogs.journey import Journey
from storage import keys, schema
from storage.errors import StorageError
from storage.keyfile import add_key, file_beside, keep_newest, keys_beside
from storage.sealing import BY_PERSON, Seal
from storage.store import Store
from tests.databases import KEY, Database
from tests.storage.former import BACK_TO_0004
from tests.storage.test_store import ANN, BEN, NOW, keep, kept, of_ann, reply

NEW = bytes(reversed(KEY))
CROWD = MappingProxyType({f"terminal:{n}": Journey(asked=n + 1) for n in range(5)})


@asynccontextmanager
async def opened(database: Database, seal: Seal) -> AsyncIterator[Store]:
    """Open the database with these keys."""
    store = await Store.open(database.url, seal, upgrade=True)
    try:
        yield store
    finally:
        await store.close()


async def stored(database: Database, statement: str) -> list[bytes]:
    """Return one column of the database, as it is kept."""
    return [value for (value,) in await database.sql(statement)]


async def talked(store: Store) -> None:
    """Keep something of a few people, and a letter to one of them."""
    for person, journey in CROWD.items():
        await keep(store, person, journey)
    async with store.begin() as unit:
        await unit.post([("terminal:0", "here", reply("words"))])


async def test_each_person_has_a_key_of_their_own(database: Database, store: Store) -> None:
    """What is kept of one opens with no key of another, nor with the host's alone."""
    await talked(store)
    seal = Seal(KEY)
    keys_of: dict[str, bytes] = dict(await database.sql("SELECT person, key FROM people"))
    assert len({seal.unseal(key, f"key/{person}") for person, key in keys_of.items()}) == len(CROWD)
    states = await stored(database, "SELECT state FROM journeys") + await stored(database, "SELECT reply FROM outbox")
    assert all(state.startswith(BY_PERSON) for state in states)
    (key,) = await stored(database, "SELECT key FROM people WHERE person = 'terminal:1'")
    (state,) = await stored(database, "SELECT state FROM journeys WHERE person = 'terminal:0'")
    with pytest.raises(StorageError, match="does not fit"):
        seal.person("terminal:1", key).unseal(state)
    with pytest.raises(StorageError, match="does not fit"):
        seal.person("terminal:0", key)
    with pytest.raises(StorageError, match="newer release"):
        seal.unseal(state, "terminal:0")


async def test_who_erases_everything_gets_another_key(database: Database, store: Store) -> None:
    """The old one is gone from every byte of the files, and with it whatever else might be left."""
    await keep(store, ANN, Journey(asked=3))
    (before,) = await stored(database, "SELECT key FROM people")
    async with store.begin() as unit:
        await unit.journeys([ANN])
        await unit.erase([ANN])
        await unit.post([(ANN, "here", reply("receipt"))])
    (after,) = await stored(database, "SELECT key FROM people")
    assert before != after
    assert before not in await database.content()


async def test_the_host_changes_to_another_key(database: Database, store: Store) -> None:
    """Everything opens with the new one alone, and nothing with the old one."""
    await talked(store)
    await store.close()
    async with opened(database, Seal(NEW, [KEY])) as both:
        assert await both.rotate(NEW) == len(CROWD)
        assert await both.rotate(NEW) == 0
    with pytest.raises(StorageError, match="does not fit"):
        await Store.open(database.url, Seal(KEY), upgrade=False)
    async with opened(database, Seal(NEW)) as after:
        assert {person: await kept(after, person) for person in CROWD} == CROWD
        assert [one.reply.text for one in await after.pending()] == ["words"]
        async with after.begin() as unit:
            assert await unit.first_seen(of_ann(["a"]), NOW) == {"a"}


async def test_events_are_known_after_the_change(database: Database, store: Store) -> None:
    """A platform that delivers again meanwhile is not answered twice."""
    async with store.begin() as unit:
        await unit.first_seen(of_ann(["a"]), NOW)
    await store.close()
    async with opened(database, Seal(NEW, [KEY])) as both:
        await both.rotate(NEW)
    async with opened(database, Seal(NEW)) as after, after.begin() as unit:
        assert await unit.first_seen(of_ann(["a", "b"]), NOW) == {"b"}


async def test_a_change_that_was_cut_off_goes_on(database: Database, store: Store) -> None:
    """Some have the new key already, some not yet; both can be read, and the next call finishes."""
    await talked(store)
    await store.close()
    async with opened(database, Seal(NEW, [KEY])) as both:
        both._seal.prefer(NEW)  # noqa: SLF001
        async with both._locked() as connection:  # noqa: SLF001
            await keys.renew_locks(connection, both._seal)  # noqa: SLF001
            assert await keys.renew_some(connection, both._seal, 2) == 2  # noqa: SLF001
    async with opened(database, Seal(NEW, [KEY])) as again:
        assert {person: await kept(again, person) for person in CROWD} == CROWD
        assert await again.rotate(NEW) == len(CROWD) - 2


async def test_a_running_bot_follows_to_the_new_key(path: Path, database: Database, store: Store) -> None:
    """Whoever it meets after the change gets a key that is sealed with the new one; nobody has to restart anything."""
    await store.close()
    file_beside(path).write_text(KEY.hex())
    async with opened(database, Seal(KEY, again=lambda: keys_beside(path))) as running:
        await keep(running, ANN, Journey(asked=1))
        newest, *older = add_key(path)
        async with opened(database, Seal(newest, older)) as other:
            assert await other.rotate(newest) == 1
        keep_newest(path)
        await keep(running, BEN, Journey(asked=2))
        assert (await kept(running, ANN)).asked == 1
        await keep(running, "terminal:cleo", Journey(asked=3))
    async with opened(database, Seal(newest)) as after:
        assert [(await kept(after, person)).asked for person in (ANN, BEN, "terminal:cleo")] == [1, 2, 3]


async def test_a_running_bot_without_the_new_key_says_so(database: Database, store: Store) -> None:
    """It loses nothing: whom it cannot keep something of, it does not take on."""
    await keep(store, ANN, Journey(asked=1))
    async with opened(database, Seal(NEW, [KEY])) as other:
        await other.rotate(NEW)
    for person in (ANN, BEN):
        with pytest.raises(StorageError, match="does not fit"):
            await keep(store, person, Journey())


async def test_tokens_of_workspaces_change_along(database: Database, store: Store) -> None:
    """And those that were never sealed are left alone."""
    bot = Bot(
        app_id="A1",
        enterprise_id=None,
        team_id="T1",
        bot_token="xoxb-1",
        bot_id="B1",
        bot_user_id="U1",
        bot_scopes=[],
        installed_at=NOW.timestamp(),
    )
    await store.installations("client").async_save_bot(bot)
    await store.close()
    async with opened(database, Seal(NEW, [KEY])) as both:
        await both.rotate(NEW)
        await both.rotate(NEW)
    async with opened(database, Seal(NEW)) as after:
        found = await after.installations("client").find("T1")
    assert found is not None
    assert found.bot_token == "xoxb-1"


async def test_people_of_an_older_release_get_a_key(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the host's key sealed is sealed with theirs after the upgrade."""
    await talked(store)
    await store.close()
    seal = Seal(KEY)
    keys_of: dict[str, bytes] = dict(await database.sql("SELECT person, key FROM people"))
    for table, column, name in (("journeys", "state", "person"), ("outbox", "reply", "id")):
        for row, person, sealed in await database.sql(f"SELECT {name}, person, {column} FROM {table}"):  # noqa: S608
            old = seal.seal(seal.person(person, keys_of[person]).unseal(sealed), person)
            await database.sql(f"UPDATE {table} SET {column} = :old WHERE {name} = :row", old=old, row=row)  # noqa: S608
    for statement in ("DELETE FROM locks WHERE name = 'events'", *BACK_TO_0004):
        await database.sql(statement)
    monkeypatch.setattr(schema, "AT_ONCE", 2)
    async with opened(database, seal) as after:
        assert {person: await kept(after, person) for person in CROWD} == CROWD
        assert [one.reply.text for one in await after.pending()] == ["words"]
    assert all(state.startswith(BY_PERSON) for state in await stored(database, "SELECT state FROM journeys"))


def test_what_the_first_releases_sealed_still_opens() -> None:
    """They did not name their key, so each one is tried."""
    seal = Seal(KEY)
    old = b"\x01" + seal.seal(b"words", ANN)[5:]
    assert Seal(NEW, [KEY]).unseal(old, ANN) == b"words"
    with pytest.raises(StorageError, match="does not fit"):
        Seal(NEW).unseal(old, ANN)


def test_a_key_file_holds_two_keys_only_while_they_change(path: Path) -> None:
    """A change that was cut off does not make a third."""
    (first,) = keys_beside(path)
    newest, older = add_key(path)
    assert older == first
    assert add_key(path) == (newest, older) == keys_beside(path)
    keep_newest(path)
    assert keys_beside(path) == (newest,)
    assert file_beside(path).stat().st_mode & 0o777 == 0o600
    file_beside(path).write_text("\n")
    with pytest.raises(StorageError, match="is empty"):
        keys_beside(path)
    file_beside(path).unlink()
    shutil.rmtree(path.parent)
    with pytest.raises(StorageError, match="cannot be used"):
        add_key(path)
