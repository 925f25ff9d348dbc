"""Several programs on one database at the same moment: nothing of what one does is lost to another."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator

import pytest

from dialogs.journey import Journey
from storage.store import Store
from tests.bot.running import onward
from tests.databases import KEY, Database
from tests.storage.test_store import ANN, NOW, keep, kept, reply

CROWD = [f"terminal:{number}" for number in range(12)]


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Store]:
    """Give a second program's store on the same database."""
    async with database.store() as store:
        yield store


async def count(store: Store, people: list[str]) -> None:
    """Take a turn with each of them, in one batch."""
    async with store.begin() as unit:
        journeys = await unit.journeys(people)
        await unit.keep([(person, Journey(asked=journeys[person].asked + 1), None) for person in people])


async def test_every_turn_counts_of_people_whom_both_meet_for_the_first_time(store: Store, other: Store) -> None:
    """Batches of several people, in whatever order they are named, neither lose a turn nor wait in a circle."""
    for number in range(8):
        crowd = [f"{person}/{number}" for person in CROWD]
        turns = [count(one, people) for one in (store, other) for people in (crowd, crowd[::-1], crowd[:3])]
        await asyncio.gather(*turns)
        assert [(await kept(other, person)).asked for person in crowd] == [6] * 3 + [4] * 9


async def test_of_an_event_that_both_take_one_is_the_first(store: Store, other: Store) -> None:
    """Platforms deliver to both; each event is new to exactly one of them."""

    async def see(which: Store, ids: list[str]) -> set[str]:
        async with which.begin() as unit:
            return await unit.first_seen([(person, one) for person in CROWD for one in ids], NOW)

    ids = [f"{number}" for number in range(20)]
    found = await asyncio.gather(*(see(one, [event]) for event in ids for one in (store, other)))
    assert sorted(event for seen in found for event in seen) == sorted(ids)


async def test_whoever_erases_everything_and_begins_anew_at_once_is_one_or_the_other(
    store: Store, other: Store
) -> None:
    """Nothing breaks, no letter is left to nobody, and what was erased does not come back."""

    async def erase(person: str) -> None:
        async with store.begin() as unit:
            await unit.journeys([person])
            await unit.erase([person])
            receipt = await unit.post([(person, "here", reply("receipt"))])
        await store.delivered([one.id for one in receipt])

    for number in range(8):
        for person in CROWD[:4]:
            await keep(store, person, Journey(asked=100))
        await asyncio.gather(
            *(erase(person) for person in CROWD[:4]), *(count(other, [person]) for person in CROWD[:4])
        )
        for person in CROWD[:4]:
            assert (await kept(store, person)).asked in {0, 1}, number


@pytest.mark.databases("postgresql")
async def test_several_processes_that_upgrade_one_database_leave_it_up_to_date(
    new_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replicas are started at the same moment; each may bring the database up to date first, and none fails."""
    monkeypatch.setenv("ONWARD_DATABASE_URL", new_database.url)
    monkeypatch.setenv("ONWARD_KEY", KEY.hex())
    started = [
        await asyncio.create_subprocess_exec(*onward("db", "upgrade"), stdout=PIPE, stderr=PIPE) for _ in range(5)
    ]
    told = [await process.communicate() for process in started]
    assert [process.returncode for process in started] == [0] * 5, told
    async with new_database.store() as one:
        await keep(one, ANN, Journey(asked=3))
        async with new_database.store() as two:
            assert (await kept(two, ANN)).asked == 3
