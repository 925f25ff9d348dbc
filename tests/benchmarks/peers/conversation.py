"""The conversation that every peer has, and how it is timed.

Each peer runs in an environment of its own, which has nothing of ours: so this needs only the standard library.
"""

import asyncio
import json
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from time import perf_counter

PEOPLE = 100
WARM, SECONDS = 3.0, 4.0
GREETING = "hello"
QUESTIONS = (
    "Which job was it?",
    "How far did you get?",
    "What did they say?",
    "What was in your control?",
    "What was not?",
    "What would you say now?",
    "What will you do differently?",
    "When will you do it?",
)

Say = Callable[[int, str], Awaitable[str]]
"""Hands a line of a person to the framework's dispatcher, and gives its answer once the turn is over."""


@dataclass(frozen=True)
class Kind:
    """What a peer does with the state after each turn.

    `persists_each_turn`: it has left the process, so that a crash of the bot loses nothing.
    `durable`: the disk was asked to keep it (fsync), so that a power cut loses nothing either.
    """

    name: str
    persists_each_turn: bool
    durable: bool
    note: str


def closing(answers: Mapping[str, str]) -> str:
    """Return the last line, which only a bot can say that has kept every answer."""
    return f"Kept {len(answers)} answers of {sum(map(len, answers.values()))} letters."


def lines(person: int) -> Iterator[tuple[str, str]]:
    """Return what the person says, each with what must be answered. The state grows to 1.7 KB of JSON."""
    answers = {f"answer_{number}": f"{person} thinks about it. " * 10 for number in range(len(QUESTIONS))}
    said = (GREETING, *answers.values())
    return zip(said, (*QUESTIONS, closing(answers)), strict=True)


async def time(kind: Kind, say: Say, in_flight: int = 1) -> None:
    """Let everybody walk through once, if there is time; then time so many at once, and print the figures.

    Raises RuntimeError when an answer is not the one that a bot must give that has kept everything.
    """
    free = deque(range(PEOPLE))
    took: list[float] = []

    async def walk(until: float) -> None:
        person = free.popleft()
        for text, expected in lines(person):
            begun = perf_counter()
            if begun >= until:
                break
            answered = await say(person, text)
            took.append(perf_counter() - begun)
            if answered != expected:
                message = f"expected {expected!r}, got {answered!r}"
                raise RuntimeError(message)
        free.append(person)

    async def walks(until: float) -> None:
        while perf_counter() < until:
            await walk(until)

    warm = perf_counter() + WARM
    for _ in range(PEOPLE):
        await walk(warm)
    took.clear()
    begun = perf_counter()
    await asyncio.gather(*(walks(begun + SECONDS) for _ in range(in_flight)))
    rate = len(took) / (perf_counter() - begun)
    speed = {"in_flight": in_flight, "rate": rate, "p50": median(took) * 1000, "p99": quantiles(took, n=100)[98] * 1000}
    sys.stdout.write(json.dumps(asdict(kind) | speed) + "\n")
    sys.stdout.flush()
