"""What every platform does to text before anything else sees it: no characters that hide, and no novel."""

import re

from dialogs.commands import COMMANDS, TOLD
from dialogs.events import Commanded, Said

LONGEST = 8000
"""The number of characters of one message that are read. A long rejection e-mail has about half of that."""

WITH_ARGUMENT = frozenset({"rejected", "settings"})
"""Commands that mean the same with words behind them; of others, words behind them make a line of talk."""

WRITTEN = frozenset({*COMMANDS, "skip", "back"} - TOLD)
"""Commands that people can write."""

_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.?)", re.DOTALL)
# Control characters except newline, and those that turn the reading direction, take no room, or are half a character.
# The two joiners stay: emoji and several scripts are written with them.
_HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")


def cleaned(text: str) -> str:
    """Return the text without escape sequences, control and bidirectional characters, and space at its ends."""
    text = _ESCAPE_SEQUENCE.sub("", text)
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _HIDDEN.sub("", text).strip()


def spoken(text: str) -> Commanded | Said:
    """Return what cleaned text means behind a platform's one command for everything: "plan", or a line of talk."""
    name, _, rest = text.removeprefix("/").partition(" ")
    name = name.casefold().replace("-", "_")
    if name in WRITTEN and (text.startswith("/") or not rest or name in WITH_ARGUMENT):
        return Commanded(name=name, argument=rest.strip())
    return Said(text=text) if text else Commanded(name="hello")


def shortened(text: str) -> tuple[str, bool]:
    """Return the part of the text that is read, and whether anything was left out."""
    return text[:LONGEST], len(text) > LONGEST
