"""`onward keys rotate`, as a host runs it."""

from pathlib import Path

import pytest

from bot.__main__ import main
from storage.keyfile import keys_beside
from tests.bot.running import run

TALK = "i got rejected by Stark\n4\n3\n"


@pytest.fixture
def talked(tmp_path: Path) -> Path:
    """Return a database in which somebody has got somewhere."""
    database = tmp_path / "onward.db"
    assert run("chat", "--plain", "--db", str(database), "--as", "ann", typed=TALK).returncode == 0
    return database


def goes_on(database: Path) -> bool:
    """Say whether the talk goes on where it was."""
    return "i am not my work" in run("chat", "--plain", "--db", str(database), "--as", "ann").stdout.lower()


def test_with_a_key_file_it_is_one_command(talked: Path) -> None:
    """The file holds the new key, and everything is still there."""
    (before,) = keys_beside(talked)
    changed = run("keys", "rotate", "--db", str(talked))
    assert (changed.returncode, changed.stderr) == (0, "")
    assert "1 people's keys" in changed.stdout
    (after,) = keys_beside(talked)
    assert before != after
    assert goes_on(talked)


def test_with_keys_in_the_environment_both_are_needed(
    talked: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
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
    assert "does not fit this database" in run("chat", "--plain", "--db", str(talked)).stderr


def test_where_there_is_no_database_nothing_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typing mistake in the path is told, and no key file appears."""
    assert main(["keys", "rotate", "--db", str(tmp_path / "onwrad.db")]) == 1
    assert "There is no database at" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
