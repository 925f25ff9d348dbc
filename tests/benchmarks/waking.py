"""A million stored journeys, a hundred thousand due in the same minute: who is woken, and who waits meanwhile."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter

import asyncpg  # type: ignore[import-untyped] # it has no types

from adapters.port import Arrival
from bot.clock import Clock
from bot.scheduler import Scheduler
from bot.turns import Turns
from dialogs.catalog import Catalog
from dialogs.codec import VERSION, encode
from dialogs.events import Said
from dialogs.journey import Action, Application, Journey, Rhythm, Settings
from dialogs.steps import Step
from dialogs.understanding import Understanding
from storage.sealing import Seal
from storage.store import Posted, Store
from storage.tables import to_number

STORED, DUE = 1_000_000, 100_000
IDLE_TURNS = 500
TOGETHER = 10_000

PEOPLE, JOURNEYS = ("person", "address", "key"), ("person", "state", "step", "wake_at", "version")
Person = tuple[str, str, bytes]
Waiting = tuple[str, bytes, str, int, int]

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Waking:
    """How many were woken a second, and the p99 of an answer to somebody who writes: before and meanwhile, in ms."""

    rate: float
    woken: int
    idle: float
    meanwhile: float
    answers: int


def _planned() -> bytes:
    """Return the state of somebody who wanted to be asked about an action today."""
    action = Action(cue="I sit down", will="read the advert twice", due=NOON.date(), ask_on=NOON.date())
    application = Application(opened_at=NOON - timedelta(days=3), employer="Acme", actions=(action,))
    settings = Settings(zone="UTC", hour=12)
    rhythm = Rhythm(kind="dates")
    return encode(Journey(step=Step.REST, applications=(application,), settings=settings, rhythm=rhythm))


async def fill_sqlite(database: Path, stored: int = STORED) -> None:
    """Store the journeys, the due ones in between the others, as many programs would not: with one insert for many."""
    seal = Seal(bytes(32))
    store = await Store.open(f"sqlite+aiosqlite:///{database}", seal, upgrade=True)
    await store.close()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for people, journeys in _rows(seal, stored):
            connection.executemany(f"INSERT INTO people ({', '.join(PEOPLE)}) VALUES (?, ?, ?)", people)  # noqa: S608 - our own names
            connection.executemany(f"INSERT INTO journeys ({', '.join(JOURNEYS)}) VALUES (?, ?, ?, ?, ?)", journeys)  # noqa: S608 - likewise
            connection.commit()


async def _answered(lane: Turns, number: int) -> float:
    """Return how long somebody waits for the answer to a line."""
    await asyncio.sleep(0.02)  # somebody who reads before they write again
    begun = perf_counter()
    await lane.take(Arrival(id=f"line/{number}", person="bench:guest", event=Said(text="hello")))
    return perf_counter() - begun


def _p99(took: Sequence[float]) -> float:
    return quantiles(took, n=100)[98] * 1000


def _rows(seal: Seal, stored: int) -> Iterator[tuple[list[Person], list[Waiting]]]:
    """Yield everybody, so many at a time: the due ones in between the others."""
    state, later = _planned(), to_number(NOON + timedelta(days=9))
    for begin in range(0, stored, TOGETHER):
        some = range(begin, min(begin + TOGETHER, stored))
        people = [(name, "", seal.new_person(name)) for name in (f"bench:{n}" for n in some)]
        yield (
            people,
            [
                (
                    name,
                    seal.person(name, key).seal(state),
                    "rest",
                    to_number(NOON) if n % (STORED // DUE) == 0 else later,
                    VERSION,
                )
                for n, (name, _, key) in enumerate(people)
            ],
        )


async def fill_postgresql(url: str, stored: int = STORED) -> None:
    """Store the journeys in an empty database of a server."""
    seal = Seal(bytes(32))
    await (await Store.open(url, seal, upgrade=True)).close()
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for people, journeys in _rows(seal, stored):
            await connection.copy_records_to_table("people", records=people, columns=PEOPLE)
            await connection.copy_records_to_table("journeys", records=journeys, columns=JOURNEYS)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def measured(url: str) -> Waking:
    """Measure first idle, then while everybody who is due is woken; somebody writes all the while."""
    catalog = Catalog.load()
    store = await Store.open(url, Seal(bytes(32)), upgrade=True)
    if store.replica is not None:
        await store.replica.renew()
    woken: set[str] = set()

    def committed(posted: Sequence[Posted], _wake_at: datetime | None) -> None:
        woken.update(one.person for one in posted if not one.awaited)

    clock = Clock(lambda: NOON + timedelta(minutes=11))
    try:
        async with Turns(store, Understanding.load(catalog), catalog, clock, committed) as lane:
            scheduler = Scheduler(store, lane, clock, ("bench:",))
            await _answered(lane, -1)
            idle = [await _answered(lane, number) for number in range(IDLE_TURNS)]
            begun = perf_counter()
            waking = asyncio.create_task(_all_woken(scheduler, clock))
            meanwhile: list[float] = []
            while not waking.done():
                meanwhile.append(await _answered(lane, IDLE_TURNS + len(meanwhile)))
            await waking
            took = perf_counter() - begun
    finally:
        await store.close()
    return Waking(
        rate=len(woken) / took, woken=len(woken), idle=_p99(idle), meanwhile=_p99(meanwhile), answers=len(meanwhile)
    )


async def _all_woken(scheduler: Scheduler, clock: Clock) -> None:
    while await scheduler.next_due(clock.now()):
        await scheduler.fire_due(clock.now())
