"""Time travel in words: what `/wait` takes, and how the time that went by is put."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogs.catalog import Catalog
from dialogs.journey import Journey, Turn
from dialogs.phrasing import phrase
from dialogs.replies import Params, Say

FURTHEST = timedelta(days=366)
"""The clock is moved by a year at most in one go."""

MORNING = time(9)
"""The time of a day that was named without one."""

IN_WORDS = 12
"""Counts up to this one are written as words."""

ROUGHLY = 0.05
"""How far a rounded span may be off."""

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_SPAN = re.compile(r"(\d{1,4})\s*(m|h|d|w)(?:in(?:ute)?s?|ours?|ays?|eeks?)?", re.IGNORECASE | re.ASCII)
_UNTIL = re.compile(r"(?:until\s+)?(?:(\d{4}-\d{2}-\d{2})|([a-z]+))?\s*(?:at\s+)?(\d{1,2}:\d{2})?", re.IGNORECASE)


class WaitError(Exception):
    """What was asked for is no time to wait for. `key` is the line of the words that says why."""

    def __init__(self, key: str) -> None:
        """Keep the key."""
        super().__init__(key)
        self.key = key


def target(asked: str, now: datetime, zone: str) -> datetime:
    """Return the moment that "2d", "until monday 9:00" or "until 2026-12-24 9:00" names. Raises WaitError."""
    asked = asked.strip()
    moment = _after(asked, now) or _named(asked, now.astimezone(ZoneInfo(zone)))
    if moment is None:
        key = "terminal.wait_unclear"
        raise WaitError(key)
    if not now < moment <= now + FURTHEST:
        key = "terminal.wait_ahead"
        raise WaitError(key)
    return moment


def _after(asked: str, now: datetime) -> datetime | None:
    span = _SPAN.fullmatch(asked)
    return now + int(span[1]) * _UNITS[span[2].lower()] if span else None


def _named(asked: str, local: datetime) -> datetime | None:
    parts = _UNTIL.fullmatch(asked)
    if not asked or parts is None:
        return None
    try:
        clock = time.fromisoformat(parts[3].zfill(len("09:00"))) if parts[3] else MORNING
        if parts[1]:
            return _moment(date.fromisoformat(parts[1]), clock, local)
    except (ValueError, OverflowError):
        return None
    if parts[2]:
        return _on_weekday(parts[2].lower(), clock, local)
    today = _moment(local.date(), clock, local)
    return today if today > local else _moment(local.date() + timedelta(days=1), clock, local)


def _on_weekday(name: str, clock: time, local: datetime) -> datetime | None:
    if name == "tomorrow":
        return _moment(local.date() + timedelta(days=1), clock, local)
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if name[:3] not in _WEEKDAYS or not full[_WEEKDAYS.index(name[:3])].startswith(name):
        return None
    ahead = (_WEEKDAYS.index(name[:3]) - local.weekday()) % 7
    moment = _moment(local.date() + timedelta(days=ahead), clock, local)
    return moment if moment > local else _moment(local.date() + timedelta(days=7), clock, local)


def _moment(day: date, clock: time, local: datetime) -> datetime:
    return datetime.combine(day, clock, tzinfo=local.tzinfo).astimezone(UTC)


def later(span: timedelta, moment: datetime, zone: str, catalog: Catalog) -> str:
    """Return the line that says how much time went by, and what time it is now."""
    local = moment.astimezone(ZoneInfo(zone))
    weekday = catalog.lines["common.weekdays"].say[local.weekday()]
    day = weekday if span < timedelta(weeks=1) else local.date()
    return line("terminal.later", catalog, {"span": _span(span), "day": day, "time": f"{local:%H:%M}"})


def _span(span: timedelta) -> Say:
    """Return a span in the largest unit that does not mislead: 36 hours are not two days."""
    minutes = max(1, round(span / timedelta(minutes=1)))
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        count = round(minutes / size)
        if count and abs(count * size - minutes) <= ROUGHLY * minutes:
            return _counted(unit, count)
    return _counted("minute", minutes)


def _counted(unit: str, count: int) -> Say:
    if count == 1:
        return Say(key=f"terminal.one_{unit}")
    # The wordings of "numbers" are two, three, ... twelve, so the count itself says which.
    number = Say(key="terminal.numbers", nth=count - 2) if count <= IN_WORDS else str(count)
    return Say(key=f"terminal.{unit}s", params={"number": number})


def line(key: str, catalog: Catalog, params: Params | None = None) -> str:
    """Return a line of the terminal's own words."""
    (reply,) = phrase(Turn(journey=Journey(), says=(Say(key=key, params=params or {}),)), catalog)
    return reply.text
