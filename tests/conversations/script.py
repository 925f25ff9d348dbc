"""The format of a transcript (*.talk).

# a comment; the first one is the title
> what the person writes
* id_of_the_choice_they_tap
/ command with words behind it
~ 2d                             time passes: 30m, 12h, 2d; what comes due on the way comes
< keys of the lines that come back, in order; none means that the bot stays silent
= step rest                      where the journey stands now
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

FOLDER = Path(__file__).parent
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class ScriptError(ValueError):
    """A transcript has a line that cannot be read; the message names file and line."""


@dataclass
class Beat:
    """One thing that happens, with the lines that are expected after it."""

    kind: str
    text: str
    line: int
    expected: list[str] = field(default_factory=list)
    step: str = ""


@dataclass
class Script:
    """One transcript."""

    path: Path
    title: str
    beats: list[Beat]


def read(path: Path) -> Script:
    """Return the transcript of a file. Raises ScriptError."""
    title, beats = "", []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        mark, text = raw[:1], raw[1:].strip()
        if not raw.strip():
            continue
        if mark == "#":
            title = title or text
        elif mark in ">*/~":
            beats.append(Beat(kind=mark, text=text, line=number))
        elif mark == "<" and beats:
            beats[-1].expected += text.split()
        elif mark == "=" and beats:
            beats[-1].step = text.removeprefix("step").strip()
        else:
            message = f"{path.name}:{number}: a line begins with one of # > * / ~ < =, not with {mark!r}"
            raise ScriptError(message)
    return Script(path=path, title=title, beats=beats)


def duration(text: str) -> timedelta:
    """Return how long "30m", "12h" or "2d" is."""
    found = re.fullmatch(r"(\d+)([mhd])", text)
    if not found:
        message = f"time passes as 30m, 12h or 2d, not as {text!r}"
        raise ScriptError(message)
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def scripts() -> list[Script]:
    """Return all transcripts of the project."""
    return [read(path) for path in sorted(FOLDER.glob("*.talk"))]
