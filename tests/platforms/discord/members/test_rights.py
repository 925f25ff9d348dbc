"""Who may do what: looked at in that server, at that moment, wherever somebody acts."""

from pathlib import Path

import pytest

from adapters.discord.connection import Connection
from dialogs.acts import Act, Member
from dialogs.replies import Press, Reply
from tests.platforms.discord.community import Neighbourhood, done, letter, offers, pressable, seeks, shown
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import EPHEMERAL


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


async def test_pulse_is_for_admins(bot: Bot, here: Neighbourhood) -> None:
    """Whoever else sends the command is told so."""
    page = shown(bot, await done(bot, await here.ada.uses("onward pulse", here.start)))
    refused = shown(bot, await done(bot, await here.mod.uses("onward pulse", here.start)))
    assert "nothing to show for October 2026" in page.content
    assert refused.content != page.content
    assert not refused.buttons
    assert page.flags & refused.flags & EPHEMERAL


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
