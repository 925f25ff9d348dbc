"""How a workspace is set up and its panel used, as each of three people sees it.

`python -m tests.platforms.slack.story` writes story.md anew.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.platforms import pages
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import Bot, running
from tests.platforms.slack.server import Delivery, Server, served
from tests.platforms.slack.world import Json, read
from tests.platforms.story import Story

FILE = Path(__file__).with_name("story.md")

HEAD = """# A community in Slack

What each sees, on the server of the tests; `test_story.py` holds it to this page, and
`python -m tests.platforms.slack.story` writes it anew. Ada is an admin of the workspace, Ben and Cleo are members.
"""


class Town:
    """The channel, and who is in it."""

    def __init__(self, server: Server) -> None:
        """Have a workspace with a channel in which the bot is not yet."""
        self.server = server
        self.ada, self.ben, self.cleo = (Person.new(server, one) for one in ("Ada", "Ben", "Cleo"))
        self.ada.user.admin = True
        self.start = server.world.add_channel(server.team, {one.user.id for one in (self.ada, self.ben, self.cleo)})
        self._known: dict[str, str] = {}

    def screens(self) -> Iterator[dict[str, str]]:
        """Yield every message of the bot and every window, those that are gone too, with who sees it."""
        people = {one.user.id: one.user.name for one in (self.ada, self.ben, self.cleo)}
        for message in self.start.messages.values():
            who = f"{people[message.only_for]} alone sees" if message.only_for else "Everybody in #start-here sees"
            self._known.setdefault(message.ts, who)
        for ts, who in self._known.items():
            there = self.start.messages.get(ts)
            yield {"id": ts, "who": who, "shows": _shown(there.blocks) if there else ""}
        for user, view in self.server.world.windows.items():
            shows = f"{view['title']['text']}\n\n{_shown(view['blocks'])}"
            yield {
                "id": view["id"],
                "who": f"{people[user]} has a window open",
                "shows": shows.replace(self.start.id, "#start-here"),
            }


def _shown(blocks: list[Json]) -> str:
    return "\n".join(filter(None, map(_block, blocks)))


def _block(block: Json) -> str:
    elements = [_element(one) for one in block.get("elements", ()) if "action_id" in one]
    if "accessory" in block:
        return f"{read(block)}: {_element(block['accessory'])}"
    return " ".join(elements) or read(block)


def _element(one: Json) -> str:
    if one["type"] == "button":
        return f"[{one['text']['text']}]"
    options = [*one.get("initial_options", ()), *filter(None, [one.get("initial_option")])]
    chosen = [option["text"]["text"] for option in options] or [one.get("initial_conversation")]
    return f"[{', '.join(filter(None, chosen)) or one['placeholder']['text']} v]"


async def told(folder: Path) -> str:
    """Have everything happen, and return the page."""
    async with served() as server:
        town = Town(server)
        async with running(server, folder) as bot:
            return await _story(bot, town)


async def _story(bot: Bot, town: Town) -> str:
    story, ada, ben, cleo, start = Story(HEAD), town.ada, town.ben, town.cleo, town.start

    async def tell(what: str, done: Delivery) -> None:
        await bot.took(done)
        story.tell(what, town.screens())

    story.chapter("Setting up")
    await tell("Ben uses /onward setup", await ben.uses("onward", "setup", start))
    await tell("Ada uses /onward setup", await ada.uses("onward", "setup", start))
    await tell("Ada presses: Post the panel", ada.chooses("Post the panel"))
    await tell("Ada chooses #start-here, where the bot is not", ada.chooses("panel_channel", start.id))
    start.members.add(bot.server.team.bot_user)
    await tell("Ada invites the bot there, and chooses a country", ada.chooses("country", "GB"))
    await tell("Ada presses: Undo", ada.chooses("Undo"))
    await tell("Ada presses: Post the panel", ada.chooses("Post the panel"))
    story.chapter("The panel")
    panel = next(one for one in ben.sees(start) if not one.only_for)
    await tell("Ben presses: I got rejected", await ben.presses("rejected", start, panel))
    await tell("Cleo presses: How does this work?", await cleo.presses("about", start, panel))
    story.chapter("What does not work")
    copied = {"type": "button", "action_id": "o:setup:remove"}
    await tell("Ben sends a copied press: Remove everything", await ben.acts(copied, panel))
    story.chapter("The end")
    sure = ada.element("Remove everything")["confirm"]
    asked = f"{sure['text']['text']} [{sure['confirm']['text']}] [{sure['deny']['text']}]"
    await tell(f"Ada presses: Remove everything. Slack asks: {asked}", ada.chooses("Remove everything"))
    await tell("Ben goes on: This evening", await ben.presses("evening", start))
    return story.text()


if __name__ == "__main__":
    pages.write(FILE, told)
