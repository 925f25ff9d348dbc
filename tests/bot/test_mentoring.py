"""Introductions between members, on real databases: what each side is shown, told and refused."""

import pytest

from dialogs.community import recipient
from dialogs.replies import Room
from storage.store import Store
from tests.bot.introduced import ANN, BEN, HERE, People, control, pressable


@pytest.fixture
async def people(store: Store) -> People:
    """Give the people of a community that has mentors switched on."""
    people = People(store)
    await people.set_up()
    return people


async def test_two_members_who_never_met_are_introduced_when_both_agree(people: People) -> None:
    """Offer, find, ask, accept, agree, and the letter that opens the room."""
    await people.offers(BEN, "cv", "salary")
    shown = await people.seeks(ANN)
    assert shown.text.startswith("CV: I've asked somebody")
    (asked,) = people.told(BEN)
    assert "CV" in asked.text
    assert asked.about == f"mentor.reached:{HERE}/1"
    await people.presses(BEN, asked, "mentor.accept")
    (found,) = people.told(ANN)
    assert BEN not in str(pressable(found)) + found.text
    await people.presses(ANN, found, "mentor.agree")
    (room,) = people.told(recipient(HERE))
    assert room.effect == Room(number=1, people=(ANN, BEN))
    await people.deliver()
    mine = await people.does(BEN, "mentor.mine")
    look = await people.presses(BEN, mine, "mentor.look")
    assert control(look, "mentor.end") == f"mentor.end:{HERE}/1"
