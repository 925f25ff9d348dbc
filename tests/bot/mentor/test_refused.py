"""What is refused, and to whom."""

from tests.bot.introduced import (
    ANN,
    BEN,
    CAT,
    DAN,
    DAY,
    EVE,
    HERE,
    ROOM,
    THERE,
    People,
    accepted,
    labels,
    met,
    pressable,
)
from tests.databases import Database


async def test_only_who_is_named_by_the_admins_mentors(people: People) -> None:
    """Also later: whose role was taken away is not asked again."""
    for act in ("offer", f"topics:{HERE}/", f"open:{HERE}/0--1"):
        assert (await people.does(DAN, f"mentor.{act}")).keys == ("mentors.not_a_mentor",)
    await people.offers(BEN)
    await people.seeks(ANN)
    (asked,) = people.told(BEN)
    people.mentors.discard(BEN)
    assert (await people.presses(BEN, asked, "mentor.accept")).keys == ("mentors.not_a_mentor",)
    assert "nobody is free" in (await people.does(ANN, "mentor.mine")).text
    assert (await people.does(BEN, f"mentor.resume:{HERE}")).keys == ("mentors.not_a_mentor",)


async def test_where_it_is_switched_off_what_is_there_can_still_be_ended(people: People) -> None:
    """Nothing new begins."""
    about = await met(people)
    await people.offers(CAT)
    await people.seeks(DAN)
    (asked,) = people.told(CAT)
    await people.presses(CAT, asked, "mentor.accept")
    (found,) = people.told(DAN)
    await people.choose(HERE, features=())
    for person, act in ((ANN, "find"), (ANN, f"seek:{HERE}/cv"), (EVE, "offer"), (BEN, f"resume:{HERE}")):
        assert (await people.does(person, f"mentor.{act}")).keys == ("mentors.off",)
    assert (await people.presses(DAN, found, "mentor.agree")).keys == ("mentors.off",)
    assert (await people.presses(DAN, found, "mentor.cancel")).keys == ("mentors.cancelled",)
    assert (await people.does(ANN, f"mentor.tell:{about}.rude")).keys == ("mentors.report_sent",)


async def test_a_yes_where_it_is_switched_off(people: People) -> None:
    """It is refused, and the request ends with the time."""
    await people.offers(BEN)
    await people.seeks(ANN)
    (asked,) = people.told(BEN)
    await people.choose(HERE, features=())
    assert (await people.presses(BEN, asked, "mentor.accept")).keys == ("mentors.off",)
    for days in (3, 4):
        people.moved = days * DAY
        await people.members.look()
    assert [one.keys for one in people.told(ANN)] == [("mentors.nobody_found",)]


async def test_what_is_not_ones_own_cannot_be_touched(people: People, database: Database) -> None:
    """By nobody else, from no other community, not a second time, and with no invented number."""
    found = await accepted(people)
    before = await database.sql("SELECT * FROM introductions")
    moves = ("look", "cancel", "accept", "decline", "agree", "end", "block", "report", "tell", "helped", "going")
    for person in (CAT, DAN, EVE):
        for move in moves:
            assert (await people.does(person, f"mentor.{move}:{HERE}/1.rude")).keys == ("mentors.over",)
    for move in ("accept", "agree", "cancel", "end", "block", "report", "tell", "helped"):
        assert (await people.does(BEN, f"mentor.{move}:{HERE}/1.rude")).keys == ("mentors.over",)
    for move in ("accept", "decline", "end", "tell", "going"):
        assert (await people.does(ANN, f"mentor.{move}:{HERE}/1.rude")).keys == ("mentors.over",)
    for about in (
        f"{THERE}/1",
        "slack:T1/1",
        f"{HERE}/2",
        f"{HERE}/x",
        f"{HERE}/{'9' * 30}",
        HERE,
        f"{HERE}/\u00b2",
        "1",
    ):
        assert (await people.does(ANN, f"mentor.agree:{about}")).keys == ("mentors.over",)
    for act in ("mentor.nonsense", "mentor.__init__", "mentor.agree", "mentor."):
        assert (await people.does(ANN, act)).keys == ("mentors.over",)
    assert await database.sql("SELECT * FROM introductions") == before
    await people.presses(ANN, found, "mentor.agree")
    assert (await people.presses(ANN, found, "mentor.agree")).keys == ("mentors.over",)
    assert len(people.told(ROOM)) == 1
    assert (await people.does(ANN, f"mentor.tell:{HERE}/1.nonsense")).keys == ("mentors.over",)


async def test_somebody_of_two_communities_chooses_which_one_is_meant(people: People) -> None:
    """They are one person there, with one request in each."""
    await people.does(ANN, f"mentor.find:{THERE}")
    await people.choose(THERE, name="")
    page = await people.does(ANN, "mentor.find")
    assert page.keys == ("mentors.which",)
    assert labels(page) == ["Job seekers", "A community without a name"]
    await people.offers(BEN, here=THERE)
    page = await people.does(ANN, pressable(page)[1])
    shown = await people.does(ANN, f"mentor.seek:{THERE}/cv")
    assert "I've asked somebody" in shown.text
    assert len(people.told(BEN)) == 1
    assert "Nothing yet" in (await people.does(ANN, f"mentor.mine:{HERE}")).text
    await people.choose(THERE, features=())
    assert (await people.does(ANN, "mentor.find")).keys == ("mentors.find",)
    await people.choose(HERE, features=())
    assert (await people.does(ANN, "mentor.find")).keys == ("mentors.off",)


async def test_who_looks_again_and_again_is_asked_to_wait_for_a_day(people: People) -> None:
    """Each time somebody is asked; in another community, too, and whoever they are."""
    await people.set_up(HERE, THERE)
    await people.offers(BEN)
    for here in (HERE, THERE, HERE):
        shown = await people.seeks(ANN, here=here)
        await people.presses(ANN, shown, "mentor.cancel")
    assert (await people.seeks(ANN)).keys == ("mentors.seek_later",)
    people.moved = DAY
    assert (await people.seeks(ANN)).keys != ("mentors.seek_later",)
