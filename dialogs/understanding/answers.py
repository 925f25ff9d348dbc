"""Which choices of which questions a short line could mean, by the phrases that the words list."""

from collections.abc import Mapping

from dialogs.catalog import Catalog
from dialogs.understanding.phrases import plain

SHORT = 6
"""Up to this many words, a line is short enough to be an answer with some padding."""

LONG_ANSWER = 4
"""From this many words behind a yes or no on, what is behind it counts more than the yes or no."""


class Answers:
    """The phrases that answer questions."""

    def __init__(self, catalog: Catalog) -> None:
        """Take the choices of all questions of a catalog."""
        self._choices = _choices(catalog)
        agreement = catalog.understood["intents"]
        self._agreement_words = {plain(word): name for name in ("yes", "no") for word in agreement[name]}
        self._fillers = frozenset(plain(word) for word in catalog.understood["fillers"]["words"])
        self._spellings: Mapping[str, str] = catalog.understood["spellings"]

    def of(self, line: str) -> frozenset[str]:
        """Return the choices that a plain line means: all of it, its core, or a yes or no with a little behind it."""
        spelt = " ".join(self._spellings.get(word, word) for word in line.split())
        for answer in (line, spelt, self._core(spelt), self._agreement(spelt)):
            if answer in self._choices:
                return self._choices[answer]
        return frozenset()

    def _agreement(self, line: str) -> str:
        first, *others = line.split() or [""]
        return self._agreement_words.get(first, "") if 0 < len(others) < LONG_ANSWER else ""

    def _core(self, line: str) -> str:
        """Return a short line without the words around its core that change nothing."""
        words = line.split()
        if len(words) > SHORT:
            return line
        while words and (words[0] in self._fillers or " ".join(words[:2]) in self._fillers):
            words = words[1 if words[0] in self._fillers else 2 :]
        while words and (words[-1] in self._fillers or " ".join(words[-2:]) in self._fillers):
            del words[-1 if words[-1] in self._fillers else -2 :]
        return " ".join(words)


def _choices(catalog: Catalog) -> Mapping[str, frozenset[str]]:
    """Return, for every phrase that answers a question, which choices of which questions it could be."""
    found: dict[str, set[str]] = {}
    for choice, words in catalog.choice_phrases():
        for phrase in words:
            found.setdefault(plain(phrase), set()).add(choice)
    return {phrase: frozenset(names) for phrase, names in found.items()}
