"""Introductions between members, on real databases: what each side is shown, told and refused."""

import json
from datetime import timedelta

import msgspec
import pytest

from adapters.port import Arrival
from bot.clock import Clock
from bot.turns import Turns
from dialogs.community import recipient
from dialogs.events import Commanded, Tapped
from dialogs.journey import Answer, Application, Journey
from dialogs.replies import Closing, Pick, Reply, Room
from dialogs.understanding import Understanding
from storage.errors import StorageError
from storage.sealing import Seal
from storage.store import Posted, Store
from tests.bot.conftest import NOON, journey_of, keep
from tests.bot.introduced import (
    ANN,
    BEN,
    CAT,
    DAN,
    EVE,
    HERE,
    REPORTS,
    ROOMS,
    THERE,
    People,
    control,
    labels,
    pressable,
)
from tests.databases import KEY, Database

CANARY = "canary-that-she-told-the-bot"
ROOM = recipient(HERE)
DAY = timedelta(days=1)


@pytest.fixture
async def people(store: Store) -> People:
    """Give the people of a community that has mentors switched on."""
    people = People(store)
    await people.set_up(HERE, THERE)
    return people


async def accepted(people: People) -> Reply:
    """Have Ben say yes to Ann's request, and return what she is asked."""
    await people.offers(BEN)
    await people.seeks(ANN)
    (asked,) = people.told(BEN)
    await people.presses(BEN, asked, "mentor.accept")
    (found,) = people.told(ANN)
    return found


async def met(people: People) -> str:
    """Introduce Ann and Ben, and return what buttons say that their introduction is."""
    found = await accepted(people)
    await people.presses(ANN, found, "mentor.agree")
    await people.deliver()
    people.told(ROOM)
    return control(found, "mentor.agree").partition(":")[2]


# from the offer to the room


async def test_two_members_who_never_met_are_introduced_when_both_agree(people: People) -> None:
    """Neither is told of the other before, and nothing of what she told the bot is in any letter."""
    told = Application(opened_at=NOON, employer=CANARY, role=CANARY, answers={"why": Answer(text=CANARY)})
    await keep(people.store, ANN, Journey(applications=(told,), own_line=CANARY))
    shown = await people.offers(BEN, "cv", "salary")
    assert shown.text.startswith("You're on the list.")
    assert "CV, Salary" in shown.text
    shown = await people.seeks(ANN)
    assert shown.text.startswith("CV: I've asked somebody")
    (asked,) = people.told(BEN)
    assert "this: CV." in asked.text
    shown = await people.presses(BEN, asked, "mentor.accept")
    assert labels(shown) == ["Not this time"]
    (found,) = people.told(ANN)
    shown = await people.presses(ANN, found, "mentor.agree")
    before = msgspec.json.encode((asked, found, shown)).decode()
    assert not any(f'{person}"' in before or f"{person}/" in before for person in (ANN, BEN))
    (room,) = await people.store.pending() if False else [one for one in people.posted if one.person == ROOM]
    assert (room.address, room.reply.effect) == (ROOMS, Room(number=1, people=(ANN, BEN)))
    assert "The topic: CV." in room.reply.text
    assert CANARY not in msgspec.json.encode((asked, found, shown, room.reply)).decode()
    await people.deliver()
    for person in (ANN, BEN):
        mine = await people.does(person, "mentor.mine")
        look = await people.presses(person, mine, "mentor.look")
        assert labels(look) == ["End it", "Report", "End it and block", "My introductions"]


