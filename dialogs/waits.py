"""What a journey waits for: the moments at which time itself has something to say, each of them once."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from msgspec.structs import replace

from dialogs import days_off, moments
from dialogs.journey import Application, Interview, Journey, Rhythm
from dialogs.steps import Step

SAFETY = frozenset({Step.SAFETY_ASK, Step.SAFETY, Step.SAFETY_OTHER, Step.SAFETY_STAY})
"""Steps at which nothing about jobs comes up by itself."""

LISTENING = frozenset({Step.VENTING, Step.COOLING, Step.WRITING})
"""Steps at which nothing interrupts."""

EVENING_BEFORE = time(18)
INTERVIEW_LASTS = timedelta(hours=3)
"""From its beginning until it is fair to ask how it went."""

WHOLE_DAY = time(13)
"""When an interview begins of which only the day is known."""

DAY = timedelta(days=1)
PUT_OFF = timedelta(minutes=5)
"""A moment that has come already when a turn ends, and was not dealt with in it, comes again after this long."""


STILL_AWAKE = timedelta(hours=1)
"""So long after a moment that somebody waits for in the middle of things, they are taken to be there still."""


class Reason(StrEnum):
    """What is waited for; what stands further up goes first when several have come."""

    SAFETY = "safety"
    WRITTEN = "written"
    TIME_UP = "time_up"
    CARD = "card"
    INTERVIEW = "interview"
    FEEDBACK = "feedback"
    CHECK_IN = "check_in"
    SILENCE = "silence"
    UNSHARED = "unshared"
    FORGET = "forget"


LIVE = frozenset({Reason.SAFETY, Reason.WRITTEN, Reason.TIME_UP})
"""Reasons that belong to a talk that is going on; of all the others, one a day is enough."""

AT_ANY_HOUR = frozenset({Reason.SAFETY, Reason.UNSHARED})
"""Reasons that do not wait for the end of the night: one is too important, of the other nothing is said."""


def waits(journey: Journey) -> Iterator[tuple[datetime, Reason]]:
    """Yield every moment that the journey waits for, with what for."""
    if forgotten := _forgotten(journey):
        yield forgotten, Reason.FORGET
    if journey.win:
        yield journey.win.at + DAY, Reason.UNSHARED
    if journey.step is Step.STOPPED:
        return
    if journey.checks_back_at:
        yield journey.checks_back_at, Reason.SAFETY
    if journey.step in SAFETY:
        return
    venting = journey.venting
    if venting and venting.quiet_until and journey.step is Step.WRITING:
        yield venting.quiet_until, Reason.WRITTEN
    elif venting and venting.until and journey.step in {Step.VENTING, Step.COOLING}:
        yield moments.outside_quiet_hours(venting.until, journey.settings), Reason.TIME_UP
    if journey.step not in LISTENING and not journey.rhythm.held:
        for interview in journey.interviews:
            yield from _around(interview, journey)
        yield from ((moment_on(day, journey), reason) for day, reason in _days(journey))


def _forgotten(journey: Journey) -> datetime | None:
    """Return when it is said that everything is going to be erased, or when it is."""
    settings, last = journey.settings, journey.heard_at or journey.seen_at
    if not last or not settings.keep_days:
        return None
    day = journey.forget_on or moments.today(last, settings.zone) + settings.keep_days * DAY
    return moments.outside_quiet_hours(moments.on_day(day, settings.zone, time(settings.hour)), settings)


def _days(journey: Journey) -> Iterator[tuple[date, Reason]]:
    for application in journey.applications:
        if application.close_on:
            yield application.close_on, Reason.SILENCE
        if application.feedback_on:
            yield application.feedback_on, Reason.FEEDBACK
        for action in application.actions:
            if action.ask_on and action.state == "open":
                yield action.ask_on, Reason.CHECK_IN
    if journey.rhythm.next_on:
        yield journey.rhythm.next_on, Reason.CHECK_IN


def _around(interview: Interview, journey: Journey) -> Iterator[tuple[datetime, Reason]]:
    settings = journey.settings
    if interview.card:
        evening = moments.on_day(interview.day - DAY, settings.zone, EVENING_BEFORE) + _spread(journey)
        yield moments.outside_quiet_hours(evening, settings), Reason.CARD
    if interview.ask:
        over = begins(interview, journey) + INTERVIEW_LASTS
        yield moments.outside_quiet_hours(over, settings), Reason.INTERVIEW


def begins(interview: Interview, journey: Journey) -> datetime:
    """Return the moment at which an interview begins."""
    return moments.on_day(interview.day, journey.settings.zone, interview.at or WHOLE_DAY)


def moment_on(day: date, journey: Journey) -> datetime:
    """Return the moment at which a day has something to say: the person's hour, in the time zone they are in now.

    A day that is a public holiday there leaves it to the next one that is none.
    """
    settings = journey.settings
    day = days_off.moved(max(day, journey.rhythm.not_before or day), settings)
    moment = moments.on_day(day, settings.zone, time(settings.hour)) + _spread(journey)
    return moments.outside_quiet_hours(moment, settings)


def _spread(journey: Journey) -> timedelta:
    """Return some time below ten minutes that differs between people, so that not everybody is due on the stroke."""
    first = journey.applications[0].opened_at if journey.applications else None
    return timedelta(seconds=first.minute * 10 + first.second // 6) if first else timedelta(0)


def next_wake(journey: Journey, now: datetime) -> datetime | None:
    """Return the moment at which time itself becomes an event; None when nothing is waited for.

    What is far off is looked at once more on the day before, because the rules of time zones change.
    """
    soonest = min((_heard(moment, reason, journey, now) for moment, reason in waits(journey)), default=None)
    if soonest is None or soonest > now + 2 * DAY:
        return soonest and soonest - DAY
    return soonest if soonest > now else now + PUT_OFF


def _heard(moment: datetime, reason: Reason, journey: Journey, now: datetime) -> datetime:
    """Return when something can be said: what has come is said now, but what is late does not come at night."""
    if moment >= now or reason in AT_ANY_HOUR or (reason in LIVE and now - moment < STILL_AWAKE):
        return moment
    return moments.outside_quiet_hours(now, journey.settings)


def due(journey: Journey, now: datetime) -> list[Reason]:
    """Return what has come by `now`, the most important first."""
    come = {reason for moment, reason in waits(journey) if moment <= now >= _heard(moment, reason, journey, now)}
    return [reason for reason in Reason if reason in come]


def dealt_with(journey: Journey, reason: Reason, now: datetime) -> Journey:
    """Return the journey without what has come for this reason, so that it comes once; the rest of it stays."""
    venting = journey.venting
    match reason:
        case Reason.SAFETY:
            return replace(journey, checks_back_at=None)
        case Reason.WRITTEN | Reason.TIME_UP:
            field = "quiet_until" if reason is Reason.WRITTEN else "until"
            return replace(journey, venting=venting and replace(venting, **{field: None}))
        case Reason.CARD | Reason.INTERVIEW:
            come = {
                interview
                for interview in journey.interviews
                if any(moment <= now and why is reason for moment, why in _around(interview, journey))
            }
            field = "card" if reason is Reason.CARD else "ask"
            return replace(
                journey,
                interviews=tuple(replace(one, **{field: False}) if one in come else one for one in journey.interviews),
            )
        case Reason.UNSHARED:
            return replace(journey, win=None)
        case Reason.FORGET:
            return journey  # what comes of it says when it comes next
        case _:
            return _without_days(journey, reason, now)


def _without_days(journey: Journey, reason: Reason, now: datetime) -> Journey:
    def ahead(day: date | None) -> date | None:
        return day if day and moment_on(day, journey) > now else None

    def without(application: Application) -> Application:
        match reason:
            case Reason.SILENCE:
                return replace(application, close_on=ahead(application.close_on))
            case Reason.FEEDBACK:
                return replace(application, feedback_on=ahead(application.feedback_on))
            case _:
                actions = (replace(action, ask_on=ahead(action.ask_on)) for action in application.actions)
                return replace(application, actions=tuple(actions))

    rhythm = journey.rhythm
    if reason is Reason.CHECK_IN and rhythm.next_on and not ahead(rhythm.next_on):
        today = moments.today(now, journey.settings.zone)
        rhythm = replace(rhythm, next_on=moments.next_weekday(rhythm.weekday, today))
    return replace(journey, rhythm=rhythm, applications=tuple(map(without, journey.applications)))


def quiet_until_tomorrow(journey: Journey, now: datetime) -> Journey:
    """Return the journey with nothing more about a day coming by itself today."""
    tomorrow = moments.today(now, journey.settings.zone) + DAY
    not_before = max(journey.rhythm.not_before or tomorrow, tomorrow)
    return replace(journey, rhythm=replace(journey.rhythm, not_before=not_before))


def without_rush(journey: Journey, now: datetime) -> Journey:
    """Return the journey with nothing of what came due meanwhile coming at once."""
    venting = journey.venting
    if venting and venting.until and venting.until <= now:
        journey = dealt_with(journey, Reason.TIME_UP, now)
    return quiet_until_tomorrow(journey, now)


def without_reminders(journey: Journey) -> Journey:
    """Return the journey with everything forgotten that it would have asked about by itself."""
    return replace(
        journey,
        checks_back_at=None,
        rhythm=Rhythm(kind="none"),
        interviews=tuple(replace(one, card=False, ask=False) for one in journey.interviews),
        applications=tuple(
            replace(
                application,
                close_on=None,
                feedback_on=None,
                actions=tuple(replace(action, ask_on=None) for action in application.actions),
            )
            for application in journey.applications
        ),
    )
