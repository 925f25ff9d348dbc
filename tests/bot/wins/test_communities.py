"""Which community a win goes to: the one that somebody chooses, where it is on and the bot still is."""

from tests.bot.square import TOWN, VILLAGE, Square, labels, pressed
from tests.bot.wins.winners import ANN, LINE, shares


async def test_where_it_is_off_nothing_is_shared_and_what_stands_can_be_taken_back(here: Square) -> None:
    """Switched off between two pages, too."""
    posted = await shares(here)
    preview = await here.does(ANN, "wins.anonymous")
    await here.set_up(TOWN, features=())
    for act in ("wins.share", f"wins.line:{TOWN}", f"wins.named:{TOWN}", pressed(preview, "Share it")):
        shown = await here.does(ANN, act, *([LINE] if "line" in act else []))
        assert shown.text.startswith("There's no wins channel here right now.")
        assert not shown.controls
    assert len(here.standing()) == 1
    await here.does(ANN, pressed(posted, "Take it back"))
    assert here.standing() == []


async def test_where_nobody_has_set_anything_up(here: Square) -> None:
    """Or where it was not said from which community it comes."""
    for community in ("test:nowhere", ""):
        assert (await here.does(ANN, "wins.share", at=community)).keys == ("wins.off",)


async def test_of_several_communities_it_goes_where_one_chooses(here: Square) -> None:
    """From direct messages it is the last one, and the others are one press away."""
    await here.set_up(VILLAGE)
    for community in (VILLAGE, TOWN):
        await here.says(ANN, "hello", community)
    start = await here.does(ANN, "wins.share", at=TOWN)
    assert "Town" in start.text
    other = await here.does(ANN, pressed(start, "In Village"), at=TOWN)
    assert "Village" in other.text
    assert "In Town" in labels(other)
    preview = await here.does(ANN, pressed(other, "Without my name"), at=TOWN)
    await here.does(ANN, pressed(preview, "Share it"), at=TOWN)
    assert here.standing(TOWN) == []
    assert len(here.standing(VILLAGE)) == 1


async def test_a_line_goes_along_into_the_other_community(here: Square) -> None:
    """And what was shown for one is not posted in another by an older button."""
    await here.set_up(VILLAGE)
    await here.says(ANN, "hello", VILLAGE)
    for_town = await here.does(ANN, f"wins.line:{TOWN}", LINE)
    start = await here.does(ANN, pressed(for_town, "Change"))
    other = await here.does(ANN, pressed(start, "In Village"))
    assert LINE in other.text
    await here.does(ANN, pressed(other, "Without my name"))
    assert (await here.does(ANN, pressed(for_town, "Share it"))).keys == ("wins.mine_none",)
    assert here.standing(TOWN) == here.standing(VILLAGE) == []


async def test_asked_where_there_is_no_channel_one_chooses_another_community(here: Square) -> None:
    """One that has a channel, and is on."""
    await here.set_up(VILLAGE, features=())
    for community in (TOWN, VILLAGE):
        await here.says(ANN, "hello", community)
    choice = await here.does(ANN, "wins.share", at=VILLAGE)
    assert list(labels(choice)) == ["In Town", "Leave it"]
    assert "Town" in (await here.does(ANN, pressed(choice, "In Town"), at=VILLAGE)).text


async def test_whoever_is_in_two_communities_is_one_person(here: Square) -> None:
    """With one list of what they have shared, wherever they ask for it, and with their communities' names."""
    await here.set_up(VILLAGE)
    await shares(here, at=TOWN)
    await shares(here, at=VILLAGE)
    mine = await here.does(ANN, "wins.mine", at=VILLAGE)
    assert list(labels(mine)) == [
        "Take back: Monday 5 January, 12:00, Village",
        "Take back: Monday 5 January, 12:00, Town",
    ]
    for act in labels(mine).values():
        await here.does(ANN, act, at=TOWN)
    assert here.standing(TOWN) == here.standing(VILLAGE) == []


async def test_a_community_that_was_removed_meanwhile_takes_everything_with_it(here: Square) -> None:
    """What was on its way arrives, and nobody is bothered."""
    here.post.open.clear()
    preview = await here.begins(ANN, "wins.anonymous")
    posted = await here.begins(ANN, pressed(preview, "Share it"))
    await here.remove(TOWN)
    here.post.open.set()
    await here.settled()
    assert (await here.does(ANN, pressed(posted, "Take it back"))).keys == ("wins.gone",)
