"""What was shared: two processes that are about the same one, and each thing is taken away once."""

import asyncio
from collections.abc import Sequence

import pytest

from storage.store import Store
from storage.wins import Shared, Wins
from tests.databases import SERVES, Database
from tests.storage.test_store import ANN, BEN, NOW

TOWN = "discord:1"
RECEIPT = "2/3"


async def added(store: Store, person: str = ANN) -> int:
    """Share something."""
    async with store.begin() as unit:
        return await unit.use(Wins).add(TOWN, person, NOW)


async def arrives(store: Store, number: int) -> Sequence[Shared]:
    """Note the receipt of one; return what is to be taken away then."""
    async with store.begin() as unit:
        shared = unit.use(Wins)
        one = await shared.arrived(number, RECEIPT)
        return [one] if one and not one.person and await shared.remove(number) else []


async def taken_back(store: Store, number: int, person: str = ANN) -> Sequence[Shared]:
    """Take one back; return what is to be taken away then."""
    async with store.begin() as unit:
        shared = unit.use(Wins)
        one = await shared.disown(number, person)
        return [one] if one and one.receipt and await shared.remove(number) else []


async def looked(store: Store) -> Sequence[Shared]:
    """Look for what is nobody's; return what is to be taken away then."""
    async with store.begin() as unit:
        return await unit.use(Wins).take_disowned(SERVES)


async def test_what_is_shared_is_somebodys(store: Store) -> None:
    """And of nobody else; the newest comes first."""
    numbers = [await added(store) for _ in range(3)]
    await added(store, BEN)
    async with store.begin() as unit:
        shared = unit.use(Wins)
        assert [one.id for one in await shared.of(ANN)] == numbers[::-1]
        assert {one.shared_at for one in await shared.of(ANN)} == {NOW}
        assert await shared.count(TOWN) == 4
        assert await shared.count("discord:2") == 0
        assert [await shared.whose(number) for number in (*numbers, 99)] == [ANN, ANN, ANN, ""]
        assert await shared.disown(numbers[0], BEN) is None
        assert repr((await shared.of(BEN))[0]) == "<Shared>"


async def test_a_number_is_never_given_twice(store: Store) -> None:
    """A button of an older message must not take back what came later."""
    first = await added(store)
    async with store.begin() as unit:
        assert await unit.use(Wins).remove(first)
        assert not await unit.use(Wins).remove(first)
    assert await added(store) > first


async def test_what_is_nobodys_waits_for_its_receipt(store: Store) -> None:
    """Before that there is nothing by which it could be found."""
    number = await added(store)
    assert await taken_back(store, number) == []
    assert await looked(store) == []
    assert [one.receipt for one in await arrives(store, number)] == [RECEIPT]
    assert await arrives(store, number) == []
    assert await looked(store) == []


@pytest.mark.databases("postgresql")
async def test_whatever_happens_at_the_same_moment_it_is_taken_away_once(database: Database) -> None:
    """Arriving, being taken back twice, and two processes that look, in any order."""
    async with database.store() as one, database.store() as other:
        for turn in range(20):
            number = await added(one)
            doings = [
                arrives(one, number),
                taken_back(other, number),
                taken_back(one, number),
                looked(one),
                looked(other),
            ]
            at = turn % len(doings)
            found = await asyncio.gather(*doings[at:], *doings[:at])
            removed = [shared.id for some in (*found, await looked(one)) for shared in some]
            assert removed == [number]
    assert (await database.rows())["wins"] == []


@pytest.mark.databases("postgresql")
async def test_nobody_waits_for_who_is_just_taking_one_back(database: Database) -> None:
    """What another process is about is left to it."""
    async with database.store() as store:
        mine, theirs = await added(store), await added(store)
        await arrives(store, mine)
        await arrives(store, theirs)
        await database.sql("UPDATE wins SET person = ''")
        async with database.holding(f"SELECT * FROM wins WHERE id = {mine} FOR UPDATE"):  # noqa: S608 - a number
            assert [one.id for one in await looked(store)] == [theirs]
        assert [one.id for one in await looked(store)] == [mine]


async def test_what_another_process_delivers_is_left_to_it(database: Database, store: Store) -> None:
    """A process that serves one platform takes nothing away on another."""
    number = await added(store)
    await arrives(store, number)
    await database.sql("UPDATE wins SET person = ''")
    async with store.begin() as unit:
        assert await unit.use(Wins).take_disowned(("elsewhere:",)) == []
    assert [one.id for one in await looked(store)] == [number]
