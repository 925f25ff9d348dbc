"""What members of a workspace do with each other: where it is done, where it is answered, and who may do it."""

from pathlib import Path

import pytest

from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import HTTP, MANY, SOCKET, Bot, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.square import Square
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


async def test_where_the_mentors_channel_was_opened_to_everybody_nobody_mentors(
    bot: Bot, server: Server, square: Square
) -> None:
    """Anybody may join it now; also where the workspace has allowed more than the bot asks for."""
    square.mentors.kind = "channel"
    square.mentors.members.add(square.ben.user.id)
    for scopes in (set(), {"channels:read"}):
        server.team.scopes |= scopes
        server.world.moved += 60
        for one in (square.ben, square.mia):
            await bot.took(await one.uses("mentor", "offer"))
            assert "Mentors here are named by the admins" in one.sees()[-1].shown


async def test_who_mentors_is_found_in_a_large_channel(bot: Bot, server: Server, square: Square) -> None:
    """Slack tells of it a page at a time; it is not asked again for a moment."""
    others = [Person.new(server, f"mentor {number}") for number in range(7)]
    square.mentors.members |= {one.user.id for one in others}
    server.methods.conversations.most_members = 3
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


async def test_a_deactivated_account_begins_nothing(bot: Bot, square: Square) -> None:
    """What it pressed last may still be on its way."""
    await square.offers(bot)
    square.mia.user.deleted = True
    await bot.took(await square.mia.acts(button("mentor.find"), square.mia.last()))
    assert "I only talk with people of the workspace" in square.mia.sees()[-1].shown


async def test_who_is_not_in_the_workspace_any_more_can_take_back_what_is_theirs(bot: Bot, square: Square) -> None:
    """As long as Slack lets them press at all; they begin nothing."""
    await bot.took(await square.ben.uses("win"))
    await bot.took(await square.ben.presses("With my name"))
    await bot.took(await square.ben.presses("Share it"))
    assert square.cleo.sees(square.wins)
    square.ben.user.deleted = True
    await bot.took(await square.ben.uses("mentor", "find", square.start))
    assert "I only talk with people of the workspace" in square.ben.sees(square.start)[-1].shown
    await bot.took(await square.ben.presses("Take it back", message=square.ben.last()))
    assert square.cleo.sees(square.wins) == []


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
