"""What is understood of texts that nobody should be able to do harm with."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from random import Random
from time import perf_counter, thread_time

from dialogs import moments
from dialogs.commands import COMMANDS
from dialogs.journey import Settings
from dialogs.understanding.meaning import Danger, Meaning
from dialogs.understanding.model import Models
from dialogs.understanding.reader import LONGEST_READ, MOST_GUESSES, NEUTRAL
from tests.fuzz.real import CATALOG, UNDERSTANDING
from tests.fuzz.target import Made, Target, declared, holds
from tests.fuzz.texts import nasty

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
A_THOUSAND, AT_LEAST = 0.010, 0.005
"""Seconds that a thousand characters may take, and that any text may."""

EXCESS = 20
"""So many times as long is a mistake."""


def heads(of: str) -> frozenset[str]:
    """Return the names that the models give to something."""
    begin = f"{of}:"
    return frozenset(name.removeprefix(begin) for name in Models.load().texts.heads if name.startswith(begin))


WORDS = CATALOG.understood
INTENTS, FEELINGS = heads("intent") | set(WORDS["intents"]), heads("feeling") - {NEUTRAL}
NAMED_DAYS = frozenset(WORDS["when"])
CHOICES = frozenset(name for name, _ in CATALOG.choice_phrases())
WHEN = re.compile(r"[+-]\d{1,3}|d\d{1,2}|m\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\d{4}-\d{2}-\d{2}")


class Understood(Target):
    """A text has a meaning in the names that are declared for it, in the time that its length allows."""

    name = "understanding"

    def make(self, random: Random) -> Made:
        """Return a text."""
        return nasty(random)

    def check(self, made: Made) -> None:
        """Check what a text means, and how long it takes to tell."""
        begun = perf_counter()
        meaning = UNDERSTANDING.understand(made)
        allowed = EXCESS * (AT_LEAST + A_THOUSAND * len(made) / 1000)
        holds(
            perf_counter() - begun <= allowed or _works(made) <= allowed, "a text takes longer than its length allows"
        )
        declared(meaning, Meaning)
        _names(meaning)
        _times(meaning)
        _parts(meaning, made[:LONGEST_READ])
        self.reached |= {meaning.intent or "no intent", meaning.danger, *meaning.cues, *meaning.feelings}
        self.reached |= {f"/{meaning.command}"} if meaning.command else set()


def _works(text: str) -> float:
    """Return how long a text really takes, in seconds: the wait for a machine that does other things is not counted."""
    begun = thread_time()
    UNDERSTANDING.understand(text)
    return thread_time() - begun


def _within(found: Iterable[str], allowed: Iterable[str], what: str) -> None:
    holds(set(found) <= set(allowed), f"{what} has a name that is not declared")


def _names(meaning: Meaning) -> None:
    _within(filter(None, [meaning.intent, *meaning.guesses]), INTENTS, "an intent")
    _within(filter(None, [meaning.command]), {*COMMANDS, "skip", "back"}, "a command")
    _within(meaning.feelings, FEELINGS, "a feeling")
    _within(meaning.cues, {*WORDS["cues"], "either_half"}, "a cue")
    _within(meaning.choices, CHOICES, "a choice")
    _within(filter(None, [meaning.country]), WORDS["countries"], "a country")
    _within(filter(None, [meaning.about]), ("self", "other"), "whom it is about")
    holds((meaning.about is None) is (meaning.danger is Danger.NONE), "danger without a person, or the other way round")
    holds(0.0 <= meaning.confidence <= 1.0, "confidence is outside 0 to 1")
    holds(len(meaning.guesses) <= MOST_GUESSES, "there are too many guesses")
    holds(meaning.number is None or 0 <= meaning.number <= 99, "a number is none that can be meant")


def _times(meaning: Meaning) -> None:
    if meaning.when is not None:
        known = meaning.when in {*moments.WEEKDAYS, *NAMED_DAYS} or WHEN.fullmatch(meaning.when)
        holds(known, "a day has a form that is not declared")
        for country in ("", "DE"):
            day = moments.day_named(meaning.when, NOW, Settings(zone="Pacific/Kiritimati", country=country))
            declared(day, date | None)
    if meaning.at is not None:
        holds(re.fullmatch(r"\d\d:\d\d", meaning.at, re.ASCII), "a time has a form that is not declared")
        time.fromisoformat(meaning.at)


def _parts(meaning: Meaning, text: str) -> None:
    mail = meaning.mail
    holds(0 <= mail.form <= len(text), "there are more sentences than letters")
    for part in (meaning.employer, meaning.role, meaning.cue, meaning.action, *mail.feedback, *mail.open_door):
        holds(part is None or (part and part in text), "a name is not in the text")
