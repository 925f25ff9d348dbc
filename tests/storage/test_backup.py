"""Backing up while everything goes on: a copy is consistent, whole or not there, and nobody else's to read."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from dialogs.journey import Journey
from storage import backup
from storage.errors import StorageError
from storage.sealing import Seal
from storage.store import Store
from tests.databases import KEY, Database, url
from tests.storage.test_erasing import erased, met, seals
from tests.storage.test_store import ANN, BEN, NOW, keep, kept, of_ann

pytestmark = pytest.mark.databases("sqlite")

PAIRS = [(f"terminal:{n}a", f"terminal:{n}b") for n in range(20)]

KILLED = """
import os, signal, sys
from pathlib import Path
from storage import backup
backup.is_whole = lambda _: os.kill(os.getpid(), signal.SIGKILL)
backup.copy(Path(sys.argv[1]), Path(sys.argv[2]))
"""

FULL = """
import resource, sys
from pathlib import Path
from storage import backup
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
try:
    backup.copy(Path(sys.argv[1]), Path(sys.argv[2]))
except backup.StorageError as error:
    print(error)
"""


def run(script: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    args = [sys.executable, "-c", script, *map(str, paths)]
    # Without coverage, which would want to write into a disk that is full, too.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    return subprocess.run(args, capture_output=True, text=True, timeout=30, check=False, env=plain)


async def count_on(store: Store, ended: asyncio.Event) -> int:
    """Let two people of a pair go on in the same transactions until told to end; return how often."""
    turns = 0
    while not ended.is_set():
        turns += 1
        for pair in PAIRS:
            async with store.begin() as unit:
                await unit.journeys(pair)
                await unit.keep([(person, Journey(asked=turns, own_line="x" * turns), None) for person in pair])
    return turns


async def test_a_copy_is_consistent_while_turns_are_written_all_the_time(path: Path, store: Store) -> None:
    """Every copy shows everybody as one commit left them: who goes on together is equally far in it."""
    ended = asyncio.Event()
    writing = asyncio.create_task(count_on(store, ended))
    copies = [path.with_name(f"copy-{n}.db") for n in range(5)]
    for copy in copies:
        await asyncio.sleep(0.05)
        await asyncio.to_thread(backup.copy, path, copy)
    ended.set()
    assert await writing > 1
    former = 0
    for copy in copies:
        opened = await Store.open(url(copy), Seal(KEY), upgrade=False)
        steps = [tuple([(await opened.journey(person)).asked for person in pair]) for pair in PAIRS]
        await opened.close()
        assert all(one == other for one, other in steps)
        assert sum(one for one, _ in steps) >= former
        former = sum(one for one, _ in steps)
    assert former


async def test_a_copy_is_one_file_for_its_owner_alone(path: Path, store: Store) -> None:
    """Nothing lies beside it, and reading it leaves nothing there either."""
    await keep(store, ANN, Journey(asked=3))
    await keep(store, BEN, Journey(asked=4))
    (path.parent / "backups").mkdir()
    copy = path.parent / "backups" / "copy 100%.db"
    assert backup.copy(path, copy) == 2
    with closing(backup.reading(copy)) as connection:
        assert backup.is_whole(connection)
        assert backup.count_people(connection) == 2
    assert list(copy.parent.iterdir()) == [copy]
    assert copy.stat().st_mode & 0o777 == 0o600
    opened = await Store.open(url(copy), Seal(KEY), upgrade=False)
    assert (await kept(opened, BEN)).asked == 4
    await opened.close()


async def test_what_was_erased_is_in_an_old_backup_and_not_in_a_new_one(
    path: Path, store: Store, database: Database
) -> None:
    """That is what the documents say of backups, and why they are to be kept for a short time."""
    await met(store)
    traces = [sealed[64:128] for sealed in await seals(database, ANN)]
    old, new = path.with_name("old.db"), path.with_name("new.db")
    backup.copy(path, old)
    receipt = await erased(store)
    await store.delivered([one.id for one in receipt])
    backup.copy(path, new)
    assert all(trace in old.read_bytes() for trace in traces)
    assert not any(trace in new.read_bytes() for trace in traces)
    assert ANN.encode() not in new.read_bytes()


async def test_nothing_is_overwritten(path: Path, store: Store) -> None:
    """Neither a file that was there before, nor one that comes about meanwhile, with hard links and without."""
    await keep(store, ANN, Journey())
    target = path.with_name("diary.txt")
    target.write_text("dear diary")
    with pytest.raises(StorageError, match=r"diary\.txt is there already"):
        backup.copy(path, target)
    draft = path.with_name("draft")
    draft.touch()
    with pytest.raises(StorageError, match=r"diary\.txt is there already"):
        backup.publish(draft, target)
    assert target.read_text() == "dear diary"


async def test_a_disk_without_hard_links(path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stick that is carried around takes backups too, and overwrites nothing either."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    await keep(store, ANN, Journey())
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    target = path.with_name("copy.db")
    assert backup.copy(path, target) == 1
    draft = path.with_name("draft")
    draft.touch()
    with pytest.raises(StorageError, match="is there already"):
        backup.publish(draft, target)


@pytest.mark.parametrize("folder", ["/proc", "no/such"])
async def test_a_folder_that_takes_no_files(folder: str, path: Path, store: Store) -> None:
    """It names the file that could not be written."""
    await keep(store, ANN, Journey())
    target = path.parent / folder / "copy.db"
    with pytest.raises(StorageError, match=r"copy\.db cannot be written"):
        backup.copy(path, target)
    assert not target.exists()


async def test_an_interrupted_copy_leaves_nothing_half(
    path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C takes the draft along; after a kill there is a draft, never a half copy by the name that was asked for."""
    await keep(store, ANN, Journey())
    before = set(path.parent.iterdir())
    target = path.with_name("copy.db")

    def interrupt(_: sqlite3.Connection) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(backup, "is_whole", interrupt)
        with pytest.raises(KeyboardInterrupt):
            backup.copy(path, target)
    assert set(path.parent.iterdir()) == before
    assert run(KILLED, path, target).returncode == -signal.SIGKILL
    assert not target.exists()
    assert backup.copy(path, target) == 1


