"""Whether, when and on whose clock the bot writes by itself: chosen by the person, changed by them, off in a word."""

from datetime import date, time, timedelta

from msgspec.structs import replace

from dialogs import moments, waits, zones
from dialogs.journey import Journey
from dialogs.replies import Choice, Say
from dialogs.steps import Step
from dialogs.talk import Heard, Question, Talk

HOURS = ("9", "12", "15", "18", "20")


def _kinds(journey: Journey) -> tuple[Choice, ...]:
    dated = any(action.due and action.state == "open" for action in journey.actions)
    return tuple(Choice(id=name) for name in (*(("dates",) if dated else ()), "weekly", "none"))


def _kind_chosen(talk: Talk, heard: Heard) -> Step:
    rhythm = replace(talk.journey.rhythm, held=False, unanswered=0, next_on=None)
    match heard.choice:
        case "weekly":
            talk.change(rhythm=replace(rhythm, kind="weekly"))
            return Step.RHYTHM_DAY
        case "dates":
            talk.change(rhythm=replace(rhythm, kind="dates"))
            return Step.RHYTHM_HOUR
        case _:
            talk.change(rhythm=replace(rhythm, kind="none"))
            _ask_on_dates(talk, wanted=False)
            talk.say("rhythm.none_kept")
            return talk.returned()


def _ask_on_dates(talk: Talk, *, wanted: bool) -> None:
    """Ask about every open action on its day, or about none."""
    talk.change(
        applications=tuple(
            replace(
                application,
                actions=tuple(
                    replace(one, ask_on=one.due if wanted and one.due and one.due >= talk.today else None)
                    if one.state == "open"
                    else one
                    for one in application.actions
                ),
            )
            for application in talk.journey.applications
        )
    )


def _day_chosen(talk: Talk, heard: Heard) -> Step:
    weekday = moments.WEEKDAYS.index(heard.choice)
    talk.change(rhythm=replace(talk.journey.rhythm, weekday=weekday))
    return Step.RHYTHM_HOUR


def _hour_chosen(talk: Talk, heard: Heard) -> Step:
    talk.change(settings=replace(talk.journey.settings, hour=int(heard.choice)))
    rhythm = talk.journey.rhythm
    _ask_on_dates(talk, wanted=rhythm.kind == "dates")
    if rhythm.kind == "weekly":
        first = moments.next_weekday(rhythm.weekday, talk.today)
        talk.change(rhythm=replace(rhythm, next_on=first))
    if not zones.known(talk.journey):
        return Step.CLOCK
    _confirm(talk)
    return talk.returned()


def _confirm(talk: Talk) -> None:
    """Say which check-in comes next."""
    day = _next_day(talk.journey)
    if day:
        talk.say("rhythm.kept", day=day, time=f"{talk.journey.settings.hour}:00")
    else:
        talk.say("rhythm.kept_no_day")


def _next_day(journey: Journey) -> date | None:
    come = (moment for moment, reason in waits.waits(journey) if reason is waits.Reason.CHECK_IN)
    moment = min(come, default=None)
    return moment and moments.today(moment, journey.settings.zone)


def _clocks(journey: Journey) -> tuple[Choice, ...]:
    now = journey.seen_at
    shown = zones.offered(journey.settings.country, now) if now else ()
    named = (Choice(id=zone, text=f"{zones.clock(zone, now)} ({zones.city(zone)})") for zone in shown if now)
    return (*named, Choice(id="leave_clock"))


def _clock_told(talk: Talk, heard: Heard) -> Step:
    """Take a zone that was tapped or named, or find those where the clock shows the time that was told."""
    if heard.choice == "leave_clock":
        talk.say("rhythm.clock_unknown")
        return _set_clock(talk, "")
    zone = heard.choice or zones.named(heard.text)
    if zone:
        return _set_clock(talk, zone)
    told = heard.meaning.at
    found = _showing(talk, time.fromisoformat(told), heard) if told else ()
    if not found:
        talk.say("rhythm.no_such_clock")
        return Step.CLOCK
    if len(found) == 1:
        return _set_clock(talk, found[0])
    talk.change(unsure=found)
    return Step.ZONE


def _showing(talk: Talk, told: time, heard: Heard) -> tuple[str, ...]:
    either_half = "either_half" in heard.meaning.cues
    return zones.showing(told, talk.now, talk.journey.settings.country, either_half=either_half)


def _candidates(journey: Journey) -> tuple[Choice, ...]:
    return (*(Choice(id=zone, text=zones.city(zone)) for zone in journey.unsure), Choice(id="leave_clock"))


def _zone_picked(talk: Talk, heard: Heard) -> Step:
    return _set_clock(talk, "" if heard.choice == "leave_clock" else heard.choice)


def _set_clock(talk: Talk, zone: str) -> Step:
    talk.change(unsure=())
    if zone:
        talk.change(settings=replace(talk.journey.settings, zone=zone))
        talk.say("rhythm.clock_set", time=zones.clock(zone, talk.now), city=zones.city(zone))
    if talk.journey.rhythm.kind in {"dates", "weekly"}:
        _confirm(talk)
    return talk.returned()


def hold(talk: Talk) -> None:
    """Let nothing come by itself any more; what was chosen is kept for when it is asked for again."""
    talk.change(rhythm=replace(talk.journey.rhythm, held=True), checks_back_at=None)


def bring_back(talk: Talk) -> None:
    """Let what was chosen come again, from tomorrow on."""
    rhythm = talk.journey.rhythm
    if rhythm.held:
        tomorrow = talk.today + timedelta(days=1)
        not_before = max(rhythm.not_before or tomorrow, tomorrow)
        talk.change(rhythm=replace(rhythm, held=False, not_before=not_before))
        talk.say("rhythm.brought_back")


def as_set(journey: Journey) -> tuple[Say, ...]:
    """Return the words for what is chosen."""
    rhythm, settings = journey.rhythm, journey.settings
    kind = "held" if rhythm.held else rhythm.kind or "none"
    day = Say(key=f"label:{moments.WEEKDAYS[rhythm.weekday]}", params={"of": "rhythm.day"})
    chosen = Say(key=f"rhythm.set_{kind}", params={"day": day, "time": f"{settings.hour}:00"})
    away = rhythm.not_before
    if away and journey.seen_at and away > moments.today(journey.seen_at, settings.zone) + timedelta(days=1):
        return chosen, Say(key="rhythm.set_away", params={"day": away})
    return (chosen,)


QUESTIONS = (
    Question(Step.RHYTHM, "rhythm.offer", _kinds, _kind_chosen, default="none"),
    Question(Step.RHYTHM_DAY, "rhythm.day", moments.WEEKDAYS, _day_chosen, default="sun"),
    Question(Step.RHYTHM_HOUR, "rhythm.hour", HOURS, _hour_chosen, default="18"),
    Question(Step.CLOCK, "rhythm.clock", _clocks, _clock_told, takes_text=True, skip="leave_clock"),
    Question(Step.ZONE, "rhythm.zone", _candidates, _zone_picked, default="leave_clock"),
)
