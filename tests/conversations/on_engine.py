"""Plays a transcript on the engine alone: pure, in memory, with a clock that the transcript moves."""

from collections.abc import Iterator
from datetime import UTC, datetime

from dialogs.catalog import Catalog
from dialogs.codec import decode, encode
from dialogs.engine import advance
from dialogs.events import Commanded, Event, Said, Tapped, Woke
from dialogs.journey import Journey, Turn
from dialogs.phrasing import phrase
from dialogs.replies import Reply
from dialogs.understanding import Understanding
from tests.conversations.script import Beat, duration

BEGINS = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""A Monday evening."""


class Player:
    """One person's conversation with the engine."""

    def __init__(self) -> None:
        """Begin with a stranger, on a Monday evening."""
        self.catalog = Catalog.load("en")
        self.understanding = Understanding.load(self.catalog)
        self.journey = Journey()
        self.now = BEGINS
        self.wake_at: datetime | None = None
        self.turns: list[Turn] = []
        self.replies: list[Reply] = []

    def play(self, beat: Beat) -> list[str]:
        """Let one beat happen, and return the keys of the lines that come back."""
        self.replies = []
        match beat.kind:
            case ">":
                self.happen(Said(text=beat.text, meaning=self.understanding.understand(beat.text)))
            case "*":
                self.happen(Tapped(asked=self.journey.asked, choice=beat.text))
            case "/":
                name, _, argument = beat.text.partition(" ")
                meaning = self.understanding.understand(argument)
                self.happen(Commanded(name=name, argument=argument, meaning=meaning))
            case _:
                for _ in self.wait(beat):
                    pass
        return [key for reply in self.replies for key in reply.keys]

    def wait(self, beat: Beat) -> Iterator[Turn]:
        """Let time pass, and yield what it brings about, each at its moment."""
        until = self.now + duration(beat.text)
        while self.wake_at is not None and self.wake_at <= until:
            self.now = max(self.now, self.wake_at)
            yield self.happen(Woke())
        self.now = until

    def happen(self, event: Event) -> Turn:
        """Let one event happen, with the state stored and read again in between."""
        turn = advance(self.journey, event, self.now)
        self.journey = decode(encode(turn.journey))
        self.wake_at = turn.wake_at
        self.turns.append(turn)
        self.replies += phrase(turn, self.catalog)
        return turn
