"""`onward check` with SQLite: where the database lies, what is in it, and what waits in it to be sent."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.checks import database as database_check
from bot.checks.disk import NETWORKED, file_system
from storage.schema import NEWEST
from storage.tables import to_number
from tests.bot.checked import Check, everything_in, new_database, sql
from tests.storage.former import BACK_TO_0004

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a new database in a folder of its own."""
    return new_database(tmp_path)


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """Mount something on a folder until the end of the block."""
    if not ROOT or subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


# Where the database lies


def test_a_folder_that_is_missing_or_in_the_way(tmp_path: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with what to do."""
    assert "does not exist: make it" in check(tmp_path / "no" / "onward.db")[1]["database"][0]
    assert f"MEND {tmp_path} is a folder: name a file" in check(tmp_path)[1]["database"][0]
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    code, told = check()
    assert code == 1
    assert f"as {tmp_path / 'file'} is no folder" in told["database"][0]


def test_a_disk_that_is_read_only(path: Path, check: Check) -> None:
    """Or a file of somebody else's: both are seen, and nothing is tried."""
    folder = path.parent
    with mounted(folder, "--bind", str(folder)):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        code, told = check(path)
    assert code == 1
    assert told["database"][0].startswith(f"MEND {folder} cannot be written by this user")
    assert told["database"][1].startswith(f"MEND {path} cannot be written by this user")
    assert "ok It opens the database." in told["key"]


@pytest.mark.skipif(ROOT, reason="root may write everywhere")
def test_a_folder_that_takes_no_files(path: Path, check: Check) -> None:
    """It is named."""
    path.parent.chmod(0o500)
    told = check(path)[1]["database"]
    path.parent.chmod(0o700)
    assert told[0].startswith(f"MEND {path.parent} cannot be written by this user")


def test_a_disk_with_hardly_any_room(tmp_path: Path, check: Check) -> None:
    """It says how much there is, and how much there should be."""
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, "-t", "tmpfs", "-o", "size=10m", "none"):
        told = check(disk / "onward.db")[1]["database"]
    assert told == [f"MEND The disk of {disk} has only 10.0 MB left: free 200 MB of it."]


def test_a_network_file_system_is_known_by_the_list_of_mounts(tmp_path: Path) -> None:
    """The deepest place counts, and of several at one place the last; what is in none is nowhere."""
    share = tmp_path / "my share"
    written = str(share).replace(" ", r"\040")
    mounts = (
        "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        f"40 21 0:40 / {written} rw shared:2 - ext4 /dev/sdb1 rw\n"
        f"41 40 0:41 / {written} rw - nfs4 server:/share rw\n"
        "garbled\n"
    )
    assert file_system(share / "data", mounts) == "nfs4"
    assert file_system(tmp_path / "my", mounts) == "ext4"
    assert file_system(tmp_path, "") == ""
    assert {"nfs", "cifs", "fuse.sshfs"} <= NETWORKED


