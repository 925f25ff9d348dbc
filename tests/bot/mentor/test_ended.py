"""Ending, blocking, reporting, and what moderators do."""

from datetime import timedelta
from functools import partial
from operator import add

import pytest

from bot import expiry
from bot.clock import Clock
from dialogs.replies import Closing, Reply
from tests.bot.conftest import NOON
from tests.bot.introduced import (
    ANN,
    BEN,
    DAN,
    EVE,
    HERE,
    REPORTS,
    ROOM,
    THERE,
    People,
    control,
    labels,
    met,
    pressable,
)
from tests.databases import Database


async def reported_twice(people: People) -> list[Reply]:
    """Have two people report the same one, and return what the moderators are shown of it."""
    await people.does(ANN, f"mentor.tell:{await met(people)}.rude")
    await people.seeks(DAN)
    about = control(people.told(BEN)[-1], "mentor.accept").partition(":")[2]
    await people.does(BEN, f"mentor.accept:{about}")
    await people.does(DAN, f"mentor.agree:{about}")
    await people.does(DAN, f"mentor.tell:{about}.money")
    return [one for one in people.told(ROOM) if one.named]


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
    assert labels(shown) == ["Allow them again"]
    assert [one.keys for one in people.told(BEN)] == [("mentors.request_over",)]
    assert "nobody is free" in (await people.does(DAN, "mentor.mine")).text
    for act in ("offer", "find", f"topics:{HERE}/", f"open:{HERE}/0--1", f"resume:{HERE}", f"seek:{HERE}/cv"):
        assert (await people.does(BEN, f"mentor.{act}")).keys == ("mentors.barred",)
    assert "Nothing yet" in (await people.does(BEN, "mentor.mine")).text
    left = await people.presses(EVE, report, "mentor.leave")
    assert left.controls == shown.controls  # the way back stays
    again = await people.presses(EVE, shown, "mentor.unbar")
    assert labels(again) == ["No more introductions", "Leave it"]
    assert (await people.offers(BEN)).text.startswith("You're on the list.")
    assert (await people.presses(EVE, again, "mentor.leave")).keys == ("mentors.report_left",)
    for act in ("bar", "leave"):
        assert (await people.presses(EVE, again, f"mentor.{act}")).keys == ("mentors.report_gone",)


async def test_who_may_be_introduced_again_may_whatever_else_was_reported(people: People) -> None:
    """As the moderators are told."""
    _, second = [await people.presses(EVE, one, "mentor.bar") for one in await reported_twice(people)]
    assert (await people.presses(EVE, second, "mentor.unbar")).keys == ("mentors.reported_unbarred",)
    assert (await people.offers(BEN)).text.startswith("You're on the list.")


async def test_a_report_nobody_sees_to_is_forgotten_in_the_end(people: People, database: Database) -> None:
    """After the days that the host has set; one that keeps somebody from mentoring stays for as long as it does."""
    seen_to, waits = await reported_twice(people)
    await people.presses(EVE, seen_to, "mentor.bar")
    for days, keep_days, left in ((179, 180, 2), (181, 0, 2), (181, 180, 1)):
        clock = Clock(partial(add, NOON, timedelta(days)))
        await expiry.forget(people.store, clock, keep_days)
        assert len((await database.rows())["reports"]) == left
    assert (await people.presses(EVE, waits, "mentor.bar")).keys == ("mentors.report_gone",)
    assert (await people.does(BEN, "mentor.offer")).keys == ("mentors.barred",)


async def test_only_moderators_of_the_community_see_to_its_reports(people: People) -> None:
    """The refusal stands beside the report, which stays for those who are."""
    about = await met(people)
    await people.does(ANN, f"mentor.tell:{about}.rude")
    (report,) = [one for one in people.told(ROOM) if one.named]
    for name in ("bar", "leave"):
        shown = await people.presses(DAN, report, f"mentor.{name}")
        assert (shown.keys, shown.aside) == (("mentors.not_a_moderator",), True)
    assert (await people.does(EVE, f"mentor.bar:{THERE}/1")).keys == ("mentors.report_gone",)
    people.moderators.add(BEN)
    for name in ("bar", "leave"):
        shown = await people.presses(BEN, report, f"mentor.{name}")
        assert (shown.keys, shown.aside) == (("mentors.report_own",), True)
    assert (await people.does(BEN, "mentor.offer")).text.startswith("You're on the list.")
