"""What a check has to say: one line for what is good, one sentence for what is not, with what to do about it."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from bot.failures import failure_of


class Verdict(Enum):
    """What a result asks of the host, as it is shown: nothing, a thought, or to mend something."""

    GOOD = "ok"
    ADVICE = "advice"
    WRONG = "MEND"


@dataclass(frozen=True)
class Result:
    """What was seen of a topic."""

    verdict: Verdict
    topic: str
    words: str


def good(topic: str, words: str) -> Result:
    """Return that something is as it should be."""
    return Result(Verdict.GOOD, topic, words)


def advice(topic: str, words: str) -> Result:
    """Return what works, and could be better."""
    return Result(Verdict.ADVICE, topic, words)


def wrong(topic: str, words: str) -> Result:
    """Return what has to be mended, and how."""
    return Result(Verdict.WRONG, topic, words)


def guarded(topic: str, results: Iterable[Result]) -> Iterator[Result]:
    """Pass results on, and what ends them early as one more: the topics after it are still looked at."""
    try:
        yield from results
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told, as `main` does
        yield wrong(topic, failure_of(error)[0])


def text(result: Result, width: int | None) -> str:
    """Return a result as a line; wrapped beside its topic when a width is given."""
    begin = f"{result.verdict.value:<6}  {result.topic:<9}  "
    if width is None or width < 2 * len(begin):
        return begin + result.words
    return textwrap.fill(
        result.words,
        width,
        initial_indent=begin,
        subsequent_indent=" " * len(begin),
        break_long_words=False,
        break_on_hyphens=False,
    )


def counted(number: int, noun: str) -> str:
    """Return a number of things, as it is said."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
