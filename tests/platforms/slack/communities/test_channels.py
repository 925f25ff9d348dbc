"""Of the channels that are chosen it is said what the bot lacks in them, and what they are not for."""

import pytest

from tests.platforms.slack.communities.set_up import kept, now, panel_in
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import Bot
from tests.platforms.slack.server import Server


@pytest.mark.parametrize(
    ("refuses", "told"),
    [
        ("", "write /invite @Onward there"),
        ("is_archived", "archived"),
        ("restricted_action", "only some may write"),
        ("fatal_error", "could not be posted just now"),
        ("missing_scope", "I lack a permission"),
    ],
)
async def test_what_the_bot_lacks_is_named_with_what_to_do(
    bot: Bot, server: Server, ada: Person, refuses: str, told: str
) -> None:
    """When a channel is chosen, and when the panel is to be posted; then it works."""
    bot_user = server.team.bot_user
    place = server.world.add_channel(server.team, {ada.user.id, bot_user} if refuses else {ada.user.id})
    place.refuses = refuses
    await bot.took(await ada.uses("onward", "setup"))
    await bot.took(ada.chooses("panel_channel", place.id))
    assert told in ada.window_text
    await bot.took(ada.chooses("Post the panel"))
    assert told in ada.window_text
    assert place.messages == {}
    place.members.add(bot_user)
    place.refuses = ""
    await bot.took(ada.chooses("Post the panel"))
    assert panel_in(ada, place)


async def test_a_channel_in_which_the_admin_is_not_can_be_chosen(bot: Bot, server: Server, ada: Person) -> None:
    """Nothing can be shown to them there, so posting tells whether it works."""
    place = server.world.add_channel(server.team, {server.team.bot_user})
    await bot.took(await ada.uses("onward", "setup"))
    await bot.took(ada.chooses("panel_channel", place.id))
    assert "Kept." in ada.window_text


async def test_reports_go_into_no_channel_that_everybody_can_read(bot: Bot, server: Server, ada: Person) -> None:
    """The window offers private ones only; another one is refused, and one that the bot cannot see yet is told."""
    bot_user = server.team.bot_user
    await bot.took(await ada.uses("onward", "setup"))
    assert ada.element("moderators_channel")["filter"]["include"] == ["private"]
    shown = server.world.add_channel(server.team, {ada.user.id, bot_user})
    await bot.took(ada.chooses("moderators_channel", shown.id))
    assert "Choose a private one" in ada.window_text
    assert await kept(bot, server.team) is None
    private = server.world.add_channel(server.team, {ada.user.id}, "private")
    await bot.took(ada.chooses("moderators_channel", private.id))
    assert "I'm not in that channel yet" in ada.window_text
    assert (await now(bot, server.team)).moderators_channel == private.id
    assert "Choose a private one" not in ada.window_text
    private.members.add(bot_user)
    server.faults.append(Fault("fatal_error", 1, "/conversations.info"))
    await bot.took(ada.chooses("moderators_channel", private.id))
    assert "could not be kept just now" in ada.window_text


async def test_nobody_becomes_a_mentor_by_joining_a_channel(bot: Bot, server: Server, ada: Person) -> None:
    """The window offers private ones only, and another one is refused."""
    await bot.took(await ada.uses("onward", "setup"))
    assert ada.element("mentors")["filter"]["include"] == ["private"]
    for members in ({ada.user.id, server.team.bot_user}, {ada.user.id}):
        shown = server.world.add_channel(server.team, members)
        await bot.took(ada.chooses("mentors", shown.id))
        assert "anybody could make themselves a mentor" in ada.window_text
        assert await kept(bot, server.team) is None
