"""A server is set up step by step; what is kept of it can be removed, and goes when the bot is removed."""

import asyncio
from pathlib import Path

import pytest

from dialogs.community import Choices, Community
from tests.platforms.discord.communities.set_up import guild_of, kept, now, panel_in, with_panel
from tests.platforms.discord.community import done
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import EPHEMERAL, Channel


async def test_a_server_is_set_up_step_by_step(server: Server, tmp_path: Path, ada: Person, town: Channel) -> None:
    """Each choice is kept at once and shown; the last one can be undone; nothing of it shows in public."""
    guild = guild_of(town)
    wins = server.world.server_channel(guild, {ada.user.id})
    reports = server.world.server_channel(guild, {ada.user.id})
    reports.private = True
    mentors = server.world.add_role(guild, "mentors")
    ben = Person.new(server, "ben")
    town.members.add(ben.user.id)
    async with running(server, tmp_path) as bot:
        await done(bot, await ada.sets_up(town))
        (form,) = ada.sees(town)
        assert form.flags & EPHEMERAL
        assert "Channel of the panel: nothing yet" in form.content
        assert await kept(bot, town) is None
        undo = next(one for one in form.buttons if one.get("label") == "Undo")
        assert undo["disabled"], "there is nothing to undo yet"
        await done(bot, await ada.presses("Post the panel", town))
        assert "Choose the channel of the panel first" in form.content
        places = {
            "panel_channel": town.id,
            "wins_channel": wins.id,
            "moderators_channel": reports.id,
            "mentors": mentors,
        }
        for what, value in places.items():
            await done(bot, await ada.chooses(what, value, channel=town))
            assert "Kept." in form.content
            menu = next(one for one in form.buttons if one["custom_id"].endswith(what))
            assert menu["default_values"][0]["id"] == str(value)
        assert f"Channel for wins: <#{wins.id}>" in form.content
        assert f"Role of mentors: <@&{mentors}>" in form.content
        await done(bot, await ada.presses("More choices", town))
        await done(bot, await ada.chooses("country", "GB", channel=town))
        await done(bot, await ada.chooses("language", "en", channel=town))
        await done(bot, await ada.chooses("features", "pulse", "mentors", channel=town))
        assert "Country for helplines: United Kingdom" in form.content
        assert "Parts that are on: Mentors, Pulse" in form.content
        assert await now(bot, town) == Choices(
            panel_channel=str(town.id),
            wins_channel=str(wins.id),
            moderators_channel=str(reports.id),
            mentors=str(mentors),
            country="GB",
            features=("mentors", "pulse"),
        )
        await done(bot, await ada.presses("Undo", town))
        assert "The last change is undone" in form.content
        assert (await now(bot, town)).features == ()
        await done(bot, await ada.chooses("country", channel=town))
        assert (await now(bot, town)).country == ""
        await done(bot, await ada.presses("Undo", town))
        assert (await now(bot, town)).country == "GB"
        await done(bot, await ada.presses("Back", town))
        await done(bot, await ada.presses("Post the panel", town))
        assert "The panel is in its channel" in form.content
        panel = panel_in(ben, town)
        assert [one["label"] for one in panel.buttons] == ["I got rejected", "How does this work?"]
        assert ben.sees(town) == [panel], "of the set-up nobody else sees anything"


async def test_everything_is_removed_after_one_question(bot: Bot, server: Server, ada: Person, town: Channel) -> None:
    """The panel goes too; somebody's own journey stays."""
    panel = await with_panel(bot, ada, town)
    await bot.took(await ada.presses("rejected", town, panel))
    form = next(one for one in ada.sees(town) if "Set Onward up" in one.content)
    await done(bot, await ada.presses("Remove everything", town, form))
    assert await kept(bot, town) is not None
    await done(bot, await ada.presses("Keep it", town, form))
    assert "Channel of the panel" in form.content
    await done(bot, await ada.presses("Remove everything", town, form))
    await done(bot, await ada.presses("Yes, remove everything", town, form))
    assert "Everything is removed" in form.content
    assert form.buttons == []
    assert await kept(bot, town) is None
    assert panel.id not in town.messages
    assert (await bot.store.journey(f"discord:{ada.user.id}")).applications
    assert server.wrong == []


async def test_it_is_for_servers_that_the_bot_is_in(bot: Bot, server: Server, ada: Person, ben: Person) -> None:
    """In direct messages, and where somebody only has the bot as their own app, it says so."""
    told = await done(bot, await ada.sets_up(ada.direct))
    assert told.answered == 4
    assert "server that I was added to" in ada.sees()[-1].content
    elsewhere = server.world.server_channel(server.world.snowflake(), {ben.user.id})
    ben.manages(elsewhere)
    await done(bot, await ben.sets_up(elsewhere))
    assert "server that I was added to" in ben.sees(elsewhere)[-1].content


async def forgotten(bot: Bot, channel: Channel) -> None:
    """Return when the server of a channel is forgotten. Nothing on the wire tells of it."""
    async with asyncio.timeout(20):
        while await kept(bot, channel) is not None:  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0)


async def test_a_server_that_removes_the_bot_is_forgotten_and_no_other(
    server: Server, tmp_path: Path, ada: Person, town: Channel
) -> None:
    """At once; and at the next start, when it was down meanwhile."""
    others = [server.world.server_channel(server.world.add_guild("Others"), {ada.user.id}) for _ in range(2)]
    async with running(server, tmp_path) as bot:
        for channel in (town, *others):
            ada.manages(channel)
            await done(bot, await ada.sets_up(channel))
            await done(bot, await ada.chooses("panel_channel", channel.id, channel=channel))
        await server.gateway.remove_bot(guild_of(town))
        await forgotten(bot, town)
        assert await kept(bot, others[0]) is not None
    del server.world.guilds[guild_of(others[0])]
    async with running(server, tmp_path) as bot:
        await forgotten(bot, others[0])
        assert await kept(bot, others[1]) is not None


async def test_a_set_up_that_cannot_be_kept_is_told(
    bot: Bot, ada: Person, ben: Person, town: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever presses the panel meanwhile is served without it."""
    panel = await with_panel(bot, ada, town)
    form = next(one for one in ada.sees(town) if one.flags & EPHEMERAL)

    async def broken(*_: object) -> Community:
        raise OSError

    monkeypatch.setattr(bot.host.communities, "read", broken)
    await done(bot, await ada.presses("Undo", town, form))
    assert "could not be kept just now" in form.content
    assert form.buttons, "what was pressed can be pressed again"
    await done(bot, await ada.sets_up(town))
    assert "could not be kept just now" in ada.sees(town)[-1].content
    await bot.took(await ben.presses("rejected", town, panel))
    assert ben.last(town).buttons


async def test_what_a_server_is_called_is_known_from_its_set_up(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """As it is called then; nothing is kept of a server in which nobody has chosen anything."""
    form = await done(bot, await ada.sets_up(town))
    assert form.answered == 5
    assert await kept(bot, town) is None
    await done(bot, await ada.chooses("panel_channel", town.id, channel=town))
    found = await kept(bot, town)
    assert found is not None
    assert (found.name, found.before is not None) == ("Job seekers", True)
    await server.gateway.rename(guild_of(town), "Seekers")
    await done(bot, await ada.sets_up(town))
    found = await kept(bot, town)
    assert found is not None
    assert (found.name, found.before is not None) == ("Seekers", True)
