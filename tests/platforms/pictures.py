"""Pictures of messages for docs/communities.md, drawn from the stories that run on the test servers.

`python -m tests.platforms.pictures` draws them anew.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from dialogs.wins import QUOTED

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"

WIDTH, MARGIN, LINE, SIZE = 640, 20, 21, 14
"""In pixels: of a picture, around everything, from line to line, of letters."""

CHARACTERS, BOLD_CHARACTERS = 78, 68
"""So many stand in a line."""

LETTER = 8.1
"""About how wide one is on a button."""

_SCREEN = re.compile(
    r"^\*\*(?P<what>[^\n]+)\*\*$|^(?P<who>[^*\n][^\n]*):\n\n```text\n(?P<shows>.*?)\n```$", re.MULTILINE | re.DOTALL
)
_CONTROL = re.compile(r"\[(?P<open>[^\[\]]+)\]|\((?P<shut>[^()]+)\)")


@dataclass(frozen=True)
class Screen:
    """One message of a story: after what it is seen, by whom, and its text with its controls."""

    what: str
    who: str
    shows: str


class Picture(NamedTuple):
    """Which screen is drawn: its platform, the beginning of what was done before it and of who sees it."""

    platform: str
    name: str
    what: str
    who: str

    @property
    def file(self) -> Path:
        """Return where it is kept."""
        return FOLDER / f"{self.platform}-{self.name}.svg"


PICTURES: Sequence[Picture] = (
    Picture("discord", "setup", "Ada allows it, and presses: Post the panel", "Ada"),
    Picture("discord", "panel", "Ada allows it, and presses: Post the panel", "Everybody"),
    Picture("discord", "begin", "Ben presses: I got rejected", "Ben"),
    Picture("discord", "asked", "Ben presses: I'm 18 or older: look", "Mia"),
    Picture("discord", "agree", "Mia presses: Yes, I can", "Ben"),
    Picture("discord", "room", "Cleo presses: Yes, open a room", "Who is in"),
    Picture("discord", "report", "Cleo presses: Asks for money", "Everybody"),
    Picture("discord", "win", "Ben writes", "Ben"),
    Picture("discord", "pulse", "The month ends", "Everybody"),
    Picture("slack", "setup", "Ada chooses a channel for each", "Ada has"),
)


def screens(story: str) -> Iterator[Screen]:
    """Yield every message of a story."""
    what = ""
    for found in _SCREEN.finditer(story):
        if found["what"]:
            what = found["what"]
        else:
            yield Screen(what=what, who=found["who"], shows=found["shows"])


def drawn(screen: Screen) -> str:
    """Return the picture of a message as SVG."""
    private = screen.who.endswith("alone sees")
    shapes: list[str] = [_text(MARGIN + 14, MARGIN + 24, "Onward", bold=True), _badge(MARGIN + 84, MARGIN + 11)]
    top = MARGIN + 46
    for row in screen.shows.split("\n"):
        controls = list(_CONTROL.finditer(row))
        if controls and row.endswith(("]", ")")):
            if label := row[: controls[0].start()].strip():
                top = _lines(shapes, label, top)
            top = _buttons(shapes, controls, top)
        else:
            top = _lines(shapes, row, top)
    if private:
        shapes.append(_text(MARGIN + 14, top + 12, "Only you can see this", colour="#6b7280"))
        top += LINE
    return _page(shapes, top, screen)


def _lines(shapes: list[str], row: str, top: int) -> int:
    quoted = row.startswith(QUOTED)
    bold = row.startswith("**") and row.endswith("**")
    for line in wrap(
        row.removeprefix(QUOTED).strip().strip("*") if bold or quoted else row, BOLD_CHARACTERS if bold else CHARACTERS
    ) or [""]:
        if quoted:
            shapes.append(f'<rect x="{MARGIN + 14}" y="{top - 14}" width="3" height="{LINE}" fill="#c4c9d4"/>')
        if line:
            shapes.append(_text(MARGIN + (26 if quoted else 14), top, line, bold=bold))
        top += LINE if line else LINE // 2
    return top


def _buttons(shapes: list[str], controls: Sequence[re.Match[str]], top: int) -> int:
    left, height = float(MARGIN + 14), 30
    top += 4
    for control in controls:
        label = control["open"] or control["shut"]
        menu = label.endswith(" v")
        words = label.removesuffix(" v")
        width = 360.0 if menu else len(words) * LETTER + 26
        if left + width > WIDTH - MARGIN - 8 and left > MARGIN + 14:
            left, top = float(MARGIN + 14), top + height + 8
        shapes.append(
            f'<rect x="{left:.0f}" y="{top - 14}" width="{width:.0f}" height="{height}" rx="7" '
            f'fill="{"#ffffff" if menu else "#e9ecf3"}" stroke="#c4c9d4"/>'
        )
        colour = "#1f2430" if control["open"] else "#9aa1ae"
        shapes.append(_text(left + 13, top + 6, words, colour=colour))
        if menu:
            shapes.append(_text(left + width - 22, top + 6, "\N{BLACK DOWN-POINTING SMALL TRIANGLE}", colour="#6b7280"))
        left += width + 8
    return top + height + 12


def _badge(left: int, top: int) -> str:
    shape = f'<rect x="{left}" y="{top}" width="34" height="17" rx="4" fill="#5b6ee1"/>'
    return shape + f'<text x="{left + 6}" y="{top + 13}" font-size="11" fill="#ffffff">BOT</text>'


def _text(left: float, top: float, words: str, *, bold: bool = False, colour: str = "#1f2430") -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{left:.0f}" y="{top:.0f}" font-size="{SIZE}" fill="{colour}"{weight}>{escape(words)}</text>'


def _page(shapes: Sequence[str], height: int, screen: Screen) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height + MARGIN}" role="img"'
    card = (
        f'<rect x="{MARGIN // 2}" y="{MARGIN // 2}" width="{WIDTH - MARGIN}" height="{height}" rx="12" fill="#fbfbfd" '
        'stroke="#dfe2ea"/>'
    )
    family = '<g font-family="Helvetica, Arial, sans-serif">'
    return "\n".join([f"{head} aria-label={quoteattr(screen.shows)}>", card, family, *shapes, "</g>", "</svg>", ""])


def made() -> dict[Path, str]:
    """Return every picture, by its file. Raises LookupError for a screen that is in no story."""
    found: dict[Path, str] = {}
    for one in PICTURES:
        story = (Path(__file__).parent / one.platform / "story.md").read_text(encoding="utf-8")
        fits = [
            screen for screen in screens(story) if screen.what.startswith(one.what) and screen.who.startswith(one.who)
        ]
        if not fits:
            msg = f"no screen of the story fits {one}"
            raise LookupError(msg)
        found[one.file] = drawn(fits[0])
    return found


def write() -> None:
    """Draw every picture anew."""
    FOLDER.mkdir(exist_ok=True)
    for file, picture in made().items():
        file.write_text(picture, encoding="utf-8")
        sys.stdout.write(f"{file.relative_to(ROOT)} is drawn.\n")


if __name__ == "__main__":
    write()
