"""Of the channels that are chosen it is said what the bot lacks in them, and what they are not for."""

import pytest

from tests.platforms.discord.communities.set_up import guild_of, kept, panel_in, with_panel
from tests.platforms.discord.community import done
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import (
    ANNOUNCEMENTS,
    CREATE_PRIVATE_THREADS,
    EPHEMERAL,
    GUILD_TEXT,
    SEND_IN_THREADS,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    Channel,
)


async def test_what_the_bot_lacks_is_named_with_what_to_do(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """When a channel is chosen, when the panel is to be posted, and when a channel is gone."""
    place = server.world.server_channel(guild_of(town), {ada.user.id})
    await server.gateway.dispatch("CHANNEL_CREATE", place.payload(server.world), guild=place.guild, intent=1)
    await server.gateway.forbid(place, SEND_MESSAGES)
    await done(bot, await ada.sets_up(town))
    await done(bot, await ada.chooses("panel_channel", place.id, channel=town))
    form = ada.last(town)
    assert f"I can't write in <#{place.id}>: I lack the permission Send Messages" in form.content
    assert "I can't see" not in form.content
    await done(bot, await ada.presses("Post the panel", town))
    assert "I lack the permission Send Messages" in form.content
    assert place.messages == {}
    await server.gateway.forbid(place, VIEW_CHANNEL | SEND_MESSAGES)
    await done(bot, await ada.presses("Post the panel", town))
    assert f"I can't see <#{place.id}>: I lack the permission View Channel" in form.content
    await server.gateway.forbid(place, 0)
    place.denied = SEND_MESSAGES  # and the gateway has not told it yet
    await done(bot, await ada.presses("Post the panel", town))
    place.denied = 0
    assert "could not be posted just now" in form.content
    await done(bot, await ada.presses("Post the panel", town))
    assert panel_in(ada, place)
    await server.gateway.delete_channel(place)
    await done(bot, await ada.sets_up(town))
    assert f"I can't find <#{place.id}> any more" in ada.last(town).content


async def test_where_the_bot_sees_nothing_the_form_says_so(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """Of each channel what comes first, so that all of it has room in one message."""
    guild = guild_of(town)
    places = {
        what: server.world.server_channel(guild, {ada.user.id}) for what in ("wins_channel", "moderators_channel")
    }
    places["moderators_channel"].private = True
    for place in places.values():
        await server.gateway.dispatch("CHANNEL_CREATE", place.payload(server.world), guild=guild, intent=1)
    role = next(iter(server.world.roles[guild]))
    await done(bot, await ada.sets_up(town))
    (form,) = ada.sees(town)
    for what, place in {"panel_channel": town, **places}.items():
        await done(bot, await ada.chooses(what, place.id, channel=town))
    await done(bot, await ada.chooses("mentors", role, channel=town))
    await done(bot, await ada.presses("More choices", town))
    await done(bot, await ada.chooses("features", "mentors", channel=town))
    for place in (town, *places.values()):
        await server.gateway.forbid(place, VIEW_CHANNEL | SEND_MESSAGES)
    await done(bot, await ada.presses("Back", town))
    for place in (town, *places.values()):
        assert f"I can't see <#{place.id}>" in form.content
    assert "I can't write" not in form.content


async def test_what_is_for_some_is_not_given_to_everybody(bot: Bot, ada: Person, town: Channel) -> None:
    """Reports go into no channel that everybody in the server sees, and nobody mentors by being there."""
    await done(bot, await ada.sets_up(town))
    (form,) = ada.sees(town)
    await done(bot, await ada.chooses("moderators_channel", town.id, channel=town))
    assert "reports are not for everybody" in form.content
    await done(bot, await ada.chooses("mentors", guild_of(town), channel=town))
    assert "everybody here could make themselves a mentor" in form.content
    assert await kept(bot, town) is None


@pytest.mark.parametrize(
    ("denied", "told"),
    [
        (CREATE_PRIVATE_THREADS, "Create Private Threads"),
        (SEND_IN_THREADS, "Send Messages in Threads"),
        (CREATE_PRIVATE_THREADS | SEND_IN_THREADS, "Create Private Threads"),
        (0, "channel for announcements"),
    ],
)
async def test_what_rooms_take_is_named_where_mentors_are_on(
    bot: Bot, server: Server, ada: Person, town: Channel, denied: int, told: str
) -> None:
    """And only there: a panel needs none of it."""
    if not denied:
        town.type = ANNOUNCEMENTS
    await server.gateway.forbid(town, denied)
    await with_panel(bot, ada, town)
    form = next(one for one in ada.sees(town) if one.flags & EPHEMERAL)
    role = next(iter(server.world.roles[guild_of(town)]))
    await done(bot, await ada.chooses("mentors", role, channel=town, message=form))
    assert told not in form.content
    await done(bot, await ada.presses("More choices", town, form))
    await done(bot, await ada.chooses("features", "mentors", channel=town, message=form))
    assert told in form.content
    town.type = GUILD_TEXT
    await server.gateway.forbid(town, 0)
    await done(bot, await ada.presses("Back", town, form))
    assert told not in form.content
