"""Logs: one line each on standard error, and never a word of a person or a person's name in them."""

import logging
import sys
from pathlib import Path
from time import gmtime
from traceback import extract_tb
from typing import TextIO

OURS = ("bot", "adapters", "storage", "dialogs")
TALKATIVE = ("discord", "slack_bolt", "slack_sdk")
"""Libraries whose warnings name channels, codes, and the secrets of interactions, and quote what they were sent."""
_ROOT = Path(__file__).resolve().parent.parent


class Lines(logging.Formatter):
    """Writes `time level logger message key=value ...`; of an error, only its type and place."""

    converter = staticmethod(gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        fields: dict[str, object] = dict(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1]:
            fields["error"] = described(record.exc_info[1])
        when = self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ")
        told = "".join(f" {name}={value}" for name, value in fields.items())
        # One record is one line, whatever a library puts into its message.
        message = " ".join(record.getMessage().split())
        return f"{when} {record.levelname.lower()} {record.name}: {message}{told}"


def set_up(level: str, stream: TextIO | None = None) -> None:
    """Log what this program has to say from `level` on; libraries, whose debug lines hold data, from warnings on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)


def described(error: BaseException) -> str:
    """Return the type of an error and its place; not its message, which may hold a person's words."""
    frames = extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    file = Path(frames[-1].filename)
    place = file.relative_to(_ROOT) if file.is_relative_to(_ROOT) else Path(*file.parts[-2:])
    return f"{type(error).__name__}@{place}:{frames[-1].lineno}"
