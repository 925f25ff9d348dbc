"""What members of a workspace do with each other: where it is done, where it is answered, and who may do it."""

import asyncio
from pathlib import Path

import pytest

from dialogs.acts import Act, Member
from dialogs.replies import Reply
from storage.errors import UnavailableError
from tests.databases import Database
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import HTTP, MANY, SOCKET, Bot, running
from tests.platforms.slack.server import ACKNOWLEDGED_WITHIN, Fault, Server
from tests.platforms.slack.square import Square
from tests.platforms.slack.test_replicas import balanced, took
from tests.platforms.slack.world import Json


def button(act: str) -> Json:
    """Return a press of a button that does something, whether it is anywhere or not."""
    return {"type": "button", "action_id": f"o:do:{act}"}


# Commands


@pytest.mark.parametrize("mode", [SOCKET, HTTP, MANY])
async def test_commands_are_answered_unseen_in_channels_and_openly_in_direct_messages(
    server: Server, tmp_path: Path, mode: str
) -> None:
    """Nobody else in a channel sees who looks for a mentor; in direct messages with the bot the answer stays."""
    async with running(server, tmp_path, mode) as bot:
        square = Square(server)
        await square.set_up(bot)
        await bot.took(await square.ben.uses("mentor", "find", square.start))
        (answer,) = square.ben.sees(square.start)
        assert answer.only_for == square.ben.user.id
        assert square.cleo.sees(square.start) == []
        await bot.took(await square.ben.presses("CV", square.start))
        assert square.ben.sees(square.start) == [answer], "the answer is the same message"
        assert answer.shown.startswith("CV.")
        await bot.took(await square.ben.uses("mentor", " Find "))
        assert square.ben.last().only_for == ""


@pytest.mark.parametrize(
    ("command", "text", "told"),
    [
        ("mentor", "offer", "Mentors here are named by the admins"),
        ("onward", "Mentor  offer", "Mentors here are named by the admins"),
        ("onward", "mentor mine", "What you have here"),
        ("win", "", "the wins channel of"),
        ("win", "I got one", "the wins channel of"),
        ("onward", "win", "the wins channel of"),
        ("onward", "pulse", "Only whoever may set me up"),
        ("mentor", "", "Mentors are volunteers"),
        ("mentor", "please", "Mentors are volunteers"),
        ("onward", "mentor", "Mentors are volunteers"),
    ],
)
async def test_what_members_do_has_commands(bot: Bot, square: Square, command: str, text: str, told: str) -> None:
    """Of their own, or behind the one for everything; where it is not clear what, there is a button for each."""
    await bot.took(await square.ben.uses(command, text, square.start))
    assert told in square.ben.sees(square.start)[-1].shown
    if "volunteers" in told:
        await bot.took(await square.ben.presses("Find a mentor", square.start))
        assert "What would you like to talk about" in square.ben.sees(square.start)[-1].shown


@pytest.mark.parametrize("line", ["mentor me please", "win some, lose some", "pulse is racing"])
async def test_a_line_that_begins_like_a_command_is_talk(bot: Bot, square: Square, line: str) -> None:
    """Behind the command for everything, whatever is no command is said."""
    before = len(bot.host.taken)
    await bot.took(await square.ben.uses("onward", line))
    assert len(bot.host.taken) == before + 1


async def test_members_find_it_on_their_home_tab(bot: Bot, server: Server, square: Square) -> None:
    """Where something is on; the answer comes in their direct messages."""
    await bot.took(await square.ben.opens_home())
    assert "Share a win" in str(square.ben.home)
    await bot.took(await square.ben.presses_home("Find a mentor"))
    assert "What would you like to talk about" in square.ben.last().shown
    await bot.took(await square.ada.uses("onward", "setup", square.start))
    await bot.took(square.ada.chooses("features", "wins"))
    await bot.took(await square.ben.opens_home())
    assert "Share a win" in str(square.ben.home)
    assert "Find a mentor" not in str(square.ben.home)
    server.faults.append(Fault("fatal_error", 1, "/chat.postMessage"))
    await bot.took(await square.cleo.opens_home())
    await bot.took(await square.cleo.presses_home("Share a win"))
    assert square.cleo.sees() == [], "it was lost on its way, and can be pressed again"
    await bot.took(await square.cleo.presses_home("Share a win"))
    assert "the wins channel of" in square.cleo.last().shown


# Rights


async def test_a_mentor_who_has_left_the_channel_is_none_any_more(bot: Bot, server: Server, square: Square) -> None:
    """It is looked at when they say yes, too; what was known of it is forgotten within a minute."""
    await square.offers(bot)
    await square.looks(bot, square.ben)
    square.mentors.members.remove(square.mia.user.id)
    server.world.moved += 60
    await bot.took(await square.mia.presses("Yes, I can"))
    assert "Mentors here are named by the admins" in square.mia.sees()[-1].shown
    assert square.ben.groups == []


