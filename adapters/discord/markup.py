"""Text as Discord shows it: nothing that a person wrote pings, links, or turns into markup.

The rules of Discord's Markdown: https://support.discord.com/hc/en-us/articles/210298617
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time

from dialogs.replies import Day

MOST = 1900
"""The number of characters that one message gets; Discord takes 2,000."""

_LINK = re.compile(r"https?://[\w./?=&%#:+@$;,-]+", re.ASCII)
_INLINE = re.compile(r"[\\*_~`|\[\]<]")
_LINE_START = re.compile(r"^([^\S\n]*)(?=[#>+-])", re.MULTILINE)
_NUMBERED = re.compile(r"^([^\S\n]*\d+)(?=[.)]\s)", re.MULTILINE)
_EVERYONE = re.compile(r"@(?=everyone|here)")
_DAY = re.compile("\x02(\\d+)\x03")

ZERO_WIDTH = "\u200b"


def escaped(text: str) -> str:
    """Return plain text so that Discord shows every character of it as it is; links stay links."""
    parts: list[str] = []
    at = 0
    for link in _LINK.finditer(text):
        parts += [_INLINE.sub(r"\\\g<0>", text[at : link.start()]), link[0]]
        at = link.end()
    inline = "".join([*parts, _INLINE.sub(r"\\\g<0>", text[at:])])
    return _EVERYONE.sub(f"@{ZERO_WIDTH}", _NUMBERED.sub(r"\1\\", _LINE_START.sub(r"\1\\", inline)))


def copyable(text: str) -> Iterator[str]:
    """Yield text in blocks that Discord offers to copy, with no way out of them; one, when it is not too long."""
    inside = text.replace("```", f"`{ZERO_WIDTH}`{ZERO_WIDTH}`")
    return (f"```\n{piece}\n```" for piece in pieces(inside, MOST))


def marked(text: str, days: Sequence[Day]) -> str:
    """Return text with a mark for each of its days, which `timestamps` turns into what each reader sees in their way.

    Marks have characters that no platform lets through, so that nobody can write one.
    """
    parts: list[str] = []
    at = 0
    for day in days:
        noon = datetime.combine(day.day, time(12), tzinfo=UTC)
        parts += [text[at : day.start], f"\x02{noon.timestamp():.0f}\x03"]
        at = day.end
    return "".join([*parts, text[at:]])


def timestamps(text: str) -> str:
    """Return text with the marks of days as Discord's timestamps: a date, in the reader's language."""
    return _DAY.sub(r"<t:\1:D>", text)


def pieces(text: str, most: int) -> Iterator[str]:
    """Yield the text in pieces of at most so many characters, cut between paragraphs, lines or words if it can be."""
    while len(text) > most:
        cut = next((at for mark in ("\n\n", "\n", " ") if (at := text.rfind(mark, most // 2, most + 1)) > 0), most)
        # A backslash stays with the character that it protects.
        cut -= (cut - len(text[:cut].rstrip("\\"))) % 2
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text
