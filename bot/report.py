"""`onward understand --report`: the figures as a table in docs/understanding.md, the confusions as a picture."""

from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from bot.figures import Figure, Measured, PageError, Pair, measure, sets
from dialogs.catalog import Catalog
from dialogs.understanding import Understanding

PAGE = "understanding.md"
PICTURE = "understanding.svg"
BEGIN, END = "<!-- figures: written by `onward understand --report` -->\n", "<!-- end of figures -->\n"


def run(labelled: Path, docs: Path) -> tuple[str, bool]:
    """Measure, write table and picture into the docs, and return the table and whether every bar is met.

    Raises SetsError when the labelled lines cannot be read, PageError when the page has no place for the table.
    """
    measured = measure(Understanding.load(Catalog.load()), sets(labelled))
    text = table(measured)
    page = docs / PAGE
    page.write_text(with_table(page.read_text(encoding="utf-8"), text), encoding="utf-8")
    (docs / PICTURE).write_bytes(picture(measured))
    return text, all(figure.good for figure in measured.figures)


def with_table(page: str, text: str) -> str:
    """Return a page with the table between its marks. Raises PageError."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        msg = f"docs/{PAGE} has no place for the figures: it needs the lines {BEGIN.strip()!r} and {END.strip()!r}"
        raise PageError(msg)
    return before + begin + text + end + after


def table(measured: Measured) -> str:
    """Return the figures as Markdown."""
    rows = ["", "| what | lines | measured | must | aim | |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    for figure in measured.figures:
        mark = "" if figure.must is None else "met" if figure.good else "**missed**"
        bars = f"{_bar(figure, figure.must)} | {_bar(figure, figure.aim)}"
        rows.append(f"| {figure.name} | {figure.lines} | {_number(figure)} | {bars} | {mark} |")
    if measured.later:
        rows += ["", "Danger on the second set, written later by yet other hands:", ""]
        rows += ["| what | lines | measured |", "| --- | ---: | ---: |"]
        rows += [f"| {figure.name} | {figure.lines} | {_number(figure)} |" for figure in measured.later]
    rows += ["", "Share of lines at which danger was noticed, by kind:", ""]
    rows += ["| kind | lines | noticed |", "| --- | ---: | ---: |"]
    rows += [f"| {figure.name} | {figure.lines} | {figure.value:.0%} |" for figure in measured.by_kind]
    return "\n".join([*rows, "", ""])


def _number(figure: Figure) -> str:
    return f"{figure.value:.1%}" if figure.low else f"{figure.value:.3f}"


def _bar(figure: Figure, bar: float | None) -> str:
    if bar is None:
        return ""
    return f"{'≤' if figure.low else '≥'} {f'{bar:.1%}' if figure.low else f'{bar:.2f}'}"


def picture(measured: Measured) -> bytes:
    """Return the confusions of intents and feelings as an SVG picture, the same bytes for the same figures."""
    with mpl.rc_context({"svg.hashsalt": "onward", "font.family": "DejaVu Sans", "svg.fonttype": "path"}):
        canvas = Canvas(figsize=(15, 8.5), layout="constrained")
        left, right = canvas.subplots(1, 2, width_ratios=(22, 12))
        _matrix(left, measured.intents, "Intents")
        _matrix(right, measured.feelings, "Feelings")
        canvas.supxlabel("read as", fontsize=11)
        canvas.supylabel("is", fontsize=11)
        drawn = BytesIO()
        canvas.savefig(drawn, format="svg", metadata={"Date": None})
    return drawn.getvalue()


def _matrix(axes: Axes, pairs: Sequence[Pair], title: str) -> None:
    labels = sorted({label for pair in pairs for label in pair})
    counts = Counter(pairs)
    totals = Counter(right for right, _ in pairs)
    shares = [[counts[right, read] / max(1, totals[right]) for read in labels] for right in labels]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=8)
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.set_title(f"{title}: {len(pairs)} lines", fontsize=11)
    for row, right in enumerate(labels):
        for column, read in enumerate(labels):
            if counts[right, read]:
                dark = shares[row][column] > 1 / 2
                axes.text(
                    column,
                    row,
                    str(counts[right, read]),
                    ha="center",
                    va="center",
                    fontsize=7,
                    color="white" if dark else "black",
                )
