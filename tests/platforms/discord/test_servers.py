"""In servers and private channels: nobody but the person sees that somebody was rejected."""

from pathlib import Path

import pytest

from adapters.discord.markup import MOST
from tests.databases import next_wake
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import EPHEMERAL, Channel, Interaction

A_DAY = 24 * 3600


async def answered(server: Server, interaction: Interaction) -> None:
    """Return when an interaction got its first answer."""
    await server.world.until(lambda: interaction.answered is not None)


async def test_a_slash_command_in_a_server_is_answered_where_only_the_person_sees_it(
    bot: Bot, ann: Person, ben: Person, town: Channel
) -> None:
    """Acknowledged at once, then one message with the answer and its choices."""
    used = await ann.uses("rejected", town, employer="Stark", role="welder")
    await bot.took(used)
    assert used.answered == 5
    (shown,) = ann.sees(town)
    assert shown.flags & EPHEMERAL
    assert "Stark" in shown.content
    assert [button["label"] for button in shown.buttons][-1] == "In my own words"
    assert ben.sees(town) == ann.sees() == []


@pytest.mark.parametrize("where", ["server", "group"])
async def test_the_whole_way_can_be_gone_without_direct_messages(
    bot: Bot, ann: Person, ben: Person, town: Channel, server: Server, where: str
) -> None:
    """Every answer in one message that only they see: tapped, or written in the window that its button opens."""
    place = town if where == "server" else server.world.group({ann.user.id, ben.user.id})
    ann.user.reachable = False
    await bot.took(await ann.uses("rejected", place, employer="Stark"))
    for answer in ("evening", "= those jerks", "= nobody explained it", "ready", "4", "say_it", "= my dog likes me"):
        if answer.startswith("= "):
            opened = await ann.presses("In my own words", place)
            await answered(server, opened)
            await bot.took(await ann.fills(opened, text=answer.removeprefix("= ")))
        else:
            await bot.took(await ann.presses(answer, place))
        assert len(ann.sees(place)) == 1
    (shown,) = ann.sees(place)
    assert "my dog" not in shown.content, "what was written is not repeated to them"
    assert "> This evening" in shown.content
    assert len(shown.content) <= MOST
    assert ben.sees(place) == ann.sees() == []
    assert server.wrong == []
    assert not [path for method, path, _ in server.requests if "/channels/" in path and method == "POST"]


async def test_a_mention_in_a_server_is_answered_in_private(bot: Bot, ann: Person, ben: Person, town: Channel) -> None:
    """In the channel stands one reaction, which says nothing."""
    message = await ann.writes("@onward I got rejected by Stark", town)
    await bot.took(message)
    assert ann.sees(town) == ben.sees(town) == []
    assert len(message.reactions) == 1
    assert "Stark" in ann.sees()[0].content
    again = await ben.writes("@onward", town)
    await bot.took(again)
    assert ben.sees(), "who only mentions the bot is asked what there is"


async def test_what_is_said_in_a_server_without_the_bot_is_not_even_read(bot: Bot, ann: Person, town: Channel) -> None:
    """The bot asks for no privilege to read along."""
    await ann.writes("I got rejected", town)
    await bot.took(await ann.writes("@onward hello", town))
    assert len(bot.host.taken) == 1


async def test_closed_direct_messages_are_told_once_and_in_private(bot: Bot, ann: Person, town: Channel) -> None:
    """A mention cannot be answered then; the next command says so, shows what is open, and says what to do."""
    ann.user.reachable = False
    await bot.took(await ann.writes("@onward I got rejected by Stark", town))
    assert ann.sees() == []
    assert await bot.store.pending() == []
    await bot.took(await ann.uses("resume", town))
    (first,) = ann.sees(town)
    assert "didn't arrive" in first.content
    assert "How long" in first.content or "?" in first.content
    await bot.took(await ann.uses("resume", town))
    assert "didn't arrive" not in ann.sees(town)[1].content


async def test_reminders_of_somebody_whom_nothing_reaches_are_silent_until_they_are_back(
    bot: Bot, ann: Person, town: Channel, server: Server
) -> None:
    """Only theirs: others are written to as before."""
    await bot.took(await ann.uses("rejected", town))
    await bot.took(await ann.presses("evening", town))
    ann.user.reachable = False
    server.world.moved += A_DAY
    await bot.wakes()
    assert await bot.store.pending() == []
    assert await next_wake(bot.store) is None
    ann.user.reachable = True
    await bot.took(await ann.writes("hello"))
    assert await bot.store.pending() == []
    assert "didn't arrive" in ann.sees()[0].content


