"""What kind of thing each word stands for, by a list of the locale: words that were never learnt count through it."""

from collections.abc import Iterator, Mapping, Sequence

from dialogs.understanding.features import BEFORE, BEHIND, hashed

ROW = 4
"""The longest run of senses that is looked at."""

REACH = 3
"""How far around a sense the words are looked at, and about how far senses are paired."""

FRAMES = ("negation", "past", "quoting", "laughter", "work", "he_or_she", "family", "in_earnest", "recovered")
"""Senses that change what all others in a text mean."""


class Senses:
    """The senses of one locale."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """Take the words of each sense, with blanks between them; what stands further up comes first."""
        self._all: dict[str, list[str]] = {}
        for sense, listed in words.items():
            for word in listed.split():
                self._all.setdefault(word, []).append(sense)

    def features(self, sentences: Sequence[Sequence[str]]) -> set[int]:
        """Return the hashed features of the tokens of a text, sentence by sentence."""
        names: set[str] = set()
        everything: set[str] = set()
        for tokens in sentences:
            names.update(self._in_a_row(tokens))
            names.update(self._with_words(tokens))
            everything.update(sense for token in tokens for sense in self._all.get(token, ()))
        names.update(f"s {sense}" for sense in everything)
        names.update(f"f {frame} {sense}" for frame in FRAMES if frame in everything for sense in everything)
        return {hashed(name) for name in names}

    def _first(self, token: str) -> str:
        return self._all[token][0] if token in self._all else ""

    def _in_a_row(self, tokens: Sequence[str]) -> Iterator[str]:
        mixed = [BEFORE, *(self._first(token) or token for token in tokens), BEHIND]
        yield from (f"m {run}" for size in range(2, ROW + 1) for run in _runs(mixed, size))
        senses = [sense for token in tokens if (sense := self._first(token))]
        yield from (f"c {run}" for size in range(1, ROW + 1) for run in _runs([BEFORE, *senses, BEHIND], size))
        for n, sense in enumerate(senses):
            yield from (f"p {sense} {other}" for other in senses[n + 1 : n + 2 * REACH])

    def _with_words(self, tokens: Sequence[str]) -> Iterator[str]:
        for n, token in enumerate(tokens):
            if sense := self._first(token):
                yield from (f"x {sense} < {before}" for before in tokens[max(0, n - REACH) : n])
                yield from (f"x {sense} > {behind}" for behind in tokens[n + 1 : n + 1 + REACH])


def _runs(row: Sequence[str], size: int) -> Iterator[str]:
    return (" ".join(row[n : n + size]) for n in range(len(row) - size + 1))
