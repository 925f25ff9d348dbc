"""Understanding by rules: phrases that are listed, and the few shapes that they stand in."""

import re
from collections.abc import Mapping

from dialogs.catalog import Catalog
from dialogs.understanding.meaning import Danger, Meaning
from dialogs.understanding.names import Names
from dialogs.understanding.phrases import Phrases, plain

LISTED = 1.0
FOUND = 0.8
GUESSED = 0.6
"""How sure a meaning is: the whole line is a listed phrase, a phrase stands in it, or only a feeling does."""

LONGEST_READ = 8000
"""The number of characters that are read of one line."""

SHORT = 6
"""Up to this many words, a line is short enough to be an answer with some padding."""

LONG_ANSWER = 4
"""From this many words behind a yes or no on, what is behind it counts more than the yes or no."""

MAIL_FROM = 120
"""A text from this many characters on may be a pasted e-mail."""


class Understanding:
    """What one locale understands."""

    def __init__(self, catalog: Catalog) -> None:
        """Prepare the phrases of a catalog."""
        words = catalog.understood
        self._commands = Phrases(words["commands"])
        self._intents = Phrases(words["intents"])
        self._feelings = Phrases(words["feelings"])
        self._cues = Phrases(words["cues"])
        self._danger = Phrases({name: words["danger"][name] for name in ("danger", "concern")})
        self._harmless = Phrases({"harmless": words["danger"]["harmless"]})
        self._countries = Phrases(words["countries"])
        self._when = Phrases(words["when"])
        self._mail = tuple(words["names"]["mail"])
        self._names = Names(words["names"])
        self._fillers = frozenset(plain(word) for word in words["fillers"]["words"])
        self._choices = _choices(catalog)
        self._ahead = _ahead(words["units"])
        self._plan = _plan(words["plans"])

    @classmethod
    def load(cls, catalog: Catalog) -> "Understanding":
        """Return what the locale of a catalog understands."""
        return cls(catalog)

    def understand(self, text: str) -> Meaning:
        """Return the meaning of a line. Never raises, whatever the line is."""
        text = text[:LONGEST_READ]
        line = plain(text)
        command = self._commands.exact(line)
        feelings = tuple(self._feelings.found(line))
        mail = self._rejection_email(text, line)
        intent, confidence = self._intent(line, feelings)
        if mail:
            intent, confidence = "got_rejected", FOUND
        danger = self._danger_in(line)
        cue, action = self._halves(text)
        names = intent in {"got_rejected", "got_offer"} and not mail
        return Meaning(
            intent=intent,
            command=command,
            confidence=confidence,
            feelings=feelings,
            danger=danger,
            about="self" if danger is not Danger.NONE else None,
            employer=self._names.employer(text) if names else None,
            role=self._names.role(text) if names else None,
            rejection_email=mail,
            choices=self._choices_of(line),
            number=int(line) if line.isdecimal() and len(line) <= len("99") else None,
            cues=frozenset(self._cues.found(line)),
            when=self._day(line),
            cue=cue,
            action=action,
            country=self._countries.exact(line),
        )

    def _choices_of(self, line: str) -> frozenset[str]:
        """Return the choices that a line could mean: all of it, its core, or a yes or no with a little behind it."""
        for answer in (line, self._core(line), self._agreement(line)):
            if answer in self._choices:
                return self._choices[answer]
        return frozenset()

    def _agreement(self, line: str) -> str:
        """Return "yes" or "no" when a short line begins with one, "" otherwise."""
        first, *others = line.split() or [""]
        agrees = self._intents.exact(first) if 0 < len(others) < LONG_ANSWER else None
        return agrees if agrees in ("yes", "no") else ""

    def _core(self, line: str) -> str:
        """Return a short line without the words around its core that change nothing."""
        words = line.split()
        if len(words) > SHORT:
            return line
        while words and (words[0] in self._fillers or " ".join(words[:2]) in self._fillers):
            words = words[1 if words[0] in self._fillers else 2 :]
        while words and words[-1] in self._fillers:
            words.pop()
        return " ".join(words)

    def _intent(self, line: str, feelings: tuple[str, ...]) -> tuple[str | None, float]:
        listed = self._intents.exact(line)
        if listed:
            return listed, LISTED
        found = next(self._intents.found(line), None)
        if found:
            return found, FOUND if len(line.split()) > len("abc") or found.startswith("got") else GUESSED
        return ("vent", GUESSED) if feelings else (None, 0.0)

    def _danger_in(self, line: str) -> Danger:
        named = next(self._danger.found(self._harmless.without(line)), None)
        return Danger(named) if named else Danger.NONE

    def _rejection_email(self, text: str, line: str) -> bool | None:
        if len(text) < MAIL_FROM or not any(sign in text.casefold() for sign in self._mail):
            return None
        return "got_rejected" in self._intents.found(line)

    def _day(self, line: str) -> str | None:
        ahead = self._ahead.search(line)
        if ahead:
            days = int(ahead["number"]) * (7 if ahead["weeks"] else 1)
            return f"+{days}"
        return next(self._when.found(line), None)

    def _halves(self, text: str) -> tuple[str | None, str | None]:
        found = self._plan.match(text.strip())
        if not found:
            return None, None
        return (found["cue"] or "").strip(" ,") or None, found["action"].strip(" .") or None


def _choices(catalog: Catalog) -> Mapping[str, frozenset[str]]:
    """Return, for every phrase that answers a question, which choices of which questions it could be."""
    found: dict[str, set[str]] = {}
    for choice, words in catalog.choice_phrases():
        for phrase in words:
            found.setdefault(plain(phrase), set()).add(choice)
    return {phrase: frozenset(names) for phrase, names in found.items()}


def _ahead(units: Mapping[str, list[str]]) -> re.Pattern[str]:
    days, weeks = ("|".join(re.escape(word) for word in units[name]) for name in ("days", "weeks"))
    return re.compile(rf"(?<!\w)(?P<number>\d{{1,2}}) (?:(?P<days>{days})|(?P<weeks>{weeks}))(?!\w)")


def _plan(words: Mapping[str, list[str]]) -> re.Pattern[str]:
    when, will = ("|".join(re.escape(word) for word in words[name]) for name in ("when", "will"))
    return re.compile(
        rf"(?:(?:{when}) (?P<cue>[^,]{{1,300}}?),? )?(?:{will}) (?P<action>.{{1,1000}})", re.IGNORECASE | re.DOTALL
    )
