"""Wins are taken back whenever somebody wants that, and when they erase everything."""

from datetime import timedelta

import pytest

from tests.bot.conftest import journey_of
from tests.bot.square import TOWN, VILLAGE, Square, pressed
from tests.bot.wins.winners import ANN, BEN, LINE, shares


async def test_taken_back_while_it_is_on_its_way_it_goes_as_soon_as_it_arrives(here: Square) -> None:
    """The receipt by which it is found comes with the delivery."""
    here.post.open.clear()
    preview = await here.begins(ANN, "wins.anonymous")
    posted = await here.begins(ANN, pressed(preview, "Share it"))
    soon = await here.begins(ANN, pressed(posted, "Take it back"))
    assert soon.text.startswith("It was still on its way.")
    assert (await here.begins(ANN, "wins.mine")).keys == ("wins.mine_none",)
    here.post.open.set()
    await here.settled()
    assert here.post.posted == 1
    assert here.standing() == []
    assert await here.rows() == []


async def test_a_receipt_that_is_told_twice_changes_nothing(here: Square) -> None:
    """Before it is taken back, and after."""
    posted = await shares(here)
    ((number, *_),) = await here.rows()
    await here.told(number, "C1/1")
    assert len(here.standing()) == 1
    await here.does(ANN, pressed(posted, "Take it back"))
    await here.told(number, "C1/1")
    assert here.standing() == []
    assert await here.rows() == []


@pytest.mark.parametrize(
    "act", [*(f"wins.withdraw:{TOWN}/{one}" for one in ("1", "99", "\u0661", 9**40, "")), "wins.withdraw:1"]
)
async def test_nobody_takes_back_what_is_somebody_elses(here: Square, act: str) -> None:
    """Nor learns whether there is such a thing."""
    await shares(here)
    assert (await here.does(BEN, act)).text == "That isn't there any more."
    assert len(here.standing()) == 1


async def test_erasing_everything_takes_it_away(here: Square) -> None:
    """Of somebody who is gone nothing stands there; what others have shared does."""
    await shares(here, BEN)
    preview = await here.does(ANN, f"wins.line:{TOWN}", LINE)
    await here.does(ANN, pressed(preview, "Share it"))
    assert len(here.standing()) == 2
    await here.says(ANN, "/erase")
    said = await here.says(ANN, "yes, erase everything")
    assert any("What you shared in wins channels: 1;" in one.text for one in said)
    assert len(here.standing()) == 2
    await here.passes(timedelta(minutes=1))
    assert here.standing() == ["Somebody here got an offer."]
    assert [person for _, _, person, *_ in await here.rows()] == [BEN]


async def test_erasing_everything_while_it_is_on_its_way_takes_it_away(here: Square) -> None:
    """As soon as it arrives."""
    here.post.open.clear()
    preview = await here.begins(ANN, "wins.anonymous")
    await here.begins(ANN, pressed(preview, "Share it"))
    await here.erases(ANN)
    await here.app.members.look()
    assert len(await here.rows()) == 1
    here.post.open.set()
    await here.settled()
    assert here.post.posted == 1
    assert here.standing() == []
    assert await here.rows() == []


async def test_whoever_has_left_can_take_back_what_they_have_shared(here: Square) -> None:
    """The community in which it stands need not be the one in which they are."""
    posted = await shares(here)
    await here.does(ANN, pressed(posted, "Take it back"), at="")
    assert here.standing() == []


async def test_taking_back_is_no_coming_through(here: Square) -> None:
    """Whoever has left a community and takes theirs back there is counted and asked where they are."""
    await here.set_up(VILLAGE)
    posted = await shares(here)
    await here.does(ANN, "wins.share", at=VILLAGE)
    await here.does(ANN, pressed(posted, "Take it back"), left=True)
    known = (await journey_of(here.store, ANN)).settings.communities
    assert [one.community for one in known] == [TOWN, VILLAGE]
