"""`onward db import`, as a host runs it."""

from pathlib import Path

import pytest

from tests.bot.running import run
from tests.bot.test_backup import talked, told
from tests.databases import Database

__all__ = ["talked"]


@pytest.mark.databases("postgresql")
def test_a_talk_goes_on_after_moving_to_a_server(
    talked: Path,
    new_database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the key of the file, whoever had got somewhere is asked what they were asked last."""
    key = talked.with_name("onward.db.key").read_text().strip()
    monkeypatch.setenv("ONWARD_DATABASE_URL", new_database.url)
    monkeypatch.setenv("ONWARD_KEY", key)
    line = told(capsys, 0, "db", "import", talked)
    assert line.startswith("2 people are in the server's database now.")
    done = run("chat", "--plain", "--as", "ann")
    assert (done.returncode, done.stderr) == (0, "")
    assert "I am not my work" in done.stdout
    assert "already" in told(capsys, 1, "db", "import", talked)


def test_it_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server in the settings, and a file."""
    assert "no server's" in told(capsys, 2, "db", "import", tmp_path / "onward.db")
    monkeypatch.setenv("ONWARD_DATABASE_URL", "postgresql+asyncpg://me@127.0.0.1:9/onward")
    monkeypatch.setenv("ONWARD_KEY", bytes(32).hex())
    assert "There is no database at" in told(capsys, 1, "db", "import", tmp_path / "onward.db")
