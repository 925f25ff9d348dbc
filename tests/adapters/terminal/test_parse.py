"""What a typed line means."""

import pytest

from adapters.terminal.parse import Leave, Nothing, Open, Parsed, Wait, parse
from dialogs.events import Commanded, Said, Tapped
from dialogs.replies import Button

QUESTION = Open(asked=7, buttons=(Button(id="yes", label="Yes"), Button(id="no", label="No")))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("i got rejected", Said(text="i got rejected")),
        ("Yes", Said(text="Yes")),
        ("1", Tapped(asked=7, choice="yes")),
        ("2.", Tapped(asked=7, choice="no")),
        ("2)", Tapped(asked=7, choice="no")),
        ("3", Said(text="3")),
        ("0", Said(text="0")),
        ("12", Said(text="12")),
        ("\u0661", Said(text="\u0661")),
        ("/help", Commanded(name="help")),
        ("/Rejected  Acme Corp ", Commanded(name="rejected", argument="Acme Corp")),
        ("/check-in", Commanded(name="check_in")),
        ("/wait until monday 9:00", Wait(until="until monday 9:00")),
        ("/wait", Wait(until="")),
        ("/quit", Leave()),
        ("/exit", Leave()),
        ("/", Said(text="/")),
        ("/home/me/cv.pdf", Said(text="/home/me/cv.pdf")),
        ("", Nothing()),
    ],
)
def test_a_line_means(typed: str, meant: Parsed) -> None:
    """A number takes a choice that is there, a slash a command, and everything else is said."""
    assert parse(typed, QUESTION) == meant


def test_a_number_is_said_when_nothing_is_asked() -> None:
    """Without a question on the screen a number is a word like any other."""
    assert parse("1", Open()) == Said(text="1")
