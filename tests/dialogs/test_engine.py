"""The engine, whatever happens to it: any sequence of any events with any text."""

import os
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from dialogs.catalog import Catalog
from dialogs.codec import decode, encode
from dialogs.commands import COMMANDS
from dialogs.engine import advance
from dialogs.events import Commanded, Event, Filled, Said, Tapped, Woke
from dialogs.journey import Journey, Turn
from dialogs.phrasing import phrase
from dialogs.questions import QUESTIONS
from dialogs.replies import Ask
from dialogs.steps import may_follow
from dialogs.understanding import Understanding

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
CATALOG = Catalog.load("en")
UNDERSTANDING = Understanding.load(CATALOG)
meaning_of = cache(UNDERSTANDING.understand)
SEQUENCES = int(os.environ.get("ONWARD_TEST_SEQUENCES", "10000"))

LINES = (
    "i got rejected", "another no from Globex", "ghosted", "i got an offer", "yes", "no", "2", "back", "skip", "stop",
    "resume", "i want to die", "i can't go on", "it's my fault", "those jerks", "tomorrow", "when x, i will y",
    "change an answer", "delete my data", "start over", "they sent feedback", "keep applying", "i have an interview",
    "help", "progress", "export", "uk", "thanks", "...", "\U0001f377",
)  # fmt: skip

texts = st.one_of(st.sampled_from(LINES), st.text(max_size=40))
events = st.one_of(
    st.tuples(st.just("tap"), st.integers(0, 8)),
    st.tuples(st.just("say"), texts),
    st.tuples(st.just("command"), st.sampled_from([*COMMANDS, "skip", "back", "no such command"])),
    st.tuples(st.just("old"), st.text(max_size=8)),
    st.tuples(st.just("form"), texts),
    st.tuples(st.just("wait"), st.integers(0, 60 * 24 * 9)),
)


def _event(kind: str, value: str | int, journey: Journey) -> Event:
    match kind, value:
        case "tap", int(number):
            choices = QUESTIONS[journey.step].choices(journey)
            return Tapped(asked=journey.asked, choice=choices[number % len(choices)].id)
        case "old", str(choice):
            return Tapped(asked=max(0, journey.asked - 1), choice=choice)
        case "form", str(text):
            return Filled(asked=journey.asked, fields={"cue": "", "will": text})
        case "command", str(name):
            return Commanded(name=name)
        case _, str(text):
            return Said(text=text, meaning=meaning_of(text))
    return Woke()


def _checked(journey: Journey, event: Event, now: datetime) -> Turn:
    turn = advance(journey, event, now)
    assert turn == advance(journey, event, now), "the same input gives the same output"
    assert isinstance(turn.ask, Ask | None)
    assert turn.erase or decode(encode(turn.journey)) == turn.journey
    assert turn.wake_at is None or not isinstance(event, Woke) or turn.wake_at > now, "no moment wakes twice"
    for reply in phrase(turn, CATALOG):
        assert reply.text.strip()
        assert len(reply.text) <= 20_000
        assert all(0 < len(button.label) <= 75 for button in reply.buttons)
    return turn


@pytest.mark.long
@pytest.mark.no_cover  # counting lines would double the time of the longest test
@pytest.mark.timeout(900)  # slow on a busy machine, and never stuck
@settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(events, max_size=25))
def test_any_sequence_of_events_stays_on_the_paths_and_never_raises(sequence: list[tuple[str, str | int]]) -> None:
    """Whatever is said, tapped, filled in or waited for: a turn comes out, on a declared path, the same every time."""
    journey, now = Journey(), NOW
    for kind, value in sequence:
        before = journey
        if kind == "wait" and isinstance(value, int):
            now += timedelta(minutes=value)
        turn = _checked(journey, _event(kind, value, journey), now)
        journey = turn.journey
        path = before.step is journey.step or turn.erase
        # One turn may make two moves, going on from where it was stopped; the engine checks each of them as it is made.
        back = (before.left, before.detour, *before.trail)
        assert path or may_follow(before.step, journey.step, back) or before.left is not None


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_what_is_said_while_venting_is_in_no_state(text: str) -> None:
    """The state after a line of venting differs from that before it in nothing but counts and feelings."""
    journey = Journey()
    for event in (Said(text="no", meaning=UNDERSTANDING.understand("i got rejected")), Tapped(asked=1, choice="day")):
        journey = advance(journey, event, NOW).journey
    line = f"{text} canary-in-the-state"
    after = advance(journey, Said(text=line, meaning=UNDERSTANDING.understand(line)), NOW).journey
    assert b"canary" not in encode(after)


def test_nobodys_words_are_in_a_repr() -> None:
    """A failing assertion or a log line that shows a value shows no words."""
    said = Said(text="canary", meaning=UNDERSTANDING.understand("canary"))
    turn = advance(Journey(true_things=()), said, NOW)
    for value in (said, turn, turn.journey, structs.replace(turn.journey, own_line="canary"), *turn.says):
        assert "canary" not in repr(value)
