"""A server is set up by those who manage it, and by nobody else."""

import pytest

from tests.platforms.discord.communities.set_up import guild_of, kept, with_panel
from tests.platforms.discord.community import done
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import EPHEMERAL, Channel


@pytest.mark.parametrize("what", ["the command", "a copied press", "a press on the panel's message"])
async def test_nobody_else_can_set_a_server_up(bot: Bot, ada: Person, ben: Person, town: Channel, what: str) -> None:
    """Whoever does not manage it is told so, in a message that only they see, and nothing changes."""
    panel = await with_panel(bot, ada, town)
    form = next(one for one in ada.sees(town) if "Set Onward up" in one.content)
    before, public = await kept(bot, town), panel.content
    if what == "the command":
        await done(bot, await ben.sets_up(town))
    else:
        for what_else in ("remove_yes", "post", "undo", "wins_channel"):
            source = panel if "panel" in what else form
            await done(bot, await ben.presses_id(f"o:setup:1:{what_else}", source, [str(town.id)]))
    told = [one for one in ben.sees(town) if one.flags & EPHEMERAL]
    assert told
    assert all("Only members with the permission Manage Server" in one.content for one in told)
    assert await kept(bot, town) == before
    assert (panel.content, len(panel.buttons)) == (public, 2)


async def test_an_admin_who_presses_a_copied_id_on_the_panel_does_not_change_the_panel(
    bot: Bot, ada: Person, town: Channel
) -> None:
    """The form comes as a message of its own."""
    panel = await with_panel(bot, ada, town)
    public = panel.content
    await done(bot, await ada.presses_id("o:setup:2:country", panel, ["GB"]))
    assert panel.content == public
    assert "United Kingdom" in ada.last(town).content
    assert ada.last(town).flags & EPHEMERAL


async def test_an_admin_of_one_server_changes_nothing_in_another(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """Which server it is stands in no id; a channel or role of another one is not taken."""
    await with_panel(bot, ada, town)
    eve = Person.new(server, "eve")
    theirs = server.world.server_channel(server.world.add_guild("Others"), {eve.user.id})
    await server.gateway.add_bot(guild_of(theirs))
    eve.manages(theirs)
    before = await kept(bot, town)
    await done(bot, await eve.sets_up(theirs))
    await done(bot, await eve.presses_id("o:setup:1:panel_channel", eve.last(theirs), [str(town.id)]))
    assert "can't be chosen here" in eve.last(theirs).content
    await done(bot, await eve.presses_id("o:setup:2:country", eve.last(theirs), ["XX"]))
    assert "can't be chosen here" in eve.last(theirs).content
    await done(bot, await eve.presses_id("o:setup:1:no such thing", eve.last(theirs), ["1"]))
    assert "can't be chosen here" in eve.last(theirs).content
    await done(bot, await eve.chooses("panel_channel", theirs.id, channel=theirs))
    await done(bot, await eve.presses("Remove everything", theirs))
    await done(bot, await eve.presses("Yes, remove everything", theirs))
    assert await kept(bot, town) == before
    assert await kept(bot, theirs) is None