async def test_a_choice_stands_in_the_buttons_until_the_offer_is_made(people: People, database: Database) -> None:
    """Nothing is kept of somebody who looks at the page and goes away; later, every choice is kept at once."""
    page = await people.does(BEN, "mentor.offer")
    assert labels(page) == ["What you can help with", "How many people at a time", "I'm younger"]
    page = await people.presses(BEN, page, "mentor.topics", "industry", "cv", "nonsense")
    assert labels(page)[1] == "Which industries"
    assert "mentor.open" not in str(pressable(page))
    page = await people.presses(BEN, page, "mentor.industries", "sales", "design")
    page = await people.presses(BEN, page, "mentor.most", "3")
    assert await database.sql("SELECT * FROM offers") == []
    page = await people.presses(BEN, page, "mentor.open")
    assert "CV, Industry: Design and media, Industry: Sales and customer service\nPeople at a time: 3" in page.text
    picks = [one for one in page.controls if isinstance(one, Pick)]
    assert [one.picked for one in picks] == [("cv", "industry"), ("design", "sales"), ("3",)]
    page = await people.presses(BEN, page, "mentor.most", "99")
    assert "People at a time: 1" in (await people.does(BEN, "mentor.offer")).text
    page = await people.presses(BEN, page, "mentor.industries")
    assert "Choose an industry too" in page.text
    assert "(paused)" not in (await people.does(BEN, "mentor.mine")).text


async def test_an_offer_is_paused_resumed_and_taken_back(people: People) -> None:
    """Whoever looks is asked for as soon as there is somebody again."""
    page = await people.offers(BEN)
    page = await people.presses(BEN, page, "mentor.pause")
    assert page.text.startswith("Your offer is paused.")
    assert "(paused)" in (await people.does(BEN, "mentor.mine")).text
    assert "nobody is free just now" in (await people.seeks(ANN)).text
    assert not people.told(BEN)
    page = await people.presses(BEN, page, "mentor.resume")
    assert len(people.told(BEN)) == 1
    await people.presses(BEN, page, "mentor.stop")
    assert "nobody is free just now" in (await people.does(ANN, "mentor.find")).text
    for act in ("pause", "resume"):
        assert (await people.does(BEN, f"mentor.{act}:{HERE}")).keys == ("mentors.no_offer",)
    assert not people.told(ANN)


async def test_an_industry_is_chosen_before_it_is_looked_for(people: People) -> None:
    """And only who knows that one is asked."""
    page = await people.does(BEN, f"mentor.topics:{HERE}/4--1", "industry")
    page = await people.presses(BEN, page, "mentor.industries", "sales")
    await people.presses(BEN, page, "mentor.open")
    page = await people.does(ANN, f"mentor.topic:{HERE}/industry")
    assert len(page.controls) == 10
    assert (await people.does(ANN, f"mentor.seek:{HERE}/industry")).keys == ("mentors.find",)
    page = await people.does(ANN, f"mentor.topic:{HERE}/industry.design")
    shown = await people.presses(ANN, page, "mentor.seek")
    assert shown.text.startswith("Industry: Design and media: nobody")
    page = await people.does(DAN, f"mentor.topic:{HERE}/industry.sales")
    shown = await people.presses(DAN, page, "mentor.seek")
    assert shown.text.startswith("Industry: Sales and customer service: I've asked")


async def test_what_is_open_can_be_answered_from_the_list_too(people: People) -> None:
    """The message in which it was asked may be far up."""

    async def looked_at(person: str) -> list[str]:
        mine = await people.does(person, "mentor.mine")
        return labels(await people.presses(person, mine, "mentor.look"))

    await people.offers(BEN)
    await people.seeks(ANN)
    assert await looked_at(ANN) == ["Not any more", "My introductions"]
    assert await looked_at(BEN) == ["Yes, I can", "Not this time", "My introductions"]
    await people.does(BEN, f"mentor.accept:{HERE}/1")
    assert await looked_at(ANN) == ["Yes, open a room", "Not any more", "My introductions"]
    assert await looked_at(BEN) == ["Not this time", "My introductions"]
    assert (await people.does(ANN, f"mentor.topic:{HERE}/nonsense")).keys == ("mentors.seeking_accepted",)
    await people.does(ANN, f"mentor.agree:{HERE}/1")
    assert await looked_at(ANN) == await looked_at(BEN) == ["End it", "Report", "End it and block", "My introductions"]


async def test_a_no_is_told_to_nobody(people: People) -> None:
    """The next one is asked, and when there is none, it stays on the list."""
    await people.offers(BEN)
    await people.offers(CAT)
    await people.seeks(ANN)
    for mentor in (BEN, CAT):
        (asked,) = people.told(mentor)
        shown = await people.presses(mentor, asked, "mentor.decline")
        assert "They don't hear of it" in shown.text
    assert not people.told(ANN)
    assert not people.told(BEN)
    mine = await people.does(ANN, "mentor.mine")
    assert "nobody is free just now" in mine.text


