"""Undoing what hides words: look-alike characters, invisible ones, letters spaced out, letters repeated."""

import re
import unicodedata

_APOSTROPHES = str.maketrans("", "", "'\u2018\u2019`\u00b4")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_LOOK_ALIKE = str.maketrans("013457@$!|\u20ac", "oieasta" + "siie")
_DISGUISED = re.compile(r"(?=[^\s]{0,40}[^\W\d_])[\w@$!|\u20ac*]{1,40}")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-*_/]){2,40}[^\W\d_](?![^\W_])")
_SPACERS = re.compile(r"[ .\-*_/]")
_REPEATED = re.compile(r"(\w)\1{2,}")
MOST = 2000
"""The number of tokens that are read of a text: more than 8,000 characters of any prose."""

_TOKEN = re.compile(r"[^\W_]+|[?!\"]|[\U0001F300-\U0001FAFF\u2600-\u27bf]")


def tokens(text: str) -> list[str]:
    """Return the words, question and exclamation marks, quotation marks and emojis of a text, undisguised.

    Time grows with the length of the text and nothing else: every repetition in the patterns has a limit.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold().translate(_APOSTROPHES)
    text = _SPACED.sub(lambda found: _SPACERS.sub("", found.group()), text)
    text = _DISGUISED.sub(_undisguised, text)
    return _TOKEN.findall(_REPEATED.sub(r"\1", text))[:MOST]


def _undisguised(found: re.Match[str]) -> str:
    word = found.group()
    if word.isalpha():
        return word
    core = word.rstrip("!|")
    if any(letter.isalpha() for letter in core):
        return core.replace("*", "").translate(_LOOK_ALIKE) + word[len(core) :]
    return word
