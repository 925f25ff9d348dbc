"""How a server is set up and its panel used, as each of four people sees it.

`python -m tests.platforms.discord.story` writes story.md anew.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.platforms import pages
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Server, served
from tests.platforms.discord.world import EPHEMERAL, SEND_MESSAGES, Interaction, Json, Message
from tests.platforms.story import Story

FILE = Path(__file__).with_name("story.md")

HEAD = """# A community in Discord

What each sees, on the server of the tests; `test_story.py` holds it to this page, and
`python -m tests.platforms.discord.story` writes it anew. Ada manages the server Job seekers, Eve manages another one.
Ben and Cleo are members of Job seekers, and Cleo has closed her direct messages.
"""


class Town:
    """The channels, and who is in them."""

    def __init__(self, server: Server) -> None:
        """Have two servers."""
        world = server.world
        self.guild, self.others = world.add_guild("Job seekers"), world.add_guild("Others")
        self.ada, self.ben, self.cleo, self.eve = (Person.new(server, one) for one in ("Ada", "Ben", "Cleo", "Eve"))
        members = {self.ada.user.id, self.ben.user.id, self.cleo.user.id}
        self.start = world.server_channel(self.guild, set(members))
        self.elsewhere = world.server_channel(self.others, {self.eve.user.id})
        self.ada.manages(self.start)
        self.eve.manages(self.elsewhere)
        self.cleo.user.reachable = False
        self._known: dict[int, str] = {}

    def screens(self) -> Iterator[dict[str, str]]:
        """Yield every message of the bot, those that are gone too, with who sees it."""
        for channel in (self.start, self.elsewhere):
            for message in channel.messages.values():
                self._known.setdefault(message.id, self._who(message))
            for number, who in self._known.items():
                if number in channel.messages:
                    yield {"id": str(number), "who": who, "shows": self._shown(channel.messages[number])}
                elif who.startswith("Everybody") and channel is self.start:
                    yield {"id": str(number), "who": who, "shows": ""}

    def _who(self, message: Message) -> str:
        people = {one.user.id: one.user.name for one in (self.ada, self.ben, self.cleo, self.eve)}
        return f"{people[message.only_for]} alone sees" if message.only_for else "Everybody in #start-here sees"

    def _shown(self, message: Message) -> str:
        rows = [" ".join(_element(one) for one in row["components"]) for row in message.components]
        return "\n".join([message.content, *rows]).replace(f"<#{self.start.id}>", "#start-here")


def _element(one: Json) -> str:
    if "label" in one:
        return f"({one['label']})" if one.get("disabled") else f"[{one['label']}]"
    chosen = [option["label"] for option in one.get("options", ()) if option.get("default")]
    return f"[{', '.join(chosen) or one['placeholder']} v]"


async def told(folder: Path) -> str:
    """Have everything happen, and return the page."""
    async with served() as server:
        town = Town(server)
        async with running(server, folder) as bot:
            return await _story(bot, town)


async def _story(bot: Bot, town: Town) -> str:
    story, ada, ben, cleo, eve, start = Story(HEAD), town.ada, town.ben, town.cleo, town.eve, town.start

    async def tell(what: str, done: Interaction) -> None:
        await bot.server.world.until(lambda: done.answered is not None)
        await bot.settled()
        story.tell(what, town.screens())

    story.chapter("Setting up")
    await tell("Ben uses /onward setup", await ben.sets_up(start))
    await tell("Ada uses /onward setup", await ada.sets_up(start))
    await tell("Ada presses: Post the panel", await ada.presses("Post the panel", start))
    await bot.server.gateway.forbid(start, SEND_MESSAGES)
    await tell(
        "Ada chooses #start-here, where the bot may not write",
        await ada.chooses("panel_channel", start.id, channel=start),
    )
    await bot.server.gateway.forbid(start, 0)
    await tell("Ada allows it, and presses: More choices", await ada.presses("More choices", start))
    await tell("Ada chooses the United Kingdom", await ada.chooses("country", "GB", channel=start))
    await tell("Ada presses: Undo", await ada.presses("Undo", start))
    await tell("Ada presses: Post the panel", await ada.presses("Post the panel", start))
    story.chapter("The panel")
    panel = next(one for one in ben.sees(start) if not one.flags & EPHEMERAL)
    await tell("Ben presses: I got rejected", await ben.presses("rejected", start, panel))
    await tell("Cleo presses: How does this work?", await cleo.presses("about", start, panel))
    story.chapter("What does not work")
    await tell("Ben sends a copied press: Remove everything", await ben.presses_id("o:setup:1:remove_yes", panel))
    await tell("Eve uses /onward setup in her own server", await eve.sets_up(town.elsewhere))
    copied = await eve.presses_id("o:setup:1:panel_channel", eve.last(town.elsewhere), [str(start.id)])
    await tell("Eve sends a copied press with the channel of Job seekers", copied)
    story.chapter("The end")
    last = [one for one in ada.sees(start) if one.flags & EPHEMERAL][-1]
    await tell("Ada presses: Remove everything", await ada.presses("Remove everything", start, last))
    await tell("Ada presses: Yes, remove everything", await ada.presses("Yes, remove everything", start, last))
    await tell("Ben goes on: This evening", await ben.presses("evening", start))
    return story.text()


if __name__ == "__main__":
    pages.write(FILE, told)
