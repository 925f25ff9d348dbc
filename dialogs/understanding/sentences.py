"""Cutting a text into its sentences."""

import re

_GAP = re.compile(r"(?<=[.!?])\s+|\n+")


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text, without blanks around them; a full stop within a word ends nothing."""
    return [part.strip() for part in _GAP.split(text) if part.strip()]
