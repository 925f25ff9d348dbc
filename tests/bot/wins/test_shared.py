"""Wins: previewed first, and shared as they were shown, so many and no more."""

from datetime import timedelta
from itertools import pairwise

import pytest

from dialogs.journey import Journey
from dialogs.steps import Step
from tests.bot.conftest import journey_of, keep
from tests.bot.square import TOWN, VILLAGE, Square, labels, pressed, primary
from tests.bot.wins.winners import ANN, BEN, DAY, LINE, shares


async def test_shared_without_a_name_after_a_preview_and_taken_back(here: Square) -> None:
    """What was shown is what stands there, word for word; until it is said, nothing does."""
    start = await here.does(ANN, "wins.share")
    assert "the wins channel of Town" in start.text
    assert primary(start) == ["Without my name"]
    preview = await here.does(ANN, pressed(start, "Without my name"))
    assert "\u2502 Somebody here got an offer." in preview.text
    assert "Nobody there sees who it's from." in preview.text
    assert here.standing() == []
    posted = await here.does(ANN, pressed(preview, "Share it"))
    assert here.standing() == ["Somebody here got an offer."]
    gone = await here.does(ANN, pressed(posted, "Take it back"))
    assert gone.text == "It's being taken away."
    assert here.standing() == []


async def test_the_whole_life_of_a_win(here: Square) -> None:
    """From the offer, told in direct messages, through every page, to the day on which it is taken back."""
    said = await here.says(ANN, "I got an offer from Globex", TOWN)
    assert [one.keys for one in said][-2:] == [("wins.offered",), ("send_off.after_offer",)]
    start = await here.does(ANN, pressed(said[-2], "Share it in the wins channel"), at="")
    assert start.keys == ("wins.share",)
    assert "Globex" not in start.text
    preview = await here.does(ANN, pressed(start, "Add a line of my own"), f"  {LINE}\n\n")
    assert f"\u2502 Somebody here got an offer.\n\u2502\n\u2502 \u201c{LINE}\u201d" in preview.text
    start = await here.does(ANN, pressed(preview, "Change"))
    assert f"\u2502 \u201c{LINE}\u201d" in start.text
    preview = await here.does(ANN, pressed(start, "With my name"))
    assert f"\u2502 Ann got an offer.\n\u2502\n\u2502 \u201c{LINE}\u201d" in preview.text
    assert "Everybody there sees that it's you." in preview.text
    start = await here.does(ANN, pressed(preview, "Change"))
    preview = await here.does(ANN, pressed(start, "Write another line"), "It was worth it.")
    assert "\u2502 Ann got an offer.\n\u2502\n\u2502 \u201cIt was worth it.\u201d" in preview.text
    start = await here.does(ANN, pressed(preview, "Change"))
    start = await here.does(ANN, pressed(start, "Without my line"))
    assert "worth it" not in start.text
    preview = await here.does(ANN, pressed(start, "With my name"))
    await here.does(ANN, pressed(preview, "Share it"))
    assert here.standing() == ["Ann got an offer."]
    await here.passes(40 * DAY)
    start = await here.does(ANN, "wins.share")
    mine = await here.does(ANN, pressed(start, "What I have shared"))
    assert list(labels(mine)) == ["Take back: Monday 5 January, 12:00, Town"]
    await here.does(ANN, *labels(mine).values())
    assert here.standing() == []
    assert (await here.does(ANN, "wins.mine")).text == "You have nothing in a wins channel."


async def test_the_questions_of_the_talk_go_on_beside_it(here: Square) -> None:
    """Sharing is no step of the talk: the question that is open stays open, and stopping stays stopping."""
    await here.says(ANN, "I got an offer from Globex", TOWN)
    await here.says(ANN, "stop")
    before = await journey_of(here.store, ANN)
    assert before.step is Step.STOPPED
    await shares(here)
    after = await journey_of(here.store, ANN)
    assert (after.step, after.asked, after.win) == (before.step, before.asked, None)


async def test_it_is_offered_once_for_an_offer_and_only_where_there_is_a_channel(here: Square) -> None:
    """Who comes from nowhere does not hear of it."""
    said = await here.says(BEN, "I got an offer from Globex")
    assert not any(one.controls for one in said)
    assert any(one.controls for one in await here.says(ANN, "I got an offer from Globex", TOWN))
    await here.passes(DAY)
    assert not any(one.controls for one in await here.says(ANN, "I got an offer from Globex", TOWN))


