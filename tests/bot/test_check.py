"""`onward check`: the first run, the settings, the key and who may read it."""

import os
import shlex
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from storage.keyfile import add_key, file_beside, keep_newest, keys_beside
from tests.bot.checked import Check, everything_in, new_database
from tests.bot.running import run

KEY = "ab" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a new database in a folder of its own."""
    return new_database(tmp_path)


def test_before_the_first_start_nothing_is_made(tmp_path: Path, check: Check) -> None:
    """It says what the first start will make, and that there is nothing to run yet."""
    code, told = check()
    assert code == 1
    assert told["settings"] == ["ok None is set."]
    assert told["database"][0].startswith("ok There is none yet: the first start makes it")
    assert told["key"][0].startswith("ok There is none yet: the first start makes it")
    (line,) = told["platforms"]
    assert line.startswith("MEND There is nothing to run: set ONWARD_DISCORD__TOKEN, or ONWARD_SLACK__TOKEN")
    assert "outbox" not in told
    assert not list(tmp_path.rglob("onward*"))


def test_of_a_good_database_everything_is_told(path: Path, check: Check) -> None:
    """And not a byte is changed, nor a file left beside it."""
    before = everything_in(path.parent)
    _, told = check(path)
    (line,) = told["database"]
    assert line.startswith(f"ok {path} is up to date (revision ")
    assert "undamaged" in line
    assert told["key"] == [f"ok It is in {file_beside(path)}, for its owner alone.", "ok It opens the database."]
    assert told["outbox"] == ["ok Empty."]
    assert everything_in(path.parent) == before


def test_of_the_rest_of_the_program_one_line_each(path: Path, check: Check) -> None:
    """Versions, words, models and pictures."""
    _, told = check(path)
    assert told["program"][0].startswith("ok Onward 0.")
    for topic in ("words", "models", "pictures"):
        (line,) = told[topic]
        assert line.startswith("ok ")
    assert "limits" not in told


@pytest.mark.parametrize("platform", ["discord", "slack"])
def test_a_platform_that_is_not_set_up_cannot_be_asked(platform: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what to set."""
    assert main(["check", platform]) == 2
    assert capsys.readouterr().err.startswith("onward: There is nothing to run: set ONWARD_DISCORD__TOKEN")


# Settings


