"""How long a turn takes without any I/O, in microseconds."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter_ns

from dialogs.codec import decode, encode
from dialogs.engine import advance
from dialogs.events import Said
from dialogs.phrasing import phrase
from tests.benchmarks.work import Done, Work, understood_again

ROUNDS = 300


@dataclass(frozen=True)
class Pure:
    """Medians over the turns of the transcript, each turn's own time being the median of its rounds."""

    apart: float
    included: float
    understanding: float
    slowest: float


def measured(work: Work) -> Pure:
    """Measure the turns without and with understanding, and understanding alone, over the lines that were written."""

    def turn(done: Done) -> None:
        made = advance(decode(done.stored), done.event, done.now)
        phrase(made, work.catalog)
        encode(made.journey)

    def whole(done: Done) -> None:
        made = advance(decode(done.stored), understood_again(done.bare, work.understanding), done.now)
        phrase(made, work.catalog)
        encode(made.journey)

    def understand(done: Done) -> None:
        understood_again(done.bare, work.understanding)

    apart, included, alone = _times((turn, whole, understand), work.turns)
    written = [time for time, done in zip(alone, work.turns, strict=True) if isinstance(done.event, Said)]
    return Pure(apart=median(apart), included=median(included), understanding=median(written), slowest=max(apart))


def _times(runs: Sequence[Callable[[Done], None]], turns: Sequence[Done]) -> list[list[float]]:
    """Return the microseconds of each turn in each way to run it, each as often the first as the others."""
    gc.collect()
    found: list[list[list[int]]] = [[[] for _ in turns] for _ in runs]
    order = list(zip(runs, found, strict=True))
    for _ in range(ROUNDS):
        order.append(order.pop(0))
        for number, done in enumerate(turns):
            for run, times in order:
                begun = perf_counter_ns()
                run(done)
                times[number].append(perf_counter_ns() - begun)
    return [[median(times) / 1000 for times in of_run] for of_run in found]
