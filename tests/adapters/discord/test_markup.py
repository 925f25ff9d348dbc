"""Text as Discord shows it: every character of a person's stays a character, and nothing is cut badly."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import markup
from dialogs.replies import Day

NASTY = st.text(alphabet="*_~`|[]()<>@#:-+.\\ \n1aé\U0001f600/everyone", max_size=300)


def shown(text: str) -> str:
    """Return what a reader sees of escaped text: a backslash shows the punctuation behind it."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text).replace(markup.ZERO_WIDTH, "")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain words, 4 of them.", "plain words, 4 of them."),
        ("**bold** _it_ ~~no~~ `code` ||spoiler||", r"\*\*bold\*\* \_it\_ \~\~no\~\~ \`code\` \|\|spoiler\|\|"),
        ("<@1> <#2> </help:3> <:x:4> <t:5:R>", r"\<@1> \<#2> \</help:3> \<:x:4> \<t:5:R>"),
        ("[click](https://evil.example)", r"\[click\](https://evil.example)"),
        ("# big\n> quoted\n- point\n1. first", "\\# big\n\\> quoted\n\\- point\n1\\. first"),
        ("\n- one backslash, not two", "\n\\- one backslash, not two"),
        ("@everyone and @here", f"@{markup.ZERO_WIDTH}everyone and @{markup.ZERO_WIDTH}here"),
        ("https://findahelpline.com/a_b_c", "https://findahelpline.com/a_b_c"),
        (r"¯\_(ツ)_/¯", r"¯\\\_(ツ)\_/¯"),
    ],
)
def test_markup_is_shown_as_it_was_written(text: str, escaped: str) -> None:
    """Each way to make something of text that it was not."""
    assert markup.escaped(text) == escaped


@given(NASTY)
def test_no_character_that_means_something_is_left_alone(text: str) -> None:
    """Whatever stands there, it is shown, and every special character has its backslash."""
    escaped = markup.escaped(text)
    outside_links = re.sub(r"https?://\S+", "", escaped)
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_~`|\[\]<]", outside_links)
    assert "@everyone" not in escaped
    assert shown(escaped) == text or "http" in text


@given(NASTY, st.integers(min_value=10, max_value=80))
def test_pieces_are_short_enough_and_hold_everything(text: str, most: int) -> None:
    """Only space between them is lost."""
    pieces = list(markup.pieces(text, most))
    assert all(0 < len(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_backslash_stays_with_what_it_protects() -> None:
    """Also where a word has to be cut."""
    pieces = list(markup.pieces(markup.escaped("*" * 100), 51))
    assert all(len(piece) % 2 == 0 for piece in pieces)


@given(NASTY)
def test_a_text_to_copy_has_no_way_out_of_its_block(text: str) -> None:
    """It begins and ends the block itself."""
    for block in markup.copyable(text):
        assert block.startswith("```\n")
        assert block.endswith("\n```")
        assert "```" not in block[3:-3]


def test_days_are_timestamps_that_every_reader_sees_in_their_way() -> None:
    """Noon in UTC is that day nearly everywhere."""
    text = "Till Tuesday 1 December, then."
    marked = markup.marked(text, [Day(start=5, end=23, day=date(2026, 12, 1))])
    stamp = int(datetime(2026, 12, 1, 12, tzinfo=UTC).timestamp())
    assert markup.timestamps(markup.escaped(marked)) == f"Till <t:{stamp}:D>, then."