async def test_a_yes_can_be_taken_back_before_there_is_a_room(people: People) -> None:
    """Of the mentor, who is then not asked again, and of the seeker."""
    found = await accepted(people)
    await people.does(BEN, f"mentor.decline:{HERE}/1")
    (told,) = people.told(ANN)
    assert told.keys == ("mentors.found_no_more",)
    assert (await people.presses(ANN, found, "mentor.agree")).keys == ("mentors.over",)
    await people.offers(CAT)
    (asked,) = people.told(CAT)
    await people.presses(CAT, asked, "mentor.accept")
    (found,) = people.told(ANN)
    await people.presses(ANN, found, "mentor.cancel")
    assert [one.keys for one in people.told(CAT)] == [("mentors.taken_back",)]
    assert not people.told(BEN)


async def test_one_request_at_a_time(people: People) -> None:
    """Looking again shows the one that is open; after it is taken back, another one can be made."""
    page = await people.seeks(ANN)
    again = await people.does(ANN, "mentor.find")
    assert again == page
    assert await people.does(ANN, f"mentor.seek:{HERE}/salary") == page
    await people.presses(ANN, again, "mentor.cancel")
    assert "Salary" in (await people.seeks(ANN, "salary")).text


async def test_whoever_is_younger_is_told_whom_else_to_ask(people: People, database: Database) -> None:
    """On both sides; nothing of it is kept."""
    before = await database.sql("SELECT * FROM offers UNION ALL SELECT community, seeker, sealed FROM introductions")
    for page in (
        await people.does(BEN, "mentor.offer"),
        await people.does(ANN, f"mentor.topic:{HERE}/cv"),
    ):
        shown = await people.presses(ANN, page, "mentor.younger")
        assert "an adult you trust" in shown.text
        assert "Would you read my CV" in shown.text
        assert "{" not in shown.text
    after = await database.sql("SELECT * FROM offers UNION ALL SELECT community, seeker, sealed FROM introductions")
    assert before == after == []


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


# ending, blocking, reporting


@pytest.mark.parametrize("act", ["end", "block"])
async def test_either_can_end_it_and_the_other_hears_only_that(people: People, act: str) -> None:
    """The room is closed; who has blocked somebody is never introduced to them again, wherever."""
    about = await met(people)
    shown = await people.does(BEN, f"mentor.{act}:{about}")
    assert shown.keys == ("mentors.blocked" if act == "block" else "mentors.ended_by_you",)
    (told,), (closing,) = people.told(ANN), people.told(ROOM)
    assert (told.keys, closing.effect) == (("mentors.ended",), Closing(receipt="receipt3"))
    assert ("nobody is free" in (await people.seeks(ANN)).text) == (act == "block")
    await people.offers(BEN, here=THERE)
    assert ("nobody is free" in (await people.seeks(ANN, here=THERE)).text) == (act == "block")


async def test_a_report_reaches_the_moderators_without_a_word_or_a_name_of_who_made_it(people: People) -> None:
    """They learn whom it is about, and of which kind it is."""
    about = await met(people)
    page = await people.does(ANN, f"mentor.report:{about}")
    assert labels(page) == ["Rude or hurtful", "Unwanted contact", "Asks for money", "Something else", "Back"]
    shown = await people.does(ANN, pressable(page)[2])
    assert shown.keys == ("mentors.report_sent",)
    (report,) = [one for one in people.posted if one.person == ROOM and one.reply.named]
    assert (report.address, report.reply.named) == (REPORTS, (BEN,))
    assert "Asks for money" in report.reply.text
    assert ANN not in report.reply.text + str(pressable(report.reply))
    assert [one.keys for one in people.told(BEN)] == [("mentors.ended",)]
    assert "nobody is free" in (await people.seeks(ANN)).text
    await people.deliver()
    assert not people.told(ANN)


