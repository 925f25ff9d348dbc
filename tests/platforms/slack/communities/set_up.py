"""What is set up in a workspace, by whom, and the panel that stands there."""

from dialogs.community import Choices, Community
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import Bot
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel, Message, Team


def admin_of(server: Server, channel: Channel, *, owner: bool = False) -> Person:
    """Return an admin or owner who is in a channel."""
    person = Person.new(server, "ada", server.world.teams[channel.team])
    person.user.admin, person.user.owner = not owner, owner
    channel.members.add(person.user.id)
    return person


async def kept(bot: Bot, team: Team) -> Community | None:
    """Return what is kept of a workspace."""
    return await bot.host.communities.read(f"slack:{team.id}")


async def now(bot: Bot, team: Team) -> Choices:
    """Return what is chosen in a workspace."""
    found = await kept(bot, team)
    assert found is not None
    return found.now


async def with_panel(bot: Bot, ada: Person, town: Channel) -> Message:
    """Set a workspace up with nothing but a panel, and return that."""
    await bot.took(await ada.uses("onward", "setup", town))
    await bot.took(ada.chooses("panel_channel", town.id))
    await bot.took(ada.chooses("Post the panel"))
    return panel_in(ada, town)


def panel_in(person: Person, channel: Channel) -> Message:
    """Return the one panel that stands in a channel."""
    (found,) = [one for one in person.sees(channel) if not one.only_for]
    return found
