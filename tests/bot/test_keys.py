"""`onward keys rotate`, as a host runs it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from dialogs.journey import Journey
from storage.keyfile import keys_beside
from storage.schema import NEWEST
from storage.sealing import Seal
from storage.store import Store
from tests.bot.conftest import Talk, journey_of, keep
from tests.bot.running import run
from tests.databases import KEY, Database

TALK = b"i got rejected by Stark\n4\n3\n"
GoesOn = Callable[[Path], bool]


@pytest.fixture
def talked(talk: Talk, tmp_path: Path) -> Path:
    """Return a database in which somebody has got somewhere."""
    database = tmp_path / "onward.db"
    talk(database, "--as", "ann", typed=TALK)
    return database


@pytest.fixture
def goes_on(talk: Talk) -> GoesOn:
    """Give a function that says whether the talk goes on where it was."""
    return lambda database: "i am not my work" in talk(database, "--as", "ann").lower()


def test_with_a_key_file_it_is_one_command(talked: Path, goes_on: GoesOn) -> None:
    """The file holds the new key, and everything is still there."""
    (before,) = keys_beside(talked)
    changed = run("keys", "rotate", "--db", str(talked))
    assert (changed.returncode, changed.stderr) == (0, "")
    assert "1 people's keys" in changed.stdout
    (after,) = keys_beside(talked)
    assert before != after
    assert goes_on(talked)


def test_with_keys_in_the_environment_both_are_needed(
    talked: Path, goes_on: GoesOn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one of them, it says how to go about it; with both, it changes."""
    (old,) = keys_beside(talked)
    monkeypatch.setenv("ONWARD_KEY", "ab" * 32)
    assert main(["keys", "rotate", "--db", str(talked)]) == 2
    assert "ONWARD_OLD_KEYS to the one until now" in capsys.readouterr().err
    monkeypatch.setenv("ONWARD_OLD_KEYS", f"{old.hex()}, ")
    assert main(["keys", "rotate", "--db", str(talked)]) == 0
    monkeypatch.delenv("ONWARD_OLD_KEYS")
    assert goes_on(talked)
    monkeypatch.delenv("ONWARD_KEY")
    assert main(["chat", "--plain", "--db", str(talked)]) == 1
    assert "does not fit this database" in capsys.readouterr().err


@pytest.mark.databases("postgresql")
def test_on_a_server_it_changes_the_keys_and_nothing_else(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everybody's key is sealed with the new one; a database of an older release waits for `onward db upgrade`."""

    async def talk() -> None:
        async with database.store() as store:
            await keep(store, "test:ann", Journey(asked=3))

    async def goes_on_with(key: bytes) -> int:
        store = await Store.open(database.url, Seal(key), upgrade=False)
        asked = (await journey_of(store, "test:ann")).asked
        await store.close()
        return asked

    asyncio.run(talk())
    for name, value in (("DATABASE_URL", database.url), ("KEY", "ab" * 32), ("OLD_KEYS", KEY.hex())):
        monkeypatch.setenv(f"ONWARD_{name}", value)
    asyncio.run(database.sql("UPDATE alembic_version SET version_num = '0005'"))
    assert main(["keys", "rotate"]) == 1
    assert "run 'onward db upgrade' first" in capsys.readouterr().err
    asyncio.run(database.sql("UPDATE alembic_version SET version_num = :newest", newest=NEWEST))
    assert main(["keys", "rotate"]) == 0
    assert "1 people's keys" in capsys.readouterr().out
    assert asyncio.run(goes_on_with(bytes.fromhex("ab" * 32))) == 3


def test_where_there_is_no_database_nothing_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typing mistake in the path is told, and no key file appears."""
    assert main(["keys", "rotate", "--db", str(tmp_path / "onwrad.db")]) == 1
    assert "There is no database at" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
