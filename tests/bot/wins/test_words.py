"""What a win says: somebody's own line and name, without links, in private where it is danger, and in no log."""

import pytest

from dialogs.steps import Step
from tests.bot.conftest import journey_of
from tests.bot.square import CHANNELS, TOWN, Square, pressed
from tests.bot.wins.winners import ANN, LINE
from tests.databases import Database


@pytest.mark.parametrize("text", ["i want to die", "We made it!! i don't want to live anymore"])
async def test_danger_in_a_line_is_talked_about_in_private(here: Square, database: Database, text: str) -> None:
    """Nothing is shared, nothing of the line is kept, and the talk says in the direct messages what it always says."""
    await here.says(ANN, "hello", TOWN)
    preview = await here.does(ANN, f"wins.line:{TOWN}", LINE)
    before = len(here.post.sent[ANN])
    shown = await here.does(ANN, f"wins.line:{TOWN}", text)
    assert shown.keys == ("wins.in_private", "safety.helplines")
    assert not shown.controls
    assert [key for one in here.post.sent[ANN][before:] for key in one.keys] == [
        "safety.heard",
        "safety.helplines",
        "safety.barrier",
    ]
    journey = await journey_of(here.store, ANN)
    assert (journey.step, journey.win) == (Step.SAFETY, None)
    assert (await here.does(ANN, pressed(preview, "Share it"))).keys == ("wins.mine_none",)
    assert here.standing() == []
    assert text.encode() not in await database.content()


async def test_danger_is_heard_where_it_is_off_too(here: Square) -> None:
    """It comes before everything else, as everywhere."""
    await here.set_up(TOWN, features=())
    shown = await here.does(ANN, f"wins.line:{TOWN}", "i want to die")
    assert shown.keys[0] == "wins.in_private"
    assert here.post.sent[ANN]


async def test_a_line_with_a_link_goes_nowhere(here: Square) -> None:
    """The page comes again, and says why."""
    shown = await here.does(ANN, f"wins.line:{TOWN}", "Buy at https://shop.example today")
    assert shown.text.startswith("A line with a link in it")
    assert "shop" not in shown.text
    assert (await journey_of(here.store, ANN)).win is None


async def test_a_line_in_which_nothing_can_be_read_is_left_out(here: Square) -> None:
    """Signs that hide are taken away before."""
    shown = await here.does(ANN, f"wins.line:{TOWN}", "\u202e \u200b\n\x1b[31m")
    assert shown.text.startswith("There was nothing to read in that line")
    await here.does(ANN, pressed(shown, "Share it"))
    assert here.standing() == ["Somebody here got an offer."]


@pytest.mark.parametrize(
    ("name", "called"),
    [("Ann\nof\u202e\u2028Town", "Ann of Town"), ("A" * 50, "A" * 39 + "\u2026"), ("{line}", "{line}")],
)
async def test_a_name_is_one_short_line(here: Square, name: str, called: str) -> None:
    """Whatever somebody has called themselves."""
    shown = await here.does(ANN, "wins.named", name=name)
    await here.does(ANN, pressed(shown, "Share it"), name=name)
    assert here.standing() == [f"{called} got an offer."]


async def test_a_name_that_is_not_known_is_left_out(here: Square) -> None:
    """And the preview says so."""
    shown = await here.does(ANN, "wins.named", name=" \u200b ")
    assert shown.text.startswith("I don't know what you are called here")
    assert "\u2502 Somebody here got an offer." in shown.text


async def test_a_name_that_is_an_address_is_left_out(here: Square) -> None:
    """It would stand in the channel as a link, as a line with one must not."""
    shown = await here.does(ANN, "wins.named", name="https://buy.example/now")
    assert shown.text.startswith("What you are called here has a link in it")
    assert "buy" not in shown.text
    await here.does(ANN, pressed(shown, "Share it"))
    assert here.standing() == ["Somebody here got an offer."]


async def test_nothing_that_somebody_writes_or_is_called_is_logged(
    here: Square, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even where it goes wrong."""
    caplog.set_level(0)
    here.post.closed.add(CHANNELS[TOWN])
    await here.does(ANN, f"wins.line:{TOWN}", "canary-line")
    preview = await here.does(ANN, "wins.named", name="canary-name")
    await here.does(ANN, pressed(preview, "Share it"))
    assert caplog.records
    assert "canary" not in caplog.text
    assert ANN not in caplog.text
