"""From a line of text to its meaning: plain rules over the phrases that the words of a locale list."""

from dialogs.understanding.meaning import Danger, Meaning
from dialogs.understanding.rules import Understanding

__all__ = ["Danger", "Meaning", "Understanding"]
