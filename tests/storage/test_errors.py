"""What can go wrong with a database, each with one clear sentence and nothing lost."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from dialogs.journey import Journey
from storage import database
from storage.errors import StorageError, sentence, translated
from storage.keyfile import keys_beside
from storage.sealing import Seal, read_key
from storage.store import Store
from tests.databases import KEY, KINDS, Database, url
from tests.storage.test_store import ANN, keep, kept

pytestmark = pytest.mark.databases("sqlite")


async def refused(where: Path | Database, seal: Seal | None = None, *, upgrade: bool = True) -> str:
    """Return the sentence with which opening a database is refused."""
    tried = where if isinstance(where, Database) else Database(url(where))
    patience = 0.05 if tried.kind == "sqlite" else 20.0  # a server is waited for until it answers
    with pytest.raises(StorageError) as caught:
        await Store.open(tried.url, seal or Seal(KEY), upgrade=upgrade, patience=patience)
    told = str(caught.value)
    assert "\n" not in told
    assert caught.value.__cause__ is None
    return told


async def test_a_file_that_is_no_database(path: Path) -> None:
    """It says so, and leaves the file as it was."""
    before = b"dear diary " * 100
    path.write_bytes(before)  # noqa: ASYNC240 - a small file, and nobody else waits for this loop
    assert "is no database of Onward" in await refused(path)
    assert path.read_bytes() == before  # noqa: ASYNC240 - likewise


@pytest.mark.databases(*KINDS)
async def test_a_database_of_another_program(new_database: Database) -> None:
    """Somebody else's tables are not touched."""
    await new_database.sql("CREATE TABLE photos (id INTEGER)")
    assert "another program" in await refused(new_database)


async def test_a_folder_that_is_not_there_or_takes_no_files(tmp_path: Path) -> None:
    """It says what to check."""
    (tmp_path / "file").touch()
    for where in (tmp_path / "no" / "such" / "onward.db", tmp_path / "file" / "onward.db", Path("/proc/onward.db")):
        assert "check that its folder exists" in await refused(where)


async def test_a_database_that_another_program_holds(path: Path, store: Store) -> None:
    """After the patience is over, it says who is in the way; afterwards everything is still there."""
    await keep(store, ANN, Journey(asked=2))
    impatient = await Store.open(url(path), Seal(KEY), upgrade=False, patience=0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="Another program holds"):
            await keep(impatient, ANN, Journey(asked=3))
        other.execute("ROLLBACK")
    assert (await kept(impatient, ANN)).asked == 2
    await impatient.close()


async def test_a_full_disk(store: Store) -> None:
    """What does not fit is not half kept, and what was kept stays."""
    await keep(store, ANN, Journey(asked=1))
    async with store._engine.connect() as _, store._transaction() as connection:  # noqa: SLF001
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match="is full: free some space"):
        await keep(store, ANN, Journey(own_line="x" * 100_000))
    assert (await kept(store, ANN)).asked == 1


async def test_a_read_only_database(store: Store) -> None:
    """It says what to make writable."""
    async with store._transaction() as connection:  # noqa: SLF001
        await connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(StorageError, match="read-only: make the file and its folder writable"):
        await keep(store, ANN, Journey())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a disk read-only")
async def test_a_disk_that_is_mounted_read_only(path: Path, store: Store, tmp_path: Path) -> None:
    """A database on it opens for nobody, and says what to make writable."""
    await store.close()
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "--bind", str(tmp_path), str(disk)], capture_output=True, check=False).returncode:  # noqa: ASYNC221
        pytest.skip("this system allows no mounts")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(disk)], check=True)  # noqa: ASYNC221
        told = await refused(disk / path.name)
    finally:
        subprocess.run(["umount", str(disk)], check=True)  # noqa: ASYNC221
    assert "writable" in told


@pytest.mark.databases(*KINDS)
async def test_a_database_of_a_newer_release(database: Database) -> None:
    """An older release does not try its luck."""
    await database.sql("UPDATE alembic_version SET version_num = '9999'")
    assert "revision 9999" in await refused(database)


@pytest.mark.databases(*KINDS)
async def test_a_database_that_was_never_set_up_is_not_set_up_by_accident(new_database: Database) -> None:
    """Where upgrades are explicit, it says which command does it."""
    assert "onward db upgrade" in await refused(new_database, upgrade=False)


async def test_a_wrong_key(path: Path, store: Store) -> None:
    """It is noticed before anything is touched."""
    await keep(store, ANN, Journey(asked=5))
    await store.close()
    before = path.read_bytes()  # noqa: ASYNC240 - a small file
    assert "does not fit this database" in await refused(path, Seal(bytes(32)))
    assert path.read_bytes() == before  # noqa: ASYNC240 - likewise
    again = await Store.open(url(path), Seal(KEY), upgrade=True)
    assert (await kept(again, ANN)).asked == 5
    await again.close()


