"""Commands of members, and controls: acknowledged in time, shown where they were, refused politely."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.discord.connection import Connection
from dialogs.acts import Act, Member
from dialogs.replies import Press, Reply
from tests.databases import Database, says
from tests.platforms.discord.community import Neighbourhood, done, offers, seeks, shown
from tests.platforms.discord.interactions import FIRST_ANSWER_WITHIN
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Fault, Server
from tests.platforms.discord.world import EPHEMERAL, LOADING, Interaction, Message


def pressable(message: Message) -> list[str]:
    """Return what stands on everything that can be pressed in a message."""
    return [one.get("label") or one["placeholder"] for one in message.buttons]


async def letter(bot: Bot, person: Person, reply: Reply) -> Message:
    """Have a letter delivered to somebody, and return the message."""
    who = f"discord:{person.user.id}"
    async with bot.store.begin() as unit:
        await unit.journeys([who])
        posted = await unit.post([(who, "", reply)], bot.clock.now())
    bot.app.dispatcher.post(posted)
    await bot.app.dispatcher.settled()
    return person.sees()[-1]


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


async def test_a_server_that_the_bot_is_not_in_is_told_so(bot: Bot, here: Neighbourhood, server: Server) -> None:
    """Where somebody has it as an app of their own, and where it was removed while its buttons stay."""
    elsewhere = server.world.server_channel(server.world.snowflake(), {here.ben.user.id})
    used = await done(bot, await here.ben.uses("mentor find", elsewhere))
    assert "server that I'm in" in shown(bot, used).content
    await done(bot, await here.ben.uses("mentor mine", here.start))
    await server.gateway.remove_bot(here.guild)
    await bot.settled()
    for press in (f"mentor.mine:{here.id}", "mentor.mine:discord:12", f"mentor.mine:discord:{'9' * 30}"):
        message = await letter(bot, here.ben, Reply(text="x", keys=("x",), controls=(Press(act=press, label="Go"),)))
        await done(bot, await here.ben.presses("Go", message=message))
        assert "server that I'm in" in message.content


async def test_rights_are_those_of_the_moment_and_of_that_server(
    bot: Bot, here: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Discord tells with what was done there, and as it is asked about whoever does it in the direct messages."""
    seen: list[Member] = []

    async def noted(member: Member, _act: Act, _event: str) -> Reply | None:
        seen.append(member)
        return None

    people = (here.ada, here.mod, here.mia, here.ben)
    for person in people:
        await done(bot, await person.uses("mentor mine", here.start))
    monkeypatch.setattr(bot.app.members, "act", noted)
    for channel in (here.start, None):
        seen.clear()
        for person in people:
            await done(bot, await person.uses("mentor mine", channel))
        told = [(one.name, one.admin, one.moderator, one.mentor) for one in seen]
        assert told == [
            ("Ada", True, True, False),
            ("Mod", False, True, False),
            ("Mia", False, False, True),
            ("Ben", False, False, False),
        ]
        assert {one.community for one in seen} == {here.id}


async def test_who_somebody_is_in_a_server_of_another_shard_is_asked_of_discord(server: Server, tmp_path: Path) -> None:
    """Direct messages come to the first shard, and this process may not know the server that an act is about."""
    here = Neighbourhood.built(server)
    while not (here.guild >> 22) % 2:
        here = Neighbourhood.built(server)
    server.gateway.shards = 2
    connection = Connection(identify_pause=0, heartbeat_timeout=5, shard_count=2, shard_ids=[0])
    async with running(server, tmp_path, connection=connection) as bot:
        await here.set_up(bot)
        assert connection.get_guild(here.guild) is None
        press = Press(act=f"mentor.offer:{here.id}", label="Go")
        for person, told in ((here.mia, "Good of you"), (here.ben, "Mentors here are named by the admins")):
            message = await letter(bot, person, Reply(text="x", keys=("x",), controls=(press,)))
            await done(bot, await person.presses("Go", message=message))
            assert told in message.content
        await done(bot, await here.mia.presses_id("o:do:pulse.show", here.mia.last()))
        assert "Only whoever may set me up" in here.mia.sees()[-1].content
        press = Press(act=f"mentor.find:discord:{here.guild + 1}", label="Go")
        message = await letter(bot, here.ben, Reply(text="x", keys=("x",), controls=(press,)))
        await done(bot, await here.ben.presses("Go", message=message))
        assert "server that I'm in" in message.content


async def test_what_is_for_whoever_pressed_alone_leaves_the_message_as_it_is(bot: Bot, here: Neighbourhood) -> None:
    """Also in their direct messages."""
    press = Press(act=f"mentor.bar:{here.id}/1", label="No more introductions")
    message = await letter(bot, here.ben, Reply(text="A report", keys=("x",), controls=(press,)))
    await done(bot, await here.ben.presses("No more introductions", message=message))
    assert message.content == "A report"
    assert here.ben.sees()[-1].content == "Only moderators can do that."
    assert here.ben.sees()[-1].flags & EPHEMERAL


