"""Durable turns per second: through `bot.turns.Turns`, and plain sqlite3 doing the same writes, one turn a commit."""

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from adapters.port import Arrival
from bot.clock import Clock
from bot.turns import Turns
from storage.sealing import Seal
from storage.store import Posted, Store
from tests.benchmarks.work import Work, sealed

FSYNCS = 200
PAGE = 4096

Stored = Sequence[tuple[bytes, str, tuple[bytes, ...]]]


@dataclass(frozen=True)
class Speed:
    """How many turns a second, and how long one took, in milliseconds."""

    rate: float
    p50: float
    p99: float


def _speed(took: Sequence[float], whole: float) -> Speed:
    return Speed(rate=len(took) / whole, p50=median(took) * 1000, p99=quantiles(took, n=100)[98] * 1000)


def fsync(folder: Path) -> float:
    """Return the median time of appending a page to a file and having the disk keep it, in milliseconds."""
    took = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(FSYNCS):
            begun = perf_counter()
            file.write(bytes(PAGE))
            os.fsync(file.fileno())
            took.append(perf_counter() - begun)
    return median(took) * 1000


async def onward(work: Work, database: Path, people: int, rounds: int) -> Speed:
    """Let so many people walk the transcript at the same time, each so many times under new names."""
    took: list[float] = []
    clock = Clock(lambda: work.turns[0].now)
    store = await Store.open(f"sqlite+aiosqlite:///{database}", Seal(bytes(32)), upgrade=True)

    def committed(_posted: Sequence[Posted], _wake_at: datetime | None) -> None:
        """Leave the letters in the outbox: the plain program delivers nothing either."""

    async def walk(name: str, lane: Turns) -> None:
        for number, done in enumerate(work.turns):
            arrival = Arrival(id=f"{name}/{number}", person=name, event=done.bare, at=done.now)
            begun = perf_counter()
            await lane.take(arrival)
            took.append(perf_counter() - begun)

    try:
        async with Turns(store, work.understanding, work.catalog, clock, committed) as lane:
            await asyncio.gather(*(walk(f"warm:{n}", lane) for n in range(people)))
            took.clear()
            begun = perf_counter()
            for one in range(rounds):
                await asyncio.gather(*(walk(f"bench:{one}-{n}", lane) for n in range(people)))
            whole = perf_counter() - begun
    finally:
        await store.close()
    return _speed(took, whole)


async def plain(work: Work, database: Path, walks: int) -> Speed:
    """Do the same writes as bare sqlite3: ids, states and replies of the same sizes into the same tables."""
    store = await Store.open(f"sqlite+aiosqlite:///{database}", Seal(bytes(32)), upgrade=True)
    await store.close()
    stored = sealed(work)
    took: list[float] = []
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        names = [f"bench:{n}" for n in range(walks + 1)]
        connection.executemany("INSERT INTO people (person, address) VALUES (?, '')", [(name,) for name in names])
        for name in names:
            if name == names[1]:  # the first one only warms up
                took.clear()
                whole = perf_counter()
            _walk(connection, name, stored, took)
    return _speed(took, perf_counter() - whole)


def _walk(connection: sqlite3.Connection, name: str, stored: Stored, took: list[float]) -> None:
    for number, (state, step, replies) in enumerate(stored):
        begun = perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO events (id, seen_at) VALUES (?, ?)", (f"{name}/{number}", number))
        connection.execute(
            "INSERT INTO journeys (person, state, step, wake_at, version) VALUES (?, ?, ?, ?, 1) ON CONFLICT (person)"
            " DO UPDATE SET state = excluded.state, step = excluded.step, wake_at = excluded.wake_at",
            (name, state, step, number),
        )
        connection.executemany(
            "INSERT INTO outbox (person, address, reply) VALUES (?, '', ?)", [(name, reply) for reply in replies]
        )
        connection.execute("COMMIT")
        took.append(perf_counter() - begun)
