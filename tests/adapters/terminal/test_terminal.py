"""The terminal as a person sees it: the real command on a pseudo-terminal."""

import asyncio
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.port import Letter
from adapters.terminal.client import Terminal
from adapters.terminal.keyboard import Keyboard
from adapters.terminal.screen import Screen, typing_time
from dialogs.catalog import Catalog
from dialogs.events import Event, Tapped
from dialogs.replies import Button, Reply

PROMPT = "> "
UNWANTED = ("ONWARD_", "NO_COLOR", "COLUMNS", "LINES")
"""What of our own environment would change what is shown: pytest-xdist sets the size of a terminal, for example."""
CLEAR_LINE = "\r\x1b[K"


def own_terminal() -> None:
    """Make standard input the terminal that a new process belongs to, so that Ctrl-C reaches it."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Window:
    """A terminal window in which `onward chat` runs."""

    def __init__(self, database: Path, *args: str, columns: int = 100, **environ: str) -> None:
        """Start the command in a window of that width."""
        self._keys, program = pty.openpty()
        fcntl.ioctl(program, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(UNWANTED)}
        self._process = subprocess.Popen(
            [str(Path(sys.executable).with_name("onward")), "chat", "--db", str(database), "--as", "ann", *args],
            stdin=program,
            stdout=program,
            stderr=program,
            preexec_fn=own_terminal,  # noqa: PLW1509 - nothing else runs in this process at that moment
            env={**inherited, "TERM": "xterm-256color", **environ},
        )
        os.close(program)

    def until(self, end: str = PROMPT) -> str:
        """Return what is shown until it ends with `end`."""
        shown = ""
        while not shown.endswith(end):
            assert select.select([self._keys], [], [], 10)[0], f"nothing came after {shown!r}"
            shown += os.read(self._keys, 65536).decode()
        return shown

    def type(self, line: str) -> str:
        """Type a line; return what is shown until the next prompt."""
        os.write(self._keys, f"{line}\n".encode())
        return self.until()

    def press(self, key: bytes) -> None:
        """Press a key."""
        os.write(self._keys, key)

    def rest(self) -> str:
        """Return what is shown until the program ends."""
        shown = ""
        try:
            while chunk := os.read(self._keys, 65536):
                shown += chunk.decode()
        except OSError:
            pass  # this is how a terminal says that the other side is gone
        self.code = self._process.wait(10)
        return shown

    def close(self) -> None:
        """End the program, and close the window."""
        self._process.kill()
        self._process.wait()
        os.close(self._keys)


@pytest.fixture
def windows() -> Iterator[list[Window]]:
    """Give a list of windows that are closed at the end."""
    opened: list[Window] = []
    yield opened
    for window in opened:
        window.close()


LIBRARIES = "import aiosqlite, cryptography.hazmat.primitives.ciphers.aead, numpy, rich.console, sqlalchemy.ext.asyncio"
"""What the terminal cannot do without: to import it takes .27 s on a machine where the first prompt takes .5."""


def test_the_first_prompt_comes_quickly(tmp_path: Path, windows: list[Window], monkeypatch: pytest.MonkeyPatch) -> None:
    """Soon after its libraries are there, on a second run; the best of a few, as the machine does other things too."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # what is measured is not to be traced
    taken, reference = list[float](), list[float]()
    while len(taken) < 3 or (min(taken) >= 3.5 * min(reference) and len(taken) < 6):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", LIBRARIES], check=True)
        reference.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        windows.append(Window(tmp_path / "onward.db"))
        windows[-1].until()
        taken.append(time.perf_counter() - begin)
        windows[-1].press(b"\x04")
        windows[-1].rest()
    assert min(taken) < 3.5 * min(reference)