async def test_pulse_is_for_admins(bot: Bot, here: Neighbourhood) -> None:
    """Whoever else sends the command is told so."""
    page = shown(bot, await done(bot, await here.ada.uses("onward pulse", here.start)))
    refused = shown(bot, await done(bot, await here.mod.uses("onward pulse", here.start)))
    assert "nothing to show for October 2026" in page.content
    assert refused.content != page.content
    assert not refused.buttons
    assert page.flags & refused.flags & EPHEMERAL


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


async def test_what_is_taken_back_may_be_gone_already(bot: Bot, here: Neighbourhood) -> None:
    """A moderator has deleted it; and who has left the server can still take back what is theirs."""
    page = shown(bot, await done(bot, await here.ben.uses("win", here.start)))
    await done(bot, await here.ben.presses("With my name", here.start, page))
    await done(bot, await here.ben.presses("Share it", here.start, page))
    (win,) = here.mia.sees(here.wins)
    assert "Ben" in win.content
    del here.wins.messages[win.id]
    here.ben.leaves(here.start)
    mine = shown(bot, await done(bot, await here.ben.uses("win")))
    assert "not in (any more)" in mine.content
    message = await letter(bot, here.ben, Reply(text="x", keys=("x",), controls=(Press(act="wins.mine", label="Go"),)))
    await done(bot, await here.ben.presses("Go", message=message))
    await done(bot, await here.ben.presses(pressable(message)[0], message=message))
    assert "taken away" in message.content
    assert await bot.store.pending() == []


async def test_who_is_timed_out_gets_round_it_nowhere(bot: Bot, here: Neighbourhood, server: Server) -> None:
    """In the direct messages neither, until the time is over; what is theirs can be taken back."""
    await done(bot, await here.ben.uses("mentor mine", here.start))
    timed_out = server.world.timed_out
    timed_out[here.guild, here.ben.user.id] = "2099-01-01T00:00:00+00:00"
    page = shown(bot, await done(bot, await here.ben.uses("win")))
    assert "you're timed out" in page.content
    page = shown(bot, await done(bot, await here.ben.uses("mentor mine")))
    assert "What you have here" in page.content
    timed_out[here.guild, here.ben.user.id] = "2020-01-01T00:00:00+00:00"
    page = shown(bot, await done(bot, await here.ben.uses("win")))
    assert "wins channel" in page.content


async def test_a_mentor_who_has_left_can_take_the_offer_back_and_keeps_nobody_waiting(
    bot: Bot, here: Neighbourhood
) -> None:
    """What they say yes to then is asked of the next one at once."""
    await offers(bot, here.mia, here.start)
    await seeks(bot, here.ben, here.start)
    request = here.mia.last()
    here.mia.leaves(here.start)
    await done(bot, await here.mia.presses("Yes, I can", message=request))
    page = shown(bot, await done(bot, await here.ben.uses("mentor mine", here.start)))
    assert "nobody is free" in page.content
    press = Press(act=f"mentor.offer:{here.id}", label="Go")
    message = await letter(bot, here.mia, Reply(text="x", keys=("x",), controls=(press,)))
    await done(bot, await here.mia.presses("Go", message=message))
    await done(bot, await here.mia.presses("Take it back", message=message))
    assert "Your offer is taken back" in message.content
    press = Press(act=f"mentor.find:{here.id}", label="Go")
    message = await letter(bot, here.mia, Reply(text="x", keys=("x",), controls=(press,)))
    await done(bot, await here.mia.presses("Go", message=message))
    assert "not in (any more)" in message.content


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


@pytest.mark.parametrize(
    "custom_id", ["o:do:mentor", "o:do:MENTOR.find", "o:do:mentor.find:\u202e", "o:do:" + "x" * 90]
)
async def test_an_id_that_is_none_is_explained_like_every_old_one(
    bot: Bot, here: Neighbourhood, custom_id: str
) -> None:
    """Nothing breaks, and it is no act."""
    await bot.took(await here.ben.writes("rejected by Stark"))
    before = len(here.ben.sees())
    await bot.took(await here.ben.presses_id(custom_id, here.ben.last()))
    assert len(here.ben.sees()) > before


@pytest.mark.parametrize(
    "act", ["mentor.nothing", "wins.nothing:x", "pulse.nothing", "other.part:1", "mentor.accept:x/y"]
)
async def test_an_act_that_is_none_ends_politely(bot: Bot, here: Neighbourhood, act: str) -> None:
    """Whatever somebody makes up: one line, and nothing to press that does not work."""
    await done(bot, await here.ben.uses("mentor mine", here.start))
    await done(bot, await here.ben.presses_id(f"o:do:{act}", here.ben.sees(here.start)[-1]))
    assert here.ben.sees(here.start)[-1].content


