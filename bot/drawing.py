"""The flow as a picture: a column per stage, a box per step, a line per move, read from the table of moves."""

from io import BytesIO

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from dialogs.steps import ANYWHERE, PATHS, STAGES, Step

Place = tuple[float, float]

BOX = (1.7, 0.56)
COLUMN, ROW = 2.75, 0.95
PAPER, INK, LINE = "#fbf8f3", "#2b2b33", "#8a8f9c"
COLOURS = ("#cfe3dc", "#f6d5c8", "#d9d7ee", "#f7e6b8", "#cfe0f2", "#e3ead0", "#eee3ea")


def _columns() -> dict[str, list[Step]]:
    columns = {stage: [step for step in Step if step in steps] for stage, steps in STAGES.items()}
    return {**columns, "anywhere, and back": [step for step in Step if step in ANYWHERE]}


def _places(columns: dict[str, list[Step]]) -> dict[Step, Place]:
    return {
        step: (number * COLUMN, -row * ROW)
        for number, steps in enumerate(columns.values())
        for row, step in enumerate(steps)
    }


def _box(axes: Axes, step: Step, place: Place, colour: str) -> None:
    (x, y), (width, height) = place, BOX
    corner = (x - width / 2, y - height / 2)
    box = FancyBboxPatch(corner, width, height, boxstyle="round,pad=0.02,rounding_size=0.12", fc=colour, ec=INK, lw=0.8)
    axes.add_patch(box)
    axes.text(x, y, step.replace("_", " "), ha="center", va="center", fontsize=8.5, color=INK)


def _arrow(axes: Axes, before: Place, after: Place) -> None:
    within = before[0] == after[0]
    down = before[1] > after[1]
    if within and abs(before[1] - after[1]) <= ROW:
        start, end = (before[0], before[1] - BOX[1] / 2), (after[0], after[1] + BOX[1] / 2)
        start, end = (start, end) if down else ((before[0], before[1] + BOX[1] / 2), (after[0], after[1] - BOX[1] / 2))
        bend = 0.0
    elif within:
        side = BOX[0] / 2 if down else -BOX[0] / 2
        start, end = (before[0] + side, before[1]), (after[0] + side, after[1])
        bend = -0.35
    else:
        side = BOX[0] / 2 if before[0] < after[0] else -BOX[0] / 2
        start, end = (before[0] + side, before[1]), (after[0] - side, after[1])
        bend = 0.06
    faint = 0.35 if after[0] < before[0] else 1.0  # what leads back is there, and does not crowd out what leads on
    style = f"arc3,rad={bend}"
    axes.add_patch(
        FancyArrowPatch(
            start, end, connectionstyle=style, arrowstyle="-|>", mutation_scale=8, color=LINE, lw=0.9, alpha=faint
        )
    )


def draw(kind: str) -> bytes:
    """Return the flow as a picture: "svg" or "png"."""
    into = BytesIO()
    # The same table gives the same file, so that a change of the picture is a change of the flow.
    with rc_context({"svg.hashsalt": "onward", "svg.fonttype": "none"}):
        _drawn().savefig(
            into, format=kind, dpi=110, facecolor=PAPER, metadata={"Date": None} if kind == "svg" else None
        )
    return into.getvalue()


def _drawn() -> Figure:
    columns = _columns()
    places = _places(columns)
    longest = max(len(steps) for steps in columns.values())
    figure = Figure(figsize=(len(columns) * 2.1, longest * 0.72 + 0.9), facecolor=PAPER)
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.98))
    axes.set_xlim(-COLUMN / 2, (len(columns) - 0.5) * COLUMN)
    axes.set_ylim(-longest * ROW + 0.3, 1.1)
    axes.axis("off")
    for number, stage in enumerate(columns):
        axes.text(number * COLUMN, 0.7, stage.replace("_", "-"), ha="center", fontsize=11, weight="bold", color=INK)
    for before, afters in PATHS.items():
        for after in sorted(afters - {before}):
            _arrow(axes, places[before], places[after])
    for colour, steps in zip(COLOURS, columns.values(), strict=True):
        for step in steps:
            _box(axes, step, places[step], colour)
    return figure
