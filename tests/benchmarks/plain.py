"""The references: bare drivers that do the same writes, one transaction for each turn, and nothing else."""

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter

import asyncpg  # type: ignore[import-untyped] # it has no types

from storage.sealing import Seal
from storage.store import Store
from tests.benchmarks.durable import Speed, speed
from tests.benchmarks.work import Work, sealed

FSYNCS = 200
PAGE = 4096
WALKS = 30
CONNECTIONS = 16
"""The largest number of connections to PostgreSQL; more of them are slower on two cores."""

Stored = Sequence[tuple[bytes, str, tuple[bytes, ...]]]


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


async def sqlite(work: Work, database: Path) -> Speed:
    """Walk as bare sqlite3: ids, states and replies of the same sizes into the same tables."""
    await (await Store.open(f"sqlite+aiosqlite:///{database}", Seal(bytes(32)), upgrade=True)).close()
    stored = sealed(work)
    took: list[float] = []
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        names = [f"bench:{n}" for n in range(WALKS + 1)]
        connection.executemany("INSERT INTO people (person, address) VALUES (?, '')", [(name,) for name in names])
        for name in names:
            if name == names[1]:  # the first one only warms up
                took.clear()
                whole = perf_counter()
            _walk(connection, name, stored, took)
    return speed(took, perf_counter() - whole)


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


async def postgresql(work: Work, url: str, people: int) -> Speed:
    """Walk as bare asyncpg, so many people at a time on a pool of connections."""
    await (await Store.open(url, Seal(bytes(32)), upgrade=True)).close()
    stored = sealed(work)
    took: list[float] = []
    names = [f"plain:{people}-{n}" for n in range(max(WALKS, 2 * people))]
    size = min(people, CONNECTIONS)
    async with asyncpg.create_pool(url.replace("+asyncpg", ""), min_size=size, max_size=size) as pool:
        await pool.executemany("INSERT INTO people (person, address) VALUES ($1, '')", [(name,) for name in names])
        waiting = list(names)

        async def one_after_another() -> None:
            while waiting:
                await _walk_postgresql(pool, waiting.pop(), stored, took)

        await _walk_postgresql(pool, waiting.pop(), stored, took)
        took.clear()
        whole = perf_counter()
        await asyncio.gather(*(one_after_another() for _ in range(people)))
        return speed(took, perf_counter() - whole)


async def _walk_postgresql(pool: asyncpg.Pool, name: str, stored: Stored, took: list[float]) -> None:
    for number, (state, step, replies) in enumerate(stored):
        begun = perf_counter()
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("INSERT INTO events (id, seen_at) VALUES ($1, $2)", f"{name}/{number}", number)
            await connection.execute(
                "INSERT INTO journeys (person, state, step, wake_at, version) VALUES ($1, $2, $3, $4, 1)"
                " ON CONFLICT (person) DO UPDATE SET state = excluded.state, step = excluded.step,"
                " wake_at = excluded.wake_at",
                name,
                state,
                step,
                number,
            )
            await connection.executemany(
                "INSERT INTO outbox (person, address, reply) VALUES ($1, '', $2)", [(name, reply) for reply in replies]
            )
        took.append(perf_counter() - begun)
