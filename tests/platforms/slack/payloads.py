"""One conversation as Slack carries it, written so that somebody can read it: every request, with what caused it.

`python -m tests.platforms.slack.payloads` writes payloads.md anew.
"""

import json
import re
from pathlib import Path
from typing import Any

from tests.platforms import pages
from tests.platforms.slack.deliveries import Delivery
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import SOCKET, Bot, running
from tests.platforms.slack.server import Server, served

FILE = Path(__file__).with_name("payloads.md")

HEAD = """# One conversation in Slack, request by request

What the bot sends, as the server of the tests got it; `test_payloads.py` holds it to this page, and
`python -m tests.platforms.slack.payloads` writes it anew. Ids of Slack's are called by the order in which they come up,
as `<1>`. The Home tab is shown where it changed.
"""

ORDER = ("users.info", "respond", "conversations.open", "chat.", "views.")


class Page:
    """The page, while the conversation goes on."""

    def __init__(self, server: Server, bot: Bot) -> None:
        """Begin after what was sent at the start."""
        self._server = server
        self._bot = bot
        self._names: dict[str, str] = {}
        self._parts = [HEAD]
        self._seen = len(server.requests)

    async def tell(self, what: str, delivery: Delivery) -> None:
        """Write down what came of something."""
        await self._bot.took(delivery)
        self._parts.append(f"## {what}\n")
        requests, self._seen = self._server.requests[self._seen :], len(self._server.requests)
        # Some go out side by side; here they are always in the same order.
        for method, body in sorted(requests, key=lambda request: _order(request[0])):
            self._parts.append(f"{method}\n" + self._json(body))

    def text(self) -> str:
        """Return the page."""
        return "\n".join(self._parts)

    def _json(self, body: Any) -> str:  # noqa: ANN401 - whatever was sent
        shown = {name: value for name, value in body.items() if name != "token"}
        return "\n```json\n" + self._named(json.dumps(shown, indent=2, ensure_ascii=False)) + "\n```\n"

    def _named(self, text: str) -> str:
        text = re.sub(r"http://127.0.0.1:\d+/respond/\w+", "<where the press is answered>", text)
        text = re.sub(r'"letter": "\w+"', '"letter": "<mark>"', text)
        return re.sub(r"\b(?:[A-Z]0[0-9A-F]{8}|trigger\.[0-9A-F]+)\b", lambda found: self._name(found[0]), text)

    def _name(self, name: str) -> str:
        return self._names.setdefault(name, f"<{len(self._names) + 1}>")


def _order(method: str) -> int:
    return next(number for number, begin in enumerate(ORDER) if method.startswith(begin))


async def conversation(folder: Path) -> str:
    """Have the conversation, and return the page."""
    async with served() as server, running(server, folder, SOCKET) as bot:
        ann = Person.new(server, "ann")
        town = server.world.add_channel(server.team, {ann.user.id, server.team.bot_user})
        page = Page(server, bot)
        written = await ann.writes("I got rejected by Stark_and_Sons as a welder")
        await page.tell("Ann writes: I got rejected by Stark_and_Sons as a welder", written)
        await page.tell("Ann presses: This evening", await ann.presses("evening"))
        await page.tell("Ann writes: <!channel> four rounds", await ann.writes("<!channel> four rounds"))
        await page.tell("In a channel, Ann uses /progress", await ann.uses("progress", "", town))
        await page.tell("There, Ann presses: In my own words", await ann.presses("In my own words", town))
        await page.tell("There, Ann mentions the bot", await ann.mentions("no luck", town))
        return page.text()


if __name__ == "__main__":
    pages.write(FILE, conversation)
