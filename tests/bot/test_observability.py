"""The logs."""

import json
import logging
from io import StringIO
from pathlib import Path

import pytest

from bot.observability import TALKATIVE, described, errors_counted, set_up


@pytest.fixture
def stream() -> StringIO:
    """Give a stream to log into."""
    return StringIO()


def test_a_record_is_one_line_with_its_fields(stream: StringIO) -> None:
    """Time, level, logger, message, then key=value; a line end in a message does not make a second line."""
    set_up("info", stream)
    logging.getLogger("bot.x").info("two\nlines", extra={"fields": {"count": 3}})
    (line,) = stream.getvalue().splitlines()
    assert line.split(" ", 1)[1] == "info bot.x: two lines count=3"
    assert line[:2] == "20"


def test_an_error_is_told_by_type_and_place(stream: StringIO) -> None:
    """Neither the message of an error nor its source lines are logged: they may hold what somebody said."""
    set_up("warning", stream)
    try:
        dict[str, str]()["secret words"]
    except KeyError:
        logging.getLogger("bot.x").exception("it broke")
    assert "error=KeyError@tests/bot/test_observability.py:" in stream.getvalue()
    assert "secret" not in stream.getvalue()


def test_libraries_are_only_heard_from_warnings_on(stream: StringIO) -> None:
    """Their debug lines hold data."""
    set_up("debug", stream)
    logging.getLogger("aiosqlite").debug("INSERT")
    logging.getLogger("bot.x").debug("ours")
    assert stream.getvalue().endswith("debug bot.x: ours\n")
    assert "INSERT" not in stream.getvalue()


def test_a_library_is_told_by_place_only(stream: StringIO) -> None:
    """Its message may quote what it was sent, and asyncio shows the errors and arguments of tasks."""
    set_up("debug", stream)
    logging.getLogger("asyncio").error("secret %s\nsecret", "secret", exc_info=ValueError("secret"))
    (line,) = stream.getvalue().splitlines()
    told = line.split(" ", 1)[1]
    assert told.startswith("error asyncio: a library tells something at=tests/bot/test_observability.py:")
    assert told.endswith(" error=ValueError")


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_libraries_are_as_quiet_at_every_level(stream: StringIO, level: str) -> None:
    """The level is the program's own."""
    set_up(level, stream)
    for name in ("discord.http", "slack_bolt.AsyncApp", "slack_sdk", "aiohttp.server", "sqlalchemy.engine", "asyncio"):
        logger = logging.getLogger(name)
        assert not logger.isEnabledFor(logging.INFO)
        assert logger.isEnabledFor(logging.WARNING) != name.startswith(TALKATIVE)


def test_the_same_can_be_told_in_json(stream: StringIO) -> None:
    """One object a line, with the same rules: of an error its type and place, and of a library no word."""
    set_up("info", stream, "json")
    logging.getLogger("bot.x").info("two\nlines", extra={"fields": {"count": 3, "at": Path("a/b")}})
    logging.getLogger("asyncio").error("secret %s", "secret", exc_info=ValueError("secret"))
    ours, library = (json.loads(line) for line in stream.getvalue().splitlines())
    assert ours.pop("time")[:2] == "20"
    assert ours == {"level": "info", "logger": "bot.x", "message": "two lines", "count": 3, "at": "a/b"}
    assert (library["message"], library["error"]) == ("a library tells something", "ValueError")
    assert "secret" not in stream.getvalue()


@pytest.mark.parametrize("level", ["debug", "error"])
def test_every_error_that_is_logged_is_counted(stream: StringIO, level: str) -> None:
    """By where it was logged and what it was, whatever is shown; what is less than an error is none."""
    set_up(level, stream)
    counted: list[tuple[str, BaseException | None]] = []
    error = ValueError()
    with errors_counted(lambda *one: counted.append(one)):
        logging.getLogger("bot.x").warning("not yet")
        logging.getLogger("bot.x").error("it broke", exc_info=error)
        logging.getLogger("aiohttp.server").error("theirs")
    logging.getLogger("bot.x").error("nobody counts any more")
    assert counted == [("bot.x", error), ("aiohttp.server", None)]


def test_an_error_that_was_never_raised_has_no_place() -> None:
    """Then its type is all there is."""
    assert described(ValueError("x")) == "ValueError"