async def test_what_the_database_refuses_is_told_and_can_be_pressed_again(
    bot: Bot, here: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was shown stays, with its buttons."""
    page = shown(bot, await done(bot, await here.mia.uses("mentor find", here.start)))
    message = await letter(
        bot, here.mia, Reply(text="Ask", keys=("x",), controls=(Press(act="wins.share", label="Go"),))
    )

    async def broken(*_: object) -> Reply:
        raise OSError

    monkeypatch.setattr(bot.app.members, "act", broken)
    for _ in range(2):
        await done(bot, await here.mia.presses("Salary", here.start, page))
        await done(bot, await here.mia.presses("Go", message=message))
    used = await done(bot, await here.mia.uses("mentor mine", here.start))
    assert "could not be kept just now" in shown(bot, used).content
    for one in (page, message):
        assert one.content.count("could not be kept just now") == 1
        assert one.buttons
    monkeypatch.undo()
    await done(bot, await here.mia.presses("Salary", here.start, page))
    assert "I ask members who offered" in page.content
    assert "could not be kept" not in page.content


@pytest.mark.parametrize("kind", ["503", "reset"])
@pytest.mark.parametrize("path", ["@original", "/callback", "/members/"])
async def test_what_fails_for_now_is_tried_again(
    bot: Bot, here: Neighbourhood, server: Server, kind: str, path: str
) -> None:
    """Also when the request had been carried out; what came of an act is shown in the end."""
    await done(bot, await here.mia.uses("mentor mine", here.start))
    for after in (False, True) if path != "/callback" else (True,):
        server.faults.append(Fault(kind, 1, path, after=after))
        used = await done(bot, await here.mia.uses("mentor find"))
        assert not server.faults
        assert "What would you like" in shown(bot, used).content


async def test_who_sends_too_fast_is_told_once_and_nothing_is_left_waiting(
    bot: Bot, here: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was shown stays; the promise of an answer that will not come is taken back."""
    monkeypatch.setattr("bot.flood.BURST", 2)
    monkeypatch.setattr("bot.flood.EACH", timedelta(hours=1))
    page = shown(bot, await done(bot, await here.mia.uses("mentor find", here.start)))
    await done(bot, await here.mia.presses("Salary", here.start, page))
    before = page.content
    for _ in range(3):
        await done(bot, await here.mia.presses(pressable(page)[0], here.start, page))
    for _ in range(2):
        await done(bot, await here.mia.uses("mentor mine", here.start))
    assert page.content == before
    assert page.buttons
    told = [one for one in here.mia.sees(here.start) if one is not page]
    assert ["more at once than I can take in" in one.content for one in told] == [True]
    assert not any(one.flags & LOADING for one in here.mia.sees(here.start))


async def test_what_came_too_late_is_not_done(bot: Bot, here: Neighbourhood, server: Server) -> None:
    """Discord has shown that it failed, so it is pressed again."""
    page = await offers(bot, here.mia, here.start)
    await seeks(bot, here.ben, here.start)
    request = here.mia.last()
    server.world.moved -= FIRST_ANSWER_WITHIN + 1
    late = await here.mia.presses("Yes, I can", message=request)
    server.world.moved += FIRST_ANSWER_WITHIN + 1
    await server.world.until(lambda: any(str(late.id) in path for _, path, _ in server.requests))
    await bot.settled()
    assert late.answered is None
    assert here.ben.sees() == []
    assert page.buttons


async def test_what_cannot_be_shown_is_done_all_the_same(bot: Bot, here: Neighbourhood, server: Server) -> None:
    """The message is gone, or Discord stays away: nothing breaks."""
    page = shown(bot, await done(bot, await here.mia.uses("mentor find", here.start)))
    for fault in (Fault("404", 1, "@original"), Fault("503", 9, "@original")):
        server.faults.append(fault)
        await done(bot, await here.mia.presses("Salary", here.start, page))
        server.faults.clear()
    assert "What would you like" in page.content


@pytest.mark.databases("postgresql")
async def test_two_processes_on_one_shard_answer_once(server: Server, here: Neighbourhood, database: Database) -> None:
    """Both hear of it, one does it, and whoever that is shows it."""
    async with running(server, database) as one, running(server, database) as other:
        await here.set_up(one)

        async def both(interaction: Interaction) -> Interaction:
            for bot in (one, other):
                await done(bot, interaction)
            await says(database, "SELECT count(*) = 0 FROM outbox")
            for bot in (one, other):
                await bot.settled()
            return interaction

        page = shown(one, await both(await here.mia.uses("mentor offer", here.start)))
        await both(await here.mia.picks("What you can help with", "Salary", channel=here.start, message=page))
        await both(await here.mia.presses("I'm 18 or older: offer", here.start, page))
        find = shown(one, await both(await here.ben.uses("mentor find", here.start)))
        await both(await here.ben.presses("Salary", here.start, find))
        await both(await here.ben.presses("I'm 18 or older: look", here.start, find))
        assert "I've asked somebody" in find.content
        assert len(here.mia.sees()) == 1
        await both(await here.mia.presses("Yes, I can", message=here.mia.last()))
        await both(await here.ben.presses("Yes, open a room", message=here.ben.last()))
        (room,) = here.ben.threads()
        assert len(here.ben.sees(room)) == 1
    assert await database.sql("SELECT count(*) FROM events") == [(8,)]
