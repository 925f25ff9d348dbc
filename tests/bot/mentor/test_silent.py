"""Who has asked for silence, or may be in danger: nothing about mentors comes to them by itself."""

import pytest
from msgspec.structs import replace

from dialogs.steps import Step
from dialogs.waits import SAFETY
from tests.bot.conftest import journey_of, keep
from tests.bot.introduced import ANN, BEN, CAT, DAY, HERE, People, met


async def stands(people: People, person: str, step: Step) -> None:
    """Let somebody stand at a step."""
    await keep(people.store, person, replace(await journey_of(people.store, person), step=step))


@pytest.mark.parametrize("step", [Step.STOPPED, *sorted(SAFETY)])
async def test_a_mentor_who_is_not_to_be_written_to_is_not_asked(people: People, step: Step) -> None:
    """Somebody else is, or they are later, when they are back."""
    await people.offers(BEN)
    await stands(people, BEN, step)
    assert "nobody is free" in (await people.seeks(ANN)).text
    await people.offers(CAT)
    assert [one.keys for one in people.told(CAT)] == [("mentors.asked",)]
    assert not people.told(BEN)
    await people.does(CAT, f"mentor.stop:{HERE}")
    await stands(people, BEN, Step.REST)
    await people.does(ANN, "mentor.mine")
    assert [one.keys for one in people.told(BEN)] == [("mentors.asked",)]


async def test_for_who_has_asked_for_silence_nobody_is_asked(people: People) -> None:
    """They would not hear of a yes."""
    await people.seeks(ANN)
    await stands(people, ANN, Step.STOPPED)
    await people.offers(BEN)
    assert not people.told(BEN)
    await stands(people, ANN, Step.REST)
    await people.does(BEN, "mentor.mine")
    assert [one.keys for one in people.told(BEN)] == [("mentors.asked",)]


@pytest.mark.parametrize("step", [Step.STOPPED, Step.SAFETY])
async def test_a_week_later_they_are_left_alone(people: People, step: Step) -> None:
    """The other one is asked as ever, and what ends is still there to be looked at."""
    about = await met(people)
    await stands(people, ANN, step)
    people.moved = 7 * DAY
    await people.members.look()
    assert [one.keys for one in people.told(BEN)] == [("mentors.how_is_it_going",)]
    await people.does(BEN, f"mentor.end:{about}")
    assert not people.told(ANN)


async def test_a_yes_reaches_who_is_listened_to_in_danger(people: People) -> None:
    """They asked for it, and somebody waits for them."""
    await people.seeks(ANN)
    await stands(people, ANN, Step.SAFETY_STAY)
    await people.offers(BEN)
    (asked,) = people.told(BEN)
    await people.presses(BEN, asked, "mentor.accept")
    assert [one.keys for one in people.told(ANN)] == [("mentors.found",)]


async def test_who_is_silent_is_told_to_come_back_first(people: People) -> None:
    """Whoever offers, looks or says yes waits to be written to; ending is possible at any time."""
    about = await met(people)
    for person in (ANN, BEN):
        await stands(people, person, Step.STOPPED)
    assert (await people.does(ANN, f"mentor.seek:{HERE}/salary")).keys == ("mentors.silent",)
    assert (await people.does(BEN, f"mentor.resume:{HERE}")).keys == ("mentors.silent",)
    assert (await people.does(CAT, f"mentor.open:{HERE}/0--1")).keys == ("mentors.offered", "mentors.offer_chosen")
    assert (await people.does(ANN, f"mentor.end:{about}")).keys == ("mentors.ended_by_you",)
