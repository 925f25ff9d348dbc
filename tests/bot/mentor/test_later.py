"""What comes of an introduction later: time, what is delivered, and what never can be."""

from dialogs.replies import Closing
from tests.bot.introduced import (
    ANN,
    BEN,
    CAT,
    DAY,
    HERE,
    ROOM,
    ROOMS,
    People,
    accepted,
    control,
    labels,
    met,
    pressable,
)
from tests.databases import Database

# what time brings


async def test_it_is_asked_a_week_later_whether_it_helped(people: People) -> None:
    """One tap each, of which nothing is kept; whoever is done ends it."""
    await met(people)
    people.moved = 7 * DAY
    await people.members.look()
    await people.members.look()
    (helped,), (going,) = people.told(ANN), people.told(BEN)
    assert labels(helped) == ["Yes", "A little", "No"]
    for control_of, what in zip(helped.controls, ("helped_yes", "helped_yes", "helped_no"), strict=True):
        assert (await people.does(ANN, control_of.act)).keys == (f"mentors.{what}",)
    on, done = pressable(going)
    assert (await people.does(ANN, on)).keys == ("mentors.over",)
    assert (await people.does(BEN, on)).keys == ("mentors.going_on",)
    assert (await people.does(BEN, done)).keys == ("mentors.going_done",)
    assert [one.keys for one in people.told(ANN)] == [("mentors.ended",)]
    assert (await people.does(ANN, pressable(helped)[0])).keys == ("mentors.over",)


async def test_three_days_without_an_answer(people: People) -> None:
    """Of a mentor: the next one is asked. Of the seeker: it ends on both sides."""
    await people.offers(BEN)
    await people.offers(CAT)
    await people.seeks(ANN)
    people.moved = 3 * DAY
    await people.members.look()
    assert [one.keys for one in people.told(BEN)] == [("mentors.asked",), ("mentors.passed_on",)]
    (asked,) = people.told(CAT)
    await people.presses(CAT, asked, "mentor.accept")
    people.moved = 6 * DAY
    await people.members.look()
    assert [one.keys for one in people.told(ANN)] == [("mentors.found",), ("mentors.lapsed",)]
    assert [one.keys for one in people.told(CAT)] == [("mentors.lapsed",)]


async def test_another_process_looks_after_other_platforms(people: People) -> None:
    """It would not deliver what it posts."""
    await people.offers(BEN)
    await people.seeks(ANN)
    people.moved = 3 * DAY
    assert await people.due(serves=("slack:",)) == []
    assert len(await people.due(serves=("slack:", "discord:"))) == 1


# what is delivered, or never


async def test_a_mentor_whom_nothing_reaches_is_passed_over(people: People) -> None:
    """Their offer is paused, so that it does not happen again."""
    await people.offers(BEN)
    await people.seeks(ANN)
    await people.deliver(never=[BEN])
    assert "nobody is free" in (await people.does(ANN, "mentor.mine")).text
    assert "paused" in (await people.does(BEN, "mentor.offer")).text


async def test_a_request_that_has_arrived_stays(people: People) -> None:
    """And what was told of it too late, too."""
    await people.offers(BEN)
    await people.seeks(ANN)
    await people.deliver()
    await people.does(BEN, f"mentor.decline:{HERE}/1")
    assert not await people.told_of(f"mentor.reached:{HERE}/1", BEN, None)
    assert not await people.told_of(f"mentor.reached:{HERE}/7", BEN, None)
    assert "paused" not in (await people.does(BEN, "mentor.offer")).text


async def test_a_room_that_can_never_be_opened_ends_it(people: People) -> None:
    """Both hear it in one line, with a way on."""
    await people.presses(ANN, await accepted(people), "mentor.agree")
    await people.deliver(never=[ROOM])
    for person in (ANN, BEN):
        assert [one.keys for one in people.told(person)] == [("mentors.no_room",)]
    assert not await people.told_of(f"mentor.opened:{HERE}/1", ROOM, None)


async def test_a_room_of_which_is_told_twice_is_one(people: People, database: Database) -> None:
    """As after a crash between delivering and noting it."""
    await met(people)
    before = await database.sql("SELECT * FROM introductions")
    assert not await people.told_of(f"mentor.opened:{HERE}/1", ROOM, "receipt")
    assert await database.sql("SELECT * FROM introductions") == before


async def test_a_room_that_opens_after_it_was_ended_is_closed(people: People) -> None:
    """It was on its way when one of them ended it."""
    await people.presses(ANN, await accepted(people), "mentor.agree")
    people.told(BEN)
    await people.does(BEN, f"mentor.end:{HERE}/1")
    assert [one.keys for one in people.told(ANN)] == [("mentors.ended",)]
    ((person, address, closing),) = await people.told_of(f"mentor.opened:{HERE}/1", ROOM, "receipt")
    assert (person, address, closing.effect) == (ROOM, ROOMS, Closing(receipt="receipt"))


async def test_what_came_of_a_letter_is_told_again_after_a_crash(people: People) -> None:
    """The room of two who have parted meanwhile is closed once, and once is said that a report reached nobody."""
    found = await accepted(people)
    await people.presses(ANN, found, "mentor.agree")
    await people.presses(ANN, await people.does(ANN, "mentor.mine"), "mentor.look")
    await people.does(ANN, f"mentor.tell:{control(found, 'mentor.agree').partition(':')[2]}.rude")
    for letter in await people.store.pending():
        for _ in range(2):
            if letter.reply.effect:
                await people.members.told(letter, "receipt")
            elif letter.reply.named:
                await people.members.told(letter, None)
    assert sum(isinstance(one.effect, Closing) for one in people.told(ROOM)) == 1
    assert [one.keys for one in people.told(ANN)].count(("mentors.not_filed",)) == 1
