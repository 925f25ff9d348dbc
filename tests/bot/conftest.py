"""A real database, the real words, and a clock that stands still."""

import logging
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from bot.__main__ import main
from bot.clock import Clock
from bot.observability import OURS, TALKATIVE
from dialogs.catalog import Catalog
from dialogs.journey import Journey
from dialogs.understanding import Understanding
from storage.store import Store
from tests.bot.checked import Check, Shown, checked
from tests.databases import Database

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""A Monday."""

Talk = Callable[..., str]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have a home of its own, and nothing set."""
    for name in [name for name in os.environ if name.startswith(("ONWARD_", "LC_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "de_AT.UTF-8")
    monkeypatch.setenv("TZ", "Europe/Vienna")


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """Put the logs back as they were after a test that sets them up."""
    root = logging.getLogger()
    handlers, level, raises = root.handlers[:], root.level, logging.raiseExceptions
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    root.handlers[:], root.level, logging.raiseExceptions = handlers, level, raises
    for name in (*OURS, *TALKATIVE):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Talk:
    """Give a function that types into `onward chat --plain`, run in this process, and returns what it prints."""

    def talked(database: Path, *args: str, typed: bytes = b"") -> str:
        with TemporaryFile() as stdin:
            stdin.write(typed)
            stdin.seek(0)
            monkeypatch.setattr(sys, "stdin", stdin)
            assert main(["chat", "--plain", "--db", str(database), *args]) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        return printed.out

    return talked


@pytest.fixture
def catalog() -> Catalog:
    """Give the English words."""
    return Catalog.load()


@pytest.fixture
def understanding(catalog: Catalog) -> Understanding:
    """Give what understands English."""
    return Understanding.load(catalog)


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands at noon until it is moved."""
    return Clock(lambda: NOON)


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Give `onward check`, run here."""

    def check(database: Path | None = None) -> Shown:
        return checked(capsys, database)

    return check


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    """Give an empty database."""
    async with database.store() as store:
        yield store


async def journey_of(store: Store, person: str) -> Journey:
    """Return what is remembered of a person."""
    async with store.begin() as unit:
        return (await unit.journeys([person]))[person]


async def keep(store: Store, person: str, journey: Journey, wake_at: datetime | None = None) -> None:
    """Store a journey as it is after a turn."""
    async with store.begin() as unit:
        await unit.journeys([person])
        await unit.keep([(person, journey, wake_at)])
