"""When time itself has something to say: morning hours, quiet hours, and the one moment a journey waits for."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from dialogs.journey import Journey
from dialogs.steps import Step

MORNING = time(9)
EVENING = time(21)
"""Nobody is written to between EVENING and MORNING, in their own time zone."""

SAFETY = frozenset({Step.SAFETY_ASK, Step.SAFETY, Step.SAFETY_OTHER, Step.SAFETY_STAY})
"""Steps at which nothing about jobs comes up by itself."""

FULL_REST = timedelta(hours=8)


def known_zone(name: str) -> bool:
    """Say whether the IANA time zone database knows this name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def today(now: datetime, zone: str) -> date:
    """Return the date that it is for the person."""
    return now.astimezone(ZoneInfo(zone)).date()


def on_day(day: date, zone: str, at: time = MORNING) -> datetime:
    """Return the moment of that local wall time; one that a clock change leaves out is the moment right after it."""
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def outside_quiet_hours(moment: datetime, zone: str) -> datetime:
    """Return the moment, or the next local morning when it falls into quiet hours."""
    local = moment.astimezone(ZoneInfo(zone))
    if local.time() < MORNING:
        return on_day(local.date(), zone)
    if local.time() >= EVENING:
        return on_day(local.date() + timedelta(days=1), zone)
    return moment


def next_morning(now: datetime, zone: str) -> datetime:
    """Return the next local morning that leaves a night's rest before it."""
    morning = on_day(today(now, zone), zone)
    while morning - now < FULL_REST:
        morning = on_day(today(morning, zone) + timedelta(days=1), zone)
    return morning


def day_named(when: str, now: datetime, zone: str) -> date:
    """Return the date that `Meaning.when` names: "+3" for days from today, "mon" to "sun" for the next such day."""
    here = today(now, zone)
    if when.startswith("+"):
        return here + timedelta(days=int(when[1:]))
    ahead = (("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(when) - here.weekday()) % 7
    return here + timedelta(days=ahead or 7)


def waits(journey: Journey) -> Iterator[tuple[datetime, str]]:
    """Yield every moment that the journey waits for, with what for."""
    if journey.checks_back_at:
        yield journey.checks_back_at, "safety"
    if journey.step in SAFETY:
        return
    venting = journey.venting
    if venting and venting.quiet_until and journey.step is Step.WRITING:
        yield venting.quiet_until, "written"
        return
    if venting and venting.until and journey.step in {Step.VENTING, Step.COOLING}:
        yield venting.until, "time_up"
    for application in journey.applications:
        if application.close_at:
            yield application.close_at, "silence"
        if application.feedback_at:
            yield application.feedback_at, "feedback"
        for action in application.actions:
            if action.ask_at and action.state == "open":
                yield action.ask_at, "check_in"


def next_wake(journey: Journey) -> datetime | None:
    """Return the moment at which time itself becomes an event; None when nothing is waited for or it was stopped."""
    if journey.step is Step.STOPPED:
        return None
    return min((moment for moment, _ in waits(journey)), default=None)


def due(journey: Journey, now: datetime) -> list[str]:
    """Return what has come due by `now`, the longest due first."""
    return [reason for moment, reason in sorted(waits(journey)) if moment <= now]


def without_past(journey: Journey, now: datetime) -> Journey:
    """Return the journey without the moments that have come, so that each of them wakes it once."""

    def ahead(moment: datetime | None) -> datetime | None:
        return moment if moment and moment > now else None

    venting = journey.venting
    return replace(
        journey,
        checks_back_at=ahead(journey.checks_back_at),
        venting=replace(venting, until=ahead(venting.until), quiet_until=ahead(venting.quiet_until))
        if venting
        else None,
        applications=tuple(
            replace(
                application,
                close_at=ahead(application.close_at),
                feedback_at=ahead(application.feedback_at),
                actions=tuple(replace(action, ask_at=ahead(action.ask_at)) for action in application.actions),
            )
            for application in journey.applications
        ),
    )


def without_reminders(journey: Journey) -> Journey:
    """Return the journey with everything forgotten that it would have asked about by itself."""
    return replace(
        journey,
        checks_back_at=None,
        applications=tuple(
            replace(
                application,
                close_at=None,
                feedback_at=None,
                actions=tuple(replace(action, ask_at=None) for action in application.actions),
            )
            for application in journey.applications
        ),
    )
