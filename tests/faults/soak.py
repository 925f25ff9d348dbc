"""`python -m tests.faults.soak`: an hour of people who talk while things go wrong, and nothing that grows.

Three workers on one PostgreSQL. One of them is never harmed: it is the one that is weighed. The others are killed,
frozen and stopped in turn, and so is the database. At the end everybody has been told what they should have been, once,
and the outbox is empty.
"""

import argparse
import asyncio
import random
import sys
from itertools import count, cycle
from statistics import mean
from time import monotonic

from tests import databases, postgres
from tests.databases import Database
from tests.faults.calm import told
from tests.faults.fleet import Fleet
from tests.faults.people import Person, person

RATE, IN_FLIGHT = 50.0, 200
EVERY = 15.0
"""Seconds between two faults."""

PATIENCE = 60
"""Seconds until the outbox has to be empty at the end."""

FROZEN = 4.0
GROWTH = 1.05
"""The most that memory may have at the end, against the time after warming up."""

PART = 0.1
"""This part of the samples is compared: the first ones after the warm-up, and the last ones."""

KINDS = ("kill", "freeze", "end", "cut", "restart")


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def harm(
    kind: str, fleet: Fleet[Person], database: Database, server: postgres.Server, dice: random.Random
) -> None:
    """Let one thing go wrong, for whoever is not weighed."""
    worker = dice.choice([one for one in fleet.workers[1:] if one.takes])
    if kind == "kill":
        await fleet.kill(worker)
    elif kind == "end":
        await fleet.end(worker)
    elif kind == "freeze":
        fleet.freeze(worker)
        await asyncio.sleep(FROZEN)
        fleet.thaw(worker)
    elif kind == "cut":
        await database.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'onward' AND datname = current_database() AND xact_start IS NOT NULL"
        )
    else:
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)


async def soak(minutes: float, server: postgres.Server, url: str) -> bool:
    """Run for so long, and return whether all was well."""
    database, dice = Database(url), random.Random(1)  # noqa: S311 - a test has to repeat itself
    people = (person(n % IN_FLIGHT, f"lines:{n}") for n in count())
    kinds = cycle(KINDS)
    async with Fleet(url, people, IN_FLIGHT, rate=RATE) as fleet:
        weighed = fleet.workers[0]
        fleet.begin()
        begun = monotonic()
        while monotonic() - begun < minutes * 60:
            await asyncio.sleep(EVERY)
            await harm(next(kinds), fleet, database, server, dice)
            weighed.send({"weigh": True})
            if len(weighed.weights) % 20 == 1:
                say(f"{(monotonic() - begun) / 60:.0f} min: {fleet.counts}, weight {weighed.weights[-1]}")
        turns, whole = fleet.counts.turns, monotonic() - begun
        say(f"{turns:,} turns in {whole / 60:.0f} minutes: {turns / whole:.1f}/s, {len(fleet.people):,} people")
        fleet.no_more()
        await fleet.until(lambda: fleet.through)
        for _ in range(PATIENCE):
            (left,) = (await database.sql("SELECT count(*) FROM outbox"))[0]
            if not left:
                break
            await asyncio.sleep(1)
        wrong = sum(one.told != told(one) for one in fleet.people.values())
        return report(fleet, weighed.weights, left, wrong)


def report(fleet: Fleet[Person], weights: list[list[int]], left: int, wrong: int) -> bool:
    """Write what was found, and return whether it is good."""
    counts = fleet.counts
    steady = weights[len(weights) // 10 :]
    few = max(1, round(len(steady) * PART))
    first, last = ([mean(column) for column in zip(*part, strict=True)] for part in (steady[:few], steady[-few:]))
    growth = last[0] / first[0]
    say(f"{counts.ends} replicas ended, {counts.redelivered:,} events came again, {counts.doubles:,} letters dropped")
    say(f"memory {first[0] / 2**20:.1f} to {last[0] / 2**20:.1f} MB: {growth:.3f} x, at most {GROWTH} x")
    say(f"open files {first[1]:.1f} to {last[1]:.1f}, tasks {first[2]:.1f} to {last[2]:.1f}")
    say(f"{left} letters left in the outbox, {wrong} people who were told something else than in a calm run")
    return growth <= GROWTH and last[1] <= first[1] + 2 and last[2] <= first[2] + 10 and not left and not wrong


def main() -> int:
    """Run as the arguments say; exit code 1 when something grew, was lost or doubled."""
    parser = argparse.ArgumentParser(prog="soak")
    parser.add_argument("--minutes", type=float, default=60.0)
    minutes = parser.parse_args().minutes
    with postgres.serving() as server:
        url = server.create_database("soak")
        databases.bring_up_to_date(url)
        return 0 if asyncio.run(soak(minutes, server, url)) else 1


if __name__ == "__main__":
    sys.exit(main())