async def test_what_is_shared_is_what_stands_above_the_button(here: Square) -> None:
    """Pressed under an earlier preview, after another one, it is shown again as it would be now, and not posted."""
    without = await here.does(ANN, "wins.anonymous")
    await here.does(ANN, "wins.named")
    shown = await here.does(ANN, pressed(without, "Share it"))
    assert shown.keys == ("wins.preview",)
    assert "\u2502 Ann got an offer." in shown.text
    assert here.standing() == []
    await here.does(ANN, "wins.anonymous")
    await here.does(ANN, pressed(without, "Share it"))
    assert here.standing() == ["Somebody here got an offer."]


async def test_left_alone_nothing_is_posted_and_what_was_written_is_forgotten(here: Square) -> None:
    """Without a reason."""
    preview = await here.does(ANN, f"wins.line:{TOWN}", LINE)
    left = await here.does(ANN, pressed(preview, "Leave it"))
    assert left.text.startswith("Left alone.")
    assert (await journey_of(here.store, ANN)).win is None
    assert (await here.does(ANN, pressed(preview, "Share it"))).keys == ("wins.mine_none",)
    assert here.standing() == []


async def test_pressed_twice_it_stands_there_once(here: Square) -> None:
    """The second press shows how to take it back, as the first one did."""
    preview = await here.does(ANN, "wins.anonymous")
    await here.begins(ANN, pressed(preview, "Share it"))
    again = await here.does(ANN, pressed(preview, "Share it"))
    assert len(here.standing()) == 1
    (act,) = labels(again).values()
    await here.begins(ANN, act)
    assert (await here.does(ANN, act)).text == "That isn't there any more."
    assert here.standing() == []


@pytest.mark.parametrize("act", ["wins.withdraw", "wins.dance", "wins.posted:1", "wins.line"])
async def test_what_makes_no_sense_ends_politely(here: Square, act: str) -> None:
    """Buttons of other releases, and what nobody can press."""
    shown = await here.does(ANN, act)
    assert shown.keys in {("wins.gone",), ("wins.preview",)}
    assert here.standing() == []


async def test_somebody_shares_at_most_three_times_in_a_day(here: Square) -> None:
    """Wherever, and whatever they take back; others can, and when a day is over they can again."""
    await here.set_up(VILLAGE)
    for at in (TOWN, VILLAGE, TOWN):
        await shares(here, at=at)
        await here.passes(timedelta(minutes=1))
    refused = await shares(here)
    assert refused.keys == ("wins.too_many",)
    assert len(labels(refused)) == 3
    await here.does(ANN, next(iter(labels(refused).values())))
    assert (await shares(here)).keys == ("wins.too_many",)
    await shares(here, BEN)
    await here.passes(DAY)
    await shares(here)
    assert len(here.standing()) + len(here.standing(VILLAGE)) == 4


async def test_the_same_wording_does_not_stand_there_twice_in_a_row(here: Square) -> None:
    """Whoever shares."""
    for person in (ANN, BEN, ANN, BEN, ANN):
        await shares(here, person)
    texts = here.standing()
    assert all(one != other for one, other in pairwise(texts))


async def test_what_stands_is_in_the_export(here: Square) -> None:
    """And what was written and not shared yet; no word of what stands is kept."""
    preview = await here.does(ANN, f"wins.line:{TOWN}", LINE)
    (page,) = (one for one in await here.says(ANN, "/export") if one.file)
    assert LINE in page.text
    await here.does(ANN, pressed(preview, "Share it"))
    (page,) = (one for one in await here.says(ANN, "/export") if one.file)
    assert "Something you shared on Monday 5 January" in page.text
    assert LINE not in page.text
    assert page.file is not None
    assert LINE not in page.file.text
    assert '"standing"' in page.file.text


async def test_what_was_not_shared_is_forgotten_after_a_day(here: Square) -> None:
    """By itself; and a button of the day before posts nothing that is not remembered."""
    preview = await here.does(ANN, f"wins.line:{TOWN}", LINE)
    win = (await journey_of(here.store, ANN)).win
    assert win is not None
    assert win.line == LINE
    await here.passes(DAY)
    assert (await journey_of(here.store, ANN)).win is None
    await keep(here.store, ANN, Journey(win=win))  # nobody had woken them yet
    assert (await here.does(ANN, pressed(preview, "Share it"))).keys == ("wins.mine_none",)
    assert here.standing() == []
