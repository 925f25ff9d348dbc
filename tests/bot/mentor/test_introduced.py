"""From the offer to the room: what each side is shown and told."""

import msgspec

from dialogs.journey import Answer, Application, Journey
from dialogs.replies import Pick, Room
from tests.bot.conftest import NOON, keep
from tests.bot.introduced import (
    ANN,
    BEN,
    CAT,
    DAN,
    HERE,
    ROOM,
    ROOMS,
    People,
    accepted,
    labels,
    pressable,
)
from tests.databases import Database

CANARY = "canary-that-she-told-the-bot"


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
