"""Wall time where the person is: days that are named, hours of a day, quiet hours."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogs.journey import Settings

DAY_HOURS = 24

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_ZONE = 60
"""The longest name of a time zone has about half of these characters; others are paths into nowhere."""

FULL_REST = timedelta(hours=8)
JUST_GONE = timedelta(days=60)
"""A date without a year that lay within this time was meant as that one, and not as next year's."""

MONTH_FIRST = frozenset({"US", "PH", ""})
"""Countries where 12/5 is the fifth of December; "" is where it is not known."""


def known_zone(name: str) -> bool:
    """Say whether the IANA time zone database knows this name."""
    try:
        return len(name) <= LONGEST_ZONE and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def today(now: datetime, zone: str) -> date:
    """Return the date that it is for the person."""
    return now.astimezone(ZoneInfo(zone)).date()


def on_day(day: date, zone: str, at: time) -> datetime:
    """Return the moment of that local wall time; one that a clock change leaves out is the moment right after it."""
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def quiet(hour: int, settings: Settings) -> bool:
    """Say whether a local hour is one of the quiet ones."""
    begin, end = settings.quiet_from, settings.quiet_to
    return begin <= hour < end if begin <= end else hour >= begin or hour < end


def outside_quiet_hours(moment: datetime, settings: Settings) -> datetime:
    """Return the moment, or the end of the quiet hours that it falls into."""
    local = moment.astimezone(ZoneInfo(settings.zone))
    if not quiet(local.hour, settings):
        return moment
    day = local.date() if local.hour < settings.quiet_to else local.date() + timedelta(days=1)
    return on_day(day, settings.zone, time(settings.quiet_to))


def next_morning(now: datetime, settings: Settings) -> datetime:
    """Return the next end of quiet hours that leaves a night's rest before it."""
    day = today(now, settings.zone)
    while (morning := on_day(day, settings.zone, time(settings.quiet_to))) - now < FULL_REST:
        day += timedelta(days=1)
    return morning


def next_weekday(weekday: int, after: date) -> date:
    """Return the next day with this number (0 is Monday) that is later than `after`."""
    return after + timedelta(days=(weekday - after.weekday()) % 7 or 7)


def day_named(when: str, now: datetime, settings: Settings) -> date | None:
    """Return the date that `Meaning.when` names, or None when there is no such day or it is long gone."""
    here = today(now, settings.zone)
    if when in WEEKDAYS:
        return next_weekday(WEEKDAYS.index(when), here)
    if re.fullmatch(r"[+-]\d+", when):
        return here + timedelta(days=int(when))
    numbers = [int(number) for number in re.findall(r"\d+", when)]
    match when[0], numbers:
        case "d", [day]:
            return _next_such(here, day)
        case "m", [month, day]:
            return _nearest(here, month, day)
        case "/", [first, second]:
            month_first = second > 12 or (first <= 12 and settings.country in MONTH_FIRST)  # noqa: PLR2004 - months of a year
            return _nearest(here, *((first, second) if month_first else (second, first)))
        case _:
            return _date(*numbers)


def _next_such(here: date, day: int) -> date | None:
    """Return the next day with this number in its month; the 31st skips the shorter months."""
    ahead = (here + timedelta(days=n) for n in range(62))
    return next((one for one in ahead if one.day == day), None)


def _nearest(here: date, month: int, day: int) -> date | None:
    """Return the date without a year: this year's, or next year's when this one's is long gone."""
    this = _date(here.year, month, day)
    if this and this < here - JUST_GONE:
        return _date(here.year + 1, month, day)
    return this or _date(here.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def hour_named(text: str) -> int | None:
    """Return the hour of "18" or "18:00", None for what is none."""
    told = re.fullmatch(r"(\d{1,2})(?::00)?", text.strip())
    return int(told[1]) if told and int(told[1]) < DAY_HOURS else None


def hours_named(text: str) -> tuple[int, int] | None:
    """Return the two hours of "22-8", None for what is none; they differ."""
    begin, _, end = text.partition("-")
    hours = hour_named(begin), hour_named(end)
    if hours[0] is None or hours[1] is None or hours[0] == hours[1]:
        return None
    return hours[0], hours[1]
