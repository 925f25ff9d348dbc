"""Draws a picture on a card that is legible on dark and on light, and on a phone. Imported only when one is drawn."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle
from PIL import Image

from dialogs.pictures import Course, Lines, Pair, Panel, Path, Picture, Share

WIDTH, MARGIN = 1080, 56
"""In pixels, of the card and of what stays empty around what is on it."""

TITLE, HEADING, TEXT = 44, 34, 30
"""Heights of letters in pixels: shown a third as wide, as on a phone, the smallest is still 10 pixels."""

SPACING, BETWEEN = 1.4, 44
"""The distance of lines, in heights of a letter; the one of panels, in pixels."""

MOST_ROWS = 6
"""A line of somebody's that takes more rows than these is cut; the text beside the picture has all of it."""

TALLEST = 2600
"""From so many pixels on, no further lines are begun: it is a picture to look at, and not to scroll through."""

PAPER, INK, QUIET, EMPTY, DONE, WARM = "#fbf8f3", "#2b2b33", "#6b6b76", "#ddd7cb", "#3f7f6c", "#c8693f"
"""Opaque colours on an opaque card, each at least 4.5 to 1 where it is text."""

DPI = 100
POINTS = 72 / DPI
"""What a pixel is, in the points that letters are measured in."""

UNSEEN = frozenset({"Cf", "Cn", "Co", "Cs", "Mn", "Sk", "So"})
"""Kinds of characters that can be left out when there is no picture of them: symbols, and what shows nothing."""

RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

COLOURS = 64
"""So few colours are a third of the bytes of all, and nobody sees the difference."""


class CannotDrawError(Exception):
    """There are letters that no font here has, or that would stand in the wrong order."""


def png(picture: Picture) -> bytes:
    """Return a picture as a PNG: the same bytes for the same picture. Raises CannotDrawError."""
    card = _Card()
    card.fill(picture)
    return card.png()


