"""A workspace is set up step by step; each choice is kept at once, and all of them can be removed."""

from pathlib import Path

import pytest

from dialogs.community import Choices, Community
from tests.platforms.slack.communities.set_up import admin_of, kept, now, panel_in, with_panel
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import HTTP, MANY, SOCKET, Bot, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel


@pytest.mark.parametrize("mode", [SOCKET, HTTP, MANY])
async def test_a_workspace_is_set_up_step_by_step(
    server: Server, tmp_path: Path, town: Channel, ben: Person, mode: str
) -> None:
    """Each choice is kept at once and shown; the last one can be undone; nothing of it shows in public."""
    ada = admin_of(server, town, owner=mode == HTTP)
    team, bot_user = server.team, server.team.bot_user
    wins = server.world.add_channel(team, {ada.user.id, bot_user})
    mentors = server.world.add_channel(team, {ada.user.id, bot_user}, "private")
    moderators = server.world.add_channel(team, {ada.user.id, bot_user}, "private")
    async with running(server, tmp_path, mode) as bot:
        await bot.took(await ada.uses("onward", " Setup ", town))
        assert await kept(bot, team) is None
        assert "Every choice is kept at once" in ada.window_text
        await bot.took(ada.chooses("Post the panel"))
        assert "Choose the channel of the panel first" in ada.window_text
        for what, channel in (
            ("panel_channel", town),
            ("wins_channel", wins),
            ("mentors", mentors),
            ("moderators_channel", moderators),
        ):
            await bot.took(ada.chooses(what, channel.id))
            assert "Kept." in ada.window_text
            assert ada.element(what)["initial_conversation"] == channel.id
        await bot.took(ada.chooses("country", "GB"))
        await bot.took(ada.chooses("language", "en"))
        await bot.took(ada.chooses("features", "pulse", "mentors"))
        assert ada.element("country")["initial_option"]["text"]["text"] == "United Kingdom"
        assert await now(bot, team) == Choices(
            panel_channel=town.id,
            wins_channel=wins.id,
            moderators_channel=moderators.id,
            mentors=mentors.id,
            country="GB",
            features=("mentors", "pulse"),
        )
        await bot.took(ada.chooses("Undo"))
        assert "The last change is undone" in ada.window_text
        assert (await now(bot, team)).features == ()
        await bot.took(ada.chooses("country", "none"))
        assert (await now(bot, team)).country == ""
        await bot.took(ada.chooses("Post the panel"))
        assert "The panel is in its channel" in ada.window_text
        stands = panel_in(ben, town)
        assert [one["text"]["text"] for one in stands.elements] == ["I got rejected", "How does this work?"]
        assert ben.sees(town) == [stands], "of the set-up nobody else sees anything"
        assert server.wrong == []


async def test_how_the_workspace_is_called_is_kept_with_the_set_up(bot: Bot, server: Server, ada: Person) -> None:
    """For members of more than one, who choose between them."""
    await bot.took(await ada.uses("onward", "setup"))
    await bot.took(ada.chooses("country", "GB"))
    found = await kept(bot, server.team)
    assert found is not None
    assert found.name == server.team.name
    server.faults.append(Fault("fatal_error", 1, "/conversations.members"))
    mentors = server.world.add_channel(server.team, {ada.user.id, server.team.bot_user}, "private")
    await bot.took(ada.chooses("mentors", mentors.id))
    assert "could not be kept just now" in ada.window_text
    assert (await now(bot, server.team)).mentors == ""
    await bot.took(await ada.uses("onward", "setup"))
    await bot.took(ada.chooses("mentors", mentors.id))
    assert "Kept." in ada.window_text


async def test_everything_is_removed_after_one_question(bot: Bot, server: Server, ada: Person, town: Channel) -> None:
    """Slack asks it, beside the button; the panel goes too; somebody's own journey stays."""
    stands = await with_panel(bot, ada, town)
    await bot.took(await ada.presses("rejected", town, stands))
    confirm = ada.element("Remove everything")["confirm"]
    assert confirm["text"]["text"].startswith("Sure?")
    await bot.took(ada.chooses("Remove everything"))
    assert "Everything is removed" in ada.window_text
    assert await kept(bot, server.team) is None
    assert stands.ts not in town.messages
    assert (await bot.store.journey(ada.known_as)).applications


async def test_a_set_up_that_cannot_be_kept_is_told(
    bot: Bot, server: Server, ada: Person, ben: Person, town: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever presses the panel meanwhile is served without it."""
    stands = await with_panel(bot, ada, town)

    async def broken(*_: object) -> Community:
        raise OSError

    async def damaged(*_: object) -> Community:
        raise ValueError

    for failing in (broken, damaged):
        await bot.took(await ada.uses("onward", "setup", town))
        with monkeypatch.context() as patch:
            patch.setattr(bot.host.communities, "read", failing)
            patch.setattr(bot.host.communities, "change", failing)
            await bot.took(ada.chooses("country", "GB"))
            assert "could not be kept just now" in ada.window_text
            await bot.took(await ben.presses("rejected", town, stands))
            assert ben.last(town).elements
    server.faults.append(Fault("fatal_error", 1, "/users.info"))
    await bot.took(await ada.uses("onward", "setup", town))
    assert "could not be kept just now" in ada.window_text
