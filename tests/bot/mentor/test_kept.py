"""What is kept of mentoring, and what is left of who erased everything."""

import json

import pytest

from adapters.port import Arrival
from bot.clock import Clock
from bot.turns import Turns
from dialogs.community import recipient
from dialogs.events import Commanded, Said, Tapped
from dialogs.replies import Closing
from dialogs.steps import Step
from dialogs.understanding import Understanding
from storage.errors import StorageError
from storage.sealing import Seal
from storage.store import Posted, Store
from tests.bot.conftest import journey_of
from tests.bot.introduced import (
    ANN,
    BEN,
    DAN,
    HERE,
    ROOM,
    THERE,
    People,
    accepted,
    met,
)
from tests.databases import KEY, Database


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


async def test_whoever_talks_to_the_bot_is_answered_all_the_same(
    people: People, database: Database, understanding: Understanding, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be read of mentoring is no reason to leave somebody alone who may be in danger."""
    await people.offers(BEN, "salary")
    await database.sql("UPDATE offers SET sealed = :kept", kept=Seal(KEY).seal(b'{"v":2}', f"offers/{HERE}"))
    said: list[Posted] = []
    turns = Turns(people.store, understanding, people.catalog, clock, lambda posted, _: said.extend(posted))
    async with turns:
        await turns.take(Arrival(id="1", person=BEN, event=Said(text="I want to kill myself"), address=""))
    assert (await journey_of(people.store, BEN)).step is Step.SAFETY
    assert [one.kind for one in (await journey_of(people.store, BEN)).mentoring] == ["offer"]
    assert "another release" in caplog.text


async def test_a_set_up_of_another_release_is_left_to_it(people: People, database: Database) -> None:
    """It is said as everything is that is wrong with a database; a choice among communities does without it."""
    await people.does(ANN, f"mentor.mine:{THERE}")
    newer = '{"v":99}'
    await database.sql("UPDATE communities SET settings = :newer WHERE id = :there", newer=newer, there=THERE)
    with pytest.raises(StorageError):
        await people.told_of(f"mentor.opened:{THERE}/1", recipient(THERE), "receipt")
    assert (await people.does(ANN, "mentor.mine")).keys == ("mentors.mine",)
