"""Wins: previewed first, with a name or without, and taken back whenever somebody wants that."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest

from dialogs.journey import Journey
from dialogs.replies import Reply
from dialogs.steps import Step
from tests.bot.conftest import journey_of, keep
from tests.bot.square import CHANNELS, TOWN, VILLAGE, Square, labels, pressed, primary, square
from tests.databases import Database

ANN, BEN = "test:ann", "test:ben"
LINE = "Nine months. Forty tries. One yes."
DAY = timedelta(days=1)


@pytest.fixture
async def here(database: Database) -> AsyncIterator[Square]:
    """Give a town with a wins channel."""
    async with square(database) as place:
        await place.set_up(TOWN)
        yield place


async def shares(here: Square, person: str = ANN, at: str = TOWN) -> Reply:
    """Let somebody share without a name, and return what they are shown then."""
    preview = await here.does(person, "wins.anonymous", at=at)
    return await here.does(person, pressed(preview, "Share it"), at=at)


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


@pytest.mark.parametrize("act", ["wins.withdraw", "wins.dance", "wins.posted:1", "wins.line"])
async def test_what_makes_no_sense_ends_politely(here: Square, act: str) -> None:
    """Buttons of other releases, and what nobody can press."""
    shown = await here.does(ANN, act)
    assert shown.keys in {("wins.gone",), ("wins.preview",)}
    assert here.standing() == []


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


async def test_what_cannot_be_posted_is_told_in_one_line(here: Square) -> None:
    """Once, and nothing is left of it; a channel that cannot be written in is for admins to look at."""
    await here.says(ANN, "hello", TOWN)
    here.post.closed.add(CHANNELS[TOWN])
    before = len(here.post.sent[ANN])
    await shares(here)
    (told,) = here.post.sent[ANN][before:]
    assert told.keys == ("wins.not_posted",)
    assert await here.rows() == []
    assert (await journey_of(here.store, ANN)).standing == ()
    assert (await here.does(ANN, "wins.mine")).keys == ("wins.mine_none",)


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


async def test_what_was_taken_back_and_cannot_be_posted_is_not_told(here: Square) -> None:
    """Nor is what is told a second time."""
    here.post.open.clear()
    here.post.closed.add(CHANNELS[TOWN])
    preview = await here.begins(ANN, "wins.anonymous")
    posted = await here.begins(ANN, pressed(preview, "Share it"))
    ((number, *_),) = await here.rows()
    await here.begins(ANN, pressed(posted, "Take it back"))
    here.post.open.set()
    await here.settled()
    await here.told(number, None)
    assert ANN not in here.post.sent
    assert await here.rows() == []


async def test_of_somebody_who_erases_everything_meanwhile_not_even_the_name_is_left(
    here: Square, database: Database
) -> None:
    """Although it was just going to be told to them that it cannot be posted."""
    await database.sql(
        "INSERT INTO wins (id, community, person, receipt, shared_at) VALUES (7, :at, :ann, '', 1)", at=TOWN, ann=ANN
    )
    await here.told(7, None)
    assert ANN not in here.post.sent
    assert not any(ANN in map(str, row) for rows in (await database.rows()).values() for row in rows)


async def test_a_community_that_was_removed_meanwhile_takes_everything_with_it(here: Square) -> None:
    """What was on its way arrives, and nobody is bothered."""
    here.post.open.clear()
    preview = await here.begins(ANN, "wins.anonymous")
    posted = await here.begins(ANN, pressed(preview, "Share it"))
    await here.remove(TOWN)
    here.post.open.set()
    await here.settled()
    assert (await here.does(ANN, pressed(posted, "Take it back"))).keys == ("wins.gone",)


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
