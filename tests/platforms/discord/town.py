"""A community of several people, and what each of them sees."""

import re
from collections.abc import Iterator

from tests.platforms.discord.people import Person
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import DM, PRIVATE_THREAD, Channel, Interaction, Json, Message

_FIGURE = re.compile(r"\d+ or more")
"""A figure of the pulse: by how much it is rounded is a secret of each database."""

_ESCAPED = re.compile(r"\\([\\*_~`|\[\]<>#+-])")
"""What Discord shows as it is, instead of taking it for markup."""


class Town:
    """The channels of two servers, and the people in them."""

    def __init__(self, server: Server) -> None:
        """Build them. Cleo has closed her direct messages; Mia and Max may mentor; Mod moderates."""
        world = server.world
        self.server = server
        self.guild, self.others = world.add_guild("Job seekers"), world.add_guild("Others")
        names = ("Ada", "Ben", "Cleo", "Mia", "Max", "Mod")
        self.ada, self.ben, self.cleo, self.mia, self.max, self.mod = (Person.new(server, one) for one in names)
        self.eve = Person.new(server, "Eve")
        everybody = {one.user.id for one in (self.ada, self.ben, self.cleo, self.mia, self.max, self.mod)}
        self.start, self.wins = (world.server_channel(self.guild, set(everybody)) for _ in range(2))
        self.moderators = world.server_channel(self.guild, {self.ada.user.id, self.mod.user.id})
        self.elsewhere = world.server_channel(self.others, {self.eve.user.id})
        self.moderators.private = True
        self.start.name, self.wins.name, self.moderators.name = "start-here", "wins", "moderators"
        self.mentors = world.add_role(self.guild, "mentors")
        self.ada.manages(self.start)
        self.mod.moderates(self.start)
        self.eve.manages(self.elsewhere)
        for one in (self.mia, self.max):
            one.has(self.start, self.mentors)
        self.cleo.user.reachable = False
        self._known: dict[int, tuple[str, str]] = {}

    @property
    def id(self) -> str:
        """The name by which it is known everywhere."""
        return f"discord:{self.guild}"

    def newcomer(self, number: int) -> Person:
        """Return one more member, of whom the page does not tell."""
        person = Person.new(self.server, f"member {number}")
        self.start.members.add(person.user.id)
        return person

    def screens(self, last: Interaction) -> Iterator[dict[str, str]]:
        """Yield every message of the bot, also what is gone, and the window that just opened, with who sees it."""
        there: dict[int, Message] = {}
        for channel in list(self.server.world.channels.values()):
            for message in channel.messages.values():
                if message.author == self.server.world.bot.id and not message.type and self._is_told(channel, message):
                    there[message.id] = message
                    self._known.setdefault(message.id, self._who(channel, message))
        for number, (who, kind) in self._known.items():
            if number in there:
                yield {"id": str(number), "who": who, "shows": self._shown(there[number])}
            elif kind == "public":
                yield {"id": str(number), "who": who, "shows": ""}
        if last.modal is not None:
            title = last.modal["title"]
            fields = "\n".join(f"[{one['label']} ______]" for one in last.modal["components"])
            who = f"{self.server.world.users[last.user].name} alone, in a window, sees"
            yield {"id": f"window {last.id}", "who": who, "shows": f"{title}\n{fields}"}

    def _is_told(self, channel: Channel, message: Message) -> bool:
        """Say whether somebody of whom the page tells sees a message."""
        told = {one.user.id for one in (self.ada, self.ben, self.cleo, self.mia, self.max, self.mod, self.eve)}
        return message.only_for in told if message.only_for else bool(channel.members & told)

    def _who(self, channel: Channel, message: Message) -> tuple[str, str]:
        users = self.server.world.users
        if message.only_for:
            return f"{users[message.only_for].name} alone sees", "alone"
        if channel.type == DM:
            (other,) = channel.members - {self.server.world.bot.id}
            return f"{users[other].name}, in the direct messages with Onward, sees", "alone"
        if channel.type == PRIVATE_THREAD:
            names = sorted(users[one].name for one in channel.members if one != self.server.world.bot.id)
            return f'Who is in the private thread "{channel.name}" ({" and ".join(names)}) sees', "public"
        return f"Everybody in #{channel.name} sees", "public"

    def _shown(self, message: Message) -> str:
        if message.only_for and not self._shows(message):
            return "(thinking)"
        rows = [" ".join(_element(one) for one in row["components"]) for row in message.components]
        channel = self.server.world.channels[message.channel]
        closed = ["(archived)"] if channel.archived and message is self._last(channel) else []
        return self._named("\n".join([message.content, *rows, *closed]))

    @staticmethod
    def _shows(message: Message) -> bool:
        return bool(message.content or message.components)

    def _last(self, channel: Channel) -> Message:
        return [one for one in channel.messages.values() if not one.type][-1]

    def _named(self, text: str) -> str:
        for channel in (self.start, self.wins, self.moderators):
            text = text.replace(f"<#{channel.id}>", f"#{channel.name}")
        for user in self.server.world.users.values():
            text = text.replace(f"<@{user.id}>", f"@{user.name}")
        text = _FIGURE.sub("25 or more", text)
        return _ESCAPED.sub(r"\1", text.replace(f"<@&{self.mentors}>", "@mentors"))


def _element(one: Json) -> str:
    if "label" in one:
        return f"({one['label']})" if one.get("disabled") else f"[{one['label']}]"
    chosen = [option["label"] for option in one.get("options", ()) if option.get("default")]
    return f"[{', '.join(chosen) or one['placeholder']} v]"
