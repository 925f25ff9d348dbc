"""Three workers share one PostgreSQL, and whatever happens to them, nobody loses a line or reads one twice."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from time import monotonic

import pytest

from tests.databases import Database
from tests.faults.calm import told
from tests.faults.fleet import LEASE, STUCK, Fleet
from tests.faults.people import WAITER, Person, person
from tests.faults.worker import NOON
from tests.postgres import Server

LONG = int(os.environ.get("ONWARD_TEST_KILLS", "0")) > 0
"""Whether this is the long run: `make faults`."""

IN_FLIGHT = 200
"""So many people talk at the same time."""

DATABASE_NOW = "extract(epoch FROM clock_timestamp()) * 1000000"
MORNING = NOON + timedelta(days=1)
STOPS_WITHIN = 10.0
"""Seconds."""

pytestmark = [pytest.mark.faults, pytest.mark.no_cover, pytest.mark.databases("postgresql")]


def people() -> Iterator[Person]:
    """Give people, in the long run for as long as it takes."""
    return (person(n % IN_FLIGHT, f"lines:{n}") for n in (count() if LONG else range(IN_FLIGHT)))


def waiters() -> Iterator[Person]:
    """Give people for whom something comes the next morning."""
    return (Person(f"lines:{n}", tuple(line.format(n=n) for line in WAITER)) for n in range(IN_FLIGHT))


@asynccontextmanager
async def fleet_on(
    database: Database, source: Iterator[Person], ahead: Sequence[float] = (0, 0, 0), until: datetime = NOON
) -> AsyncIterator[Fleet[Person]]:
    """Run workers; at the end everybody was told what they should have been by a moment, once, and nothing is left."""
    async with Fleet(database.url, source, IN_FLIGHT, ahead) as fleet:
        fleet.begin()
        yield fleet
        fleet.no_more()
        await fleet.until(lambda: fleet.through)
        await nothing_waits(database)
        for one in fleet.people.values():
            expected = told(one, until)
            # The message counts: a person's words belong into no log, not even these.
            assert one.told == expected, f"{one.name} was told {len(one.told)} lines, not these {len(expected)}"
        said = sum(len(one.script) for one in fleet.people.values())
        assert await database.sql("SELECT count(*) FROM events") == [(said,)]
        print(fleet.counts)  # noqa: T201 - seen with pytest -s


async def nothing_waits(database: Database) -> None:
    """Return when the outbox is empty."""
    await database_says(database, "SELECT count(*) = 0 FROM outbox")


async def database_says(database: Database, question: str) -> None:
    """Return when the answer to a question is yes; only the processes that are tested can tell, by what they write."""
    async with asyncio.timeout(STUCK):
        while not (await database.sql(question))[0][0]:  # noqa: ASYNC110 - nothing here is told
            await asyncio.sleep(0.05)


async def goes_on(fleet: Fleet[Person], turns: int = 200) -> None:
    """Return when so many more turns are made; in the long run, after a second."""
    if LONG:
        await asyncio.sleep(1)
    reached = fleet.counts.turns + turns
    await fleet.until(lambda: fleet.counts.turns >= reached or fleet.through)


async def test_replicas_that_are_killed(database: Database) -> None:
    """One of three is killed with no warning, again and again; the long run does it every second for a minute."""
    async with fleet_on(database, people()) as fleet:
        for _ in range(60 if LONG else 4):
            await goes_on(fleet)
            await fleet.kill(fleet.any_worker())
        assert fleet.counts.redelivered > 0


async def test_replicas_that_are_stopped_leave_nothing_for_later(database: Database) -> None:
    """As in a rolling restart: each ends in time, what it had is taken over at once, and nothing is even sent twice."""
    async with fleet_on(database, people()) as fleet:
        for worker in list(fleet.workers):
            await goes_on(fleet)
            begun = monotonic()
            await fleet.end(worker)
            assert monotonic() - begun < STOPS_WITHIN
    assert fleet.counts.doubles == 0


async def test_a_replica_that_stands_still(database: Database) -> None:
    """Frozen for longer than its lease, it is replaced by the others; when it goes on, it finds that out by itself."""
    async with fleet_on(database, people()) as fleet:
        for _ in range(10 if LONG else 1):
            await goes_on(fleet)
            frozen = fleet.any_worker()
            fleet.freeze(frozen)
            await database_says(database, f"SELECT count(*) <= 2 FROM replicas WHERE alive_until > {DATABASE_NOW}")  # noqa: S608 - ours
            await goes_on(fleet)
            fleet.thaw(frozen)
            await goes_on(fleet)


async def test_a_database_that_is_killed(database: Database, postgres_server: Server) -> None:
    """Every process of it is killed, and it recovers; nobody who talks notices more than a wait."""
    async with fleet_on(database, people()) as fleet:
        for _ in range(5 if LONG else 2):
            await goes_on(fleet)
            await asyncio.to_thread(postgres_server.kill)
            await asyncio.to_thread(postgres_server.start)
    assert fleet.counts.failed == 0


async def test_connections_that_are_cut_in_the_middle(database: Database) -> None:
    """Whatever is in a transaction is thrown out, many times."""
    cut = 0
    async with fleet_on(database, people()) as fleet:
        for _ in range(60 if LONG else 10):
            await goes_on(fleet, 50)
            cut += len(
                await database.sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE application_name = 'onward' AND datname = current_database() AND xact_start IS NOT NULL"
                )
            )
    assert cut > 0
    assert fleet.counts.failed == 0


async def test_clocks_that_are_a_minute_apart(database: Database) -> None:
    """What is waited for comes once, whichever clock is asked."""
    async with fleet_on(database, waiters(), (-60, 0, 60), MORNING) as fleet:
        await fleet.until(lambda: fleet.through)
        fleet.tell({"now": MORNING.isoformat()})
        await database_says(database, "SELECT count(*) = 0 FROM journeys WHERE step = 'venting'")


async def test_platforms_that_take_nothing_while_check_ins_come_due(database: Database) -> None:
    """Everything waits in the outbox, longer than a lease and beyond the death of who had it, and then comes once."""
    async with fleet_on(database, waiters(), until=MORNING) as fleet:
        await fleet.until(lambda: fleet.through)
        await nothing_waits(database)
        fleet.tell({"refuse": 0.1})
        fleet.tell({"now": MORNING.isoformat()})
        await database_says(database, f"SELECT count(*) >= {IN_FLIGHT} FROM outbox")  # noqa: S608 - a number
        await fleet.kill(fleet.any_worker())
        fleet.tell({"refuse": 0.1})
        for _ in range(30 if LONG else 2):
            await asyncio.sleep(LEASE)
        assert fleet.counts.doubles < IN_FLIGHT
        fleet.tell({"refuse": None})


@pytest.mark.databases("sqlite")
async def test_a_disk_without_room(database: Database) -> None:
    """No turn can be kept for a while; whatever was said then is handed over again, and kept once."""
    async with fleet_on(database, people(), (0,)) as fleet:
        for _ in range(5):
            await goes_on(fleet)
            fleet.tell({"full": True})
            failed = fleet.counts.failed
            await fleet.until(lambda failed=failed: fleet.counts.failed > failed + 20 or fleet.through)  # type: ignore[misc]
            fleet.tell({"full": False})
    assert fleet.counts.failed > 0
