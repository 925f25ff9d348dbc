"""Text as it comes in from any platform."""

import pytest

from adapters.incoming import LONGEST, cleaned, shortened, spoken
from dialogs.events import Commanded, Said


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  hello  ", "hello"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07seen", "seen"),
        ("up\x1b[A and \x1bOP", "up and P"),
        ("be\x07ll\x00", "bell"),
        ("a\u202eb\u2066c\u200f", "abc"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half \ud83d a pair", "half  a pair"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("tab\there", "tab here"),
        ("\u202e\u0007", ""),
    ],
)
def test_hidden_characters_are_taken_out(typed: str, read: str) -> None:
    """What cannot be seen, moves the cursor or turns the reading direction is gone; line ends are one kind."""
    assert cleaned(typed) == read


@pytest.mark.parametrize(
    "text", ["😀😭", "👩‍💻", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "שלום", "naïve café"]
)
def test_other_writing_stays_as_it_is(text: str) -> None:
    """Emoji made of several characters and every script stay whole."""
    assert cleaned(text) == text


def test_a_very_long_text_is_cut() -> None:
    """A text up to the limit is whole; a longer one is cut there, and it is told that it was."""
    assert shortened("x" * LONGEST) == ("x" * LONGEST, False)
    assert shortened("x" * 100_000) == ("x" * LONGEST, True)


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("plan", "plan", ""),
        ("/plan", "plan", ""),
        ("/Check-In", "", ""),
        ("CheckIn", "checkin", ""),
        ("rejected Stark Industries", "rejected", "Stark Industries"),
        ("/help me", "help", "me"),
        ("skip", "skip", ""),
        ("/place community=slack:T1 features=wins", "", ""),
        ("too_fast", "", ""),
        ("", "hello", ""),
    ],
)
def test_one_command_for_everything_takes_commands(text: str, name: str, argument: str) -> None:
    """With a slash or without."""
    if name:
        assert spoken(text) == Commanded(name=name, argument=argument)
    else:
        assert spoken(text) == Said(text=text)


@pytest.mark.parametrize("text", ["help me understand this", "I got rejected", "plans are off", "stop it hurts"])
def test_one_command_for_everything_takes_lines(text: str) -> None:
    """A line that begins like a command is a line."""
    assert spoken(text) == Said(text=text)
