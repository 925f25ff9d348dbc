"""How long it takes to understand a line, and what the models cost when the program starts."""

import subprocess
import sys
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter_ns

from dialogs.catalog import Catalog
from dialogs.understanding import Understanding
from tests.understanding.sets import measured

START = """
import os, time
from dialogs.catalog import Catalog
catalog = Catalog.load()

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

before, begun = resident(), time.perf_counter()
from dialogs.understanding import Understanding
Understanding.load(catalog)
print(time.perf_counter() - begun, resident() - before)
"""


@dataclass(frozen=True)
class Reading:
    """Milliseconds for a line, over `lines` labelled lines; seconds and megabytes that loading adds to a start."""

    lines: int
    p50: float
    p95: float
    load: float
    memory: float


def measure() -> Reading:
    """Measure each labelled line once, after a warm-up, and loading in a process of its own."""
    understanding = Understanding.load(Catalog.load())
    texts = [row["text"] for kind in ("intents", "feelings", "danger") for row in measured(kind)]
    for text in texts[:100]:
        understanding.understand(text)
    times = []
    for text in texts:
        begun = perf_counter_ns()
        understanding.understand(text)
        times.append((perf_counter_ns() - begun) / 1e6)
    cuts = quantiles(times, n=20)
    started = subprocess.run([sys.executable, "-c", START], capture_output=True, check=True, text=True)
    load, memory = map(float, started.stdout.split())
    return Reading(lines=len(texts), p50=cuts[9], p95=cuts[18], load=load, memory=memory)
