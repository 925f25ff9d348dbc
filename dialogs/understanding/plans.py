"""Sentences of the shape "when this happens, I will do that"."""

import re
from collections.abc import Mapping
from typing import Any

Halves = tuple[str | None, str | None]


class Plans:
    """The words of one locale for plans."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        """Take the words that are understood in this language."""
        self._plan = _plan(words["plans"])

    def halves(self, text: str) -> Halves:
        """Return the cue and the action of a text."""
        found = self._plan.match(text.strip())
        if not found:
            return None, None
        return (found["cue"] or "").strip(" ,") or None, found["action"].strip(" .") or None


def _plan(words: Mapping[str, list[str]]) -> re.Pattern[str]:
    when, will = ("|".join(re.escape(word) for word in words[name]) for name in ("when", "will"))
    return re.compile(
        rf"(?:(?:{when}) (?P<cue>[^,]{{1,300}}?),? )?(?:{will}) (?P<action>.{{1,1000}})", re.IGNORECASE | re.DOTALL
    )