def test_it_looks_good(tmp_path: Path, windows: list[Window]) -> None:
    """Lines keep to the width and the margin, choices are coloured and numbered, typing shows as such."""
    window = Window(tmp_path / "onward.db", columns=60)
    windows.append(window)
    greeting = window.until()
    assert CLEAR_LINE not in greeting
    assert "\x1b[36m1.\x1b[0m" in greeting
    answer = window.type("i didnt get the job at Acme")
    assert f"  ...\x1b[0m{CLEAR_LINE}" in answer
    lines = re.sub(r"\x1b\[[0-9;]*[mK]|\r", "", answer).splitlines()
    spoken = [line.removeprefix("  ...") for line in lines[1:-1]]
    assert [line for line in spoken if len(line) > 60] == []
    assert all(line.startswith("  ") for line in spoken if line)


def test_without_colours(tmp_path: Path, windows: list[Window]) -> None:
    """NO_COLOR is respected."""
    windows.append(Window(tmp_path / "onward.db", NO_COLOR="1"))
    assert "\x1b[36m" not in windows[0].until()


def test_leaving_with_ctrl_d(tmp_path: Path, windows: list[Window]) -> None:
    """The end of input says one line and ends well."""
    windows.append(Window(tmp_path / "onward.db"))
    windows[0].until()
    windows[0].press(b"\x04")
    assert "It's all kept." in windows[0].rest()
    assert windows[0].code == 0


def test_leaving_with_ctrl_c(tmp_path: Path, windows: list[Window]) -> None:
    """An interrupt ends it quietly, also while it is typing."""
    windows.append(Window(tmp_path / "onward.db"))
    windows[0].until()
    windows[0].press(b"\x03")
    assert "Traceback" not in windows[0].rest()
    assert windows[0].code == 130


class Cafe:
    """What the terminal talks to in a test: it takes note of the events, and answers nothing by itself."""

    zone = "UTC"

    def __init__(self) -> None:
        """Begin with nothing."""
        self.heard: list[Event] = []

    def now(self) -> datetime:
        """Return always the same time."""
        return datetime(2026, 1, 5, 12, tzinfo=UTC)

    async def catch_up(self) -> None:
        """Do nothing."""

    async def greet(self) -> None:
        """Say nothing."""

    async def take(self, event: Event) -> None:
        """Take note of an event."""
        self.heard.append(event)

    async def travel(self, moment: datetime) -> None:
        """Go nowhere."""


async def test_what_comes_while_the_prompt_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that comes by itself is shown above the prompt, which stands below it again and can be typed at."""
    monkeypatch.setenv("TERM", "xterm-256color")
    keys, program = pty.openpty()
    with os.fdopen(program, "w", encoding="utf-8") as stream:
        catalog = Catalog.load()
        screen = Screen(stream, PROMPT, "...", person=True)
        keyboard = Keyboard(program, person=True)
        terminal = Terminal(keyboard, screen, catalog)
        host = Cafe()
        talking = asyncio.create_task(terminal.talk(host))
        await asyncio.to_thread(os.read, keys, len(PROMPT))
        button = Button(id="yes", label="Yes")
        reply = Reply(text="Time is up.", keys=("x",), buttons=(button,), asked=4)
        await terminal.deliver(Letter(id=1, person="terminal:ann", address="", reply=reply))
        shown = ""
        while not shown.endswith(PROMPT):
            shown += (await asyncio.to_thread(os.read, keys, 65536)).decode()
        assert shown.startswith(CLEAR_LINE)
        assert "Time is up." in shown
        assert shown.endswith(PROMPT)
        os.write(keys, b"1\n/quit\n")
        await talking
        assert host.heard == [Tapped(asked=4, choice="yes")]
        os.close(keys)
        assert await keyboard.line() is None


async def test_typing_ends_when_the_person_goes_on() -> None:
    """Whoever has typed the next line already does not wait for the show."""
    reading, writing = os.pipe()
    keyboard = Keyboard(reading, person=False)
    os.write(writing, b"next\n")
    assert await asyncio.wait_for(keyboard.typed(typing_time(10_000)), 5)
    os.close(writing)
    assert typing_time(10_000) < 1
    await keyboard.line()
    assert await keyboard.line() is None
    os.close(reading)
