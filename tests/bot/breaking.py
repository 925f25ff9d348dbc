"""The real command, in which something breaks when somebody says so: `python -m tests.bot.breaking COMMAND...`.

Each thing that breaks has what was said in its message, and in its variables.
"""

import asyncio
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from datetime import datetime
from unittest.mock import patch

import bot.batch
from bot.__main__ import main
from bot.chat import Conversation
from dialogs.catalog import Catalog
from dialogs.engine import advance
from dialogs.events import Event, Said
from dialogs.journey import Journey, Turn
from dialogs.phrasing import phrase
from dialogs.replies import Reply
from dialogs.understanding import Meaning, Understanding
from storage.unit import Unit

ENDS = "storage", "anything"
"""After these the command ends."""


class AnythingError(BaseException):
    """What nothing catches that catches errors."""


class _Careless:
    """Breaks when it is thrown away."""

    def __init__(self, said: str) -> None:
        self.said = said

    def __del__(self) -> None:
        raise ValueError(self.said)


class _Stubborn:
    """A standard error that cannot be written to just now."""

    def write(self, _text: str) -> None:
        sys.stderr = sys.__stderr__
        msg = "no space left"
        raise OSError(msg)

    def flush(self) -> None:
        """Do nothing."""


def _turn(said: str) -> None:
    raise ValueError(said)


def _thread(said: str) -> None:
    thread = threading.Thread(target=_turn, args=(said,), name=said)
    thread.start()
    thread.join()


def _task(said: str) -> None:
    async def breaks(said: str) -> None:
        raise ValueError(said)

    asyncio.get_running_loop().create_task(breaks(said), name=said)


def _callback(said: str) -> None:
    asyncio.get_running_loop().call_soon(_turn, said)


def _rubbish(said: str) -> None:
    _Careless(said)


def _log(said: str) -> None:
    import logging  # noqa: PLC0415

    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(_Stubborn())
    try:
        _turn(said)
    except ValueError:
        logging.getLogger("bot.batch").exception("a turn broke")
    handler.setStream(before)


BREAKS: dict[str, Callable[[str], None]] = {
    "turn": _turn,
    "thread": _thread,
    "task": _task,
    "callback": _callback,
    "rubbish": _rubbish,
    "warning": lambda said: warnings.warn(said, RuntimeWarning, stacklevel=1),
    "log": _log,
}


class _Broken:
    """What breaks, and how, is in what is said."""

    def advance(self, journey: Journey, event: Event, now: datetime) -> Turn:
        for name, breaks in BREAKS.items():
            if isinstance(event, Said) and f"-{name}" in event.text:
                breaks(event.text)
        return advance(journey, event, now)

    def phrase(self, turn: Turn, catalog: Catalog) -> tuple[Reply, ...]:
        replies = phrase(turn, catalog)
        if any("canary-words" in reply.text for reply in replies):
            raise KeyError(replies[0].text)
        return replies


def _puzzled(understand: Callable[[Understanding, str], Meaning]) -> Callable[[Understanding, str], Meaning]:
    def found(understanding: Understanding, text: str) -> Meaning:
        if "-meaning" in text:
            raise LookupError(text)
        return understand(understanding, text)

    return found


async def _kept(unit: Unit, turns: Sequence[tuple[str, Journey, datetime | None]]) -> None:
    said = " ".join(str(one.applications[-1].employer) for _, one, _ in turns if one.applications)
    if "storage" in said:
        raise RuntimeError(said)
    await keep(unit, turns)


async def _taken(conversation: Conversation, event: Event) -> None:
    if isinstance(event, Said) and "-anything" in event.text:
        raise AnythingError(event.text)
    await take(conversation, event)


if __name__ == "__main__":
    keep, take = Unit.keep, Conversation.take
    broken = _Broken()
    for where, name, instead in (
        (bot.batch, "advance", broken.advance),
        (bot.batch, "phrase", broken.phrase),
        (Understanding, "understand", _puzzled(Understanding.understand)),
        (Unit, "keep", _kept),
        (Conversation, "take", _taken),
    ):
        patch.object(where, name, instead).start()
    sys.exit(main())