class _Card:
    """A card that is filled from top to bottom. Its coordinates are pixels, from the upper left corner."""

    def __init__(self) -> None:
        self._figure = Figure(dpi=DPI, facecolor=PAPER)
        self._canvas = FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._y = float(MARGIN)

    def fill(self, picture: Picture) -> None:
        self._write(picture.title, TITLE, bold=True)
        for panel in picture.panels:
            self._y += BETWEEN
            self._write(panel.title, HEADING, bold=True)
            self._y += TEXT / 2
            self._panel(panel)

    def png(self) -> bytes:
        height = self._y + MARGIN
        self._axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        self._figure.set_size_inches(WIDTH / DPI, round(height) / DPI)
        self._canvas.draw()  # type: ignore[no-untyped-call] # the library says nothing of it
        pixels = np.asarray(self._canvas.buffer_rgba())  # type: ignore[no-untyped-call] # nor of this
        whole = Image.fromarray(pixels).convert("RGB")
        file = BytesIO()
        whole.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
        return file.getvalue()

    def _panel(self, panel: Panel) -> None:
        match panel:
            case Path():
                self._path(panel)
            case Pair():
                self._pair(panel)
            case Course():
                self._course(panel)
            case Share():
                self._share(panel)
            case Lines():
                self._lines(panel)

    def _lines(self, panel: Lines) -> None:
        for line in panel.lines:
            if self._y > TALLEST:
                self._write("…", TEXT)
                break
            self._dot(MARGIN + 7, self._y + TEXT * SPACING / 2, 6, DONE, DONE)
            self._write(line, TEXT, indent=36)
            self._y += TEXT / 3

    def _path(self, path: Path) -> None:
        size = 19
        room = (WIDTH - 2 * MARGIN) / len(path.points)
        middles = [MARGIN + room * (n + 0.5) for n in range(len(path.points))]
        y = self._y + size
        here = next((n for n, (_, when) in enumerate(path.points) if when != "past"), len(middles) - 1)
        self._line((middles[0], middles[-1]), (y, y), EMPTY)
        self._line((middles[0], middles[here]), (y, y), DONE)
        deepest = self._y
        for x, (name, when) in zip(middles, path.points, strict=True):
            fill, edge = {"past": (DONE, DONE), "here": (PAPER, WARM)}.get(when, (PAPER, EMPTY))
            self._dot(x, y, size, fill, edge)
            if when == "here":
                self._dot(x, y, size / 2, WARM, WARM)
            rows = _wrapped(name, TEXT, room - 8, bold=when == "here")
            for n, row in enumerate(rows):
                bottom = y + 2.6 * size + n * TEXT * SPACING
                self._text(x, bottom, row, TEXT, middle=True, bold=when == "here", colour=INK)
                deepest = max(deepest, bottom + TEXT / 2)
        self._y = deepest

    def _pair(self, pair: Pair) -> None:
        widest = max(_width(name, TEXT) for name in pair.names)
        for name, value, colour in zip(pair.names, pair.values, (WARM, DONE), strict=True):
            y = self._y + TEXT * 0.7
            self._text(MARGIN, y, name, TEXT)
            for n in range(pair.most):
                x = MARGIN + widest + 60 + n * 62
                self._dot(x, y, 21, *((colour, colour) if n < value else (PAPER, EMPTY)))
            self._text(MARGIN + widest + 60 + pair.most * 62, y, str(value), TEXT, bold=True)
            self._y += TEXT * 2
        self._y -= TEXT / 2

    def _course(self, course: Course) -> None:
        left = MARGIN + max(_width(course.lowest, TEXT), _width(course.highest, TEXT)) + 30
        right, top, height = WIDTH - MARGIN - 24, self._y + 20, 200
        begin, end = course.values[0][0], course.values[-1][0]
        days = max((end - begin).days, 1)
        xs = [left + (right - left) * (day - begin).days / days for day, _ in course.values]
        ys = [top + height * (course.most - value) / (course.most - 1) for _, value in course.values]
        for level in (0, 1):
            self._line((left - 12, right + 12), (top + height * level,) * 2, EMPTY, width=2)
        self._text(MARGIN, top, course.highest, TEXT, colour=QUIET)
        self._text(MARGIN, top + height, course.lowest, TEXT, colour=QUIET)
        self._line(xs, ys, DONE)
        for x, y in zip(xs, ys, strict=True):
            self._dot(x, y, 12, DONE, DONE)
        below = top + height + 56
        self._text(left - 12, below, course.first, TEXT, colour=QUIET)
        if begin != end:
            self._text(right + 12 - _width(course.last, TEXT), below, course.last, TEXT, colour=QUIET)
        self._y = below + TEXT / 2

    def _share(self, share: Share) -> None:
        height, whole = 40, WIDTH - 2 * MARGIN
        for width, colour in ((whole, EMPTY), (whole * share.done / share.all, DONE)):
            self._axes.add_patch(Rectangle((MARGIN, self._y), width, height, facecolor=colour, linewidth=0))
        self._y += height + TEXT / 2
        self._write(share.words, TEXT)

    def _write(self, text: str, size: int, *, bold: bool = False, indent: int = 0) -> None:
        """Write text over the whole width, in as many rows as it takes, and go on beneath."""
        for row in _wrapped(text, size, WIDTH - 2 * MARGIN - indent, bold=bold):
            self._text(MARGIN + indent, self._y + size * SPACING / 2, row, size, bold=bold)
            self._y += size * SPACING

    def _text(
        self, x: float, y: float, text: str, size: int, *, bold: bool = False, middle: bool = False, colour: str = INK
    ) -> None:
        """Write one row, its middle at `y`; nothing in it is read as mathematics."""
        self._axes.text(
            x,
            y,
            text,
            color=colour,
            family="DejaVu Sans",
            fontsize=size * POINTS,
            fontweight="bold" if bold else "normal",
            ha="center" if middle else "left",
            va="center_baseline",
            parse_math=False,
        )

    def _dot(self, x: float, y: float, radius: float, fill: str, edge: str) -> None:
        self._axes.add_patch(Circle((x, y), radius, facecolor=fill, edgecolor=edge, linewidth=3))

    def _line(self, xs: Sequence[float], ys: Sequence[float], colour: str, width: float = 5) -> None:
        self._axes.add_line(Line2D(xs, ys, color=colour, zorder=0, linewidth=width * POINTS, solid_capstyle="round"))


def _wrapped(text: str, size: int, room: float, *, bold: bool = False) -> list[str]:
    """Return text in rows that fit; a word that is longer than a row is broken."""
    rows = [""]
    for word in _pieces(_shown(text).split(), size, room, bold=bold):
        longer = f"{rows[-1]} {word}".strip()
        if _width(longer, size, bold=bold) <= room:
            rows[-1] = longer
        elif len(rows) == MOST_ROWS:
            rows[-1] = f"{rows[-1]} …"
            break
        else:
            rows.append(word)
    return rows


def _pieces(words: Iterable[str], size: int, room: float, *, bold: bool) -> Iterable[str]:
    most = max(int(room / (size * 0.95)), 1)
    for word in words:
        if _width(word, size, bold=bold) <= room:
            yield word
        else:
            yield from (word[n : n + most] for n in range(0, len(word), most))


def _shown(text: str) -> str:
    """Return text without the symbols that no font here has. Raises CannotDrawError for letters."""
    font = _font(bold=False)
    kept = []
    for letter in unicodedata.normalize("NFC", text):
        if unicodedata.bidirectional(letter) in RIGHT_TO_LEFT:
            msg = "a script that is written from right to left"
            raise CannotDrawError(msg)
        if letter.isspace() or font.get_char_index(ord(letter)):
            kept.append(letter)
        elif unicodedata.category(letter) not in UNSEEN:
            msg = "a letter that no font here has"
            raise CannotDrawError(msg)
    return "".join(kept)


def _width(text: str, size: int, *, bold: bool = False) -> float:
    """Return how wide a row is, in pixels."""
    font = _font(bold=bold)
    font.set_size(size * POINTS, DPI)
    font.set_text(text, 0)
    width, _ = font.get_width_height()
    return float(width) / 64


@cache
def _font(*, bold: bool) -> FT2Font:
    return get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
