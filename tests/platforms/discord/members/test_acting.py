"""Commands of members, and controls: acknowledged in time, and shown where they were."""

import pytest

from dialogs.replies import Press, Reply
from tests.platforms.discord.community import Neighbourhood, done, letter, offers, pressable, shown
from tests.platforms.discord.running import Bot
from tests.platforms.discord.world import EPHEMERAL


@pytest.mark.parametrize("command", ["mentor offer", "mentor find", "mentor mine", "win"])
async def test_a_command_in_a_server_is_answered_where_nobody_else_sees_it(
    bot: Bot, here: Neighbourhood, command: str
) -> None:
    """Acknowledged at once, and every further step takes the place of the one before."""
    used = await done(bot, await here.mia.uses(command, here.start))
    assert used.answered == 5
    (page,) = here.mia.sees(here.start)
    assert page.flags & EPHEMERAL
    assert page.content
    assert pressable(page)
    assert here.ben.sees(here.start) == []
    before = page.content
    press = pressable(page)[-1]
    pressed = await done(bot, await here.mia.presses(press, here.start, page))
    assert pressed.answered == 6
    assert here.mia.sees(here.start) == [page]
    assert page.content != before


async def test_a_command_in_the_direct_messages_is_about_the_community_that_somebody_came_through(
    bot: Bot, here: Neighbourhood
) -> None:
    """Its answer stays there. Whoever came through none is told that it takes one."""
    used = await done(bot, await here.mia.uses("mentor offer"))
    assert "server that I'm in" in shown(bot, used).content
    assert not shown(bot, used).flags & EPHEMERAL
    await done(bot, await here.mia.uses("mentor mine", here.start))
    page = await offers(bot, here.mia)
    assert "on the list" in page.content
    assert len(here.mia.sees()) == 2


async def test_what_is_for_whoever_pressed_alone_leaves_the_message_as_it_is(bot: Bot, here: Neighbourhood) -> None:
    """Also in their direct messages."""
    press = Press(act=f"mentor.bar:{here.id}/1", label="No more introductions")
    message = await letter(bot, here.ben, Reply(text="A report", keys=("x",), controls=(press,)))
    await done(bot, await here.ben.presses("No more introductions", message=message))
    assert message.content == "A report"
    assert here.ben.sees()[-1].content == "Only moderators can do that."
    assert here.ben.sees()[-1].flags & EPHEMERAL


async def test_a_line_is_written_in_a_window(bot: Bot, here: Neighbourhood) -> None:
    """It opens at once, in the words that it was made with, and what was written comes into the same message."""
    page = shown(bot, await done(bot, await here.ben.uses("win", here.start)))
    opened = await done(bot, await here.ben.presses("Add a line of my own", here.start, page))
    assert opened.answered == 9
    assert opened.modal is not None
    assert opened.modal["title"] == "A line of your own"
    sent = await done(bot, await here.ben.fills(opened, text="  It took 40 tries\u202e.  "))
    assert sent.answered == 6
    assert "It took 40 tries." in page.content
    await done(bot, await here.ben.presses("Share it", here.start, page))
    (win,) = here.mia.sees(here.wins)
    assert "It took 40 tries." in win.content
    assert "Ben" not in win.content
    await done(bot, await here.ben.presses("Take it back", here.start, page))
    assert here.mia.sees(here.wins) == []


async def test_a_button_in_a_talk_leaves_the_talk_as_it_is(bot: Bot, here: Neighbourhood) -> None:
    """Its answer is a message of its own; the question that is open stays so."""
    await bot.took(await here.ben.uses("rejected", here.start))
    (talk,) = here.ben.sees(here.start)
    before = talk.content
    await done(bot, await here.ben.presses_id("o:do:mentor.find", talk))
    assert talk.content == before
    assert not any(one.get("disabled") for one in talk.buttons)
    assert "What would you like to talk about?" in here.ben.sees(here.start)[-1].content
    assert here.ben.sees(here.start)[-1].flags & EPHEMERAL
