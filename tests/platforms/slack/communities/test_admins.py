"""A workspace is set up by its admins and owners, and by nobody else."""

from pathlib import Path

import pytest

from adapters.slack.admins import manages
from adapters.slack.elements import Payload
from tests.platforms.slack.communities.set_up import admin_of, kept, now, panel_in, with_panel
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import MANY, Bot, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel


async def test_admins_find_it_on_their_home_tab_and_nobody_else_does(
    bot: Bot, server: Server, ada: Person, ben: Person
) -> None:
    """And a copied press of theirs is refused."""
    await bot.took(await ben.opens_home())
    assert "Set Onward up" not in str(ben.home)
    await bot.took(await ada.opens_home())
    assert "Set Onward up" in str(ada.home)
    await bot.took(await ada.presses_home("Set Onward up"))
    assert "Every choice is kept at once" in ada.window_text
    await bot.took(ben.acts_at_home({"type": "button", "action_id": "o:setup:open"}))
    assert "Only admins and owners" in ben.window_text
    ada.user.admin = False
    server.faults.append(Fault("fatal_error", 1, "/users.info"))
    await bot.took(await ada.opens_home())
    assert "Set Onward up" not in str(ada.home)
    await bot.took(await ada.opens_home())
    assert "Set Onward up" not in str(ada.home)


@pytest.mark.parametrize("what", ["the command", "a copied press", "a press on the panel's message"])
async def test_nobody_else_can_set_a_workspace_up(
    bot: Bot, server: Server, ada: Person, ben: Person, town: Channel, what: str
) -> None:
    """Whoever is no admin is told so, in a window that only they see, and nothing changes."""
    stands = await with_panel(bot, ada, town)
    before, public = await kept(bot, server.team), str(stands.blocks)
    for copied in ("remove", "post", "undo", "wins_channel"):
        action = {"type": "button", "action_id": f"o:setup:{copied}", "selected_conversation": town.id}
        if what == "the command":
            await bot.took(await ben.uses("onward", "setup", town))
        elif "panel" in what:
            await bot.took(await ben.acts(action, stands))
        else:
            await bot.took(ben.acts_at_home(action))
            await bot.took(ben.acts_in_window(action))
        assert "Only admins and owners" in ben.window_text
    assert await kept(bot, server.team) == before
    assert (str(stands.blocks), ben.sees(town)) == (public, [stands])


async def test_an_admin_of_one_workspace_changes_nothing_in_another(server: Server, tmp_path: Path) -> None:
    """Which workspace it is stands in no id; in a channel of another one the bot cannot even write."""
    other = server.world.add_team("Others", set(server.team.scopes))
    town, theirs = (server.world.add_channel(team, {team.bot_user}) for team in (server.team, other))
    ada, eve = admin_of(server, town), admin_of(server, theirs)
    async with running(server, tmp_path, MANY) as bot:
        stands = await with_panel(bot, ada, town)
        before = await kept(bot, server.team)
        await bot.took(await eve.uses("onward", "setup", theirs))
        await bot.took(eve.chooses("panel_channel", town.id))
        assert "I'm not in that channel" in eve.window_text
        await bot.took(eve.chooses("Post the panel"))
        assert "I'm not in that channel" in eve.window_text
        await bot.took(eve.acts_in_window({"type": "conversations_select", "action_id": "o:setup:panel_channel"}))
        assert (await now(bot, other)).panel_channel == ""
        for what, value in (("panel_channel", "U0123"), ("no such thing", "C0123")):
            action = {"type": "conversations_select", "action_id": f"o:setup:{what}", "selected_conversation": value}
            await bot.took(eve.acts_in_window(action))
            assert "can't be chosen here" in eve.window_text
        await bot.took(eve.chooses("Remove everything"))
        assert await kept(bot, other) is None
        assert await kept(bot, server.team) == before
        assert panel_in(ada, town) == stands
        gone = eve.event({"type": "app_uninstalled"})
        await bot.took(await ada.uses("onward", "setup", town))
        await bot.took(await eve.uses("onward", "setup", theirs))
        await bot.took(eve.chooses("country", "FR"))
        await bot.took(server.bring("events_api", gone))
        assert await kept(bot, other) is None, "a workspace that removes the app is forgotten"
        assert await kept(bot, server.team) == before


@pytest.mark.parametrize(
    ("user", "workspace", "expected"),
    [
        ({"team_id": "T1", "is_admin": True}, "T1", True),
        ({"team_id": "T1", "is_owner": True}, "T1", True),
        ({"team_id": "T1"}, "T1", False),
        ({"team_id": "T2", "is_admin": True}, "T1", False),
        ({"team_id": "E1", "is_admin": True, "enterprise_user": {"teams": ["T1"]}}, "T1", True),
        ({"team_id": "T1", "is_admin": True}, "E1", False),
        ({"team_id": "T1", "enterprise_user": {"is_owner": True}}, "E1", True),
    ],
)
def test_an_admin_is_one_of_this_very_workspace(user: Payload, workspace: str, *, expected: bool) -> None:
    """Not of another one that shares a channel with it; of an organisation, whoever manages all of it."""
    assert manages(user, workspace) is expected
