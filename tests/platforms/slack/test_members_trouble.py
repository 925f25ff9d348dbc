"""What members do in windows, and what becomes of it when something goes wrong on the way."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from dialogs.acts import Act, Member
from dialogs.replies import Reply
from storage.errors import UnavailableError
from tests.databases import Database
from tests.platforms.slack.deliveries import ACKNOWLEDGED_WITHIN
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import Bot, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.square import Square
from tests.platforms.slack.test_members import button
from tests.platforms.slack.test_replicas import balanced, took

# Windows


async def test_a_window_takes_one_line(bot: Bot, square: Square) -> None:
    """Nothing in it is asked for again in its place, and what comes of it stands where it was opened."""
    await bot.took(await square.ben.uses("win", "", square.start))
    opened = await bot.took(await square.ben.presses("Add a line of my own", square.start))
    (answer,) = square.ben.sees(square.start)
    empty = await bot.took(await square.ben.fills(opened, text=" "))
    assert empty.answer == {
        "response_action": "errors",
        "errors": {"text": "There's nothing here yet. Write a word or two, or close this window."},
    }
    sent = await bot.took(await square.ben.fills(opened, text="Third <!channel> time lucky"))
    assert sent.answer in (None, {})
    assert "Third <!channel> time lucky" in answer.shown
    assert square.ben.sees(square.start) == [answer]


async def test_what_is_said_to_come_in_the_direct_messages_comes_there(bot: Bot, square: Square) -> None:
    """Also right after somebody has talked in an answer that is gone with the next start of their Slack."""
    await bot.took(await square.ben.uses("rejected", "", square.start))
    await bot.took(await square.ben.uses("win", "", square.start))
    opened = await bot.took(await square.ben.presses("Add a line of my own", square.start))
    await bot.took(await square.ben.fills(opened, text="i want to die"))
    assert "I've written to you in our direct messages" in square.ben.sees(square.start)[-1].shown
    assert square.ben.sees()


async def test_what_cannot_be_kept_stays_in_the_window(
    bot: Bot, square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And can be sent again."""
    await bot.took(await square.ben.uses("win"))
    opened = await bot.took(await square.ben.presses("Add a line of my own"))
    with monkeypatch.context() as patch:
        patch.setattr(bot.app.members, "act", _away)
        sent = await bot.took(await square.ben.fills(opened, text="Third time lucky"))
    assert sent.answer is not None
    assert "isn't kept yet" in str(sent.answer["errors"])
    await bot.took(await square.ben.fills(opened, text="Third time lucky"))
    assert "Third time lucky" in square.ben.last().shown


async def _away(*_: object) -> Reply:
    msg = "the database is away"
    raise UnavailableError(msg)


