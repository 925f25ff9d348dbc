"""What a picture shows: words and numbers, in the reader's language. It is drawn when it is sent."""

from datetime import date

from dialogs.private import Private


class Path(Private, frozen=True, tag="path"):
    """Points on a way, each with its name and whether it is "past", "here" or "ahead"."""

    title: str
    points: tuple[tuple[str, str], ...]


class Pair(Private, frozen=True, tag="pair"):
    """One number before and after, from 1 to `most`: the names of the two moments, and the two values."""

    title: str
    names: tuple[str, str]
    values: tuple[int, int]
    most: int


class Course(Private, frozen=True, tag="course"):
    """A number from 1 to `most` over days, the oldest first, with words for its ends, up and down, left and right."""

    title: str
    values: tuple[tuple[date, int], ...]
    most: int
    lowest: str
    highest: str
    first: str
    last: str


class Share(Private, frozen=True, tag="share"):
    """How many of all are done, with the words that say so."""

    title: str
    done: int
    all: int
    words: str


class Lines(Private, frozen=True, tag="lines"):
    """A titled list of lines, each of any length."""

    title: str
    lines: tuple[str, ...]


Panel = Path | Pair | Course | Share | Lines


class Picture(Private, frozen=True):
    """A picture, from top to bottom. The text of the reply that carries it says the same, for who cannot see it."""

    title: str
    panels: tuple[Panel, ...]