def test_every_setting_that_cannot_be_read_is_told_at_once(
    path: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the exit code for misuse; what can be looked at without them is."""
    for name, value in {
        "ONWARD_COLOUR": "red",
        "ONWARD_KEEP_DAY": "30",
        "ONWARD_KEEP_DAYS": "3",
        "ONWARD_LOG_LEVEL": "ONWARD_KEY",
        "ONWARD_OLD_KEYS": KEY,
        "ONWARD_DISCORD__SHARDS": "many",
        "ONWARD_DISCORD__TOKEN": "token",
        "ONWARD_SLACK__APP_TOKEN": "xapp-1",
        "ONWARD_HTTP__LISTEN": "here",
    }.items():
        monkeypatch.setenv(name, value)
    code, told = check(path)
    assert code == 2
    assert [line.split()[1] for line in told["settings"]] == [
        "ONWARD_COLOUR",
        "ONWARD_KEEP_DAY",
        "ONWARD_LOG_LEVEL",
        "ONWARD_OLD_KEYS",
        "ONWARD_KEEP_DAYS",
        "ONWARD_DISCORD__SHARDS",
        "ONWARD_SLACK__TOKEN",
        "ONWARD_HTTP__LISTEN",
    ]
    assert all(line.startswith("MEND ") for line in told["settings"])
    assert told["database"][0].startswith("ok ")
    assert not {"platforms", "discord", "slack", "http"} & told.keys()


def test_without_a_database_that_can_be_named_none_is_looked_at(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one in the user's folder is not the one that is meant."""
    monkeypatch.setenv("ONWARD_DATABASE_URL", "mysql://x")
    code, told = check()
    assert code == 2
    assert told["settings"][0].startswith("MEND ONWARD_DATABASE_URL has to begin with")
    assert not {"database", "key", "outbox"} & told.keys()


# The key


def test_a_wrong_key_is_told_before_anything_is_touched(
    path: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can be seen without it is told all the same."""
    before = everything_in(path.parent)
    monkeypatch.setenv("ONWARD_KEY", KEY)
    code, told = check(path)
    assert code == 1
    assert told["key"][0] == "ok It is in ONWARD_KEY."
    assert told["key"][1].startswith("MEND The key does not fit this database: set ONWARD_KEY")
    assert told["database"][0].startswith("ok ")
    assert told["outbox"] == ["ok Empty."]
    assert everything_in(path.parent) == before


def test_a_key_that_is_none(path: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what one looks like, and does not quote it."""
    monkeypatch.setenv("ONWARD_KEY", "abc")
    code, told = check(path)
    assert code == 1
    assert told["key"] == ["MEND ONWARD_KEY has to be 32 bytes as hex (64 characters) or base64 (44 characters)."]


def test_a_key_file_that_is_gone_or_empty(path: Path, check: Check) -> None:
    """No new one is made: nothing could be read with it."""
    beside = file_beside(path)
    beside.write_text("")
    assert check(path)[1]["key"] == [f"MEND The key file {beside} is empty: put its key back."]
    beside.unlink()
    code, told = check(path)
    assert code == 1
    assert told["key"][0].startswith(f"MEND The key file {beside} of this database is missing")
    assert not beside.exists()


@pytest.mark.skipif(os.name != "posix", reason="files have no modes")
def test_files_that_others_may_read(path: Path, check: Check) -> None:
    """Both the key's and the database's, each with the command that mends it; then they are good."""
    for file in (path, file_beside(path)):
        file.chmod(0o644)
    code, told = check(path)
    assert code == 1
    for topic, file in (("database", path), ("key", file_beside(path))):
        told_of, _, command = told[topic][0].partition(" Mend it with: ")
        assert told_of == f"MEND Others than its owner may use {file} (its mode is 0644)."
        subprocess.run(shlex.split(command), check=True)
    assert not any(line.startswith("MEND") for topic in ("database", "key") for line in check(path)[1][topic])


def test_a_change_of_keys_that_was_cut_off(path: Path, check: Check) -> None:
    """Two keys in the file are a hint: the bot runs with both."""
    add_key(path)
    _, told = check(path)
    assert "ok It opens the database." in told["key"]
    assert told["key"][1].startswith("advice ")
    assert "run 'onward keys rotate'" in told["key"][1]


def test_old_keys_that_are_needed_and_such_that_are_not(
    path: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until everything is sealed with the new key, and from then on."""
    (old,) = keys_beside(path)
    assert run("chat", "--plain", "--db", str(path), typed="i got rejected\n").returncode == 0
    monkeypatch.setenv("ONWARD_KEY", KEY)
    monkeypatch.setenv("ONWARD_OLD_KEYS", old.hex())
    assert check(path)[1]["key"][1:] == [
        "ok It opens the database.",
        "advice An old key is still needed: run 'onward keys rotate', then take ONWARD_OLD_KEYS away.",
    ]
    assert main(["keys", "rotate", "--db", str(path)]) == 0
    assert check(path)[1]["key"][2].startswith("advice No old key is needed any more: take ONWARD_OLD_KEYS away.")


def test_an_old_key_that_was_taken_away_too_early(path: Path, check: Check) -> None:
    """The database opens, and somebody's state does not."""
    assert run("chat", "--plain", "--db", str(path), typed="i got rejected\n").returncode == 0
    with closing(sqlite3.connect(path)) as connection:
        people = connection.execute("SELECT person, key FROM people").fetchall()
    add_key(path)
    assert main(["keys", "rotate", "--db", str(path)]) == 0
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "UPDATE people SET key = :key WHERE person = :person", [{"person": p, "key": k} for p, k in people]
        )
    keep_newest(path)
    code, told = check(path)
    assert code == 1
    assert told["key"][1].startswith("MEND It opens the database, but not everything in it: put the key from before")
