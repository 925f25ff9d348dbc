"""`onward backup` and `onward restore`, as a host runs them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from storage import backup, restoring
from storage.keyfile import file_beside
from storage.restoring import Restored
from tests.bot.conftest import Talk
from tests.bot.running import choices

TALK = b"i got rejected by Stark\n4\n3\n"
ERASE = b"erase\n1\n"
GoesOn = Callable[[Path, str], bool]


@pytest.fixture
def goes_on(talk: Talk) -> GoesOn:
    """Give a function that says whether somebody's talk goes on where it was."""
    return lambda database, who: "I am not my work" in choices(talk(database, "--as", who).splitlines())[0]


@pytest.fixture
def talked(talk: Talk, tmp_path: Path) -> Path:
    """Return a database in which two people have got somewhere."""
    (tmp_path / "data").mkdir()
    talked = tmp_path / "data" / "onward.db"
    for who in ("ann", "ben"):
        talk(talked, "--as", who, typed=TALK)
    return talked


def told(capsys: pytest.CaptureFixture[str], code: int, *args: object) -> str:
    """Run a command here that ends with this code, and return its one line."""
    assert main([str(one) for one in args]) == code
    shown = capsys.readouterr()
    (line,) = (shown.err if code else shown.out).splitlines()
    assert (shown.out if code else shown.err) == ""
    return line


def test_there_and_back(
    talked: Path, tmp_path: Path, talk: Talk, goes_on: GoesOn, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who erased everything stays away, until everybody is asked for."""
    file = tmp_path / "backup.db"
    line = told(capsys, 0, "backup", file, "--db", talked)
    assert line == f"{file} has 2 people in it, and not the key: keep {file_beside(talked)} too, in another place."
    talk(talked, "--as", "ann", typed=ERASE)
    talk(talked, "--as", "ben", typed=b"1\n")
    assert not goes_on(talked, "ben")
    line = told(capsys, 0, "restore", file, "--db", talked)
    assert f"{talked} is restored, with 1 person in it. What was there before is in {talked}.before-restore" in line
    assert "Left out: 1 person" in line
    assert "--everybody" in line
    assert goes_on(talked, "ben")
    line = told(capsys, 0, "restore", file, "--db", talked, "--everybody")
    assert "2 people in it" in line
    assert line.endswith("Whoever erased everything since the backup is in it again: --everybody was given.")
    assert goes_on(talked, "ann")


def test_on_a_new_machine(
    talked: Path,
    tmp_path: Path,
    goes_on: GoesOn,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The key has to be there first, and no other one is made; the user's own folder is."""
    file = tmp_path / "backup.db"
    told(capsys, 0, "backup", file, "--db", talked)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "new"))
    new = tmp_path / "new" / "onward" / "onward.db"
    assert f"put it at {new}.key" in told(capsys, 1, "restore", file)
    assert not new.parent.exists()
    monkeypatch.setenv("ONWARD_KEY", "ab" * 32)
    assert "The key does not open" in told(capsys, 1, "restore", file)
    monkeypatch.setenv("ONWARD_KEY", file_beside(talked).read_text().strip())
    assert "there was no database that tells who they are" in told(capsys, 0, "restore", file)
    assert goes_on(new, "ann")
    assert told(capsys, 0, "backup", tmp_path / "second.db").endswith("keep ONWARD_KEY too, in another place.")


def test_a_hosts_mistakes_are_one_sentence(
    talked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is made, overwritten or replaced."""
    file, missing = tmp_path / "backup.db", tmp_path / "onwrad.db"
    told(capsys, 0, "backup", file, "--db", talked)
    assert "is there already" in told(capsys, 1, "backup", file, "--db", talked)
    assert "There is no database at" in told(capsys, 1, "backup", tmp_path / "other.db", "--db", missing)
    assert "cannot be written" in told(capsys, 1, "backup", tmp_path / "no" / "backup.db", "--db", talked)
    assert "There is no backup at" in told(capsys, 1, "restore", tmp_path / "other.db", "--db", talked)
    assert "is the database itself" in told(capsys, 1, "restore", talked, "--db", talked)
    monkeypatch.setenv("ONWARD_DATABASE_URL", "postgresql+asyncpg://me:secret@db/onward")
    assert told(capsys, 2, "backup", tmp_path / "other.db").endswith("use its own pg_dump.")
    assert told(capsys, 2, "restore", file).endswith("use its own pg_restore.")
    assert {one.name for one in tmp_path.iterdir()} == {"data", "backup.db"}
    assert {one.name for one in talked.parent.iterdir()} == {"onward.db", "onward.db.key"}


def test_workspaces_are_counted(
    talked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside people, or alone."""
    file = tmp_path / "backup.db"
    backup.copy(talked, file)
    for people, workspaces, words in ((2, 1, "2 people and 1 workspace,"), (0, 3, "Left out: 3 workspaces,")):
        done = Restored(people=5, compared=True, left_out=people, workspaces=workspaces)
        monkeypatch.setattr(restoring, "restore", lambda *_, done=done, **__: done)
        assert words in told(capsys, 0, "restore", file, "--db", talked)
