"""Two processes at the same moment: one of what they do counts, the other one gets a polite line, and nobody waits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from dialogs.community import recipient
from tests.bot.introduced import ANN, BEN, CAT, HERE, THERE, People, control
from tests.databases import Database, says

ROUNDS = 6
ROOM = recipient(HERE)
OVER = ("mentors.over",)


@pytest.fixture
async def processes(database: Database) -> AsyncIterator[tuple[People, People]]:
    """Give the people twice, once for each of two processes."""
    async with database.store() as one, database.store() as other:
        both = People(one), People(other)
        await both[0].set_up(HERE, THERE)
        yield both


async def state(database: Database) -> list[tuple[object, ...]]:
    """Return who is in which introduction."""
    return await database.sql("SELECT seeker, mentor FROM introductions")


def told(processes: tuple[People, People], person: str) -> list[tuple[str, ...]]:
    """Return what somebody was told by either process."""
    return sorted(one.keys for people in processes for one in people.told(person))


async def both(*doing: Awaitable[Any]) -> list[Any]:
    """Let things happen at the same moment, and return what each has shown."""
    async with asyncio.timeout(20):
        return list(await asyncio.gather(*doing))


def rounds(processes: tuple[People, People]) -> Iterator[int]:
    """Yield each round on another day: somebody looks for a mentor a few times in a day at the most."""
    for number in range(ROUNDS):
        yield number
        for people in processes:
            people.moved += timedelta(days=1)


async def asked(people: People) -> str:
    """Have Ben asked for Ann, and return what the buttons are about."""
    await people.offers(BEN)
    await people.seeks(ANN)
    (letter,) = people.told(BEN)
    return control(letter, "mentor.accept").partition(":")[2]


async def test_a_yes_and_a_request_taken_back(processes: tuple[People, People], database: Database) -> None:
    """Either there is no request any more to say yes to, or the one that was said yes to is taken back."""
    one, other = processes
    for _ in rounds(processes):
        about = await asked(one)
        yes, back = await both(one.does(BEN, f"mentor.accept:{about}"), other.does(ANN, f"mentor.cancel:{about}"))
        assert back.keys == ("mentors.cancelled",)
        assert yes.keys in {("mentors.accepted",), OVER}
        assert await state(database) == []
        assert told(processes, ANN) == ([] if yes.keys == OVER else [("mentors.found",)])
        assert told(processes, BEN) == [("mentors.taken_back",)]


async def test_the_same_yes_twice(processes: tuple[People, People]) -> None:
    """The seeker is asked once."""
    one, other = processes
    for _ in rounds(processes):
        about = await asked(one)
        shown = await both(*(people.does(BEN, f"mentor.accept:{about}") for people in processes))
        assert sorted(reply.keys for reply in shown) == [("mentors.accepted",), OVER]
        assert told(processes, ANN) == [("mentors.found",)]
        shown = await both(*(people.does(ANN, f"mentor.agree:{about}") for people in processes))
        assert sorted(reply.keys for reply in shown) == [("mentors.agreed",), OVER]
        assert told(processes, ROOM) == [("mentors.room",)]
        shown = await both(other.does(ANN, f"mentor.end:{about}"), one.does(BEN, f"mentor.end:{about}"))
        assert sorted(reply.keys for reply in shown) == [("mentors.ended_by_you",), OVER]
        assert len(told(processes, ANN) + told(processes, BEN)) == 1


async def test_a_yes_in_the_moment_in_which_it_is_passed_on(
    processes: tuple[People, People], database: Database
) -> None:
    """Three days are over: whichever comes first counts, and both processes look."""
    one, other = processes
    for _ in rounds(processes):
        about = await asked(one)
        for people in processes:
            people.moved += timedelta(days=3)
        yes, *_ = await both(one.does(BEN, f"mentor.accept:{about}"), other.members.look(), one.members.look())
        passed_on = ("mentors.passed_on",) in told(processes, BEN)
        assert (yes.keys == OVER) == passed_on
        assert await state(database) == [(ANN, "" if passed_on else BEN)]
        assert told(processes, ANN) == ([] if passed_on else [("mentors.found",)])
        await one.does(ANN, f"mentor.cancel:{about}")
        told(processes, BEN)


async def test_two_look_for_one_mentor(processes: tuple[People, People], database: Database) -> None:
    """Who mentors one at a time is asked for one of them."""
    one, other = processes
    for _ in rounds(processes):
        await one.offers(BEN)
        await both(*(people.seeks(person) for people, person in zip(processes, (ANN, "discord:9"), strict=True)))
        assert sorted(str(mentor) for _, mentor in await state(database)) == ["", BEN]
        assert told(processes, BEN) == [("mentors.asked",)]
        for seeker in (ANN, "discord:9"):
            await one.presses(seeker, await one.does(seeker, "mentor.find"), "mentor.cancel")
        told(processes, BEN)
        told((one, other), ANN)


async def test_one_looks_twice(processes: tuple[People, People], database: Database) -> None:
    """There is one request."""
    shown = await both(*(people.does(ANN, f"mentor.seek:{HERE}/cv") for people in processes))
    assert shown[0] == shown[1]
    assert await state(database) == [(ANN, "")]


async def test_who_erases_everything_while_somebody_says_yes(
    processes: tuple[People, People], database: Database
) -> None:
    """Their name comes back nowhere, and the other one is told how it ended."""
    one, other = processes

    async def erase() -> None:
        async with other.store.begin() as unit:
            await unit.journeys([ANN])
            await unit.erase([ANN])

    for _ in rounds(processes):
        about = await asked(one)
        yes, _ = await both(one.does(BEN, f"mentor.accept:{about}"), erase())
        assert await database.sql("SELECT * FROM introductions WHERE seeker = :ann", ann=ANN) == []
        await one.members.look()
        assert await state(database) == []
        assert told(processes, BEN)[-1] in {("mentors.ended",), ("mentors.taken_back",)}
        assert yes.keys in {("mentors.accepted",), OVER}
        told(processes, ANN)


async def test_a_mentor_erases_everything_while_somebody_looks(
    processes: tuple[People, People], database: Database
) -> None:
    """Whether they were asked before or not, nothing is left of them."""
    one, other = processes

    async def erase() -> None:
        async with other.store.begin() as unit:
            await unit.journeys([BEN])
            await unit.erase([BEN])

    for _ in rounds(processes):
        await one.offers(BEN)
        shown, _ = await both(one.seeks(ANN), erase())
        await one.members.look()
        assert await state(database) == [(ANN, "")]
        assert await database.sql("SELECT * FROM offers") == []
        await one.presses(ANN, shown, "mentor.cancel")
        told(processes, BEN)
        assert told(processes, ANN) == []


async def test_two_who_are_in_two_introductions_erase_everything_at_once(
    processes: tuple[People, People], database: Database
) -> None:
    """Each mentors the other one somewhere; neither waits for the other in a circle."""
    one, other = processes
    await one.set_up(HERE, THERE)

    async def erase(people: People, person: str) -> None:
        async with people.store.begin() as unit:
            await unit.journeys([person])
            await unit.erase([person])

    for person in (BEN, CAT):
        one.mentors.add(person)
    for _ in rounds(processes):
        await one.offers(BEN)
        await one.seeks(CAT)
        await one.offers(CAT, here=THERE)
        await one.seeks(BEN, here=THERE)
        await both(erase(one, BEN), erase(other, CAT))
        await one.members.look()
        assert await state(database) == []
        told(processes, BEN)
        told(processes, CAT)


@pytest.mark.databases("postgresql")
async def test_a_community_that_waits_keeps_no_other_one_waiting(
    processes: tuple[People, People], database: Database
) -> None:
    """A process that stands still may have it; of the few connections of another one, its members take one."""
    people, _ = processes
    async with database.holding(f"SELECT 1 FROM communities WHERE id = '{HERE}' FOR UPDATE"):  # noqa: S608 - ours
        waiting = [asyncio.create_task(people.does(f"discord:{n}", f"mentor.find:{HERE}")) for n in range(20)]
        await says(database, "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        async with asyncio.timeout(2):
            shown = await people.does(ANN, f"mentor.find:{THERE}")
        assert not any(one.done() for one in waiting)
    assert {one.keys for one in await asyncio.gather(*waiting)} == {shown.keys}
