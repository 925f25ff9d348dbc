"""Nobody's words leak: canaries are said in every stage, and then looked for everywhere."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dialogs.codec import encode
from storage.keyfile import keys_beside
from storage.sealing import Seal
from storage.store import Store
from tests.bot.breaking import BREAKS, ENDS
from tests.bot.running import onward, run
from tests.leaks import CANARY, everything_in

VENTED = ("canary-vent", "canary-cool", "canary-write", "canary-danger")
TALK = f"""i got rejected by canary-employer
1
those jerks, {VENTED[0]}
{VENTED[1]}
4
{VENTED[2]}
done
i want to die {VENTED[3]}
i meant something else
enough
4
canary-line
canary-truth
enough
4
canary-unseen
2
canary-why
"""
KEPT = ("canary-employer", "canary-line", "canary-truth", "canary-unseen", "canary-why")
WHO = "canary-ann"
LEVELS = ("debug", "info", "warning", "error")


def environment(folder: Path, level: str = "debug") -> dict[str, str]:
    """Return all that is set: a home, and what makes Python and the program tell the most."""
    told = {"PYTHONFAULTHANDLER": "1", "PYTHONASYNCIODEBUG": "1", "PYTHONDEVMODE": "1"}
    return {"ONWARD_LOG_LEVEL": level, "TZ": "UTC", "HOME": str(folder), "PATH": os.environ["PATH"], **told}


def chat(folder: Path, *begin: str) -> list[str]:
    """Return the command that talks in a folder; begin: what is run instead of the command itself."""
    options = ("chat", "--plain", "--db", str(folder / "onward.db"), "--as", WHO)
    return [sys.executable, "-m", *begin, *options] if begin else onward(*options)


def talk(command: list[str], folder: Path, typed: str, level: str = "debug") -> subprocess.CompletedProcess[str]:
    """Talk to a command until its end."""
    return subprocess.run(
        command,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(folder, level),
    )


async def test_what_is_said_while_venting_or_in_danger_is_kept_nowhere(tmp_path: Path) -> None:
    """Not in the files, not in a backup, not in the log, and not even in the state that the key opens."""
    ran = talk(chat(tmp_path), tmp_path, TALK)
    assert (ran.returncode, "I'll keep those" in ran.stdout) == (0, True)
    assert CANARY not in ran.stderr
    database = tmp_path / "onward.db"
    copied = run("backup", str(tmp_path / "backup.db"), "--db", str(database))
    assert (copied.returncode, copied.stderr) == (0, "")
    # The name of whoever talks is known without the key; docs/privacy.md says so.
    files = everything_in(tmp_path).replace(f"terminal:{WHO}".encode(), b"")
    assert (tmp_path / "backup.db").exists()
    assert CANARY.encode() not in files
    for file in (database, tmp_path / "backup.db"):
        store = await Store.open(f"sqlite+aiosqlite:///{file}", Seal(keys_beside(database)[0]), upgrade=False)
        journey = await store.journey(f"terminal:{WHO}")
        assert await store.pending() == []
        await store.close()
        state = encode(journey).decode()
        assert [word for word in VENTED if word in state] == []
        assert [word for word in KEPT if word not in state] == []


@pytest.mark.parametrize("level", LEVELS)
def test_whatever_breaks_says_nothing_of_it_at_any_level(tmp_path: Path, level: str) -> None:
    """Turns, words, threads, tasks, callbacks, what is thrown away, warnings, and the log itself: a place, no words."""
    kinds = (*BREAKS, "meaning", "words")
    typed = "\n".join(
        ["rejected by stark", "1", *(f"canary-{kind} those jerks" for kind in kinds), "rejected by canary-words"]
    )
    ran = talk(chat(tmp_path, "tests.bot.breaking"), tmp_path, f"{typed}\nenough\n", level)
    assert (ran.returncode, "something went wrong on my side" in ran.stdout.lower()) == (0, True), ran
    assert CANARY not in ran.stderr
    told = [line for line in ran.stderr.splitlines() if " error=" in line]
    assert len([line for line in told if "error=ValueError@tests/bot/breaking.py:" in line]) >= 5, ran.stderr
    assert all(any(error in line for line in told) for error in ("LookupError@", "KeyError@"))
    assert ("warning=RuntimeWarning" in ran.stderr) == (level != "error")


@pytest.mark.parametrize("kind", ENDS)
def test_what_ends_the_command_is_told_by_kind_and_place(tmp_path: Path, kind: str) -> None:
    """No traceback is printed, which would show the text of the error."""
    ran = talk(chat(tmp_path, "tests.bot.breaking"), tmp_path, f"rejected by canary-{kind}\n1\n")
    assert ran.returncode == 1
    assert CANARY not in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Error@tests/bot/breaking.py:" in ran.stderr
    assert ("onward: something broke that should not have: RuntimeError@" in ran.stderr) == (kind == "storage")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no core files")
def test_a_crash_leaves_no_words(tmp_path: Path) -> None:
    """In the middle of a conversation: not in what Python tells of it, nor in the write-ahead log, nor in a core."""
    command = ["sh", "-c", 'ulimit -c "$(ulimit -H -c)"; exec "$@"', "sh", *chat(tmp_path)]
    options = {"env": environment(tmp_path), "cwd": tmp_path}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **options, **pipes) as process:  # type: ignore[call-overload]
        process.stdin.write(TALK)
        process.stdin.flush()
        for line in process.stdout:
            if "I'll keep those" in line:
                break
        process.send_signal(signal.SIGABRT)
        told = process.stderr.read()
    assert process.returncode == -signal.SIGABRT
    assert "Fatal Python error: Aborted" in told
    assert CANARY not in told
    assert (tmp_path / "onward.db-wal").stat().st_size
    assert not list(tmp_path.glob("core*"))
    assert CANARY.encode() not in everything_in(tmp_path).replace(f"terminal:{WHO}".encode(), b"")


def test_nothing_leaves_the_host(tmp_path: Path) -> None:
    """A whole conversation works where every way out is shut, and no other program is started."""
    report = tmp_path / "report"
    ran = talk(chat(tmp_path, "tests.alone", str(report), "--"), tmp_path, TALK)
    assert (ran.returncode, "I'll keep those" in ran.stdout) == (0, True), ran
    assert not report.exists()
