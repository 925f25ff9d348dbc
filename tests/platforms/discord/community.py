"""A community of several people with everything on, and what tests do in it."""

from dataclasses import dataclass
from typing import Self

from dialogs.community import FEATURES, Choices, Community
from dialogs.replies import Reply
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import Channel, Interaction, Message


@dataclass
class Neighbourhood:
    """A server with three channels, a role for mentors, and the people in it."""

    server: Server
    guild: int
    start: Channel
    wins: Channel
    moderators: Channel
    role: int
    ada: Person
    mod: Person
    mia: Person
    ben: Person

    @classmethod
    def built(cls, server: Server, name: str = "Job seekers") -> Self:
        """Return one with Ada, who manages it, Mod, who moderates it, Mia, who may mentor, and Ben."""
        world = server.world
        guild = world.add_guild(name)
        ada, mod, mia, ben = (Person.new(server, one) for one in ("Ada", "Mod", "Mia", "Ben"))
        everybody = {one.user.id for one in (ada, mod, mia, ben)}
        start, wins = (world.server_channel(guild, set(everybody)) for _ in range(2))
        moderators = world.server_channel(guild, {ada.user.id, mod.user.id})
        start.name, wins.name, moderators.name = "start-here", "wins", "moderators"
        role = world.add_role(guild, "mentors")
        ada.manages(start)
        mod.moderates(start)
        mia.has(start, role)
        return cls(server, guild, start, wins, moderators, role, ada, mod, mia, ben)

    @property
    def id(self) -> str:
        """The name by which it is known everywhere."""
        return f"discord:{self.guild}"

    def joins(self, name: str) -> Person:
        """Return somebody new in it."""
        person = Person.new(self.server, name)
        for channel in (self.start, self.wins):
            channel.members.add(person.user.id)
        return person

    async def set_up(self, bot: Bot, **other: str) -> None:
        """Choose all of it."""
        now = Choices(
            panel_channel=str(self.start.id),
            wins_channel=str(self.wins.id),
            moderators_channel=str(self.moderators.id),
            mentors=str(self.role),
            features=FEATURES,
        )
        name = self.server.world.guilds[self.guild]
        changed = Choices(**{one: other.get(one, getattr(now, one)) for one in now.__struct_fields__})
        await bot.host.communities.change(self.id, lambda _: Community(now=changed, name=name))


async def done(bot: Bot, interaction: Interaction) -> Interaction:
    """Return when an interaction has its first answer, and everything that came of it has arrived."""
    await bot.server.world.until(lambda: interaction.answered is not None)
    await bot.settled()
    return interaction


def shown(bot: Bot, interaction: Interaction) -> Message:
    """Return the message that answers an interaction."""
    return bot.server.world.channels[interaction.channel].messages[interaction.original or 0]


async def offers(bot: Bot, mia: Person, channel: Channel | None = None) -> Message:
    """Have somebody offer to mentor in interview practice."""
    used = await done(bot, await mia.uses("mentor offer", channel))
    page = shown(bot, used)
    await done(bot, await mia.picks("What you can help with", "Interview practice", channel=channel, message=page))
    await done(bot, await mia.presses("I'm 18 or older: offer", channel, page))
    return page


async def seeks(bot: Bot, ben: Person, channel: Channel | None = None) -> Message:
    """Have somebody look for a mentor for interview practice."""
    used = await done(bot, await ben.uses("mentor find", channel))
    page = shown(bot, used)
    await done(bot, await ben.presses("Interview practice", channel, page))
    await done(bot, await ben.presses("I'm 18 or older: look", channel, page))
    return page


async def introduced(bot: Bot, here: Neighbourhood) -> Channel:
    """Have Mia and Ben introduced to each other, and return their room."""
    await offers(bot, here.mia, here.start)
    await seeks(bot, here.ben, here.start)
    await done(bot, await here.mia.presses("Yes, I can", message=here.mia.last()))
    await done(bot, await here.ben.presses("Yes, open a room", message=here.ben.last()))
    (room,) = here.ben.threads()
    return room


def pressable(message: Message) -> list[str]:
    """Return what stands on everything that can be pressed in a message."""
    return [one.get("label") or one["placeholder"] for one in message.buttons]


async def letter(bot: Bot, person: Person, reply: Reply) -> Message:
    """Have a letter delivered to somebody, and return the message."""
    who = f"discord:{person.user.id}"
    async with bot.store.begin() as unit:
        await unit.journeys([who])
        posted = await unit.post([(who, "", reply)], bot.clock.now())
    bot.app.dispatcher.post(posted)
    await bot.app.dispatcher.settled()
    return person.sees()[-1]
