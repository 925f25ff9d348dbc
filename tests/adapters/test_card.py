"""Pictures: legible, small, the same each time, and never the reason that a text does not arrive."""

import subprocess
import sys
from datetime import date, timedelta
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters import card, picture
from adapters.card import CannotDrawError, png
from dialogs.pictures import Course, Lines, Pair, Path, Picture, Share

NO_MORE_THAN = 150_000
"""Bytes: on a bad connection, too, it is there at once."""

FIRST = date(2026, 11, 23)
PATH = Path(title="The path", points=(("Being fed up", "past"), ("A step back", "here"), ("The plan", "ahead")))
PAIR = Pair(title="The sting", names=("Before", "After"), values=(5, 2), most=5)
SHARE = Share(title="Done", done=1, all=3, words="1 of 3 done")


def course(*values: int) -> Course:
    """Return a course of these values, a day each."""
    days = tuple((FIRST + timedelta(days=number), value) for number, value in enumerate(values))
    return Course(title="Days", values=days, most=5, lowest="awful", highest="good", first="first", last="last")


def opened(data: bytes) -> Image.Image:
    """Return a PNG as it is seen."""
    return Image.open(BytesIO(data))


def lines(*texts: str) -> Picture:
    """Return a picture with lines of somebody's."""
    return Picture(title="Yours", panels=(Lines(title="Lines", lines=texts),))


def test_a_picture_is_as_wide_as_a_phone_is_sharp_and_opaque_on_any_background() -> None:
    """Nothing shines through, so that it is the same on dark and on light."""
    seen = opened(png(Picture(title="Your way", panels=(PATH, PAIR, course(3, 1, 4), SHARE))))
    assert (seen.format, seen.width) == ("PNG", 1080)
    assert "transparency" not in seen.info
    assert seen.mode == "P"
    assert np.asarray(seen.convert("RGB"))[2, 2].min() > 235


@pytest.mark.parametrize("colour", [card.INK, card.QUIET])
def test_letters_stand_out_against_the_card(colour: str) -> None:
    """At least 4.5 to 1, as the guidelines for readable pages ask for."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert (luminance(card.PAPER) + 0.05) / (luminance(colour) + 0.05) >= 4.5
    assert min(card.TITLE, card.HEADING, card.TEXT) >= 28


@pytest.mark.parametrize("values", [(3,), (1, 1), tuple(range(1, 6)) * 12], ids=len)
def test_days_are_drawn_from_the_first_one_on(values: tuple[int, ...]) -> None:
    """One day is a dot."""
    assert len(png(Picture(title="Days", panels=(course(*values),)))) < NO_MORE_THAN


def test_the_same_picture_is_the_same_file() -> None:
    """So that a page that has not changed is not sent again."""
    assert png(lines("one", "two")) == png(lines("one", "two")) != png(lines("one"))


def test_a_page_of_very_much_stays_a_picture_to_look_at() -> None:
    """The text beside it has all of it."""
    much = png(lines(*(f"{number} " + "and it goes on and on " * 200 for number in range(200))))
    assert len(much) < NO_MORE_THAN
    assert opened(much).height < 3200
    assert opened(png(lines("W" * 5000))).width == 1080


def test_nothing_is_read_as_mathematics_and_symbols_that_no_font_has_are_left_out() -> None:
    """Dollars are dollars; a face that cannot be drawn would be an empty box."""
    assert png(lines("a $ and $x_2$ {}", "\U0001f642 hello")) != png(lines("a  and x2"))
    assert png(lines("\U0001f979 hello\u200d\ufe0f")) == png(lines("hello"))


@pytest.mark.parametrize("text", ["我做汤", "अच्छा", "مرحبا", "שלום"])
async def test_letters_that_cannot_be_drawn_leave_the_text_alone(text: str) -> None:
    """Rather no picture than one of boxes, or of letters in the wrong order."""
    with pytest.raises(CannotDrawError):
        png(lines(text))
    assert await picture.drawn(lines(text)) is None
    assert await picture.drawn(None) is None


@given(
    st.lists(st.text(max_size=300) | st.text(st.characters(max_codepoint=0x17F), max_size=300), min_size=1, max_size=4)
)
@settings(max_examples=25, deadline=None)
def test_any_text_is_drawn_or_refused(texts: list[str]) -> None:
    """And what is drawn stays within the card."""
    try:
        data = png(lines(*texts))
    except CannotDrawError:
        return
    edge = np.asarray(opened(data).convert("RGB"))[:, -20:]
    assert (edge == edge[0, 0]).all(), "a margin stays empty"


def test_nothing_is_loaded_until_a_picture_is_drawn() -> None:
    """A process that never draws starts faster, and is 40 MB smaller."""
    told = "import sys, bot.__main__, bot.run, adapters.picture; print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, check=True).stdout.strip() == b"False"
