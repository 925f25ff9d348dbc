"""`onward check`: the machine, the address of HTTP, and what the program is made of besides code."""

import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from matplotlib import font_manager

from adapters import card
from bot.checks import address, machine, platforms
from bot.checks.result import Result, Verdict, good, guarded, text, wrong
from tests.bot.checked import Check, read
from tests.platforms.ports import free_port

PROJECT = Path(__file__).parent.parent.parent


def told(results: Iterator[Result]) -> list[tuple[Verdict, str]]:
    """Return what is said."""
    return [(one.verdict, one.words) for one in results]


def test_a_python_that_is_too_old() -> None:
    """It says which one is needed."""
    assert told(machine.program((3, 10, 2))) == [
        (Verdict.WRONG, "Python 3.10.2 is too old: set Onward up again with Python 3.11 or newer.")
    ]


def test_too_few_files_that_may_be_open(tmp_path: Path, check: Check) -> None:
    """It says how many there should be, and where that is set."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    try:
        code, shown = check(tmp_path / "onward.db")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert code == 1
    assert shown["limits"][0].startswith("MEND Only 512 files may be open at once: raise it to 1024 or more")


def test_no_time_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the system's nor the package's."""
    for name in ["tzdata", *(name for name in sys.modules if name.startswith("tzdata."))]:
        monkeypatch.setitem(sys.modules, name, None)
    zoneinfo.ZoneInfo.clear_cache()
    zoneinfo.reset_tzpath(to=[])
    try:
        ((verdict, words),) = told(machine.zones())
    finally:
        zoneinfo.reset_tzpath()
        zoneinfo.ZoneInfo.clear_cache()
    assert verdict is Verdict.WRONG
    assert "pip install tzdata" in words
    monkeypatch.undo()
    assert told(machine.zones()) == []


def test_no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are not drawn then, and it says what brings the fonts."""
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    font_manager.fontManager._findfont_cached.cache_clear()  # type: ignore[attr-defined] # noqa: SLF001 - it keeps what it has found
    card._font.cache_clear()  # noqa: SLF001 - likewise
    ((verdict, words),) = told(machine.pictures())
    assert verdict is Verdict.WRONG
    assert "install matplotlib again" in words


def test_words_helplines_and_models_that_are_not_as_they_should_be(tmp_path: Path) -> None:
    """A copy of the dialog with a mistake in a line, an old number and half a model: each is told, with its remedy."""
    dialogs = tmp_path / "dialogs"
    shutil.copytree(PROJECT / "dialogs", dialogs, ignore=shutil.ignore_patterns("__pycache__"))
    opening = dialogs / "wordings" / "en" / "opening.toml"
    opening.write_text(
        opening.read_text(encoding="utf-8").replace('[hello]\ntext = "Hello.', '[hello]\ntext = "Hello!')
    )
    helplines = dialogs / "helplines.toml"
    helplines.write_text(re.sub(r"verified_on = .*", "verified_on = 2020-01-01", helplines.read_text("utf-8"), count=2))
    model = dialogs / "understanding" / "models" / "en.npz"
    model.write_bytes(model.read_bytes()[:-100_000])
    environ = {**os.environ, "PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "bot", "check"],
        capture_output=True, text=True, timeout=60, check=False, env=environ,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 1
    shown = read(done.stdout)
    mistake, stale = shown["words"]
    assert mistake == "MEND 1 mistake in the words: 'onward words check' names them."
    assert stale.startswith("MEND The helplines of US, CA were last looked up more than a year ago: update Onward")
    assert shown["models"][0].startswith("MEND The model of the language en is missing or damaged")
    assert shown["pictures"] == ["ok They can be drawn."]


def test_an_address_that_is_free() -> None:
    """It is still free afterwards."""
    port = free_port()
    assert told(address.look(address.SETTING, ("127.0.0.1", port))) == [(Verdict.GOOD, f"127.0.0.1:{port} is free.")]
    assert told(address.look(address.SETTING, ("localhost", 0))) == [(Verdict.GOOD, "Any port that is free is taken.")]
    with closing(socket.create_server(("127.0.0.1", port))):
        pass


def test_a_clock_that_is_behind() -> None:
    """By the first platform that shows it; a little is no matter, and where none was asked nothing is said."""
    ((verdict, words),) = told(platforms.clock({"Discord": -59.0, "Slack": -3700.4}))
    assert verdict is Verdict.WRONG
    assert words.startswith("This machine's clock is 3,700 seconds behind Slack's: have it set over the network")
    assert told(platforms.clock({"Slack": 1.2})) == [(Verdict.GOOD, "It goes like Slack's.")]
    assert told(platforms.clock({})) == []


@contextmanager
def answering(status: int) -> Iterator[int]:
    """Answer every request with a status, and give the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield server.server_port
        server.shutdown()
        serving.join()


@pytest.mark.parametrize(
    ("status", "verdict", "words"),
    [
        (404, Verdict.WRONG, "where another program listens: end that, or name another port."),
        (503, Verdict.WRONG, "says that it is not well: its log says why."),
        (200, Verdict.GOOD, "The bot is running, and answers at 127.0.0.1:"),
    ],
)
def test_an_address_that_is_taken(status: int, verdict: Verdict, words: str) -> None:
    """A running bot may have it, as its answer tells; nothing else may."""
    with answering(status) as port:
        ((found, shown),) = told(address.look(address.SETTING, ("127.0.0.1", port)))
    assert found is verdict
    assert words in shown


def test_an_address_that_is_taken_by_what_speaks_no_http() -> None:
    """It is another program."""

    def greet(server: socket.socket) -> None:
        with server.accept()[0] as caller:
            caller.sendall(b"SSH-2.0-loopback\r\n")

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        greeting = Thread(target=greet, args=(server,))
        greeting.start()
        ((verdict, words),) = told(address.look(address.SETTING, server.getsockname()[:2]))
        greeting.join()
    assert verdict is Verdict.WRONG
    assert "another program" in words


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_that_is_not_of_this_machine(host: str) -> None:
    """It says why it cannot be used."""
    ((verdict, words),) = told(address.look(address.SETTING, (host, 8080)))
    assert verdict is Verdict.WRONG
    assert words.startswith(f"ONWARD_HTTP__LISTEN is {host}:8080, which cannot be used (")


def test_what_breaks_in_one_part_does_not_hide_the_others() -> None:
    """It is told by its kind and place, without its own words, and what was found before it stays."""

    def results() -> Iterator[Result]:
        yield good("words", "Fine.")
        msg = "somebody's words"
        raise LookupError(msg)

    first, second = guarded("words", results())
    assert first == good("words", "Fine.")
    assert second.verdict is Verdict.WRONG
    assert "LookupError@" in second.words
    assert "somebody" not in second.words


def test_in_a_terminal_lines_are_wrapped_beside_their_topic() -> None:
    """Addresses and paths stay whole; elsewhere a result is one line."""
    result = wrong("http", f"It says: {'word ' * 10}and https://example.org/{'a-' * 20}")
    wrapped = text(result, 60).splitlines()
    assert len(wrapped) == 3
    assert wrapped[0].startswith("MEND    http       It says: word")
    assert wrapped[1].startswith(" " * 19 + "word")
    assert wrapped[2].strip() == f"https://example.org/{'a-' * 20}"
    assert text(result, None).count("\n") == 0
    assert text(result, 20).count("\n") == 0