async def test_who_mentors_is_found_in_a_large_channel(bot: Bot, server: Server, square: Square) -> None:
    """Slack tells of it a page at a time; it is not asked again for a moment."""
    others = [Person.new(server, f"mentor {number}") for number in range(7)]
    square.mentors.members |= {one.user.id for one in others}
    server.methods.most_members = 3
    begin = len(server.requests)
    for one in others:
        await bot.took(await one.uses("mentor", "offer"))
        assert "Good of you" in one.last().shown
    asked = [method for method, _ in server.requests[begin:]]
    assert asked.count("conversations.members") == 3


@pytest.mark.parametrize("trouble", ["the bot is not in it", "missing_scope"])
async def test_where_nobody_can_see_who_mentors_nobody_does(
    bot: Bot, server: Server, square: Square, trouble: str
) -> None:
    """The set-up tells the admin why; whoever looks for a mentor is not kept from it."""
    if trouble == "missing_scope":
        server.team.scopes.remove("groups:read")
    else:
        square.mentors.members.remove(server.team.bot_user)
    await bot.took(await square.mia.uses("mentor", "offer"))
    assert "Mentors here are named by the admins" in square.mia.sees()[-1].shown
    await bot.took(await square.ben.uses("mentor", "find"))
    assert square.ben.last().elements
    await bot.took(square.ada.chooses("mentors", square.mentors.id))
    told = "I lack a permission" if trouble == "missing_scope" else "I can't see yet who is in that channel"
    assert told in square.ada.window_text


async def test_what_may_pass_refuses_nobody(bot: Bot, server: Server, square: Square) -> None:
    """Whoever is a mentor is not told that they are none because Slack did not answer."""
    for path in ("/users.info", "/conversations.members"):
        server.faults.append(Fault("429", 1, path, seconds=1))
        await bot.took(await square.mia.uses("mentor", "offer"))
        assert "could not be kept just now" in square.mia.sees()[-1].shown
    await bot.took(await square.mia.uses("mentor", "offer"))
    assert "Good of you" in square.mia.sees()[-1].shown


async def test_only_an_admin_sees_the_pulse(bot: Bot, square: Square) -> None:
    """Whoever is one no more does not, from that moment on."""
    await bot.took(await square.ada.uses("onward", "pulse"))
    assert "Only whoever" not in square.ada.sees()[-1].shown
    square.ada.user.admin = False
    await bot.took(await square.ada.uses("onward", "pulse"))
    assert "Only whoever" in square.ada.sees()[-1].shown


@pytest.mark.parametrize("seen", [True, False])
async def test_somebody_of_another_workspace_is_refused(
    bot: Bot, server: Server, square: Square, *, seen: bool
) -> None:
    """Who is in a channel that two workspaces share is a stranger here, and kept nowhere."""
    other = server.world.add_team("Others", set())
    eve = Person.new(server, "Eve", other)
    eve.user.seen_in = {server.team.id} if seen else set()
    square.start.members.add(eve.user.id)
    await bot.took(await square.ben.uses("mentor", "", square.start))
    message = square.ben.last(square.start)
    message.only_for = ""
    pressed = await eve.presses("Find a mentor", message=message)
    pressed.payload["team"]["id"] = server.team.id  # as Slack names the workspace that the channel belongs to
    await bot.took(pressed)
    told = [one for one in server.world.visible(square.start, eve.user.id) if one.only_for == eve.user.id]
    assert "I only talk with people of the workspace" in told[-1].shown
    assert (await bot.store.journey(eve.known_as.replace(other.id, server.team.id))).heard_at is None


async def test_a_deactivated_account_does_nothing(bot: Bot, square: Square) -> None:
    """What it pressed last may still be on its way."""
    await square.offers(bot)
    square.mia.user.deleted = True
    await bot.took(await square.mia.presses("Pause"))
    assert all("paused" not in one.shown for one in square.mia.sees())


async def test_a_copied_press_shows_nothing_to_others(bot: Bot, square: Square) -> None:
    """In a message that everybody sees, the answer is for whoever pressed, and the message stays."""
    await bot.took(await square.ada.uses("onward", "setup", square.start))
    await bot.took(square.ada.chooses("Post the panel"))
    panel = next(one for one in square.cleo.sees(square.start) if not one.only_for)
    before = str(panel.blocks)
    for act in ("mentor.mine", "pulse.show", "mentor.bar:1", "nothing.known", "mentor"):
        await bot.took(await square.ben.acts(button(act), panel))
    assert str(panel.blocks) == before
    assert square.cleo.sees(square.start) == [panel]
    assert len(square.ben.sees(square.start)) == 6


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


async def test_an_act_of_nobody_does_nothing(bot: Bot, server: Server, square: Square) -> None:
    """Slack always says who did something, and when: what lacks that is not from there."""
    pressed = await square.ben.uses("mentor", "find", square.start)
    pressed.payload["trigger_id"] = ""
    await server.world.until(pressed.done.is_set)
    await bot.settled()
    assert square.ben.sees(square.start) == []
