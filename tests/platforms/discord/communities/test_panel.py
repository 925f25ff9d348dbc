"""The panel stands once, for everybody; what members do there stays theirs."""

from pathlib import Path

from tests.platforms.discord.communities.set_up import guild_of, kept, panel_in, with_panel
from tests.platforms.discord.community import done
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import EPHEMERAL, Channel


async def test_the_panel_is_posted_again_and_there_is_one_only(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """In another channel too; one that somebody deleted does not matter."""
    first = await with_panel(bot, ada, town)
    form = next(one for one in ada.sees(town) if one.flags & EPHEMERAL)
    await done(bot, await ada.presses("Post it again", town, form))
    second = panel_in(ada, town)
    assert second.id != first.id
    other = server.world.server_channel(guild_of(town), {ada.user.id})
    await server.gateway.dispatch("CHANNEL_CREATE", other.payload(server.world), guild=other.guild, intent=1)
    await done(bot, await ada.chooses("panel_channel", other.id, channel=town, message=form))
    assert "still in the old channel" in form.content
    del town.messages[second.id]
    await done(bot, await ada.presses("Post it again", town, form))
    assert [one for one in ada.sees(town) if not one.flags & EPHEMERAL] == []
    assert panel_in(ada, other).buttons


async def test_the_panel_leads_many_people_to_a_talk_of_their_own(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """Each sees their own answer and nothing of the others; with closed direct messages too; the panel stays."""
    panel = await with_panel(bot, ada, town)
    before = (panel.content, str(panel.components))
    crowd = [Person.new(server, f"person {number}") for number in range(12)]
    for number, person in enumerate(crowd):
        town.members.add(person.user.id)
        person.user.reachable = number % 2 == 0
    for number, person in enumerate(crowd):
        pressed = await person.presses("about" if number % 3 == 0 else "rejected", town, panel)
        await bot.took(pressed)
        assert pressed.answered == 5
        _, shown = person.sees(town)
        assert shown.flags & EPHEMERAL
        assert ("a bot, not a therapist" in shown.content) == bool(shown.content)
        assert shown.buttons
    for person in crowd[:2]:
        await bot.took(await person.presses("evening" if person is not crowd[0] else "rejected", town))
        assert len(person.sees(town)) == 2
    assert (panel.content, str(panel.components)) == before
    assert not panel.reactions
    assert ada.sees(town)[-1].only_for in {None, ada.user.id}


async def test_a_press_is_what_the_command_is(bot: Bot, ada: Person, ben: Person, town: Channel) -> None:
    """/rejected in that server, and what it says about itself."""
    panel = await with_panel(bot, ada, town)
    await bot.took(await ada.presses("rejected", town, panel))
    await bot.took(await ben.uses("rejected", town))
    assert ada.last(town).content == ben.last(town).content


async def test_the_panel_works_after_a_restart_and_without_a_set_up(
    server: Server, tmp_path: Path, ada: Person, ben: Person, town: Channel
) -> None:
    """Its buttons say by themselves what they are."""
    async with running(server, tmp_path) as bot:
        panel = await with_panel(bot, ada, town)
    async with running(server, tmp_path) as bot:
        assert await kept(bot, town) is not None, "a restart removes nothing"
        await bot.took(await ben.presses("rejected", town, panel))
        assert ben.last(town).buttons
        await bot.host.communities.remove(f"discord:{guild_of(town)}")
        await bot.took(await ben.presses("about", town, panel))
        assert "not a therapist" in ben.last(town).content


async def test_whose_country_is_not_known_is_shown_the_helplines_of_the_community(
    bot: Bot, ada: Person, ben: Person, town: Channel
) -> None:
    """Whoever has said where they live keeps that."""
    panel = await with_panel(bot, ada, town)
    form = ada.last(town)
    await done(bot, await ada.presses_id("o:setup:2:country", form, ["GB"]))
    await bot.took(await ada.uses("settings", town, country="US"))
    await bot.took(await ada.presses("rejected", town, panel))
    assert (await bot.store.journey(f"discord:{ada.user.id}")).settings.country == "US"
    await bot.took(await ben.presses("rejected", town, panel))
    assert (await bot.store.journey(f"discord:{ben.user.id}")).settings.country == "GB"
    await bot.took(await ben.uses("helpline", town))
    assert "Samaritans" in ben.sees(town)[-1].content


async def test_a_mention_counts_as_being_there(bot: Bot, ada: Person, ben: Person, town: Channel) -> None:
    """The answer comes in the direct messages, with the community's country."""
    await done(bot, await ada.sets_up(town))
    await done(bot, await ada.presses_id("o:setup:2:country", ada.last(town), ["FR"]))
    await bot.took(await ben.writes("@onward I got rejected", town))
    assert (await bot.store.journey(f"discord:{ben.user.id}")).settings.country == "FR"
