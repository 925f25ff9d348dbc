"""From a line of text to its meaning: listed phrases are taken at their word, the models read everything else."""

import math
from collections.abc import Mapping, Sequence
from functools import cache

from dialogs.catalog import Catalog
from dialogs.understanding import mails, names
from dialogs.understanding.answers import Answers
from dialogs.understanding.mails import Mail
from dialogs.understanding.meaning import Danger, Meaning
from dialogs.understanding.model import Models
from dialogs.understanding.names import Names
from dialogs.understanding.normal import tokens
from dialogs.understanding.phrases import Phrases, plain
from dialogs.understanding.plans import Plans
from dialogs.understanding.seen import Eyes
from dialogs.understanding.times import Times

LONGEST_READ = 8000
"""The number of characters that are read of one line."""

LONELY = 0.5
"""A single word that no list knows says this much less: too little to act on, enough to ask."""

GUESSED = 0.35
"""From this confidence on, an intent is worth asking about."""

MOST_GUESSES = 2

FELT = 0.2
"""From this share of all feelings on, a feeling counts."""

NEUTRAL = "neutral"

MAIL_WORDS = 8
"""A text of fewer words is no e-mail."""

Scores = Mapping[str, float]


class Understanding:
    """What one locale understands."""

    def __init__(self, catalog: Catalog, models: Models) -> None:
        """Prepare the phrases of a catalog, and take the models of its locale."""
        words = catalog.understood
        self._models = models
        self._commands = Phrases(words["commands"])
        self._intents = Phrases(words["intents"])
        self._cues = Phrases(words["cues"])
        self._countries = Phrases(words["countries"])
        self._answers = Answers(catalog)
        self._plans = Plans(words)
        self._times = Times(words)
        self._eyes = Eyes.of(catalog)

    @classmethod
    def load(cls, catalog: Catalog) -> "Understanding":
        """Return what the locale of a catalog understands, prepared once per process.

        Raises ModelError when there is no model for it.
        """
        return _load(catalog)

    def understand(self, text: str) -> Meaning:
        """Return the meaning of a line. Never raises, whatever the line is."""
        text = text[:LONGEST_READ]
        line = plain(text)
        seen = tokens(text)
        model = self._models.texts
        # The text as a whole comes first, then its stretches.
        many = model.scores(*zip(*self._eyes.look_closely(text), strict=True))
        scores = many[0]
        danger = self._danger([model.part(one, "danger") for one in many])
        rejection = self._rejection_email(seen, model.part(scores, "mail"))
        guesses = self._intents_of(line, model.part(scores, "intent")) if seen else {}
        if rejection:
            guesses = {"got_rejected": 1.0}
        intent = next(iter(guesses), None)
        named = Names() if rejection is not None else self._named(text)
        cue, action = self._plans.halves(text)
        at, either_half = self._times.time(text)
        cues = frozenset(self._cues.found(line))
        return Meaning(
            intent=intent,
            command=self._commands.exact(line),
            confidence=guesses.get(intent or "", 0.0),
            guesses=tuple(name for name, sure in guesses.items() if sure >= GUESSED)[:MOST_GUESSES],
            feelings=_felt(model.part(scores, "feeling")) if seen else (),
            danger=danger,
            about=_about(model.part(scores, "about")) if danger is not Danger.NONE else None,
            employer=named.employer,
            role=named.role,
            rejection_email=rejection,
            mail=mails.read(model, self._eyes, text) if rejection else Mail(),
            choices=self._answers.of(line),
            number=int(line) if line.isdecimal() and len(line) <= len("99") else None,
            cues=cues | {"either_half"} if either_half else cues,
            when=self._times.day(text),
            at=at,
            cue=cue,
            action=action,
            country=self._countries.exact(line),
        )

    def _danger(self, scores: Sequence[Scores]) -> Danger:
        """Return the danger in a text: it counts what is said in it anywhere as much as what it says on the whole."""
        thresholds = self._models.thresholds
        score = {name: (whole + max(one[name] for one in scores)) / 2 for name, whole in scores[0].items()}
        if score["any"] <= thresholds["any"]:
            return Danger.NONE
        return Danger.DANGER if score["clear"] > thresholds["clear"] else Danger.CONCERN

    def _named(self, text: str) -> Names:
        return names.find(self._models.names, text, self._models.thresholds["names"])

    def _intents_of(self, line: str, scores: Scores) -> dict[str, float]:
        """Return how sure each intent is, the surest first; a listed line is sure to be what it is listed as."""
        listed = self._intents.exact(line)
        if listed:
            return {listed: 1.0}
        worth = LONELY if " " not in line else 1.0
        shares = _shares(scores)
        sure = {name: worth * min(share, _odds_as_share(scores[name])) for name, share in shares.items()}
        return dict(sorted(sure.items(), key=lambda one: -one[1]))

    def _rejection_email(self, seen: list[str], scores: Scores) -> bool | None:
        if len(seen) < MAIL_WORDS or scores["any"] <= 0:
            return None
        return scores["rejection"] > 0


@cache
def _load(catalog: Catalog) -> Understanding:
    return Understanding(catalog, Models.load(catalog.locale))


def _odds_as_share(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def _shares(scores: Scores) -> dict[str, float]:
    """Return log-odds as shares that add up to 1."""
    odds = {name: _odds_as_share(score) for name, score in scores.items()}
    total = sum(odds.values())
    return {name: share / total for name, share in odds.items()}


def _felt(scores: Scores) -> tuple[str, ...]:
    """Return the feelings that count, the strongest first; none when the line is neutral above all."""
    shares = _shares(scores)
    strongest = sorted(shares, key=lambda name: -shares[name])
    if strongest[0] == NEUTRAL:
        return ()
    return tuple(name for n, name in enumerate(strongest) if name != NEUTRAL and (not n or shares[name] >= FELT))


def _about(scores: Scores) -> str:
    return "other" if scores["other"] > 0 else "self"
