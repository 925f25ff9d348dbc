"""A worker is killed again and again in the middle of its work; nobody loses a line, and nobody reads one twice."""

import os
import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.faults.parent import Run
from tests.faults.people import CROWD

KILLS = int(os.environ.get("ONWARD_TEST_KILLS", "5"))
SEED = int(os.environ.get("ONWARD_TEST_SEED", "20260105"))

IN_A_RUN = 10
"""At most so many kills in one run: dozens of lines are answered from one to the next, and soon all are through."""


@pytest.mark.faults
@pytest.mark.no_cover  # what is killed is another process
async def test_killed_workers_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """What everybody was told, in order, is the same as in a run that nobody disturbed."""
    calm = Run(tmp_path / "calm.db")
    await calm.play()
    assert calm.counts.starts == 1
    assert not any("anywhere." in key for person in calm.people.values() for _, keys in person.told for key in keys)

    dice = random.Random(SEED)  # noqa: S311 - a test has to repeat itself
    counts = Counter[str]()
    while counts["killed"] < KILLS:
        left = min(IN_A_RUN, KILLS - counts["killed"])
        kills = sorted(dice.choices(range(1, calm.counts.progress // 2), k=left))
        wild = Run(tmp_path / f"wild{counts['killed']}.db", kills, dice)
        await wild.play()
        _same(calm, wild)
        assert wild.counts.killed, wild.counts
        assert wild.counts.killed <= wild.counts.starts <= wild.counts.killed + 1, wild.counts
        counts.update(asdict(wild.counts))
    # Kills came before commits; the moment between a commit and its acknowledgement is short, a long run hits it.
    assert counts["redelivered"] > counts["committed"] >= (KILLS > IN_A_RUN), counts
    assert counts["doubles"] > 0, counts
    print(counts)  # noqa: T201 - seen with pytest -s


def _same(calm: Run, wild: Run) -> None:
    for name, person in calm.people.items():
        # The message counts: a person's words belong into no log, not even these.
        heard, said = wild.people[name].told, person.told
        assert heard == said, f"{name} was told {len(heard)} lines that should be these {len(said)}"
    assert _rows(wild.database, "outbox") == 0, "letters are left in the outbox"
    assert _rows(wild.database, "events") == sum(len(person.script) for person in calm.people.values())
    assert _rows(wild.database, "journeys") == CROWD


def _rows(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own names
