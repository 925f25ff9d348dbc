"""Days and times of day that are named, in names that belong to no language; what day it is today is not known here."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from dialogs.understanding.phrases import Phrases, plain

_ISO = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(?!\d)")
_CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-4])(?:[:.h]([0-5]\d))(?![\d:.])(?: ?([ap])\.?m)?", re.IGNORECASE)
_HALF = re.compile(r"(?<![\d:.])(1[0-2]|0?[1-9]) ?([ap])\.?m\b", re.IGNORECASE)

LAST_HOUR = 23
NOON = 12


class Times:
    """The words of one locale for days and times."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        """Take the words that are understood in this language."""
        self._numbers: Mapping[str, int] = words["numbers"]
        self._named = Phrases(words["when"])
        self._hours = Phrases(words["hours"])
        self._months = {plain(name): n for n, names in enumerate(words["months"]["names"], 1) for name in names}
        number, weeks, days = _any(self._numbers), _any(words["units"]["weeks"]), _any(words["units"]["days"])
        month, of, nth = _any(self._months), _any(words["months"]["of"]), r"(?P<day>\d{1,2})(?:st|nd|rd|th)"
        at, sharp = _any(words["clock"]["at"]), _any(words["clock"]["sharp"])
        self._ahead = _words(rf"(?P<number>\d{{1,2}}|{number}) (?:(?:{days})|(?P<weeks>{weeks}))")
        self._day_month = _words(rf"{nth}? (?:(?:{of}) )?(?P<month>{month})")
        self._month_day = _words(rf"(?P<month>{month}) (?:the )?{nth}?")
        self._nth = _words(nth)
        self._oclock = _words(rf"(?:(?:{at}) (?P<at>\d{{1,2}})|(?P<sharp>\d{{1,2}}) (?:{sharp}))")

    def day(self, text: str) -> str | None:
        """Return the day that a text names, as `Meaning.when` has it."""
        return _in_figures(text) or self._in_words(plain(text))

    def _in_words(self, line: str) -> str | None:
        if found := self._day_month.search(line) or self._month_day.search(line):
            return f"m{self._months[found['month']]}-{found['day']}"
        if found := self._ahead.search(line):
            number = self._numbers.get(found["number"]) or int(found["number"])
            return f"+{number * (7 if found['weeks'] else 1)}"
        if found := self._nth.search(line):
            return f"d{found['day']}"
        return next(self._named.found(line), None)

    def time(self, text: str) -> tuple[str | None, bool]:
        """Return the time of day that a text names, as `Meaning.at` has it, and whether it could be either half."""
        if found := _CLOCK.search(text):
            return _time(int(found[1]), int(found[2]), found[3])
        if found := _HALF.search(text):
            return _time(int(found[1]), 0, found[2])
        line = plain(text)
        if named := next(self._hours.found(line), None):
            return named, False
        if found := self._oclock.search(line):
            return _time(int(found["at"] or found["sharp"]), 0, None)
        return None, False


def _in_figures(text: str) -> str | None:
    if found := _ISO.search(text):
        return found[0]
    if found := _SLASHED.search(text):
        return f"/{found[1]}/{found[2]}"
    found = _DOTTED.search(text)
    return f"m{found[2]}-{found[1]}" if found else None


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(plain(word)) for word in words)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")


def _time(hour: int, minute: int, half: str | None) -> tuple[str | None, bool]:
    if half and hour <= NOON:
        hour = hour % NOON + (NOON if half in "pP" else 0)
    if hour > LAST_HOUR:
        return None, False
    return f"{hour:02}:{minute:02}", not half and 0 < hour <= NOON
