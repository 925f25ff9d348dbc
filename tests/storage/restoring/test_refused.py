"""What cannot be put back, or would replace what is in use or somebody else's, is refused untouched."""

# ruff: noqa: ASYNC240 - small files, and nobody else waits for these loops

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dialogs.journey import Journey
from storage import backup
from storage.errors import StorageError
from storage.restoring import restore
from storage.sealing import Seal
from storage.store import Store
from tests.databases import KEY
from tests.storage.restoring.databases import beside, refusal
from tests.storage.test_backup import damage
from tests.storage.test_keys import NEW
from tests.storage.test_store import ANN, keep, kept

pytestmark = pytest.mark.databases("sqlite")


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
