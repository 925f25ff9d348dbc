"""The panel stands once, for everybody; what members do there stays theirs."""

import asyncio
from pathlib import Path

from tests.platforms.slack.communities.set_up import admin_of, kept, panel_in, with_panel
from tests.platforms.slack.deliveries import ACKNOWLEDGED_WITHIN
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import Bot, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel

PRESSES, AT_ONCE = 300, 50


async def test_the_panel_is_posted_again_and_there_is_one_only(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """In another channel too; one that somebody deleted does not matter."""
    first = await with_panel(bot, ada, town)
    await bot.took(ada.chooses("Post it again"))
    second = panel_in(ada, town)
    assert second.ts != first.ts
    other = server.world.add_channel(server.team, {ada.user.id, server.team.bot_user})
    await bot.took(ada.chooses("panel_channel", other.id))
    assert "still in the old channel" in ada.window_text
    del town.messages[second.ts]
    await bot.took(ada.chooses("Post it again"))
    assert [one for one in ada.sees(town) if not one.only_for] == []
    assert panel_in(ada, other).elements


async def test_the_panel_leads_many_people_to_a_talk_of_their_own(bot: Bot, server: Server, town: Channel) -> None:
    """Each sees their own answer and nothing of the others; the panel stays. 50 come at the same moment."""
    ada = admin_of(server, town)
    stands = await with_panel(bot, ada, town)
    public = str(stands.blocks)
    crowd = [Person.new(server, f"person {number}") for number in range(PRESSES)]
    for number, person in enumerate(crowd):
        town.members.add(person.user.id)
        person.user.reachable = number % 2 == 0
    for first in range(0, PRESSES, AT_ONCE):
        some = crowd[first : first + AT_ONCE]
        pressed = await asyncio.gather(
            *(one.presses("rejected" if n % 3 else "about", town, stands) for n, one in enumerate(some))
        )
        for press in pressed:
            await bot.took(press)
            assert (press.after or 0) < ACKNOWLEDGED_WITHIN
    for person in crowd:
        seen = [one for one in person.sees(town) if one.only_for]
        assert seen
        assert {one.only_for for one in seen} == {person.user.id}
        assert seen[-1].elements
    assert str(stands.blocks) == public


async def test_a_press_is_what_the_command_is(bot: Bot, ada: Person, ben: Person, town: Channel) -> None:
    """/rejected in that channel, and `about` of the other button."""
    stands = await with_panel(bot, ada, town)
    await bot.took(await ada.presses("rejected", town, stands))
    await bot.took(await ben.uses("rejected", "", town))
    assert ada.sees(town)[-1].shown == ben.sees(town)[-1].shown
    cleo = Person.new(bot.server, "cleo")
    town.members.add(cleo.user.id)
    await bot.took(await cleo.presses("about", town, stands))
    assert any("not a therapist" in one.shown for one in cleo.sees(town))


async def test_the_panel_works_after_a_restart_and_without_a_set_up(
    server: Server, tmp_path: Path, ada: Person, ben: Person, town: Channel
) -> None:
    """Its buttons say by themselves what they are."""
    async with running(server, tmp_path) as bot:
        stands = await with_panel(bot, ada, town)
    async with running(server, tmp_path) as bot:
        assert await kept(bot, server.team) is not None
        await bot.host.communities.remove(f"slack:{server.team.id}")
        await bot.took(await ben.presses("rejected", town, stands))
        assert ben.last(town).only_for == ben.user.id


async def test_whose_country_is_not_known_is_shown_the_helplines_of_the_community(
    bot: Bot, ada: Person, ben: Person, town: Channel
) -> None:
    """Whoever has said where they live keeps that."""
    await bot.took(await ada.uses("onward", "settings US", town))
    assert (await bot.store.journey(ada.known_as)).settings.country == "US"
    await bot.took(await ada.uses("onward", "setup", town))
    await bot.took(ada.chooses("country", "GB"))
    for person, country in ((ada, "US"), (ben, "GB")):
        await bot.took(await person.writes("I got rejected"))
        assert (await bot.store.journey(person.known_as)).settings.country == country
