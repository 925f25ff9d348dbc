"""The `onward` command."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.bot.running import choices, onward, run


@pytest.mark.parametrize(
    ("setting", "value"), [("ONWARD_COLOUR", "red"), ("ONWARD_LOG_LEVEL", "loud"), ("ONWARD_DATABASE_URL", "x:")]
)
def test_a_bad_setting_is_one_sentence(
    setting: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the setting, and the exit code says misuse."""
    monkeypatch.setenv(setting, value)
    assert main(["chat", "--plain"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"onward: {setting} ")


@pytest.mark.parametrize("command", [["chat", "--plain"], ["db", "upgrade"]])
def test_a_file_that_is_no_database_is_one_sentence(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the database says comes without a traceback."""
    (tmp_path / "cv.txt").write_text("Curriculum vitae\n" * 100)
    assert main([*command, "--db", str(tmp_path / "cv.txt")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "cv.txt" in line


def test_a_folder_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file in the way of the user's data folder is named."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert main(["chat", "--plain"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert str(tmp_path / "file") in line


def test_a_key_that_is_none_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key of the wrong length is refused before a database is made."""
    monkeypatch.setenv("ONWARD_KEY", "abc")
    assert main(["chat", "--plain", "--db", str(tmp_path / "new.db")]) == 1
    assert capsys.readouterr().err.startswith("onward: ONWARD_KEY has to be")
    assert not (tmp_path / "new.db").exists()


def test_upgrading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A database that is not there yet is made, and one that is up to date stays."""
    for _ in range(2):
        assert main(["db", "upgrade", "--db", str(tmp_path / "new.db")]) == 0
        assert capsys.readouterr().out == "The database is up to date.\n"
    assert (tmp_path / "new.db").is_file()


def test_the_flow_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To the terminal or into a file; a file that cannot be written is one sentence."""
    assert main(["flow"]) == 0
    drawn = capsys.readouterr().out
    assert drawn.startswith("flowchart")
    assert main(["flow", "--output", str(tmp_path / "flow.mmd")]) == 0
    assert (tmp_path / "flow.mmd").read_text() == drawn
    assert main(["flow", "--format", "svg"]) == 0
    assert "<svg" in capsys.readouterr().out
    assert main(["flow", "--format", "png", "--output", str(tmp_path / "flow.png")]) == 0
    assert (tmp_path / "flow.png").read_bytes().startswith(b"\x89PNG")
    assert main(["flow", "--format", "png"]) == 2
    assert "--output" in capsys.readouterr().err
    assert main(["flow", "--output", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"onward: {tmp_path}: Is a directory.\n"


def test_the_words_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """Findings name file, key and message, and fail the command; there are none in the words as they are."""
    assert main(["words", "check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("args", [[], ["nonsense"], ["chat", "--colour"], ["words"], ["flow", "--format", "gif"]])
def test_misuse_shows_the_usage(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The parser explains, and the exit code says misuse."""
    with pytest.raises(SystemExit) as left:
        main(args)
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("usage: onward")


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    """It is the one of the installed distribution."""
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert re.fullmatch(r"onward \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_help_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real command shows its help within 0.3 seconds: the best of three, as the machine does other things too."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # what is measured is not to be traced
    taken = []
    for _ in range(3):
        begin = time.perf_counter()
        assert "chat" in run("--help").stdout
        taken.append(time.perf_counter() - begin)
    assert min(taken) < 0.3


def test_the_real_command_works_in_a_pipe(tmp_path: Path) -> None:
    """A line in, lines out, nothing else, and a good end; no colour even without being asked to be plain."""
    done = run("chat", "--db", str(tmp_path / "onward.db"), typed="i got rejected\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert choices(done.stdout.splitlines())[0] == "  1. This evening"
    assert "\x1b" not in done.stdout


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    """When nobody reads any more, the command ends without a word."""
    process = subprocess.Popen(
        onward("chat", "--plain", "--db", str(tmp_path / "onward.db")),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline()
    process.stdout.close()
    process.stdin.write("i got rejected\n")
    process.stdin.flush()
    assert process.wait(10) == 141
    assert process.stderr
    assert process.stderr.read() == ""
    process.stdin.close()
    process.stderr.close()


def test_streams_that_are_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed standard input is an empty one; without a standard output there is nobody to talk to."""
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["chat", "--db", str(tmp_path / "onward.db")]) == 0
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["chat", "--db", str(tmp_path / "onward.db")]) == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_an_output_that_is_full_is_one_sentence() -> None:
    """The disk on which the output is written is not the database's."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(onward("flow"), stdout=full, stderr=subprocess.PIPE, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("onward: the output cannot be written: No space left on device.")


def test_an_interrupt_is_quiet(tmp_path: Path) -> None:
    """Ctrl-C ends it without a traceback, and what was said before is kept."""
    args = onward("chat", "--plain", "--db", str(tmp_path / "onward.db"), "--as", "ann")
    with subprocess.Popen(
        args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write("i got rejected\n")
        process.stdin.flush()
        assert any("Straight on" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr.read() == ""
    done = subprocess.run(args, input="", capture_output=True, text=True, timeout=30, check=False)
    assert choices(done.stdout.splitlines())[0] == "  1. This evening"