async def test_a_window_is_acknowledged_in_time(
    bot: Bot, server: Server, square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it takes: it is answered when it is done, or told that it could not be."""
    await bot.took(await square.ben.uses("win"))
    opened = await bot.took(await square.ben.presses("Add a line of my own"))
    act = bot.app.members.act
    released = asyncio.Event()

    async def slow(member: Member, done: Act, event: str) -> Reply | None:
        await released.wait()
        return await act(member, done, event)

    monkeypatch.setattr(bot.app.members, "act", slow)
    sent = await square.ben.fills(opened, text="Third time lucky")
    await server.world.until(sent.done.is_set)
    assert sent.after is not None
    assert sent.after < ACKNOWLEDGED_WITHIN
    released.set()
    await bot.took(sent)
    assert "Third time lucky" in square.ben.last().shown


async def test_somebody_elses_window_is_refused(bot: Bot, server: Server, square: Square) -> None:
    """It is bound to whoever opened it."""
    await bot.took(await square.ben.uses("win"))
    opened = await bot.took(await square.ben.presses("Add a line of my own"))
    before = square.ben.last().shown
    stolen = await square.cleo.fills(opened, text="Not mine")
    foreign = {"callback_id": "o:do:wins.line", "private_metadata": "{", "blocks": [{"block_id": "text"}]}
    garbled = await square.cleo.sends(foreign, text="Not mine")
    for one in (stolen, garbled):
        await server.world.until(one.done.is_set)
    await bot.settled()
    assert square.ben.last().shown == before
    assert square.cleo.sees() == []


# What goes wrong


async def test_what_could_not_be_kept_can_be_pressed_again(
    bot: Bot, server: Server, square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says so, which only they see; the buttons stay. A command is told the same."""
    await bot.took(await square.ben.uses("mentor", "find"))
    asked = square.ben.last()
    with monkeypatch.context() as patch:
        patch.setattr(bot.app.members, "act", _away)
        await bot.took(await square.ben.presses("CV"))
        await bot.took(await square.cleo.uses("mentor", "find", square.start))
    (told,) = [one for one in square.ben.sees() if one.only_for]
    assert "could not be kept just now" in told.shown
    assert "could not be kept just now" in square.cleo.sees(square.start)[-1].shown
    await bot.took(await square.ben.presses("CV", message=asked))
    assert asked.shown.startswith("CV.")
    assert server.wrong == []


@pytest.mark.parametrize("where", ["direct", "unseen", "command"])
async def test_an_answer_that_finds_its_place_shut_comes_another_way(
    bot: Bot, server: Server, square: Square, where: str
) -> None:
    """A message is changed by its id; what nobody else sees is answered in the direct messages."""
    channel = square.ben.direct if where == "direct" else square.start
    await bot.took(await square.ben.uses("mentor", "find", channel))
    asked = square.ben.last(channel)
    server.faults.append(Fault("404", 1, "/respond"))
    if where == "command":
        await bot.took(await square.ben.uses("mentor", "mine", channel))
        assert "What you have here" in square.ben.sees()[-1].shown
        return
    await bot.took(await square.ben.presses("CV", message=asked))
    answered = asked if where == "direct" else square.ben.sees()[-1]
    assert answered.shown.startswith("CV.")


async def test_a_command_is_answered_where_nobody_knows_whose_direct_messages_these_are(
    bot: Bot, server: Server, square: Square
) -> None:
    """Unseen by others, as in any channel."""
    between = server.world.add_channel(server.team, {square.ben.user.id, square.cleo.user.id}, kind="private im")
    await bot.took(await square.ben.uses("mentor", "find", between))
    server.faults.append(Fault("fatal_error", 1, "/conversations.open"))
    await bot.took(await square.cleo.uses("mentor", "find", between))
    assert all(one.only_for for one in between.messages.values())
    assert len(between.messages) == 2


async def test_buttons_work_after_a_restart(server: Server, tmp_path: Path) -> None:
    """They say by themselves what they are."""
    square = Square(server)
    async with running(server, tmp_path) as bot:
        await square.set_up(bot)
        await square.offers(bot)
        await square.looks(bot, square.ben)
        await bot.took(await square.ben.uses("win"))
    async with running(server, tmp_path) as bot:
        await bot.took(await square.mia.presses("Yes, I can"))
        opened = await bot.took(await square.ben.presses("Add a line of my own", message=square.ben.sees()[-2]))
        await bot.took(await square.ben.fills(opened, text="Third time lucky"))
        await bot.took(await square.ben.presses("Yes, open a room", message=square.ben.sees()[-1]))
        assert len(square.ben.groups) == 1


@pytest.mark.databases("postgresql")
async def test_several_processes_answer_once(server: Server, database: Database) -> None:
    """Whichever of them gets a press; one that all of them get is done once."""
    square = Square(server)
    async with balanced(server, database, count=2) as bots:
        await square.set_up(bots[0])
        for process in bots:
            await process.settled()
        await took(bots, await square.ben.uses("mentor", "find"), database)
        asked = square.ben.last()
        pressed = await square.ben.presses("CV", message=asked)
        again = server.bring("interactive", pressed.payload)
        for one in (pressed, again):
            await took(bots, one, database)
        assert asked.shown.startswith("CV.")
        assert len(square.ben.sees()) == 1


async def test_who_sends_too_fast_is_told_once(bot: Bot, square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was shown stays."""
    monkeypatch.setattr("bot.flood.BURST", 2)
    monkeypatch.setattr("bot.flood.EACH", timedelta(hours=1))
    await bot.took(await square.ben.uses("mentor", "find"))
    asked = square.ben.last()
    await bot.took(await square.ben.presses("CV", message=asked))
    before = asked.shown
    for _ in range(3):
        await bot.took(await square.ben.acts(button("mentor.mine"), asked))
    assert asked.shown == before
    (told,) = [one for one in square.ben.sees() if one is not asked]
    assert "more at once than I can take in" in told.shown


async def test_an_act_of_nobody_does_nothing(bot: Bot, server: Server, square: Square) -> None:
    """Slack always says who did something, and when: what lacks that is not from there."""
    pressed = await square.ben.uses("mentor", "find", square.start)
    pressed.payload["trigger_id"] = ""
    await server.world.until(pressed.done.is_set)
    await bot.settled()
    assert square.ben.sees(square.start) == []
