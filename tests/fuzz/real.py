"""Real inputs to begin with: journeys that people have walked, and what is shown to them on the way."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from dialogs.catalog import Catalog
from dialogs.codec import encode
from dialogs.phrasing import phrase
from dialogs.replies import MOST_CHOICES, Reply
from dialogs.understanding import Understanding
from tests.conversations.on_engine import Player
from tests.conversations.script import FOLDER, read

CATALOG = Catalog.load()
UNDERSTANDING = Understanding.load(CATALOG)
STATES = sorted((Path(__file__).parent.parent / "dialogs" / "states").glob("v*.json"))
WALKED = ("six_weeks.talk", "danger.talk", "interview_offer.talk")
EVERY = 5
"""Of the states along a way, one of so many is taken."""

NOON = 1795694400.0
"""When everything on the platforms happens, in seconds since 1970: the same in every run."""

LINES = ("I got rejected at <Acme & Sons>", "tonight", "4", "")

WANTED: Sequence[Callable[[Reply], bool]] = (
    lambda reply: 0 < len(reply.buttons) < MOST_CHOICES // 2,
    lambda reply: len(reply.buttons) > MOST_CHOICES // 2 + 1,
    lambda reply: reply.form is not None,
    lambda reply: not reply.buttons,
)


@cache
def walked() -> Player:
    """Return somebody who has walked the whole way, with all their turns."""
    player = Player()
    for beat in read(FOLDER / WALKED[0]).beats:
        player.play(beat)
    return player


@cache
def stored() -> Sequence[bytes]:
    """Return stored journeys: one of each version, and those along some ways."""
    found = [path.read_bytes().strip() for path in STATES]
    for name in WALKED:
        player = Player()
        for number, beat in enumerate(read(FOLDER / name).beats):
            player.play(beat)
            if number % EVERY == 0:
                found.append(encode(player.journey))
    return found


@cache
def replies() -> Sequence[Reply]:
    """Return a reply with buttons, one with a menu, one with a form, and one that asks nothing."""
    said = [reply for turn in walked().turns for reply in phrase(turn, CATALOG)]
    return [next(reply for reply in said if fits(reply)) for fits in WANTED]
