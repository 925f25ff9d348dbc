"""Durable turns per second through `bot.turns.Turns`, on either database: what a host gets."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median, quantiles
from time import perf_counter, process_time

from adapters.port import Arrival
from bot.clock import Clock
from bot.turns import Turns
from dialogs.understanding import Meaning, Understanding
from storage.sealing import Seal
from storage.store import Posted, Store
from tests.benchmarks.work import Work

TURNS = {1: 1_000, 16: 5_000, 64: 10_000}
"""About how many turns are measured with so many people at a time."""


@dataclass(frozen=True)
class Speed:
    """How many turns a second, how long one took in milliseconds, and microseconds of CPU of this process for each."""

    rate: float
    p50: float
    p99: float
    cpu: float = 0.0


def speed(took: Sequence[float], whole: float, cpu: float = 0.0) -> Speed:
    """Return the speed of turns that took so many seconds each, all together, and so many seconds of CPU."""
    return Speed(
        rate=len(took) / whole,
        p50=median(took) * 1000,
        p99=quantiles(took, n=100)[98] * 1000,
        cpu=cpu / len(took) * 1e6,
    )


class Known(Understanding):
    """Knows already what each line of the transcript means: the rest of a turn is then measured apart."""

    def __init__(self, work: Work) -> None:
        """Learn the lines by heart; nothing else of it is needed."""
        self._meanings = {text: work.understanding.understand(text) for text in work.texts}

    def understand(self, text: str) -> Meaning:
        """Return what was learnt."""
        return self._meanings[text]


def apart(work: Work) -> Work:
    """Return the same work without the understanding."""
    return replace(work, understanding=Known(work))


async def onward(work: Work, url: str, people: int, names: Sequence[str] = ()) -> Speed:
    """Let so many people walk the transcript at the same time, one after the other in each place.

    names: those of people who are stored already; new ones when there are none.
    """
    walks = max(people, TURNS[people] // len(work.turns))
    waiting = list(names) or [f"bench:{people}-{number}" for number in range(walks)]
    took: list[float] = []
    store = await Store.open(url, Seal(bytes(32)), upgrade=True)
    if store.replica is not None:
        await store.replica.renew()

    def committed(_posted: Sequence[Posted], _wake_at: datetime | None) -> None:
        """Leave the letters in the outbox: the plain programs deliver nothing either."""

    async def walk(lane: Turns, name: str) -> None:
        for number, done in enumerate(work.turns):
            arrival = Arrival(id=f"{name}/{number}", person=name, event=done.bare, at=done.now)
            begun = perf_counter()
            await lane.take(arrival)
            took.append(perf_counter() - begun)

    async def one_after_another(lane: Turns) -> None:
        while waiting:
            await walk(lane, waiting.pop())

    clock = Clock(lambda: work.turns[0].now)
    try:
        async with Turns(store, work.understanding, work.catalog, clock, committed) as lane:
            await asyncio.gather(*(walk(lane, f"bench:warm-{people}-{n}") for n in range(min(people, 8))))
            took.clear()
            begun, cpu = perf_counter(), process_time()
            await asyncio.gather(*(one_after_another(lane) for _ in range(people)))
            return speed(took, perf_counter() - begun, process_time() - cpu)
    finally:
        await store.close()
