"""What the models see of a text: its words alone and in a row, and the letters within them."""

from collections.abc import Iterator, Sequence
from zlib import crc32

WORDS_IN_A_ROW = 3
LETTERS_IN_A_ROW = (3, 5)
BEFORE, BEHIND = "\x02", "\x03"


def hashed(name: str) -> int:
    """Return the 32 bits that stand for a feature; halves of broken characters are taken as they are."""
    return crc32(name.encode("utf-8", "surrogatepass"))


def of_words(tokens: Sequence[str]) -> set[int]:
    """Return the hashes of all runs of one to three tokens, and of pairs with one or two tokens between them."""
    row = [BEFORE, *tokens, BEHIND]
    runs = {" ".join(row[n : n + size]) for size in range(1, WORDS_IN_A_ROW + 1) for n in range(len(row) - size + 1)}
    pairs = {f"{row[n]} {'_' * gap} {row[n + gap + 1]}" for gap in (1, 2) for n in range(len(row) - gap - 1)}
    return {hashed(name) for name in runs | pairs}


def of_letters(tokens: Sequence[str]) -> set[int]:
    """Return the hashes of all runs of three to five letters within the tokens."""
    return {hashed(run) for token in set(tokens) for run in _runs(token)}


def _runs(token: str) -> Iterator[str]:
    word = f"<{token}>"
    shortest, longest = LETTERS_IN_A_ROW
    for size in range(shortest, longest + 1):
        for n in range(len(word) - size + 1):
            yield "~" + word[n : n + size]
