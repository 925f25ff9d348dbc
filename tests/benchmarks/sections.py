"""The parts of the table about durable turns: both databases beside their bare drivers, and what is stored already."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

from tests import postgres
from tests.benchmarks import durable, plain, waking
from tests.benchmarks.durable import Speed
from tests.benchmarks.table import against, row
from tests.benchmarks.work import Work

SQLITE_TARGET, POSTGRES_TARGET = 1.5, 2.0
P50_TARGET = 3.0
RATE_TARGET, SLOWER_TARGET = 0.6, 1.3
WAITING_TARGET = 1.5
FEW = 1_000
WALKERS = 300
"""So many of those who are stored take turns."""


def described(name: str, speed: Speed) -> str:
    """Return the row of a speed."""
    beside = f"p50 {speed.p50:.2f} ms, p99 {speed.p99:.2f} ms"
    return row(name, f"{speed.rate:,.0f} /s", f"{beside}, CPU {speed.cpu:.0f} us" if speed.cpu else beside)


async def on_sqlite(work: Work, folder: Path) -> tuple[list[str], float]:
    """Return the rows of durable turns on SQLite, and the rate of turns with everything at 64 in flight."""
    # The plain program runs before and after: a machine that slows down in between does not favour either.
    references = [await plain.sqlite(work, folder / "before.db")]
    whole = {n: await durable.onward(work, _sqlite(folder / f"whole-{n}.db"), n) for n in durable.TURNS}
    apart = {n: await durable.onward(durable.apart(work), _sqlite(folder / f"apart-{n}.db"), n) for n in durable.TURNS}
    references.append(await plain.sqlite(work, folder / "after.db"))
    reference = max(references, key=lambda speed: speed.rate)
    rows = [
        "durable turns, SQLite, WAL, synchronous=FULL",
        described("plain sqlite3, one turn a commit", reference),
        *_compared(whole, apart, dict.fromkeys(durable.TURNS, reference), SQLITE_TARGET),
        row("1 in flight", "p50", against(whole[1].p50, P50_TARGET, " ms", at_most=True)),
        "",
    ]
    return rows, whole[64].rate


async def on_postgresql(work: Work, server: postgres.Server) -> list[str]:
    """Return the rows of durable turns on PostgreSQL."""
    apart = durable.apart(work)
    databases = iter(range(1000))

    def fresh() -> str:
        return server.create_database(f"bench{next(databases)}")

    references = {n: await plain.postgresql(work, fresh(), n) for n in durable.TURNS}
    whole = {n: await durable.onward(work, fresh(), n) for n in durable.TURNS}
    known = {n: await durable.onward(apart, fresh(), n) for n in durable.TURNS}
    return [
        f"durable turns, PostgreSQL {server.sql('SHOW server_version').strip()}, fsync on",
        *(described(f"plain asyncpg, one turn a commit, {n} in flight", one) for n, one in references.items()),
        *_compared(whole, known, references, POSTGRES_TARGET),
        "",
    ]


def _compared(
    whole: Mapping[int, Speed], apart: Mapping[int, Speed], references: Mapping[int, Speed], target: float
) -> list[str]:
    rows = []
    for n, speed in apart.items():
        rows.append(described(f"Onward, {n} in flight, understanding apart", speed))
        rows.append(described(f"Onward, {n} in flight, understanding included", whole[n]))
    for n, speed in apart.items():
        ratio, included = speed.rate / references[n].rate, whole[n].rate / references[n].rate
        told = against(ratio, target, " x", at_most=False) if n == max(apart) else ""
        rows.append(row(f"{n} in flight / plain", f"{ratio:.2f} x", f"included {included:.2f} x   {told}".rstrip()))
    return rows


async def of_many(work: Work, folder: Path, server: postgres.Server) -> list[str]:
    """Return the rows of few and many stored journeys, and of those who are due among them."""
    rows: list[str] = []
    few, many = server.create_database("few"), server.create_database("many")
    await waking.fill_sqlite(folder / "few.db", FEW)
    await waking.fill_sqlite(folder / "many.db")
    await waking.fill_postgresql(few, FEW)
    await waking.fill_postgresql(many)
    for database, urls in {
        "SQLite": (_sqlite(folder / "few.db"), _sqlite(folder / "many.db")),
        "PostgreSQL": (few, many),
    }.items():
        speeds = [
            await durable.onward(durable.apart(work), url, 64, _some(stored))
            for url, stored in zip(urls, (FEW, waking.STORED), strict=True)
        ]
        ratio, slower = speeds[1].rate / speeds[0].rate, speeds[1].p50 / speeds[0].p50
        rows += [
            f"stored journeys, 64 of them in flight, {database}",
            described(f"{FEW:,} stored", speeds[0]),
            described(f"{waking.STORED:,} stored", speeds[1]),
            row("rate", f"{ratio:.2f} x", against(ratio, RATE_TARGET, " x", at_most=False)),
            row("p50", f"{slower:.2f} x", against(slower, SLOWER_TARGET, " x", at_most=True)),
            "",
            *_waiting(database, await waking.measured(urls[1])),
        ]
    return rows


def _some(stored: int) -> list[str]:
    """Return the names of some of the people who are stored."""
    return [f"bench:{number}" for number in Random(1).sample(range(stored), WALKERS)]  # noqa: S311 - repeatable


def _sqlite(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def _waiting(database: str, woken: waking.Waking) -> list[str]:
    """Return the rows of waking on a database."""
    ratio = woken.meanwhile / woken.idle
    return [
        f"{waking.STORED:,} stored journeys, {waking.DUE:,} due in the same minute, {database}",
        row("woken", f"{woken.rate:,.0f} /s", f"{woken.woken:,} in all"),
        row("p99 of an answer, nobody else due", f"{woken.idle:.1f} ms"),
        row("p99 of an answer meanwhile", f"{woken.meanwhile:.1f} ms", f"over {woken.answers:,} answers"),
        row("meanwhile / idle", f"{ratio:.2f} x", against(ratio, WAITING_TARGET, " x", at_most=True)),
        "",
    ]