async def test_a_disk_that_gets_full(path: Path, store: Store) -> None:
    """One sentence, and nothing is left of the copy."""
    await keep(store, ANN, Journey(own_line="x" * 100_000))
    before = set(path.parent.iterdir())
    done = run(FULL, path, path.with_name("copy.db"))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
    assert set(path.parent.iterdir()) == before


async def test_a_damaged_database_is_told_and_not_copied(path: Path, store: Store) -> None:
    """A host who believes to have a backup has one."""
    for n in range(50):
        await keep(store, f"terminal:{n}", Journey(own_line="x" * 2000))
    await store.close()
    damage(path)
    with pytest.raises(StorageError, match="damaged"):
        backup.copy(path, path.with_name("copy.db"))
    assert not path.with_name("copy.db").exists()


def damage(path: Path) -> None:
    """Overwrite every page of a closed database but the first."""
    size = path.stat().st_size
    with path.open("rb+") as file:
        file.seek(4096)
        file.write(b"\x55" * (size - 4096))


def test_what_is_no_database_is_not_copied(path: Path) -> None:
    """Neither a text, nor another program's tables; and where there is nothing, nothing is made."""
    target = path.with_name("copy.db")
    with pytest.raises(StorageError, match="cannot be opened"):
        backup.copy(path, target)
    assert list(path.parent.iterdir()) == []
    path.write_text("dear diary " * 100)
    with pytest.raises(StorageError, match="is no database of Onward"):
        backup.copy(path, target)
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photos (id INTEGER)")
    with pytest.raises(StorageError, match="another program"):
        backup.copy(path, target)
    assert list(path.parent.iterdir()) == [path]


async def test_events_come_along(path: Path, store: Store) -> None:
    """What was taken before the copy is known in it."""
    async with store.begin() as unit:
        await unit.first_seen(of_ann(["a"]), NOW)
    backup.copy(path, path.with_name("copy.db"))
    opened = await Store.open(url(path.with_name("copy.db")), Seal(KEY), upgrade=False)
    async with opened.begin() as unit:
        assert await unit.first_seen(of_ann(["a", "b"]), NOW) == {"b"}
    await opened.close()
