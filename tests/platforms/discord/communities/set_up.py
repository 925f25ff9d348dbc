"""What is set up in a server, and the panel that stands there."""

from dialogs.community import Choices, Community
from tests.platforms.discord.community import done
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot
from tests.platforms.discord.world import EPHEMERAL, Channel, Message


def guild_of(channel: Channel) -> int:
    """Return the server of a channel."""
    assert channel.guild is not None
    return channel.guild


async def kept(bot: Bot, channel: Channel) -> Community | None:
    """Return what is kept of the server of a channel."""
    return await bot.host.communities.read(f"discord:{guild_of(channel)}")


async def now(bot: Bot, channel: Channel) -> Choices:
    """Return what is chosen in the server of a channel."""
    found = await kept(bot, channel)
    assert found is not None
    return found.now


async def with_panel(bot: Bot, ada: Person, town: Channel) -> Message:
    """Set a server up with nothing but a panel, and return that."""
    await done(bot, await ada.sets_up(town))
    await done(bot, await ada.chooses("panel_channel", town.id, channel=town))
    await done(bot, await ada.presses("Post the panel", town))
    return panel_in(ada, town)


def panel_in(person: Person, channel: Channel) -> Message:
    """Return the one panel that stands in a channel."""
    (panel,) = [one for one in person.sees(channel) if not one.flags & EPHEMERAL]
    return panel
