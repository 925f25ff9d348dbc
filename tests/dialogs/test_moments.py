"""Time in a journey: days that are named, mornings, quiet hours, clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dialogs import lessons, moments
from dialogs.engine import advance
from dialogs.events import Commanded, Event, Filled, Said, Tapped, Woke
from dialogs.journey import Action, Application, Journey, Settings
from dialogs.pages import progress
from dialogs.replies import Say
from dialogs.steps import Step
from dialogs.talk import Talk, UndeclaredMoveError
from dialogs.understanding.meaning import Danger, Meaning

MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia")


def test_a_weekday_is_the_next_such_day_and_never_today() -> None:
    """Somebody who says "monday" on a Monday means next week's."""
    assert moments.day_named("mon", MONDAY, Settings()) == date(2026, 11, 30)
    assert moments.day_named("tue", MONDAY, Settings()) == date(2026, 11, 24)
    assert moments.day_named("+3", MONDAY, Settings()) == date(2026, 11, 26)


def test_the_day_is_the_persons_own() -> None:
    """At eleven in the evening in Berlin it is still that day."""
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert moments.today(late, "Europe/Berlin") == date(2026, 11, 24)
    assert moments.today(late, "America/New_York") == date(2026, 11, 23)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.integers(0, 3 * 365 * 24 * 60).map(lambda n: MONDAY + timedelta(minutes=n)), st.sampled_from(ZONES))
def test_nobody_is_written_to_at_night_in_any_zone(moment: datetime, zone: str) -> None:
    """A moment in quiet hours moves to the next morning and never back, clock changes or not."""
    known = Settings(zone=zone)
    moved = moments.outside_quiet_hours(moment, known)
    assert 9 <= moved.astimezone(ZoneInfo(zone)).hour < 21
    assert moment <= moved <= moment + timedelta(hours=14)
    morning = moments.next_morning(moment, known)
    assert timedelta(hours=8) <= morning - moment <= timedelta(hours=34)
    assert morning.astimezone(ZoneInfo(zone)).time() == time(9)


def test_an_unknown_zone_is_not_taken_over() -> None:
    """A platform that tells nonsense changes nothing."""
    for name in ("Mars/Olympus", "", "../etc/passwd"):
        assert not moments.known_zone(name)
    journey = advance(
        Journey(), Commanded(name="place", argument="zone=Mars/Olympus nonsense country=x"), MONDAY
    ).journey
    assert journey.settings == Journey().settings
    assert journey.step is Step.NEW


def test_waking_with_nothing_to_wait_for_does_nothing() -> None:
    """A moment that has lost its sense is dropped."""
    for journey in (Journey(), Journey(step=Step.STOPPED)):
        turn = advance(journey, Woke(), MONDAY)
        assert (turn.journey, turn.says, turn.ask) == (journey, (), None)


def test_a_form_is_taken_like_an_answer() -> None:
    """The two halves of an action can come from a form as well."""
    journey = Journey()
    event: Event
    for event in (
        Said(text="no", meaning=Meaning(intent="got_rejected", confidence=1.0)),
        Commanded(name="skip"),
    ):
        journey = advance(journey, event, MONDAY).journey
    while journey.step is not Step.ACTION_CHECK:
        tap = {Step.ACTION: "cv", Step.ACTION_WHEN: "week"}.get(journey.step)
        event = Tapped(asked=journey.asked, choice=tap) if tap else Commanded(name="skip")
        journey = advance(journey, event, MONDAY).journey
    fields = {"cue": "it is Monday", "will": "call first"}
    journey = advance(journey, Filled(asked=journey.asked, fields=fields), MONDAY).journey
    assert journey.draft is not None
    assert (journey.draft.cue, journey.draft.will) == ("it is Monday", "call first")
    assert journey.draft.due is not None


def test_a_short_answer_counts_by_its_intent_where_only_choices_count() -> None:
    """A line that says "still not" is "not yet" when that is one of the answers."""
    applications = (Application(opened_at=MONDAY),)
    journey = Journey(step=Step.FEEDBACK_ASKED, left=Step.REST, asked=1, applications=applications)
    meaning = Meaning(intent="not_yet", confidence=0.6)
    turn = advance(journey, Said(text="still not", meaning=meaning), MONDAY)
    assert turn.journey.step is Step.REST
    assert turn.wake_at is not None


def test_a_move_that_is_not_declared_is_refused() -> None:
    """The flow on its one page is the flow."""
    with pytest.raises(UndeclaredMoveError, match="from new to why_me"):
        Talk(Journey(), MONDAY).go(Step.WHY_ME)


def test_a_person_without_an_application_has_no_suggestions_and_no_actions() -> None:
    """Nothing is made up for a stranger."""
    assert lessons.suggestions(Journey()) == ()
    turn = advance(Journey(step=Step.CHECK_IN, left=Step.REST), Commanded(name="repeat"), MONDAY)
    assert turn.ask is not None
    assert turn.ask.params == {}
    assert Journey().actions == ()
    assert lessons.cue(Action(will="rest")) == lessons.cue(Action(key="own"))


def test_danger_behind_a_command_or_in_a_form_goes_first() -> None:
    """Even the words behind "/rejected" and those in a form are looked at."""
    meaning = Meaning(danger=Danger.DANGER, about="self")
    for event in (Commanded(name="rejected", meaning=meaning), Filled(asked=0, fields={"will": "x"}, meaning=meaning)):
        assert advance(Journey(), event, MONDAY).journey.step is Step.SAFETY


def test_nothing_said_in_danger_or_in_private_writing_is_taken_as_news() -> None:
    """Another rejection that is named there opens nothing and is kept nowhere."""
    meaning = Meaning(intent="got_rejected", confidence=1.0, employer="canary", cues=frozenset({"another"}))
    for step in (Step.SAFETY_ASK, Step.SAFETY, Step.SAFETY_STAY, Step.WRITING):
        turn = advance(Journey(step=step, left=Step.VENTING), Said(text="x", meaning=meaning), MONDAY)
        assert turn.journey.parked == ()
        assert turn.journey.applications == ()


def test_the_progress_page_says_what_is_behind_here_and_ahead() -> None:
    """Also from a step aside: it is where one goes on that counts."""
    aside = Journey(step=Step.SAFETY_STAY, left=Step.RESEARCH, applications=(Application(opened_at=MONDAY),))
    for journey in (replace(aside, step=Step.RESEARCH, left=None), aside):
        path = [line.key for line in progress(journey).sections[0].lines if isinstance(line, Say)]
        assert path == ["pages.past_venting", "pages.past_perspective", "pages.here_learning", "pages.ahead_planning"]
    opening = progress(replace(aside, step=Step.LENGTH, left=None)).sections[0].lines
    assert {line.key.partition("_")[0] for line in opening if isinstance(line, Say)} == {"pages.ahead"}


def test_a_path_into_nowhere_is_no_time_zone() -> None:
    """However long it is."""
    assert not moments.known_zone("1/" * 2000 + "1")
    assert moments.known_zone("America/Argentina/ComodRivadavia")
