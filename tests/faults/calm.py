"""What somebody is told when nothing goes wrong: from the engine alone, which knows no process and no database."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from dialogs.events import Said, Tapped, Woke
from tests.conversations.on_engine import Player
from tests.faults.people import Person
from tests.faults.worker import NOON

Told = list[tuple[str, tuple[str, ...]]]


def told(person: Person, until: datetime = NOON) -> Told:
    """Return texts and keys of what is said to a person, with what time brings after the script."""
    return _told(person.script, until)


@cache
def _told(script: Sequence[str], until: datetime) -> Told:
    player = Player()
    player.now = NOON
    for line in script:
        kind, _, text = line.partition(" ")
        if kind == "*":
            player.happen(Tapped(asked=player.journey.asked, choice=text))
        else:
            player.happen(Said(text=text, meaning=player.understanding.understand(text)))
    player.now = until
    while player.wake_at is not None and player.wake_at <= until:
        player.happen(Woke())
    return [(reply.text, reply.keys) for reply in player.replies]
