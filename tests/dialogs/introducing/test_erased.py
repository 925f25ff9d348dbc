"""Who has erased everything: what it leaves to others, and that nothing names them."""

import msgspec
import pytest

from dialogs.introducing import Board
from dialogs.mentoring import State
from tests.dialogs.introducing.requests import NOW, offering, wanted


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("gone", ["seeker", "mentor"])
def test_whoever_is_left_behind_is_told_in_one_line(state: State, gone: str) -> None:
    """Somebody erased everything: the other one hears that it is over, or is found somebody else."""
    one = wanted(mentor="" if state is State.LOOKING else "ben", state=state, receipt="r" if state is State.MET else "")
    if state is State.LOOKING and gone == "mentor":
        return
    board = Board({}, {1: msgspec.structs.replace(one, due=NOW, **{gone: ""})})
    board.left_alone(NOW)
    left = {"seeker": "ben", "mentor": "ann"}[gone]
    expected = {
        (State.ASKED, "seeker"): ["taken_back"],
        (State.ACCEPTED, "seeker"): ["ended"],
        (State.AGREED, "seeker"): ["ended"],
        (State.MET, "seeker"): ["ended", "closing"],
        (State.ACCEPTED, "mentor"): ["found_no_more"],
        (State.AGREED, "mentor"): ["ended"],
        (State.MET, "mentor"): ["ended", "closing"],
    }
    assert [note.what for note in board.notes] == expected.get((state, gone), [])
    assert {note.person for note in board.notes} <= {left, ""}
    assert bool(board.introductions) == ((state, gone) in {(State.ASKED, "mentor"), (State.ACCEPTED, "mentor")})


@pytest.mark.parametrize("state", State)
def test_who_has_erased_everything_is_named_nowhere(state: State) -> None:
    """Nor is whoever said no once needed any more when two others have agreed."""
    one = wanted(state=state, mentor="" if state is State.LOOKING else "cat", declined=("ben", "dan"))
    board = Board({"cat": offering(), "dan": offering()}, {1: one})
    board.left_alone(NOW)
    assert board.introductions[1].declined == ("dan",)
    if state is State.ACCEPTED:
        board.agree(1, NOW)
        assert not board.introductions[1].declined
