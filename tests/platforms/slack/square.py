"""A workspace for job seekers with everything on, and the people in it."""

from tests.platforms.slack.people import Person
from tests.platforms.slack.running import Bot
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel, Message, Team

FEATURES = ("mentors", "wins", "pulse")


class Square:
    """The people, and their channels: one for everybody, one for wins, one of the mentors, one of the moderators."""

    def __init__(self, server: Server, team: Team | None = None) -> None:
        """Have an admin (Ada), members (Ben, Cleo), a mentor (Mia) and a moderator (Max)."""
        self.server = server
        self.team = team or server.team
        named = ("Ada", "Ben", "Cleo", "Mia", "Max")
        self.ada, self.ben, self.cleo, self.mia, self.max = self.people = [
            Person.new(server, one, self.team) for one in named
        ]
        self.ada.user.admin = True
        everybody = {one.user.id for one in self.people}
        self.start = self._channel(everybody)
        self.wins = self._channel(everybody)
        self.mentors = self._channel({self.mia.user.id}, "private")
        self.moderators = self._channel({self.max.user.id}, "private")

    def _channel(self, people: set[str], kind: str = "channel") -> Channel:
        return self.server.world.add_channel(self.team, {*people, self.team.bot_user}, kind)

    @property
    def channels(self) -> dict[str, Channel]:
        """The channels by what is chosen with them."""
        return {
            "panel_channel": self.start,
            "wins_channel": self.wins,
            "mentors": self.mentors,
            "moderators_channel": self.moderators,
        }

    async def set_up(self, bot: Bot, *features: str) -> None:
        """Have the admin set everything up."""
        await bot.took(await self.ada.uses("onward", "setup", self.start))
        for what, channel in self.channels.items():
            await bot.took(self.ada.chooses(what, channel.id))
        await bot.took(self.ada.chooses("features", *(features or FEATURES)))

    async def offers(self, bot: Bot) -> None:
        """Have the mentor offer to help with CVs."""
        await bot.took(await self.mia.uses("mentor", "offer"))
        await bot.took(await self.mia.picks("What you can help with", "CV"))
        await bot.took(await self.mia.presses("I'm 18 or older: offer"))

    async def looks(self, bot: Bot, somebody: Person) -> None:
        """Have somebody look for that."""
        await bot.took(await somebody.uses("mentor", "find"))
        await bot.took(await somebody.presses("CV"))
        await bot.took(await somebody.presses("I'm 18 or older: look"))

    async def introduced(self, bot: Bot) -> Channel:
        """Have Ben and Mia introduced, and return their room."""
        await self.offers(bot)
        await self.looks(bot, self.ben)
        await bot.took(await self.mia.presses("Yes, I can"))
        await bot.took(await self.ben.presses("Yes, open a room"))
        (room,) = self.ben.groups
        return room

    async def reported(self, bot: Bot) -> Message:
        """Have Ben report Mia, and return what the moderators see."""
        await bot.took(await self.ben.uses("mentor", "mine"))
        await bot.took(await self.ben.presses("Open: CV"))
        return await self.report(bot)

    async def report(self, bot: Bot) -> Message:
        """Have Ben press his way to a report."""
        await bot.took(await self.ben.presses("Report"))
        await bot.took(await self.ben.presses("Rude or hurtful"))
        return self.max.last(self.moderators)
