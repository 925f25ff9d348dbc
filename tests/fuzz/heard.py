"""What a parser may make of something that came in."""

import re
from collections.abc import Iterator
from typing import Any

from adapters.incoming import LONGEST
from dialogs.commands import WORDLESS
from dialogs.events import Commanded, Filled, Said
from tests.fuzz.target import declared, holds

_MARKS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Characters that no platform lets through. The dialog marks days with some of them; half ones cannot be stored."""


def heard(meant: object, kinds: Any) -> str:  # noqa: ANN401 - a type, or a union of some
    """Check that something has a declared type and holds only words that can be kept; return what it is, in a word."""
    declared(meant, kinds)
    for text in _words(meant):
        holds(not _MARKS.search(text), "a character that hides comes through")
        holds(len(text) <= LONGEST, "more comes through than is read")
    return f"{type(meant).__name__} {meant.name}" if isinstance(meant, Commanded) else type(meant).__name__


def _words(meant: object) -> Iterator[str]:
    if isinstance(meant, Said):
        yield meant.text
    if isinstance(meant, Commanded):
        yield meant.argument
    if isinstance(meant, Filled) or (isinstance(meant, Commanded) and meant.name not in WORDLESS):
        yield from meant.fields.values()
