"""How well lines are understood: every figure on its side of the bar, and the docs say the same."""

from functools import cache
from pathlib import Path

import pytest

from bot.figures import Measured, measure, sets
from bot.report import BEGIN, END, PICTURE, picture, table
from dialogs.catalog import Catalog
from dialogs.understanding import Understanding

pytestmark = [
    pytest.mark.no_cover,  # counting lines doubles the time, and other tests hold the same lines
]

SECOND_SET = (0.915, 0.97, 0.70, 0.08, 0.047, 0.026)
"""What was reached on the second set: danger, statements of intent, unclear lines, three kinds of false alarms."""

ROOT = Path(__file__).parents[2]


@cache
def measured() -> Measured:
    """Measure what is shipped, once."""
    return measure(Understanding.load(Catalog.load()), sets(ROOT / "tests" / "understanding" / "eval"))


def test_every_figure_is_on_the_right_side_of_its_bar() -> None:
    """A change that makes the understanding worse than promised does not land."""
    assert {figure.name: figure.value for figure in measured().figures if not figure.good} == {}


def test_the_second_set_is_no_worse_than_it_was() -> None:
    """It has no bars of its own, and must not be forgotten for the sake of the first one."""
    worst = dict(zip((figure.name for figure in measured().later), SECOND_SET, strict=True))
    values = {figure.name: figure.value for figure in measured().later}
    worse = {
        figure.name: figure.value
        for figure in measured().later
        if (figure.value > worst[figure.name] if figure.low else figure.value < worst[figure.name])
    }
    assert worse == {}, values


def test_the_docs_tell_the_figures_as_they_are() -> None:
    """The table in docs/understanding.md is what is measured: run make report."""
    page = (ROOT / "docs" / "understanding.md").read_text(encoding="utf-8")
    assert page.partition(BEGIN)[2].partition(END)[0] == table(measured())


def test_the_picture_in_the_docs_shows_the_confusions_as_they_are() -> None:
    """The same figures always draw the same bytes: run make report."""
    assert (ROOT / "docs" / PICTURE).read_bytes() == picture(measured())
