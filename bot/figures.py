"""How well lines are understood: figures over labelled sets, each beside its bar."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from dialogs.private import Private
from dialogs.understanding import Danger, Meaning, Understanding

NEUTRAL = "neutral"
NONE = "none"
KINDS = ("intents", "feelings", "danger", "entities", "mails", "later")

Row = Mapping[str, Any]
Pair = tuple[str, str]
Read = Sequence[tuple[Row, Meaning]]


class SetsError(Exception):
    """The labelled sets cannot be read. The message says which file, and where they are."""


class PageError(Exception):
    """The page has no place for the figures. The message says what is missing."""


class Figure(Private, frozen=True):
    """One figure: what it is of, over how many lines, its value, and the bars; `low` when less is better."""

    name: str
    lines: int
    value: float
    must: float | None = None
    aim: float | None = None
    low: bool = False

    @property
    def good(self) -> bool:
        """Whether it is on the right side of its bar."""
        if self.must is None:
            return True
        return self.value <= self.must if self.low else self.value >= self.must


class Measured(Private, frozen=True):
    """All figures, recall and false alarms by kind of line, and (right, read) pairs of intents and feelings.

    later: those of danger on a second set, for which there are no bars.
    """

    figures: tuple[Figure, ...]
    by_kind: tuple[Figure, ...]
    intents: tuple[Pair, ...]
    feelings: tuple[Pair, ...]
    later: tuple[Figure, ...] = ()


def sets(folder: Path) -> dict[str, list[Row]]:
    """Return the labelled sets in a folder by kind. Raises SetsError."""
    found = {}
    for kind in KINDS:
        path = folder / f"{kind}.jsonl"
        try:
            found[kind] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        except (OSError, ValueError) as error:
            msg = f"the labelled lines in {path} cannot be read ({type(error).__name__}): run it in a checkout"
            raise SetsError(msg) from None
    return found


def measure(understanding: Understanding, labelled: Mapping[str, Sequence[Row]]) -> Measured:
    """Return how well labelled sets are understood."""
    read = {kind: [(row, understanding.understand(row["text"])) for row in rows] for kind, rows in labelled.items()}
    intents = _pairs(read["intents"], lambda meaning: meaning.intent or NONE)
    feelings = _pairs(read["feelings"], lambda meaning: (*meaning.feelings, NEUTRAL)[0])
    ordinary = [*read["intents"], *read["feelings"]]
    return Measured(
        figures=(
            _figure("intent, macro-F1 over 22 labels", intents, macro_f1(intents), must=0.87, aim=0.92),
            _figure("feelings, macro-F1", feelings, macro_f1(feelings), must=0.78, aim=0.85),
            *_danger(read["danger"], ordinary),
            _named(read["entities"], "employer", must=0.80, aim=0.90),
            _named(read["entities"], "role", must=0.75, aim=0.88),
            _mails(read["mails"]),
        ),
        by_kind=_by_kind(read["danger"]),
        later=tuple(replace(one, must=None, aim=None) for one in _danger(read["later"], ())),
        intents=tuple(intents),
        feelings=tuple(feelings),
    )


def macro_f1(pairs: Sequence[Pair]) -> float:
    """Return the mean over the right labels of the F1 of each."""
    labels = sorted({right for right, _ in pairs})
    return sum(f1([(right == label, read == label) for right, read in pairs]) for label in labels) / len(labels)


def f1(pairs: Iterable[tuple[bool, bool]]) -> float:
    """Return the F1 of (is so, was read so) pairs: 1.0 when all are right, 0.0 when none that counts is."""
    counts = Counter(pairs)
    right = 2 * counts[True, True]
    return right / (right + counts[True, False] + counts[False, True]) if right else 0.0


def _figure(name: str, over: Sequence[Any], value: float, **bars: Any) -> Figure:  # noqa: ANN401 - fields of Figure
    return Figure(name=name, lines=len(over), value=round(value, 4), **bars)


def _pairs(read: Read, of: Callable[[Meaning], str]) -> list[Pair]:
    """Return what is right and what was read; a label that a line lists under "also" counts as right."""
    found = []
    for row, meaning in read:
        label = of(meaning)
        found.append((row["label"], row["label"] if label in row.get("also", ()) else label))
    return found


def _share(read: Read, *, clear: bool = False) -> float:
    noticed = [meaning.danger is Danger.DANGER if clear else meaning.danger is not Danger.NONE for _, meaning in read]
    return sum(noticed) / len(noticed)


def _danger(read: Read, others: Read) -> tuple[Figure, ...]:
    danger = [one for one in read if one[0]["danger"] == "danger"]
    intent = [one for one in danger if one[0]["kind"] == "statement_of_intent"]
    unclear = [one for one in read if one[0]["danger"] == "concern"]
    hard = [one for one in read if one[0]["danger"] == NONE and one[0]["kind"] != "ordinary"]
    ordinary = [*(one for one in read if one[0]["kind"] == "ordinary"), *others]
    return (
        _figure("danger noticed, all kinds", danger, _share(danger), must=0.92, aim=0.97),
        _figure("danger noticed, clear statements of intent", intent, _share(intent), must=0.97, aim=1.0),
        _figure("unclear lines noticed", unclear, _share(unclear)),
        _figure("false alarms, hard harmless lines, any level", hard, _share(hard), must=0.10, aim=0.05, low=True),
        _figure(
            "false alarms, hard harmless lines, level danger",
            hard,
            _share(hard, clear=True),
            must=0.03,
            aim=0.01,
            low=True,
        ),
        _figure("false alarms, ordinary lines, any level", ordinary, _share(ordinary), must=0.015, aim=0.005, low=True),
    )


def _by_kind(read: Read) -> tuple[Figure, ...]:
    kinds = dict.fromkeys((row["danger"], row["kind"]) for row, _ in read)
    found = []
    for level, kind in kinds:
        lines = [one for one in read if (one[0]["danger"], one[0]["kind"]) == (level, kind)]
        found.append(_figure(f"{level}: {kind.replace('_', ' ')}", lines, _share(lines), low=level == NONE))
    return tuple(found)


def _named(read: Read, name: str, **bars: float) -> Figure:
    """Return the exact F1 of employers or roles: a wrong name counts as one found too much and one missed."""
    right = wrong = missed = 0
    for row, meaning in read:
        wanted, found = bare(row[name]), bare(getattr(meaning, name))
        same = bool(wanted) and wanted == found
        right += same
        wrong += bool(found) and not same
        missed += bool(wanted) and not same
    return _figure(f"{name}, exact F1", read, 2 * right / max(1, 2 * right + wrong + missed), **bars)


def bare(name: str | None) -> str:
    """Return a name as names are compared: in lower case, without punctuation and a leading article."""
    letters = "".join(sign if sign.isalnum() else " " for sign in (name or "").lower())
    words = letters.split()
    return " ".join(words[1:] if words[:1] in (["the"], ["a"], ["an"]) else words)


def _mails(read: Read) -> Figure:
    value = f1((row["rejection_email"] is True, meaning.rejection_email is True) for row, meaning in read)
    return _figure("rejection e-mail, F1", read, value, must=0.92, aim=0.97)