def test_a_network_file_system_is_told(
    path: Path, check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test can mount one; the list of mounts says what a machine with one would say."""
    mounts = tmp_path / "mounts"
    mounts.write_text(f"41 40 0:41 / {tmp_path} rw - nfs4 server:/share rw\n")
    monkeypatch.setattr("bot.checks.disk.MOUNTS", mounts)
    assert "lies on a network file system (nfs4)" in check(path)[1]["database"][0]


# What is in the database


def test_what_is_no_database(path: Path, check: Check) -> None:
    """A text, and another program's tables."""
    path.write_text("Curriculum vitae\n" * 100)
    assert "is no database of Onward: name another file" in check(path)[1]["database"][-1]
    path.unlink()
    sql(path, "CREATE TABLE photos (id INTEGER)")
    path.chmod(0o600)
    assert check(path)[1]["database"] == ["MEND This is a database of another program: name another one."]


def test_a_file_in_which_nothing_is_yet(tmp_path: Path, check: Check) -> None:
    """As a first start leaves it that was cut off at once."""
    (tmp_path / "onward.db").touch(0o600)
    _, told = check(tmp_path / "onward.db")
    assert told["database"] == ["ok It has no tables yet: the first start makes them."]
    assert told["key"][0].startswith("ok There is none yet")


def test_a_damaged_database(path: Path, check: Check) -> None:
    """Noise in the middle of the file is found by reading all of it."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(os.urandom(8192))
    code, told = check(path)
    assert code == 1
    assert told["database"] == [f"MEND The database {path} is damaged: put back a backup copy."]


def test_a_large_database_is_not_read_through(path: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take long."""
    monkeypatch.setattr(database_check, "READ_WHOLE", 1000)
    assert "too large to be read through for damage here" in check(path)[1]["database"][0]


def test_a_database_of_an_older_release(path: Path, check: Check) -> None:
    """The next start brings it up to date: it works as it is, and stays as it is."""
    sql(path, *BACK_TO_0004)
    before = everything_in(path.parent)
    _, told = check(path)
    (line,) = told["database"]
    assert line.startswith("advice It is of an older release (revision 0004): the next start brings it up to date")
    assert "ok It opens the database." in told["key"]
    assert "outbox" not in told
    assert everything_in(path.parent) == before


def test_a_database_of_a_newer_release(path: Path, check: Check) -> None:
    """It is not for this one, unless it says that this one may go on working on it."""
    sql(path, "UPDATE alembic_version SET version_num = '9999'")
    assert check(path)[1]["database"] == [
        "MEND It has the revision 9999, which this release does not know: run the newer release."
    ]
    sql(path, f"INSERT INTO works_with VALUES ('{NEWEST}')")  # noqa: S608 - our own number
    assert "is up to date (revision 9999)" in check(path)[1]["database"][0]


def test_a_database_that_somebody_holds(path: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `onward restore` does: it is told, and waited for no longer than a moment."""
    monkeypatch.setattr("storage.backup.PATIENCE", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for statement in ("PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE"):
            other.execute(statement)
        told = check(path)[1]["database"]
    assert told == [f"MEND Another program holds the database {path}: close it, then try again."]


def test_beside_a_running_bot_it_reads_along(path: Path, check: Check) -> None:
    """What is only in the log yet counts, and the log stays."""
    with closing(sqlite3.connect(path)) as bot:
        bot.execute("INSERT INTO people (person, address) VALUES ('terminal:ann', '')")
        bot.execute("INSERT INTO outbox (person, address, reply, posted_at) VALUES ('terminal:ann', '', '', 0)")
        bot.commit()
        before = everything_in(path.parent)
        assert before.keys() > {"onward.db-wal"}
        assert check(path)[1]["outbox"] == ["ok 1 letter to be sent, none for long."]
        after = everything_in(path.parent)
        assert {name: after[name] for name in after if not name.endswith("-shm")} == {
            name: before[name] for name in before if not name.endswith("-shm")
        }


# The outbox


def test_letters_that_do_not_go_out(path: Path, check: Check) -> None:
    """How many wait for longer than an hour, and since when; those of unknown age and new ones are only counted."""
    now = datetime.now(UTC)
    since = now - timedelta(hours=3)
    sql(path, "INSERT INTO people (person, address) VALUES ('discord:1', '')")
    letter = "INSERT INTO outbox (person, address, reply, posted_at) VALUES ('discord:1', '', '', {})"
    sql(path, letter.format(0), letter.format(to_number(now - timedelta(minutes=50))))
    assert check(path)[1]["outbox"] == ["ok 2 letters to be sent, none for long."]
    sql(path, letter.format(to_number(since)))
    code, told = check(path)
    assert code == 1
    (line,) = told["outbox"]
    assert line.startswith("MEND 1 letter waits to be sent for more than an hour, the first since ")
    assert f"since {since:%Y-%m-%d %H:%M} UTC: is the bot running" in line
    sql(path, letter.format(to_number(now - timedelta(minutes=70))))
    assert check(path)[1]["outbox"][0].startswith("MEND 2 letters wait to be sent for more than an hour")
