"""Days that are named, and sentences of the shape "when this happens, I will do that"."""

import re
from collections.abc import Mapping
from typing import Any

from dialogs.understanding.phrases import Phrases

Halves = tuple[str | None, str | None]


class Plans:
    """The words of one locale for days and plans."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        """Take the words that are understood in this language."""
        self._when = Phrases(words["when"])
        self._ahead = _ahead(words["units"])
        self._plan = _plan(words["plans"])

    def day(self, line: str) -> str | None:
        """Return the day that a plain line names, as `Meaning.when` has it."""
        ahead = self._ahead.search(line)
        if ahead:
            days = int(ahead["number"]) * (7 if ahead["weeks"] else 1)
            return f"+{days}"
        return next(self._when.found(line), None)

    def halves(self, text: str) -> Halves:
        """Return the cue and the action of a text."""
        found = self._plan.match(text.strip())
        if not found:
            return None, None
        return (found["cue"] or "").strip(" ,") or None, found["action"].strip(" .") or None


def _ahead(units: Mapping[str, list[str]]) -> re.Pattern[str]:
    days, weeks = ("|".join(re.escape(word) for word in units[name]) for name in ("days", "weeks"))
    return re.compile(rf"(?<!\w)(?P<number>\d{{1,2}}) (?:(?P<days>{days})|(?P<weeks>{weeks}))(?!\w)")


def _plan(words: Mapping[str, list[str]]) -> re.Pattern[str]:
    when, will = ("|".join(re.escape(word) for word in words[name]) for name in ("when", "will"))
    return re.compile(
        rf"(?:(?:{when}) (?P<cue>[^,]{{1,300}}?),? )?(?:{will}) (?P<action>.{{1,1000}})", re.IGNORECASE | re.DOTALL
    )
