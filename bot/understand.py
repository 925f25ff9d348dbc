"""`onward understand`: one JSON object with "text" per line in, one with its meaning per line out."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from dialogs.catalog import Catalog
from dialogs.understanding import Meaning, Understanding

NEUTRAL = "neutral"


class LineError(ValueError):
    """A line cannot be read; the message says why and what a line looks like."""


def answers(lines: Iterable[bytes], locale: str = "en") -> Iterator[str]:
    """Yield an answer for each line: its meaning, or what is wrong with it. The run goes on after a bad line."""
    understanding = Understanding.load(Catalog.load(locale))
    for line in lines:
        try:
            answer = told(understanding.understand(_text(line)))
        except LineError as error:
            answer = {"error": str(error)}
        yield json.dumps(answer)


def told(meaning: Meaning) -> dict[str, Any]:
    """Return a meaning as it is written out."""
    return {
        "intent": meaning.intent,
        "confidence": round(meaning.confidence, 3),
        "feelings": list(meaning.feelings) or [NEUTRAL],
        "danger": meaning.danger.value,
        "about": meaning.about,
        "employer": meaning.employer,
        "role": meaning.role,
        "rejection_email": meaning.rejection_email,
    }


def _text(line: bytes) -> str:
    try:
        row = json.loads(line)
    except UnicodeDecodeError:
        message = "the line is not UTF-8"
    except (ValueError, RecursionError):
        message = 'the line is not JSON: write {"text": "..."}'
    else:
        if isinstance(row, dict) and isinstance(row.get("text"), str):
            return str(row["text"])
        message = 'the line has no "text" that is a string: write {"text": "..."}'
    raise LineError(message)
