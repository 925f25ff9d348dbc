"""What the bot promises of itself, in every state that the crawler reached and in every wording that is shipped."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.catalog import Catalog
from dialogs.engine import advance
from dialogs.events import Commanded, Event, Said, Tapped, Woke
from dialogs.journey import Action, Application, Journey, Rhythm, Settings
from dialogs.phrasing import phrase
from dialogs.replies import Helplines
from dialogs.steps import Step
from dialogs.understanding import Understanding
from dialogs.understanding.meaning import Danger, Meaning
from dialogs.waits import SAFETY
from tests.dialogs.crawler import NOW, crawled, events_in

pytestmark = [
    pytest.mark.long,
    pytest.mark.no_cover,  # as with the flow, whose states these are
]

CATALOG = Catalog.load("en")
UNDERSTANDING = Understanding.load(CATALOG)
MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)

ASKED_FOR = {
    ("card", "interview_sure", "yes"),
    ("afterwards", "interview_sure", "yes"),
    ("feedback", "feedback", "write_ask"),
    ("feedback", "feedback_asked", "not_yet"),
    ("look-in", "safety_stay", "later"),
    ("silence", "silence", "week"),
    *((kind, "rhythm_hour", hour) for kind in ("check-in", "weekly") for hour in ("9", "12", "15", "18", "20", "skip")),
}
"""The answers that bring about something which comes by itself later; each of them offers it in so many words."""

ON_A_BAD_DAY = ("1", "dates")
"""The answer that puts a check-in off, for somebody who wanted to be asked on the days of their plan."""


def wordings(key: str) -> list[str]:
    """Return everything that one line may say."""
    line = CATALOG.lines[key]
    return [*line.say, *line.again]


def reminders(journey: Journey) -> set[tuple[str, int]]:
    """Return what comes by itself later, the end of keeping and of a time that was chosen for venting left out."""
    dated = enumerate(journey.applications)
    found = {(kind, n) for n, one in dated for kind, day in _days(one) if day}
    found |= {("check-in", n) for n, one in enumerate(journey.actions) if one.ask_on}
    found |= {("card", n) for n, one in enumerate(journey.interviews) if one.card}
    found |= {("afterwards", n) for n, one in enumerate(journey.interviews) if one.ask}
    return found | {(kind, 0) for kind, is_set in _others(journey) if is_set}


def _days(one: Application) -> Iterator[tuple[str, object]]:
    yield from (("feedback", one.feedback_on), ("silence", one.close_on))


def _others(journey: Journey) -> Iterator[tuple[str, object]]:
    yield from (("weekly", journey.rhythm.next_on), ("look-in", journey.checks_back_at))


def name_of(event: Event) -> str:
    """Return what somebody did, as `ASKED_FOR` names it."""
    match event:
        case Tapped(choice=choice):
            return choice
        case Commanded(name=name):
            return name
        case _:
            return "a line"


def test_before_anybody_tells_it_something_it_has_said_what_it_is() -> None:
    """A bot, no therapist, nobody who reads along; what is kept, and how to erase it and stop it."""
    _, states = crawled()
    (card,) = wordings("opening.card")
    for told in ("I'm a bot", "not a therapist", "no person reading along", "never stored", '"erase"', '"stop"'):
        assert told in card
    assert all(journey.met for journey in states if journey.venting)
    first = advance(Journey(), Said(text="no", meaning=UNDERSTANDING.understand("i got rejected")), NOW)
    assert "opening.card" in [key for reply in phrase(first, CATALOG) for key in reply.keys]


def test_whoever_may_be_in_danger_is_told_that_a_bot_can_call_nobody() -> None:
    """In every wording with which it answers danger, of themselves or of somebody else."""
    for key in ("safety.heard", "safety.heard_other"):
        for wording in wordings(key):
            assert "bot" in wording, wording
            assert any(
                no in wording for no in ("can't call", "can't send", "can't reach", "can't contact", "can't step")
            )


def test_the_question_about_danger_leads_to_no_answer() -> None:
    """It can be answered with yes as easily as with no; "you're not going to, are you?" cannot."""
    for wording in wordings("safety.ask"):
        assert wording.startswith(("Are you ", "Do you ")), wording
        assert not {"n't", "right?", "surely"} & set(wording.replace("n't", " n't").lower().split())


def test_danger_brings_the_helplines_from_everywhere() -> None:
    """And where they have been shown already, it says that it is still there."""
    _, states = crawled()
    danger = Said(text="x", meaning=Meaning(danger=Danger.DANGER, about="self"))
    for journey in states:
        turn = advance(journey, danger, NOW)
        assert turn.journey.step in SAFETY, journey.step
        shown = any(isinstance(one, Helplines) for one in turn.says)
        assert shown or journey.step in SAFETY - {Step.SAFETY_ASK}, journey.step
        assert turn.says


def test_it_never_leaves_somebody_who_may_be_in_danger() -> None:
    """A line that says nothing by itself is answered, and nothing about jobs comes up."""
    _, states = crawled()
    for journey in states:
        if journey.step in SAFETY:
            turn = advance(journey, Said(text="x", meaning=Meaning()), NOW)
            assert turn.journey.step in SAFETY
            assert turn.says


def test_stop_is_one_word_and_after_it_nothing_comes_but_the_end_of_keeping() -> None:
    """In every state; reminders that were wanted before are off as well."""
    _, states = crawled()
    stop = Said(text="stop", meaning=UNDERSTANDING.understand("stop"))
    for journey in states:
        turn, now = advance(journey, stop, NOW), NOW
        assert turn.journey.step is Step.STOPPED, journey.step
        while turn.wake_at is not None and not turn.erase:
            now = max(now, turn.wake_at)
            turn = advance(turn.journey, Woke(), now)
            keys = [key for reply in phrase(turn, CATALOG) for key in reply.keys]
            assert set(keys) <= {"anywhere.forgetting", "anywhere.forgotten", "pages.receipt"}, (journey.step, keys)


def test_every_reminder_begins_with_an_answer_that_asks_for_it() -> None:
    """No command, no line and no other answer has anything come by itself later."""
    begun = {
        (kind, str(journey.step), name_of(event))
        for journey in crawled()[1][::7]
        for event in events_in(journey)
        for kind, _ in reminders(advance(journey, event, NOW).journey) - reminders(journey)
        if (name_of(event), journey.rhythm.kind) != ON_A_BAD_DAY
    }
    assert begun <= ASKED_FOR, sorted(begun - ASKED_FOR)
    assert {kind for kind, _, _ in begun} == {kind for kind, _, _ in ASKED_FOR}


def test_after_two_check_ins_without_an_answer_it_falls_silent() -> None:
    """It says so once, and begins no third one."""
    journey, now, asked, said = _weekly(), MONDAY, 0, list[str]()
    for _ in range(60):
        turn = advance(journey, Woke(), now)
        journey = turn.journey
        asked += turn.ask is not None
        said += [key for reply in phrase(turn, CATALOG) for key in reply.keys]
        if turn.wake_at is None:
            break
        now = max(now + timedelta(minutes=1), turn.wake_at)
    assert (asked, said.count("check_in.let_be"), turn.wake_at) == (2, 1, None)


def _weekly() -> Journey:
    action = Action(will="write one letter", due=MONDAY.date() + timedelta(days=30))
    return Journey(
        step=Step.REST,
        seen_at=MONDAY,
        applications=(Application(opened_at=MONDAY, actions=(action,)),),
        settings=Settings(zone="Europe/Berlin", keep_days=0),
        rhythm=Rhythm(kind="weekly", weekday=2, next_on=MONDAY.date() + timedelta(days=2)),
    )


def test_the_list_of_what_is_never_said_has_what_is_promised() -> None:
    """`onward words check` finds these in any wording: fault either way, streaks, secrecy, leading questions."""
    for phrase_ in ("your fault", "you should have", "nobody's fault", "no one's fault", "streak", "at least"):
        assert phrase_ in CATALOG.banned
    for phrase_ in ("our little secret", "i promise not to tell", "you're not going to", "others have it worse"):
        assert phrase_ in CATALOG.banned
