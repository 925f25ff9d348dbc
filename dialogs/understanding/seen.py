"""A text as the models see it: the features of its words, of its letters and of what its words stand for."""

from collections.abc import Iterator, Sequence

from dialogs.catalog import Catalog
from dialogs.private import Private
from dialogs.understanding.features import of_letters, of_words
from dialogs.understanding.normal import MOST, tokens
from dialogs.understanding.senses import Senses
from dialogs.understanding.sentences import sentences

STRETCH = 12
"""The number of tokens of a stretch; in a long sentence a new one begins every half of it."""

MOST_STRETCHES = 60
"""In a text that has more of them, they are made longer, so that the time grows with the text and no faster."""

Tokens = Sequence[str]
Features = tuple[set[int], set[int], set[int]]


class Eyes(Private, frozen=True):
    """What is needed to see texts of one locale."""

    senses: Senses

    @classmethod
    def of(cls, catalog: Catalog) -> "Eyes":
        """Return the eyes for the locale of a catalog."""
        return cls(senses=Senses(catalog.senses))

    def see(self, text: str) -> Features:
        """Return the features of a text: of its words, of its letters, of its senses."""
        return self._whole([tokens(sentence) for sentence in sentences(text)])

    def look_closely(self, text: str) -> list[Features]:
        """Return the features of a text, then those of each of its sentences, or of each stretch of a long one.

        When there is only one of them it is the text, and is not repeated.
        """
        rows = [tokens(sentence) for sentence in sentences(text)]
        whole = self._whole(rows)
        length = max(STRETCH, 2 * sum(map(len, rows)) // MOST_STRETCHES)
        if len(rows) > MOST_STRETCHES:
            rows = [[token for row in rows for token in row]]
        found = [part for row in rows for part in _cut(row, length)]
        return [whole, *(self._whole([part]) for part in found)] if len(found) > 1 else [whole]

    def _whole(self, rows: Sequence[Tokens]) -> Features:
        row = [token for row in rows for token in row][:MOST]
        return of_words(row), of_letters(row), self.senses.features(rows)


def _cut(row: Tokens, length: int) -> Iterator[Tokens]:
    if len(row) <= length:
        yield row
        return
    step = length // 2
    yield from (row[begin : begin + length] for begin in range(0, len(row) - step, step))
