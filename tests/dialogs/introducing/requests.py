"""Requests, offers and who makes them, for all tests of introductions."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import strategies as st

from dialogs.introducing import Board
from dialogs.mentoring import LOOKED_AGAIN, Introduction, Offer

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
PEOPLE = ("ann", "ben", "cat", "dan", "eve")
people = st.sampled_from(PEOPLE)


def wanted(seeker: str = "ann", topic: str = "cv", industry: str = "", **fields: object) -> Introduction:
    """Return a new request."""
    one = Introduction(seeker=seeker, topic=topic, industry=industry, since=NOW, due=NOW + LOOKED_AGAIN)
    return msgspec.structs.replace(one, **fields)


def offering(*topics: str, **fields: object) -> Offer:
    """Return an offer."""
    return msgspec.structs.replace(Offer(topics=topics or ("cv",)), **fields)


def told(board: Board, what: str) -> list[str]:
    """Return who was told something."""
    return [note.person for note in board.notes if note.what == what]


def due(board: Board, number: int, after: timedelta) -> None:
    """Let the time of an introduction come."""
    board.due(number, NOW + after)
    board.settle(NOW + after)
