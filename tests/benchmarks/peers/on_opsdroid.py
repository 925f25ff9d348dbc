"""opsdroid: a skill with its memory in the SQLite database module. Opsdroid loads skill and connector from here."""

import sys
from pathlib import Path
from typing import Any

from opsdroid.cli.utils import configure_lang
from opsdroid.connector import Connector, register_event
from opsdroid.core import OpsDroid
from opsdroid.events import Message
from opsdroid.matchers import match_regex
from opsdroid.skill import Skill

from tests.benchmarks.peers.conversation import GREETING, QUESTIONS, Kind, closing, time

KIND = Kind("opsdroid, SQLite", persists_each_turn=True, durable=True, note="two commits a turn")


class Interview(Skill):
    """The conversation."""

    @match_regex(rf"^{GREETING}$", case_sensitive=False)
    async def start(self, message: Message) -> None:
        """Ask the first question."""
        await self.opsdroid.memory.put(message.user_id, {"answers": {}})
        await message.respond(QUESTIONS[0])

    @match_regex(rf"^(?!{GREETING}$).+$", case_sensitive=False)
    async def answer(self, message: Message) -> None:
        """Keep the answer, and ask the next question."""
        kept = await self.opsdroid.memory.get(message.user_id)
        number = len(kept["answers"])
        kept["answers"][f"answer_{number}"] = message.text
        await self.opsdroid.memory.put(message.user_id, kept)
        done = number + 1 == len(QUESTIONS)
        await message.respond(closing(kept["answers"]) if done else QUESTIONS[number + 1])


class Kept(Connector):
    """Takes what is sent, and keeps the last line to each person."""

    def __init__(self, config: dict[str, Any], opsdroid: OpsDroid | None = None) -> None:
        """Begin with nothing."""
        super().__init__(config, opsdroid=opsdroid)
        self.name = "kept"
        self.last: dict[str, str] = {}

    async def connect(self) -> None:
        """Connect to nothing."""

    async def listen(self) -> None:
        """Hear nothing: lines are handed in."""

    async def disconnect(self) -> None:
        """Leave nothing."""

    @register_event(Message)
    async def send_message(self, message: Message) -> None:
        """Take a message."""
        self.last[message.user_id] = message.text


async def measure(opsdroid: OpsDroid) -> None:
    """Time it with one in flight and with 64."""
    await opsdroid.load()
    await opsdroid.start_databases()
    await opsdroid.start_connectors()
    (connector,) = opsdroid.connectors

    async def say(person: int, text: str) -> str:
        name = str(person)
        await opsdroid.parse(Message(text, user_id=name, user=name, target="chat", connector=connector))
        return str(connector.last[name])

    await time(KIND, say, 1)
    await time(KIND, say, 64)
    await opsdroid.stop()


def run(folder: Path) -> None:
    """Configure it as its documentation does, and measure it on the loop that it makes itself."""
    configure_lang({})
    config = {
        "connectors": {"kept": {"module": __spec__.name}},
        "databases": {"sqlite": {"path": str(folder / "memory.db")}},
        "skills": {"interview": {"module": __spec__.name}},
        "parsers": {"regex": {"enabled": True}},
        "module-path": str(folder),
    }
    with OpsDroid(config) as opsdroid:
        opsdroid.eventloop.run_until_complete(measure(opsdroid))


if __name__ == "__main__":
    run(Path(sys.argv[1]))
