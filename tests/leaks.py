"""Looking for what must not be there: what was said, and who said it, in everything that a process tells."""

import asyncio
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from bot import observability

CANARY = "canary"
"""Is in everything that somebody says, and in their name."""

LIBRARIES = ("discord", "slack_bolt", "slack_sdk", "aiohttp", "aiosqlite", "sqlalchemy", "asyncio")


def everything_in(folder: Path) -> bytes:
    """Return what is in all files of a folder."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


class Told:
    """What a process tells while it is watched, and what its libraries would tell if they were let."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.stream = StringIO()
        self.libraries = StringIO()

    @property
    def text(self) -> str:
        """What the program logged."""
        return self.stream.getvalue()

    def of_libraries(self) -> list[str]:
        """Return the lines that are not the program's own."""
        return [line for line in self.text.splitlines() if not line.split()[2].startswith(observability.OURS)]


@contextmanager
def watched(level: str, *, talkative: bool = False) -> Iterator[Told]:
    """Log as the program does at one of its levels. talkative: let every library say all that it has to say."""
    told = Told()
    root = logging.getLogger()
    handlers, root_level, raises = root.handlers[:], root.level, logging.raiseExceptions
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning
    names = (*LIBRARIES, *observability.OURS)
    levels = {name: logging.getLogger(name).level for name in names}
    observability.set_up(level, told.stream)
    listener = logging.StreamHandler(told.libraries)
    if talkative:
        for name in LIBRARIES:
            logging.getLogger(name).setLevel(logging.DEBUG)
            logging.getLogger(name).addHandler(listener)
    try:
        yield told
    finally:
        for name in names:
            logging.getLogger(name).setLevel(levels[name])
            logging.getLogger(name).removeHandler(listener)
        root.handlers[:], root.level, logging.raiseExceptions = handlers, root_level, raises
        sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks


@contextmanager
def debugged() -> Iterator[None]:
    """Have the event loop tell of every step, as it does of slow ones when PYTHONASYNCIODEBUG is set."""
    loop = asyncio.get_running_loop()
    before = loop.slow_callback_duration
    loop.set_debug(True)
    loop.slow_callback_duration = 0.0
    try:
        yield
    finally:
        loop.set_debug(False)
        loop.slow_callback_duration = before
