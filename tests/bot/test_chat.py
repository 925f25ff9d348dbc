"""`onward chat`, line by line."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.bot.conftest import Talk
from tests.bot.running import choices

Chat = Callable[..., list[str]]


@pytest.fixture
def chat(talk: Talk, tmp_path: Path) -> Chat:
    """Give a function that types lines into `onward chat --plain` and returns the lines it prints."""

    def typed(*lines: str, args: tuple[str, ...] = (), raw: bytes | None = None) -> list[str]:
        text = "".join(f"{line}\n" for line in lines).encode()
        return talk(tmp_path / "onward.db", *args, typed=text if raw is None else raw).splitlines()

    return typed


def test_somebody_new_is_greeted_and_answered(chat: Chat) -> None:
    """The greeting comes before the first line is read; a number chooses; the end says that all is kept."""
    lines = chat("i didnt get the job at Acme", "4")
    assert choices(lines, 0)[0] == "  1. I got a no"
    assert any("Acme" in line for line in lines)
    assert "  1   2   3   4   5" in lines
    assert lines[-1] == "It's all kept. The same command brings you back here."


def test_it_goes_on_where_it_was_left(chat: Chat) -> None:
    """The next run shows the question that was open, and takes an answer to it."""
    left = chat("i got rejected")
    back = chat("1")
    assert choices(left)[0] == "  1. This evening"
    assert choices(back, 0) == choices(left)
    assert choices(back) != choices(left)


def test_another_person_and_a_new_beginning(chat: Chat) -> None:
    """People do not see each other; `--new` erases one of them first."""
    chat("i got rejected", args=("--as", "ann"))
    assert choices(chat(args=("--as", "ben")))[0] == "  1. I got a no"
    assert choices(chat(args=("--as", "ann")))[0] == "  1. This evening"
    assert choices(chat(args=("--as", "ann", "--new")))[0] == "  1. I got a no"


def test_time_travel(chat: Chat) -> None:
    """What comes due on the way happens at its own time, and is told in order."""
    lines = chat("i got rejected", "a day", "/wait 3d", "/wait nonsense", "/wait 0m")
    told = [line for line in lines if line.startswith("(")]
    assert len(told) == 2
    assert told[0].startswith(("(a day later", "(two days later", "(22 hours", "(33 hours", "("))
    first, second = (lines.index(line) for line in told)
    assert second - first > 1
    assert lines[-3].startswith("I know /wait 90m")
    assert lines[-2].startswith("The clock only goes forward")


def test_the_clock_never_goes_back(chat: Chat) -> None:
    """After time travel the next run begins at the later time, so that nothing happens twice or out of order."""
    chat("i got rejected", "straight on", "/wait 5d", "4")
    assert [line for line in chat("/wait until 2020-01-01") if line.startswith("The clock")]
    told = [line for line in chat("/wait 1m") if line.startswith("(a minute later")]
    weekday = time.strftime("%A", time.localtime(time.time() + 5 * 24 * 3600))
    assert weekday in told[0]


@pytest.mark.parametrize("line", ["", "   ", "\u202e\u200b", "\x1b[A"])
def test_an_empty_line_is_nothing(chat: Chat, line: str) -> None:
    """A hint is given once, and no turn is made of it."""
    lines = chat(line, line, line)
    assert len([one for one in lines if one.startswith("Type anything")]) == 1
    assert len(choices(lines)) == 4


def test_emoji_are_an_answer(chat: Chat) -> None:
    """A line of nothing but emoji is answered like any other."""
    assert len(chat("😭😭")) > len(chat(args=("--new",)))


def test_a_novel_is_cut(chat: Chat) -> None:
    """Of 100,000 characters the first ones are read, and the person is told."""
    lines = chat("i got rejected " * 7000)
    assert [line for line in lines if line.startswith("That was longer than I can take in")]
    assert choices(lines)[0] == "  1. This evening"


def test_bytes_that_are_no_text(chat: Chat) -> None:
    """Invalid UTF-8 and control characters are left out of what was said."""
    lines = chat(raw=b"i got rej\xffected by \x1b[31mAcme\x07\n")
    assert any("Acme" in line for line in lines)
    assert not any("\x1b" in line for line in lines)


def test_quitting(chat: Chat) -> None:
    """Behind /quit nothing is read."""
    lines = chat("/quit", "i got rejected")
    assert choices(lines)[0] == "  1. I got a no"
    assert lines[-1].startswith("It's all kept")


def test_the_default_is_a_file_in_the_users_folder(
    chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without any setting the database lies in a folder that is made when it is needed."""
    del chat
    with (tmp_path / "empty").open("w+") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert main(["chat"]) == 0
    assert "I got a no" in capsys.readouterr().out
    folder = tmp_path / ".local" / "share" / "onward"
    assert (folder / "onward.db").is_file()
    assert folder.stat().st_mode & 0o077 == 0


def test_the_export_is_saved_where_the_person_is(chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For them alone, and a line says where; a later one has a name of its own."""
    folder = tmp_path / "mine"
    folder.mkdir()
    monkeypatch.chdir(folder)
    lines = chat("i got rejected by Stark", "export", "/wait 1h", "export")
    saved = sorted(folder.iterdir())
    assert [line for line in lines if line.startswith("It's in a file")] == [
        f"It's in a file, too, for you alone: {path}" for path in saved
    ]
    assert len(saved) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in saved)
    assert json.loads(saved[0].read_text())["applications"][0]["employer"] == "Stark"


def test_a_folder_that_takes_no_export(chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says so, and the page is there all the same."""
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    lines = chat("i got rejected by Stark", "export")
    assert [line for line in lines if "can't write in the folder" in line]
    assert "Everything I keep about you" in lines
    monkeypatch.chdir(tmp_path)


def test_nobody_is_logged_in(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container without users there is still somebody to talk to."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 3)
    assert choices(chat())[0] == "  1. I got a no"
