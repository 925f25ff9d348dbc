"""Finding listed phrases in a text, whatever its capitals, punctuation and apostrophes."""

import re
from collections.abc import Iterable, Iterator, Mapping

_APOSTROPHES = str.maketrans("", "", "'\u2018\u2019`\u00b4")
_NO_WORD = re.compile(r"[^\w\s\U0001F300-\U0001FAFF]+|_+")


def plain(text: str) -> str:
    """Return the text in lower case, without punctuation, its words one blank apart."""
    return " ".join(_NO_WORD.sub(" ", text.casefold().translate(_APOSTROPHES)).split())


class Phrases:
    """Named lists of phrases. What is listed further up comes first."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        """Take the lists; every phrase is matched as whole words."""
        self._patterns = {name: _whole_words(phrases) for name, phrases in lists.items()}
        self._exact: dict[str, str] = {}
        for name, phrases in lists.items():
            for phrase in phrases:
                self._exact.setdefault(plain(phrase), name)

    def exact(self, text: str) -> str | None:
        """Return the name of the list that has this whole plain text as a phrase."""
        return self._exact.get(text)

    def found(self, text: str) -> Iterator[str]:
        """Yield the names of the lists of which a phrase stands in the plain text."""
        return (name for name, pattern in self._patterns.items() if pattern.search(text))


def _whole_words(phrases: Iterable[str]) -> re.Pattern[str]:
    # Only literal phrases in one alternation: the time it takes grows with the text and nothing else.
    literals = sorted({re.escape(plain(phrase)) for phrase in phrases}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(literals)})(?!\w)")