def test_sealed_text_opens_only_in_its_own_place() -> None:
    """A row that is copied to another person does not open."""
    seal = Seal(KEY)
    sealed = seal.seal(b"words", ANN)
    assert seal.unseal(sealed, ANN) == b"words"
    assert sealed != seal.seal(b"words", ANN)
    for damaged in (sealed[:-1] + bytes([sealed[-1] ^ 1]), b"\x01"):
        with pytest.raises(StorageError, match="does not fit"):
            seal.unseal(damaged, ANN)
    with pytest.raises(StorageError, match="does not fit"):
        seal.unseal(sealed, "terminal:ben")
    with pytest.raises(StorageError, match="newer release"):
        seal.unseal(b"\x09" + sealed[1:], ANN)


def test_a_key_can_be_told_as_hex_or_base64() -> None:
    """And nothing else, and of the right length."""
    assert read_key(KEY.hex()) == KEY
    assert read_key(" AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n") == KEY
    for wrong in ("", "secret", "ab" * 31):
        with pytest.raises(StorageError, match="64 characters"):
            read_key(wrong)
    with pytest.raises(StorageError, match="31 bytes"):
        Seal(bytes(31))


def test_a_key_file_is_made_once_and_only_for_its_owner(path: Path) -> None:
    """The key of a new database lies beside it, readable for nobody else."""
    key = keys_beside(path)
    file = path.with_name("onward.db.key")
    assert file.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"SQLite format 3\x00 and so on")
    assert keys_beside(path) == key
    file.unlink()
    with pytest.raises(StorageError, match="is missing: put it back"):
        keys_beside(path)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(StorageError, match="it is no key file"):
        keys_beside(path)
    file.unlink()
    path.write_text("dear diary")
    with pytest.raises(StorageError, match="is no database of Onward"):
        keys_beside(path)


def test_two_processes_that_begin_at_once_agree_on_one_key(path: Path) -> None:
    """The second one takes the key that the first one has just written."""
    other = bytes(reversed(KEY))

    def meanwhile(_count: int) -> bytes:
        path.with_name("onward.db.key").write_text(other.hex())
        return KEY

    assert keys_beside(path, meanwhile) == (other,)


def test_a_key_file_is_whole_or_not_there(tmp_path: Path) -> None:
    """A disk that is full just then leaves nothing behind that the next start would take for a lost key."""
    path = tmp_path / "onward.db"
    program = (
        "import resource, sys; from pathlib import Path; from storage.keyfile import keys_beside\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); keys_beside(Path(sys.argv[1]))"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "cannot be used" in ran.stderr
    assert list(tmp_path.iterdir()) == []
    assert len(keys_beside(path)) == 1


def test_a_key_file_that_cannot_be_made(tmp_path: Path) -> None:
    """It says where it wanted to be."""
    with pytest.raises(StorageError, match="cannot be used"):
        keys_beside(tmp_path / "no" / "onward.db")


@pytest.mark.parametrize("told", ["disk I/O error", "database disk image is malformed", "no such table: x", "odd"])
def test_every_error_of_a_driver_becomes_one_sentence(told: str) -> None:
    """Its own text stays behind, because it may quote what was to be stored."""
    words = sentence(sqlite3.OperationalError(f"{told} canary"), "onward.db")
    assert "onward.db" in words
    assert "canary" not in words


@pytest.mark.databases(*KINDS)
async def test_an_error_of_the_library_shows_no_values(store: Store) -> None:
    """SQLAlchemy would put what was to be stored into the text of its errors, and into its debug log."""
    statement = text("INSERT INTO people (person, address, key) VALUES (:person, '', :nothing)")
    with pytest.raises(IntegrityError) as caught:
        async with store._engine.begin() as connection:  # noqa: SLF001 - without the translation into a sentence
            await connection.execute(statement, {"person": "canary", "nothing": None})
    assert "canary" not in str(caught.value)
    assert "hide_parameters" in str(caught.value)


@pytest.mark.parametrize("error", [ConnectionRefusedError(111, "Connection refused"), TimeoutError()])
def test_a_server_that_does_not_answer_is_named_without_its_password(error: OSError) -> None:
    """The address helps the host; user and password would help somebody else."""
    where = database.name_of("postgresql+asyncpg://me:secret@db.example/onward")
    with pytest.raises(StorageError, match=r"db\.example/onward does not answer") as caught, translated(where):
        raise error
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("me:secret@localhost:5432/onward?sslmode=require", "and not sslmode"),
        ("me:secret@localhost:five/onward", "it has to look like"),
        ("me:secret@127.0.0.1:9/onward", "127.0.0.1/onward does not answer"),
        ("me:secret@nowhere.invalid/onward", "nowhere.invalid/onward does not answer"),
    ],
)
async def test_an_address_of_a_server_that_leads_nowhere(address: str, told: str) -> None:
    """One sentence says what is wrong with it, and keeps the password to itself."""
    with pytest.raises(StorageError) as caught:
        await Store.open(f"postgresql+asyncpg://{address}", Seal(KEY), upgrade=True, patience=2.0)
    assert told in str(caught.value)
    assert "secret" not in str(caught.value)
