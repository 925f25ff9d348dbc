"""From a typed line to what it means for the terminal: an event, or one of the terminal's own two commands."""

import re
from collections.abc import Sequence

from dialogs.events import Commanded, Event, Said, Tapped
from dialogs.private import Private
from dialogs.replies import Button

_COMMAND = re.compile(r"/([a-z][a-z_-]*)(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"([1-9])[.)]?", re.ASCII)


class Open(Private, frozen=True):
    """The question that stands on the screen: its number and its choices."""

    asked: int = 0
    buttons: Sequence[Button] = ()


class Wait(Private, frozen=True):
    """The person wants this conversation's clock moved: "2d", "until monday 9:00"."""

    until: str


class Leave(Private, frozen=True):
    """The person wants to go."""


class Nothing(Private, frozen=True):
    """There was nothing on the line, or nothing that could be seen."""


Parsed = Event | Wait | Leave | Nothing


def parse(text: str, question: Open) -> Parsed:
    """Return what a cleaned line means, given the question that stands on the screen."""
    if not text:
        return Nothing()
    if command := _COMMAND.fullmatch(text):
        return _command(command[1].casefold().replace("-", "_"), (command[2] or "").strip())
    if (number := _NUMBER.fullmatch(text)) and int(number[1]) <= len(question.buttons):
        return Tapped(asked=question.asked, choice=question.buttons[int(number[1]) - 1].id)
    return Said(text=text)


def _command(name: str, argument: str) -> Parsed:
    match name:
        case "wait":
            return Wait(until=argument)
        case "quit" | "exit":
            return Leave()
        case _:
            return Commanded(name=name, argument=argument)