async def test_a_report_that_reaches_nobody_is_said_to(people: People) -> None:
    """The channel was taken from the bot, and the reporter can write themselves; who is gone cannot be told."""
    about = await met(people)
    await people.does(ANN, f"mentor.tell:{about}.rude")
    await people.deliver(never=[ROOM])
    assert [one.keys for one in people.told(ANN)] == [("mentors.not_filed",)]
    assert not await people.told_of(f"mentor.filed:{HERE}/1.discord:999", ROOM, None)


async def test_without_a_channel_for_reports_it_is_said_so(people: People) -> None:
    """It is ended and blocked all the same."""
    about = await met(people)
    await people.choose(HERE, moderators_channel="")
    shown = await people.does(ANN, f"mentor.tell:{about}.other")
    assert shown.keys == ("mentors.report_nowhere",)
    assert [one.effect for one in people.told(ROOM)] == [Closing(receipt="receipt3")]
    assert "nobody is free" in (await people.seeks(ANN)).text


async def test_moderators_can_let_somebody_take_no_part_any_more(people: People) -> None:
    """Nor be asked for what is under way; and they can take that back."""
    about = await met(people)
    await people.does(ANN, f"mentor.tell:{about}.money")
    (report,) = [one for one in people.told(ROOM) if one.named]
    await people.seeks(DAN)
    people.told(BEN)
    await people.seeks(BEN)
    shown = await people.presses(EVE, report, "mentor.bar")
    assert shown.named == (BEN,)
    assert labels(shown) == ["Allow them again", "Leave it"]
    assert [one.keys for one in people.told(BEN)] == [("mentors.request_over",)]
    assert "nobody is free" in (await people.does(DAN, "mentor.mine")).text
    for act in ("offer", "find", f"topics:{HERE}/", f"open:{HERE}/0--1", f"resume:{HERE}", f"seek:{HERE}/cv"):
        assert (await people.does(BEN, f"mentor.{act}")).keys == ("mentors.barred",)
    assert "Nothing yet" in (await people.does(BEN, "mentor.mine")).text
    assert (await people.presses(EVE, shown, "mentor.leave")).keys == ("mentors.report_left",)
    again = await people.presses(EVE, shown, "mentor.unbar")
    assert labels(again) == ["No more introductions", "Leave it"]
    assert (await people.offers(BEN)).text.startswith("You're on the list.")
    assert (await people.presses(EVE, again, "mentor.leave")).keys == ("mentors.report_left",)
    for act in ("bar", "leave"):
        assert (await people.presses(EVE, again, f"mentor.{act}")).keys == ("mentors.report_gone",)


async def test_only_moderators_of_the_community_see_to_its_reports(people: People) -> None:
    """The refusal stands beside the report, which stays for those who are."""
    about = await met(people)
    await people.does(ANN, f"mentor.tell:{about}.rude")
    (report,) = [one for one in people.told(ROOM) if one.named]
    for name in ("bar", "leave"):
        shown = await people.presses(DAN, report, f"mentor.{name}")
        assert (shown.keys, shown.aside) == (("mentors.not_a_moderator",), True)
    assert (await people.does(EVE, f"mentor.bar:{THERE}/1")).keys == ("mentors.report_gone",)
    assert (await people.does(BEN, "mentor.offer")).text.startswith("You're on the list.")


# what is refused


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


# erasing, and what is kept


async def erase(store: Store, person: str) -> None:
    """Erase everything of somebody."""
    async with store.begin() as unit:
        await unit.journeys([person])
        await unit.erase([person])


@pytest.mark.parametrize(("gone", "left"), [(ANN, BEN), (BEN, ANN)])
async def test_who_has_erased_everything_is_gone_from_it(
    people: People, database: Database, gone: str, left: str
) -> None:
    """The other one hears that it has ended, and the room is closed."""
    await met(people)
    await erase(people.store, gone)
    await people.members.look()
    assert [one.keys for one in people.told(left)] == [("mentors.ended",)]
    assert [one.effect for one in people.told(ROOM)] == [Closing(receipt="receipt3")]
    assert await database.sql("SELECT * FROM introductions") == []
    assert not people.told(gone)


