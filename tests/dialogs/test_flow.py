"""What every choice of every step really reaches, held against the declared flow."""

import pytest
from msgspec.structs import replace

from adapters.discord.commands import COMMANDS as IN_THE_MENU
from dialogs.engine import advance
from dialogs.events import Commanded, Said, Tapped
from dialogs.flow import mermaid
from dialogs.questions import QUESTIONS
from dialogs.steps import ANYWHERE, PATHS, STAGES, Step
from dialogs.understanding.meaning import Meaning
from tests.dialogs.crawler import NOW, crawled, events_in

pytestmark = pytest.mark.long
uncounted = pytest.mark.no_cover
"""Counting lines takes longer than all that happens in so many states; it is done in a few of them, below."""

FEW = 5


@uncounted
def test_every_step_is_reached() -> None:
    """No step is declared that nobody can get to."""
    moves, _ = crawled()
    assert {step for move in moves for step in move} == set(Step), set(Step) - {step for move in moves for step in move}


def test_every_declared_move_is_really_made() -> None:
    """The one-page flow promises no way that does not exist."""
    moves, _ = crawled()
    declared = {(before, after) for before, afters in PATHS.items() for after in afters}
    assert declared <= moves, sorted(declared - moves)


def test_no_step_is_a_dead_end() -> None:
    """From every step some choice or line leads on, the wordless ones included."""
    moves, _ = crawled()
    for step in Step:
        assert {after for before, after in moves if before is step} - {step}, step


@uncounted
def test_every_command_is_answered_in_every_state() -> None:
    """Nobody who picks one from a menu is left looking at nothing."""
    _, states = crawled()
    for journey in states:
        for name in IN_THE_MENU:
            turn = advance(journey, Commanded(name=name), NOW)
            assert turn.says or turn.ask, (journey.step, name)


@uncounted
def test_every_question_can_be_answered_by_one_tap_and_by_text() -> None:
    """In every state that was reached there is a choice to tap, and a line of text is answered or heard."""
    _, states = crawled()
    for journey in states:
        assert QUESTIONS[journey.step].choices(journey), journey.step
        turn = advance(journey, Said(text="x", meaning=Meaning()), NOW)
        quiet = {Step.VENTING, Step.WRITING}
        listens = journey.left if journey.step is Step.CLARIFY else journey.step
        assert turn.says or turn.ask or listens in quiet, journey.step


@uncounted
def test_steps_that_come_up_anywhere_lead_back_to_where_the_person_was() -> None:
    """A digression never loses the place."""
    _, states = crawled()
    for journey in states:
        if journey.step in ANYWHERE and journey.step not in {Step.OFFER, Step.STOPPED}:
            back = advance(journey, Commanded(name="back"), NOW).journey
            assert back.step in {journey.left, Step.WELCOME}, (journey.step, journey.left)


def test_the_same_event_on_the_same_state_brings_about_the_same_turn() -> None:
    """Replays are exact: of everything that can be done in a few states of every step."""
    _, states = crawled()
    menu = [Commanded(name=name) for name in IN_THE_MENU]
    for step in Step:
        some = [journey for journey in states if journey.step is step]
        for journey in some[:: max(1, len(some) // FEW)][:FEW]:
            for event in (*events_in(journey), *menu):
                assert advance(journey, event, NOW) == advance(journey, event, NOW)


def test_the_diagram_draws_every_stage_and_move() -> None:
    """What is drawn is what is checked."""
    drawn = mermaid()
    for before, afters in PATHS.items():
        for after in afters - {before}:
            assert f"{before} --> {after}\n" in drawn
    assert all(f"[{stage}]" in drawn for stage in STAGES)


def test_an_old_tap_explains_itself_and_shows_the_open_question() -> None:
    """A button of an earlier question changes nothing but says where we are."""
    _, states = crawled()
    for journey in states[:300]:
        old = advance(replace(journey, asked=journey.asked + 1), Tapped(asked=journey.asked, choice="x"), NOW)
        assert old.ask is not None or journey.step is Step.NEW
        assert any(getattr(say, "key", "") == "anywhere.old_button" for say in old.says)