async def test_an_answer_that_comes_after_the_interaction_is_over_comes_as_a_direct_message(
    bot: Bot, ann: Person, town: Channel, server: Server
) -> None:
    """After a quarter of an hour Discord takes no answer to a press any more."""
    await bot.took(await ann.uses("rejected", town))
    await bot.took(await ann.presses("evening", town))
    server.world.moved += A_DAY
    await bot.wakes()
    assert len(ann.sees()) == 1
    assert ann.last().buttons


async def test_a_press_that_comes_too_late_is_answered_all_the_same(bot: Bot, ann: Person, town: Channel) -> None:
    """Discord shows that it failed; what was chosen is kept, and the answer comes as a direct message."""
    await bot.took(await ann.uses("rejected", town))
    message = ann.last(town)
    pressed = await ann.presses("evening", town)
    pressed.began -= 5
    await bot.took(pressed)
    assert pressed.answered is None
    assert len(ann.sees()) >= 1
    assert len(ann.sees(town)) == 1
    assert not any(button.get("disabled") for button in message.buttons)


async def test_buttons_of_any_age_work_or_explain_themselves_after_a_restart(
    server: Server, ann: Person, tmp_path: Path
) -> None:
    """The bot remembers no message: a button says by itself what it is."""
    async with running(server, tmp_path) as bot:
        await bot.took(await ann.writes("I got rejected by Stark"))
        first = ann.last()
    async with running(server, tmp_path) as bot:
        await bot.took(await ann.presses("evening"))
        assert all(button["disabled"] for button in first.buttons)
        second = ann.last()
        assert second is not first
    async with running(server, tmp_path) as bot:
        seen = len(ann.sees())
        await bot.took(await ann.presses_id("o:tap:1:evening", first))
        assert "earlier question" in ann.sees()[seen].content or "before" in ann.sees()[seen].content
        for odd in ("o:tap:x:evening", "o:menu:1", "o:form:1:gone", "o:form", "from another bot", "o:tap:999999:x"):
            seen = len(ann.sees())
            await bot.took(await ann.presses_id(odd, first))
            assert len(ann.sees()) > seen, f"{odd} is explained"


async def test_a_button_pressed_by_somebody_else_is_only_about_themselves(
    bot: Bot, ann: Person, ben: Person, town: Channel
) -> None:
    """A copied id moves nobody else's journey, and shows nothing of it."""
    await bot.took(await ann.uses("rejected", town, employer="Stark"))
    message = ann.last(town)
    await bot.took(await ben.uses("help", town))
    await bot.took(await ben.presses_id(message.buttons[0]["custom_id"], ben.last(town)))
    assert not any("Stark" in one.content for one in ben.sees(town))
    assert message.buttons[0].get("disabled") is not True


async def test_a_form_opens_at_once_and_counts_as_an_answer(bot: Bot, ann: Person, server: Server) -> None:
    """The button stands under the question; the window is found by its name."""
    await _to_the_action(bot, ann)
    opened = await ann.presses("Write it in two halves")
    await answered(server, opened)
    assert opened.answered == 9
    seen = len(ann.sees())
    filled = await ann.fills(opened, cue="the recruiter asks for a number", will="say my range")
    await bot.took(filled)
    assert len(ann.sees()) > seen
    late = await ann.fills(opened, cue="again", will="again")
    seen = len(ann.sees())
    await bot.took(late)
    assert len(ann.sees()) > seen, "a form sent twice is explained"


async def _to_the_action(bot: Bot, ann: Person) -> None:
    """Bring somebody to the question that has a form."""
    await bot.took(await ann.writes("rejected by Stark"))
    for _ in range(40):
        labels = [button.get("label") for button in ann.last().buttons]
        if "Write it in two halves" in labels:
            return
        button = ann.last().buttons[0]
        if button["type"] == 3:
            await bot.took(await ann.presses(button["options"][0]["value"]))
        else:
            choice = "straight_on" if "Straight on" in labels else button["custom_id"]
            await bot.took(await ann.presses(choice))
    raise AssertionError(labels)


async def test_a_long_page_becomes_a_file_where_there_is_one_message_only(bot: Bot, ann: Person, town: Channel) -> None:
    """In the direct messages it is several messages."""
    await bot.took(await ann.writes("rejected by Stark"))
    await bot.took(await ann.presses("straight_on"))
    await bot.took(await ann.presses("4"))
    for n in range(4):
        await bot.took(await ann.writes(f"true thing {n} " + "and it goes on " * 60))
    await bot.took(await ann.uses("export", town))
    (shown,) = ann.sees(town)
    assert [one["filename"] for one in shown.attachments] == ["onward.txt", "onward-2026-11-23-180000.json"]
    assert all(one["description"] for one in shown.attachments)
    seen = len(ann.sees())
    await bot.took(await ann.uses("export"))
    pages = ann.sees()[seen:]
    assert len(pages) > 2
    assert all(len(page.content) <= 2000 for page in pages)