async def test_nobody_is_left_to_report_who_has_erased_everything(people: People) -> None:
    """It has ended by itself, and that is all."""
    about = await met(people)
    await erase(people.store, BEN)
    assert (await people.does(ANN, f"mentor.tell:{about}.rude")).keys == ("mentors.over",)
    assert [one.keys for one in people.told(ANN)] == [("mentors.ended",)]
    assert not [one for one in people.told(ROOM) if one.named]


async def test_what_somebody_has_is_remembered_as_theirs(people: People) -> None:
    """For the export and the receipt; what they are only asked for is not."""
    await people.offers(BEN, "cv", "industry")
    assert (await journey_of(people.store, BEN)).mentoring == ()
    await people.offers(BEN, "cv", "salary")
    (offer,) = (await journey_of(people.store, BEN)).mentoring
    assert (offer.community, offer.kind, offer.topics) == (HERE, "offer", ("cv", "salary"))
    await people.seeks(BEN, here=THERE)
    await people.seeks(ANN)
    kinds = [one.kind for one in (await journey_of(people.store, BEN)).mentoring]
    assert kinds == ["offer", "request"]
    await people.does(BEN, f"mentor.stop:{HERE}")
    assert [one.kind for one in (await journey_of(people.store, BEN)).mentoring] == ["request"]


async def test_a_room_that_opens_for_somebody_who_is_gone_is_closed(people: People, database: Database) -> None:
    """They erased everything after they had agreed."""
    await people.presses(ANN, await accepted(people), "mentor.agree")
    await erase(people.store, ANN)
    letters = await people.told_of(f"mentor.opened:{HERE}/1", ROOM, "receipt")
    assert [(person, reply.effect) for person, _, reply in letters] == [(BEN, None), (ROOM, Closing(receipt="receipt"))]
    assert await database.sql("SELECT * FROM introductions") == []


async def test_the_export_and_the_receipt_tell_it_as_it_is_now(
    people: People, understanding: Understanding, clock: Clock
) -> None:
    """Also what somebody else has changed since: here, a mentor ends what he was introduced for."""
    said: list[Posted] = []
    turns = Turns(people.store, understanding, people.catalog, clock, lambda posted, _: said.extend(posted))
    people.mentors.add(ANN)
    await people.offers(ANN, "salary")
    about = await met(people)
    async with turns:
        await turns.take(Arrival(id="1", person=ANN, event=Commanded(name="export"), address=""))
        (page,) = [one.reply for one in said if one.reply.file is not None]
        assert "You offer to mentor in a community: Salary" in page.text
        assert "You were introduced to somebody in a community: CV" in page.text
        assert page.file is not None
        told = json.loads(page.file.text)["mentoring"]
        assert [(one["kind"], one["words"][:9], one["community"]) for one in told] == [
            ("offer", "You offer", HERE),
            ("introduction", "You were ", HERE),
        ]
        await people.does(BEN, f"mentor.end:{about}")
        await turns.take(Arrival(id="2", person=ANN, event=Commanded(name="export"), address=""))
        (_, page) = [one.reply for one in said if one.reply.file is not None]
        assert "You were introduced" not in page.text
        await turns.take(Arrival(id="3", person=ANN, event=Commanded(name="erase"), address=""))
        asked = (await journey_of(people.store, ANN)).asked
        await turns.take(Arrival(id="4", person=ANN, event=Tapped(asked=asked, choice="erase"), address=""))
        (receipt,) = [one.reply for one in said if "pages.receipt" in one.reply.keys]
        assert "Offers, requests and introductions of mentoring: 1" in receipt.text
    assert "nobody is free" in (await people.seeks(DAN, "salary")).text


async def test_what_another_release_wrote_is_left_to_it(people: People, database: Database) -> None:
    """It is said to whoever hosts the bot, and nothing is changed."""
    newer = (b'{"v":2}', b'{"v":1,"offer":7}')
    for sealed in newer:
        kept = Seal(KEY).seal(sealed, f"offers/{HERE}")
        await database.sql("DELETE FROM offers")
        await database.sql("INSERT INTO offers VALUES (:here, :ben, :kept)", here=HERE, ben=BEN, kept=kept)
        with pytest.raises(StorageError, match="another release"):
            await people.does(ANN, "mentor.mine")
