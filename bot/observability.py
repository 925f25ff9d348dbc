"""Logs: one line each on standard error, and never a word of a person or a person's name in them."""

import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import gmtime
from traceback import extract_tb
from types import TracebackType
from typing import TextIO

OURS = ("bot", "adapters", "storage", "dialogs")
TALKATIVE = ("discord", "slack_bolt", "slack_sdk")
"""Libraries that warn of what is dealt with here: waits, repetitions, unknown events."""
_ROOT = Path(__file__).resolve().parent.parent

Count = Callable[[str, BaseException | None], None]
"""Counts an error that was logged, by its logger and what was raised."""

log = logging.getLogger(__name__)


class Lines(logging.Formatter):
    """Writes `time level logger message key=value ...`; of an error, only its type and place.

    What a library says may quote what it was sent, and asyncio shows the errors and arguments of tasks: of their
    messages only the place in the code is written.
    """

    converter = staticmethod(gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        message, fields = self.told(record)
        shown = "".join(f" {name}={value}" for name, value in fields.items())
        return f"{self.when(record)} {record.levelname.lower()} {record.name}: {message}{shown}"

    def when(self, record: logging.LogRecord) -> str:
        """Return the time of a record."""
        return self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ")

    @staticmethod
    def told(record: logging.LogRecord) -> tuple[str, dict[str, object]]:
        """Return what may be told of a record: its message and its fields."""
        fields: dict[str, object] = dict(getattr(record, "fields", {}))
        message = "a library tells something"
        if record.name.partition(".")[0] in OURS:
            # One record is one line, whatever is in its message.
            message = " ".join(record.getMessage().split())
        else:
            fields["at"] = f"{_place(record.pathname)}:{record.lineno}"
        if record.exc_info and record.exc_info[1]:
            fields["error"] = described(record.exc_info[1])
        return message, fields


class Objects(Lines):
    """Writes the same as one JSON object a line: `time`, `level`, `logger`, `message`, and each field by its name."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        message, fields = self.told(record)
        begins = {"time": self.when(record), "level": record.levelname.lower(), "logger": record.name}
        return json.dumps({**begins, "message": message, **fields}, default=str, ensure_ascii=False)


class _Errors(logging.Handler):
    """Tells of every error that is logged, whatever the level of the logs."""

    def __init__(self, count: Count) -> None:
        super().__init__(logging.ERROR)
        self._count = count

    def emit(self, record: logging.LogRecord) -> None:
        self._count(record.name, record.exc_info[1] if record.exc_info else None)


@contextmanager
def errors_counted(count: Count) -> Iterator[None]:
    """Have `count` called with the logger and the error of every error that is logged, until the end of the block."""
    handler = _Errors(count)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


FORMS: Mapping[str, type[Lines]] = {"text": Lines, "json": Objects}


def set_up(level: str, stream: TextIO | None = None, form: str = "text") -> None:
    """Log what this program has to say from `level` on; libraries, whose debug lines hold data, from warnings on.

    form: "text", or "json" for objects. What Python itself would print goes the same way: its tracebacks and warnings
    have the text of errors in them.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(FORMS[form]())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # Otherwise a line that cannot be written is printed instead, with the text of the error that it is about.
    logging.raiseExceptions = False
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
    sys.excepthook = _ended
    threading.excepthook = _thread_ended
    sys.unraisablehook = _nobody_waits
    warnings.showwarning = _warned
    _leave_no_core()


def described(error: BaseException) -> str:
    """Return the type of an error and its place; not its message, which may hold a person's words."""
    frames = extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    return f"{type(error).__name__}@{_place(frames[-1].filename)}:{frames[-1].lineno}"


def _place(filename: str) -> Path:
    file = Path(filename)
    return file.relative_to(_ROOT) if file.is_relative_to(_ROOT) else Path(*file.parts[-2:])


def _ended(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    log.critical("the program broke", exc_info=error)


def _thread_ended(args: threading.ExceptHookArgs) -> None:
    log.error("a thread broke", exc_info=args.exc_value)


def _nobody_waits(args: "sys.UnraisableHookArgs") -> None:
    log.error("something broke that nobody waits for", exc_info=args.exc_value)


def _warned(
    message: Warning | str,  # noqa: ARG001 - Python gives it by name
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 - likewise
    line: str | None = None,  # noqa: ARG001 - likewise
) -> None:
    fields = {"warning": category.__name__, "at": f"{_place(filename)}:{lineno}"}
    log.warning("a library warns", extra={"fields": fields})


def _leave_no_core() -> None:
    """Leave no copy of the memory behind after a crash: words and keys are in it."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - there is none on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
