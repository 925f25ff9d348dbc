"""The work that is measured: the events of a real transcript, with the journeys before and the replies after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec.structs import replace

from dialogs.catalog import Catalog
from dialogs.codec import encode
from dialogs.events import Event, Said
from dialogs.journey import Turn
from dialogs.understanding import Understanding
from storage.sealing import Seal
from tests.conversations.on_engine import Player
from tests.conversations.script import FOLDER, read

TRANSCRIPT = FOLDER / "pages.talk"


@dataclass(frozen=True)
class Done:
    """One turn of the transcript. `stored`: the journey before it; `replies`: what it puts into the outbox."""

    event: Event
    now: datetime
    stored: bytes
    turn: Turn
    replies: tuple[bytes, ...]

    @property
    def bare(self) -> Event:
        """The event as a platform hands it over: without a meaning."""
        return Said(text=self.event.text) if isinstance(self.event, Said) else self.event


class _Recorder(Player):
    """A player that keeps every turn."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[Done] = []

    def happen(self, event: Event) -> Turn:
        stored, first = encode(self.journey), len(self.replies)
        turn = super().happen(event)
        replies = tuple(msgspec.json.encode(reply) for reply in self.replies[first:])
        self.done.append(Done(event=event, now=self.now, stored=stored, turn=turn, replies=replies))
        return turn


@dataclass(frozen=True)
class Work:
    """The turns, and what they were made with."""

    turns: Sequence[Done]
    catalog: Catalog
    understanding: Understanding

    @property
    def texts(self) -> set[str]:
        """What is written in it."""
        return {done.event.text for done in self.turns if isinstance(done.event, Said)}


def recorded() -> Work:
    """Play the transcript once."""
    player = _Recorder()
    for beat in read(TRANSCRIPT).beats:
        player.play(beat)
    return Work(turns=player.done, catalog=player.catalog, understanding=player.understanding)


def sealed(work: Work) -> list[tuple[bytes, str, tuple[bytes, ...]]]:
    """Return, for each turn, the state, the step and the replies as they are stored: of the very same sizes."""
    seal = Seal(bytes(32))
    return [
        (
            seal.seal(encode(done.turn.journey), "benchmark"),
            done.turn.journey.step.value,
            tuple(seal.seal(reply, "benchmark") for reply in done.replies),
        )
        for done in work.turns
    ]


def understood_again(event: Event, understanding: Understanding) -> Event:
    """Return the event with its meaning found anew, as the shell does before a transaction."""
    return replace(event, meaning=understanding.understand(event.text)) if isinstance(event, Said) else event
