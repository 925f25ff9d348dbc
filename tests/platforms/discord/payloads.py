"""One conversation as Discord carries it, written so that somebody can read it: every request, with what caused it.

`python -m tests.platforms.discord.payloads` writes payloads.md anew.
"""

import json
import re
from pathlib import Path
from typing import Any

from tests.platforms import pages
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Server, served
from tests.platforms.discord.world import Interaction, Message

FILE = Path(__file__).with_name("payloads.md")

HEAD = """# One conversation in Discord, request by request

What the bot sends, as the server of the tests got it; `test_payloads.py` holds it to this page, and
`python -m tests.platforms.discord.payloads` writes it anew. Numbers of Discord's are called by the order in which they
come up, as `<1>`; tokens are `<token>`.
"""


class Page:
    """The page, while the conversation goes on."""

    def __init__(self, server: Server, bot: Bot) -> None:
        """Begin after what was sent at the start."""
        self._server = server
        self._bot = bot
        self._names: dict[str, str] = {}
        self._parts = [HEAD]
        self._seen = len(server.requests)

    async def tell(self, what: str, event: Message | Interaction) -> None:
        """Write down what came of an event."""
        await self._bot.took(event)
        self._parts.append(f"## {what}\n")
        requests, self._seen = self._server.requests[self._seen :], len(self._server.requests)
        # A letter and the mark of what was pressed go out side by side; here the mark is always first.
        for method, path, body in sorted(requests, key=lambda request: _order(request[1])):
            self._parts.append(self._named(f"{method} {path}\n") + self._json(body))

    def text(self) -> str:
        """Return the page."""
        return "\n".join(self._parts)

    def _json(self, body: Any) -> str:  # noqa: ANN401 - whatever was sent
        if body is None:
            return ""
        return "\n```json\n" + self._named(json.dumps(body, indent=2, ensure_ascii=False)) + "\n```\n"

    def _named(self, text: str) -> str:
        text = re.sub(r"aW50[0-9a-zA-Z]+", "<token>", text)
        return re.sub(r"\b\d{15,}\b", lambda found: self._name(found[0]), text)

    def _name(self, number: str) -> str:
        return self._names.setdefault(number, f"<{len(self._names) + 1}>")


def _order(path: str) -> int:
    places = ("/interactions", "/webhooks", "/users", "/channels")
    return next(number for number, place in enumerate(places) if path.startswith(place))


async def conversation(folder: Path) -> str:
    """Have the conversation, and return the page."""
    async with served() as server:
        guild = server.world.snowflake()
        server.world.guilds[guild] = "Job seekers"
        async with running(server, folder) as bot:
            return await _talk(server, bot, guild)


async def _talk(server: Server, bot: Bot, guild: int) -> str:
    ann = Person.new(server, "ann")
    town = server.world.server_channel(guild, {ann.user.id})
    page = Page(server, bot)
    written = await ann.writes("I got rejected by Stark_and_Sons as a welder")
    await page.tell("Ann writes: I got rejected by Stark_and_Sons as a welder", written)
    await page.tell("Ann presses: This evening", await ann.presses("evening"))
    await page.tell("Ann writes: @everyone four rounds", await ann.writes("@everyone four rounds"))
    await page.tell("Ann presses: That's enough for now", await ann.presses("ready"))
    await page.tell("Ann presses: 3", await ann.presses("3"))
    await page.tell("In a server, Ann uses /progress", await ann.uses("progress", town))
    await page.tell("In the same server, Ann mentions the bot", await ann.writes("@onward no luck", town))
    return page.text()


if __name__ == "__main__":
    pages.write(FILE, conversation)
