"""Employer and role, as the person wrote them: each word gets a tag from the words around it."""

import re
from collections.abc import Sequence

import numpy as np

from dialogs.private import Private
from dialogs.understanding.features import hashed
from dialogs.understanding.model import Floats, Linear

TAGS = ("other", "employer", "employer_goes_on", "role", "role_goes_on")
_MAY_NOT_FOLLOW = ((0, 2), (0, 4), (1, 4), (2, 4), (3, 2), (4, 2))
_NEVER = np.float32(-1e9)
_MOVES = np.zeros((len(TAGS), len(TAGS)), np.float32)
for _before, _after in _MAY_NOT_FOLLOW:
    _MOVES[_before, _after] = _NEVER

_WORD = re.compile(r"[\w&'\u2019.+/#-]{0,60}\w[+#]{0,3}|[^\w\s]")
_LONGEST = 400
"""The number of words of a line in which names are looked for."""

_SHOUTED = 0.6
"""From this share of capitalised words on, capitals say nothing about names."""

Span = tuple[str, int, int]


class Names(Private, frozen=True):
    """What was named in a line, None where nothing was."""

    employer: str | None = None
    role: str | None = None


def words(text: str) -> list[Span]:
    """Return the words and other signs of a text, each with where it begins and ends."""
    return [(found.group(), found.start(), found.end()) for found in _WORD.finditer(text)][:_LONGEST]


def features(spans: Sequence[Span]) -> list[set[int]]:
    """Return the hashed features of each word: itself, its neighbours, its shape, its ends."""
    row = ["<<", "<", *(word.casefold().replace("\u2019", "'") for word, _, _ in spans), ">", ">>"]
    shapes = ["", "", *(_shape(word) for word, _, _ in spans), "", ""]
    capitals = sum(shape in {"X", "Xx"} for shape in shapes) / max(1, len(spans))
    case = "loud" if capitals > _SHOUTED else "mixed" if capitals else "low"
    return [{hashed(name) for name in _seen_at(row, shapes, case, n)} for n in range(2, len(row) - 2)]


def _seen_at(row: Sequence[str], shapes: Sequence[str], case: str, n: int) -> tuple[str, ...]:
    word, before, behind = row[n], row[n - 1], row[n + 1]
    shape = case + shapes[n]
    return (
        f"w {word}",
        f"b {before}",
        f"n {behind}",
        f"bb {row[n - 2]}",
        f"nn {row[n + 2]}",
        f"bw {before} {word}",
        f"wn {word} {behind}",
        f"bbb {row[n - 2]} {before}",
        f"nnn {behind} {row[n + 2]}",
        f"bn {before} {behind}",
        f"s {shape}",
        f"sss {shapes[n - 1]} {shape} {shapes[n + 1]}",
        f"bs {before} {shape}",
        f"ns {behind} {shape}",
        f"bbs {row[n - 2]} {before} {shape}",
        f"at {min(n - 2, 3)}",
        f"left {min(len(row) - 3 - n, 2)}",
        *(f"end {size} {word[-size:]}" for size in (2, 3, 4)),
        f"begin {word[:3]}",
        f"n end {behind[-3:]}",
        f"b end {before[-3:]}",
    )


def _shape(word: str) -> str:
    if word.isupper() and len(word) > 1:
        return "X"
    if word[0].isupper():
        return "Xx"
    if any(sign.isdigit() for sign in word):
        return "d"
    return "x" if word[0].isalpha() else "."


def find(model: Linear, text: str, readiness: float) -> Names:
    """Return employer and role of a text; `readiness` is the log-odds by which a name is preferred to none."""
    spans = words(text)
    if not spans:
        return Names()
    scores = model.scores(features(spans))
    scores[:, 0] -= readiness
    tags = _best_row(scores)
    found = {
        name: _surest(text, spans, scores, tags, begin)
        for name, begin in (("employer", TAGS.index("employer")), ("role", TAGS.index("role")))
    }
    return Names(**found)


def _best_row(scores: Floats) -> list[int]:
    """Return the row of tags with the highest sum that the moves allow."""
    best = scores[0].copy()
    best[[2, 4]] = _NEVER
    came_from = []
    for score in scores[1:]:
        ways = best[:, None] + _MOVES
        came_from.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + score
    tags = [int(best.argmax())]
    for came in reversed(came_from):
        tags.append(int(came[tags[-1]]))
    return tags[::-1]


def _surest(text: str, spans: Sequence[Span], scores: Floats, tags: Sequence[int], begin: int) -> str | None:
    """Return the part of the text that begins with a tag and is the surest of its kind."""
    found: dict[tuple[int, int], float] = {}
    for n, tag in enumerate(tags):
        if tag == begin:
            end = next((m for m in range(n + 1, len(tags)) if tags[m] != begin + 1), len(tags))
            found[n, end] = float(np.mean([scores[m, tags[m]] - scores[m, 0] for m in range(n, end)]))
    if not found:
        return None
    first, end = max(found, key=lambda place: found[place])
    name = text[spans[first][1] : spans[end - 1][2]].rstrip(".").strip("*_~`|")
    return name if any(letter.isalpha() for letter in name) else None
