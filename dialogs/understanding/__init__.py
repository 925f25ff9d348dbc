"""From a line of text to its meaning, offline: listed phrases, and models trained on labelled lines."""

from dialogs.understanding.meaning import Danger, Meaning
from dialogs.understanding.reader import Understanding

__all__ = ["Danger", "Meaning", "Understanding"]
