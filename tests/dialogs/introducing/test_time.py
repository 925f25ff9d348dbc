"""What time alone does: requests are passed on, end, and are forgotten."""

from datetime import timedelta

import pytest

from dialogs.introducing import Board
from dialogs.mentoring import ANSWERED_WITHIN, KEPT_FOR, LOOKED_AGAIN, LOOKED_FOR, State
from tests.dialogs.introducing.requests import NOW, due, offering, told, wanted


def test_who_does_not_answer_is_passed_over_quietly() -> None:
    """The next one is asked, the seeker hears of neither."""
    board = Board({"ben": offering(), "cat": offering()}, {1: wanted()})
    board.settle(NOW)
    due(board, 1, ANSWERED_WITHIN)
    assert [(note.person, note.what) for note in board.notes] == [
        ("ben", "asked"),
        ("ben", "passed_on"),
        ("cat", "asked"),
    ]
    assert board.introductions[1].declined == ("ben",)


def test_a_request_that_nobody_is_free_for_ends_after_two_weeks() -> None:
    """It is looked at every day until then."""
    board = Board({}, {1: wanted()})
    due(board, 1, LOOKED_AGAIN)
    assert board.introductions[1].due == NOW + 2 * LOOKED_AGAIN
    due(board, 1, LOOKED_FOR)
    assert told(board, "nobody_found") == ["ann"]
    assert not board.introductions


def test_a_request_ends_where_mentors_are_switched_off() -> None:
    """The next time it is looked at."""
    board = Board({"ben": offering()}, {1: wanted()}, on=False)
    due(board, 1, LOOKED_AGAIN)
    assert told(board, "nobody_found") == ["ann"]


@pytest.mark.parametrize(("state", "what"), [(State.ACCEPTED, "lapsed"), (State.AGREED, "no_room")])
def test_both_hear_when_no_room_comes_of_it(state: State, what: str) -> None:
    """Because nobody answered, or the platform never opened one."""
    board = Board({"ben": offering()}, {1: wanted(mentor="ben", state=state)})
    due(board, 1, ANSWERED_WITHIN)
    assert told(board, what) == ["ann", "ben"]
    assert not board.introductions


def test_both_are_asked_once_and_then_it_is_forgotten() -> None:
    """A week after they met; a month later nothing is left, and nobody is told."""
    board = Board({}, {1: wanted(mentor="ben", state=State.MET, receipt="r")})
    due(board, 1, timedelta())
    assert (told(board, "did_it_help"), told(board, "how_is_it_going")) == (["ann"], ["ben"])
    assert board.introductions[1].due == NOW + LOOKED_AGAIN + KEPT_FOR
    board.notes.clear()
    due(board, 1, KEPT_FOR)
    assert not board.notes
    assert not board.introductions
