"""What comes by itself: never at night, never twice, never lost; whatever day, zone, and downtime."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dialogs import days_off, moments, pages
from dialogs.catalog import Catalog
from dialogs.engine import advance
from dialogs.events import Commanded, Filled, Said, Tapped, Woke
from dialogs.journey import Action, Application, Interview, Journey, Rhythm, Settings
from dialogs.phrasing import phrase
from dialogs.replies import Say
from dialogs.steps import Step
from dialogs.understanding import Understanding
from dialogs.understanding.meaning import Meaning

MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe"),
    *("Pacific/Apia", "America/St_Johns", "Africa/Casablanca", "Pacific/Chatham"),
)


def planned(zone: str, hour: int, dues: list[date], now: datetime, weekday: int | None = None) -> Journey:
    """Return somebody at rest who wants to be asked about actions on these days."""
    actions = tuple(Action(will=f"action {n}", due=due, ask_on=due) for n, due in enumerate(dues))
    rhythm = Rhythm(kind="dates")
    if weekday is not None:
        rhythm = Rhythm(kind="weekly", weekday=weekday, next_on=moments.next_weekday(weekday, moments.today(now, zone)))
    return Journey(
        step=Step.REST,
        seen_at=now,
        applications=(Application(opened_at=now, employer="Acme", actions=actions),),
        settings=Settings(zone=zone, hour=hour),
        rhythm=rhythm,
    )


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    st.sampled_from(ZONES),
    st.sampled_from((9, 12, 18, 20)),
    st.integers(0, 2 * 365 * 24).map(lambda hours: MONDAY + timedelta(hours=hours)),
    st.lists(st.integers(1, 40), min_size=1, max_size=4, unique=True),
    st.lists(st.integers(0, 80), min_size=1, max_size=6),
)
def test_check_ins_come_by_day_once_and_every_one_of_them(
    zone: str, hour: int, now: datetime, ahead: list[int], downtimes: list[int]
) -> None:
    """Woken late by hours or days; each time at most one message on a day, and in the end about every action."""
    today = moments.today(now, zone)
    journey = planned(zone, hour, [today + timedelta(days=days) for days in ahead], now)
    asked_on: list[date] = []
    asked_about: set[int] = set()
    for number in range(200):
        turn = advance(journey, Woke(), now)
        journey = turn.journey
        if turn.says or turn.ask:
            here = now.astimezone(ZoneInfo(zone))
            assert 9 <= here.hour < 21, "never in quiet hours"
            assert here.date() not in asked_on, "never twice on a day"
            asked_on.append(here.date())
            asked_about.update(journey.checking)
            # Somebody answers that they did it, so that it is not asked about again.
            for _ in range(12):
                if journey.step is Step.REST:
                    break
                answer = {Step.MOOD: "3", Step.CHECK_IN: "done", Step.NOTE: "nothing"}.get(journey.step)
                event = Tapped(asked=journey.asked, choice=answer) if answer else Commanded(name="skip")
                turn = advance(journey, event, now)
                journey = turn.journey
        if turn.wake_at is None:
            break
        assert turn.wake_at >= now or not turn.says
        now = max(now, turn.wake_at) + timedelta(hours=downtimes[number] if number < len(downtimes) else 0)
    assert all(action.state == "done" for action in journey.actions), "never lost"
    assert asked_about >= set(range(len(ahead)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(ZONES), st.integers(0, 6), st.integers(0, 365 * 24).map(lambda h: MONDAY + timedelta(hours=h)))
def test_a_weekly_check_in_keeps_its_day_and_hour_through_every_change_of_the_clocks(
    zone: str, weekday: int, now: datetime
) -> None:
    """At six in the evening as the clock on the wall shows it, give or take the ten minutes it is spread over."""
    journey = planned(zone, 18, [], now, weekday)
    times = 0
    for _ in range(120):
        turn = advance(journey, Woke(), now)
        journey = turn.journey
        if turn.ask:
            here = now.astimezone(ZoneInfo(zone))
            day = here.date() - timedelta(days=(here.weekday() - weekday) % 7)
            assert here.date() == days_off.moved(day, journey.settings), "the day, or the first behind a holiday"
            assert (here.hour, here.minute < 10) == (18, True)
            times += 1
            turn = advance(journey, Tapped(asked=journey.asked, choice="3"), now)
            while turn.journey.step is not Step.REST:
                turn = advance(turn.journey, Commanded(name="skip"), now)
            journey = turn.journey
        if times == 4:
            return
        assert turn.wake_at is not None
        now = max(now, turn.wake_at)
    pytest.fail("it stopped coming")


def test_after_weeks_of_downtime_there_is_one_message() -> None:
    """Not the backlog."""
    today = MONDAY.date()
    journey = planned("UTC", 12, [today + timedelta(days=days) for days in (1, 2, 3)], MONDAY)
    later = MONDAY.replace(hour=12) + timedelta(days=40)
    first = advance(journey, Woke(), later)
    assert first.ask is not None
    assert len(first.journey.checking) == 3
    again = advance(first.journey, Woke(), later + timedelta(minutes=1))
    assert (again.says, again.ask) == ((), None)


def test_a_card_for_an_interview_that_is_over_makes_room_for_what_else_is_due() -> None:
    """After days of downtime nobody is prepared for what lies behind them."""
    tuesday = MONDAY.date() + timedelta(days=1)
    journey = replace(planned("UTC", 12, [tuesday], MONDAY), interviews=(Interview(day=tuesday, card=True),))
    turn = advance(journey, Woke(), MONDAY + timedelta(days=3))
    assert turn.journey.step is Step.MOOD, "a check-in begins with it"
    assert not turn.journey.interviews[0].card


def test_a_clock_that_is_set_back_neither_repeats_nor_loses() -> None:
    """What was asked stays asked; what was not comes when its day comes again."""
    tomorrow = MONDAY.date() + timedelta(days=1)
    journey = planned("UTC", 12, [tomorrow], MONDAY)
    asked = advance(journey, Woke(), datetime(2026, 11, 24, 12, 10, tzinfo=UTC)).journey
    assert asked.step is Step.MOOD
    turn = advance(asked, Woke(), MONDAY - timedelta(days=1))
    assert (turn.says, turn.ask) == ((), None)
    early = advance(journey, Woke(), MONDAY - timedelta(days=3))
    assert early.ask is None
    assert early.wake_at is not None
    assert early.wake_at > MONDAY - timedelta(days=3)


@pytest.mark.parametrize(
    ("when", "country", "day"),
    [
        ("m12-5", "", date(2026, 12, 5)),
        ("m2-30", "", None),
        ("m11-1", "", date(2026, 11, 1)),
        ("m1-5", "", date(2027, 1, 5)),
        ("d28", "", date(2026, 11, 28)),
        ("d31", "", date(2026, 12, 31)),
        ("d32", "", None),
        ("/12/5", "US", date(2026, 12, 5)),
        ("/12/5", "IE", date(2027, 5, 12)),
        ("/5/13", "IE", date(2027, 5, 13)),
        ("2026-12-05", "", date(2026, 12, 5)),
        ("2026-13-05", "", None),
        ("-1", "", date(2026, 11, 22)),
    ],
)
def test_a_date_is_read_as_people_there_write_it(when: str, country: str, day: date | None) -> None:
    """The nearest one that makes sense; one that does not exist is none."""
    assert moments.day_named(when, MONDAY, Settings(country=country)) == day


@pytest.mark.parametrize(
    ("text", "hour"), [("18", 18), ("9:00", 9), (" 0 ", 0), ("24", None), ("six", None), ("", None)]
)
def test_an_hour_is_a_number_of_the_clock(text: str, hour: int | None) -> None:
    """Nothing else is taken over."""
    assert moments.hour_named(text) == hour
    assert moments.hours_named(f"{text}-7") == (None if hour is None else (hour, 7))
    assert moments.hours_named("7-7") is None


@pytest.mark.parametrize(
    ("text", "when"), [("on 5.12. then", "m12-5"), ("5/12 maybe", "/5/12"), ("2026-12-05", "2026-12-05")]
)
def test_dates_in_figures_are_understood(text: str, when: str) -> None:
    """With dots, with slashes, and as machines write them."""
    assert Understanding.load(Catalog.load()).understand(text).when == when


def test_a_check_in_can_be_put_off_in_words() -> None:
    """In the middle of it."""
    journey = planned("UTC", 12, [MONDAY.date()], MONDAY)
    journey = advance(journey, Commanded(name="checkin"), MONDAY).journey
    journey = advance(journey, Tapped(asked=journey.asked, choice="3"), MONDAY).journey
    assert journey.step is Step.CHECK_IN
    meaning = Meaning(when="+3", cues=frozenset({"snooze"}))
    journey = advance(journey, Said(text="ask me in three days", meaning=meaning), MONDAY).journey
    assert journey.rhythm.not_before == MONDAY.date() + timedelta(days=3)


def test_a_time_that_only_one_place_has_settles_the_zone() -> None:
    """Nobody is asked to pick from one."""
    journey = Journey(step=Step.CLOCK, left=Step.REST, seen_at=MONDAY)
    told = Said(text="it is 23:45", meaning=Meaning(at="23:45"))
    after = advance(journey, told, MONDAY).journey
    assert after.settings.zone == "Asia/Kathmandu"


def test_an_old_form_is_explained() -> None:
    """It belongs to a question that is no longer open."""
    journey = planned("UTC", 12, [], MONDAY)
    turn = advance(journey, Filled(asked=99, fields={"cue": "x", "will": "y"}), MONDAY)
    assert "anywhere.old_button" in [getattr(say, "key", "") for say in turn.says]


def test_a_plan_of_two_hundred_actions_and_one_of_five_thousand_letters_can_be_shown() -> None:
    """Cut where nobody would read on, and said so."""
    actions = tuple(Action(will=f"{n} " + "x" * 5000 * (n == 0), due=MONDAY.date()) for n in range(200))
    journey = Journey(step=Step.REST, applications=(Application(opened_at=MONDAY, actions=actions),))
    (reply, *_) = phrase(advance(journey, Commanded(name="plan"), MONDAY), Catalog.load())
    shown = reply.text.count("By ")
    assert 0 < shown <= pages.MOST_SHOWN
    asked = advance(journey, Commanded(name="checkin"), MONDAY).journey
    assert asked.step is Step.MOOD


def test_where_the_host_keeps_for_ever_nothing_is_announced() -> None:
    """Nor is it promised."""
    kept = Journey(seen_at=MONDAY, heard_at=MONDAY, settings=Settings(keep_days=0))
    turn = advance(kept, Commanded(name="privacy"), MONDAY)
    assert [say.key for say in turn.says if isinstance(say, Say)][:1] == ["anywhere.privacy"]
    assert "anywhere.kept_for" not in {say.key for say in turn.says if isinstance(say, Say)}
    assert turn.wake_at is None


def test_two_things_that_are_due_on_one_day_come_on_two() -> None:
    """One message a day by itself is enough."""
    today = MONDAY.date() + timedelta(days=1)
    journey = planned("UTC", 12, [today], MONDAY)
    application = replace(journey.applications[0], feedback_on=today)
    journey, now, came = replace(journey, applications=(application,)), MONDAY, list[date]()
    for _ in range(3):
        turn = advance(journey, Woke(), now)
        journey = turn.journey
        if turn.ask:
            came.append(now.date())
            journey = advance(journey, Commanded(name="back"), now).journey
        now = max(now, turn.wake_at or now)
    assert came == [today, today + timedelta(days=1)]
