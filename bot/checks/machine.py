"""The machine and the program itself: versions, limits, time zones, words, models, pictures."""

import sys
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from zipfile import BadZipFile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.checks.result import Result, counted, good, wrong
from dialogs.catalog import Catalog
from dialogs.pictures import Lines, Picture
from dialogs.understanding import Understanding
from dialogs.understanding.model import ModelError
from dialogs.wordcheck import findings, stale_helplines

OLDEST_PYTHON = (3, 11)
FEWEST_FILES = 1024
"""So many files a program has to be able to open at once: each connection and each database takes some."""

ZONE = "Europe/Vienna"
"""Any zone: where one is, all are."""


def program(python: Sequence[int] = sys.version_info[:3]) -> Iterator[Result]:
    """Tell what runs on what."""
    on = ".".join(map(str, python))
    if tuple(python[:2]) < OLDEST_PYTHON:
        needed = ".".join(map(str, OLDEST_PYTHON))
        yield wrong("program", f"Python {on} is too old: set Onward up again with Python {needed} or newer.")
    else:
        yield good("program", f"Onward {version('onward')}, on Python {on}.")


def limits() -> Iterator[Result]:
    """Tell whether the program may open as many files as it needs."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= files < FEWEST_FILES:
        yield wrong(
            "limits",
            f"Only {files} files may be open at once: raise it to {FEWEST_FILES} or more (ulimit -n, or LimitNOFILE in "
            "a unit of systemd).",
        )


def zones() -> Iterator[Result]:
    """Tell whether the time zones are there."""
    try:
        ZoneInfo(ZONE)
    except ZoneInfoNotFoundError:
        yield wrong(
            "clock", "There are no time zones on this machine: run 'pip install tzdata' in the environment of Onward."
        )


def words(now: datetime) -> Iterator[Result]:
    """Tell whether the words are as they have to be, and the helplines looked up not too long ago."""
    found, stale = findings(), stale_helplines(now.date())
    if found:
        yield wrong("words", f"{counted(len(found), 'mistake')} in the words: 'onward words check' names them.")
    if stale:
        yield wrong(
            "words",
            f"The helplines of {', '.join(one.key for one in stale)} were last looked up more than a year ago: update "
            "Onward, or look them up and change dialogs/helplines.toml.",
        )
    if not (found or stale):
        yield good("words", "They have no mistakes, and every helpline was looked up within a year.")


def models() -> Iterator[Result]:
    """Tell whether lines can be understood."""
    catalog = Catalog.load()
    try:
        Understanding.load(catalog).understand("I got rejected by Stark")
    except (ModelError, OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error):
        yield wrong(
            "models",
            f"The model of the language {catalog.locale} is missing or damaged: install Onward again, or run "
            "'make models'.",
        )
    else:
        yield good("models", "Lines are understood.")


def pictures() -> Iterator[Result]:
    """Tell whether pictures can be drawn: the fonts for them are there."""
    from adapters.card import CannotDrawError, png  # noqa: PLC0415 - it takes long, and what is missing is told here

    try:
        png(Picture(title="Onward", panels=(Lines(title="Onward", lines=("Onward",)),)))
    except (CannotDrawError, OSError, ValueError, RuntimeError):
        yield wrong("pictures", "They cannot be drawn, and go as text: install matplotlib again, which has the fonts.")
    else:
        yield good("pictures", "They can be drawn.")
