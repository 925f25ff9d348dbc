"""A real bot as a process of its own; its platform is whoever started it, over lines of JSON.

In: {"id", "person", "text"} or {"id", "person", "asked", "tap"}, {"got": letter} for a letter that has arrived, and
{"settle": true}. Out: {"ready": true}, {"ack": id} after the commit, {"letter", "person", ...}, {"settled": true}.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.port import Arrival, Letter
from bot import assemble
from bot.assemble import Application
from bot.clock import Clock
from bot.settings import Settings
from dialogs.catalog import Catalog
from dialogs.events import Said, Tapped

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""The clock stands still, so that two runs say the same."""


def write(line: dict[str, Any]) -> None:
    """Write one line to the parent."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


class Lines:
    """A platform whose deliveries are lines; a letter counts as delivered when the parent says so."""

    name = "lines"

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self._under_way: dict[int, asyncio.Future[None]] = {}

    async def deliver(self, letter: Letter) -> None:
        """Write the letter, and wait for the parent's word that it has it."""
        arrived = self._under_way[letter.id] = asyncio.get_running_loop().create_future()
        reply = letter.reply
        write(
            {
                "letter": letter.id,
                "person": letter.person,
                "text": reply.text,
                "keys": reply.keys,
                "asked": reply.asked,
                "buttons": [button.id for button in reply.buttons],
            }
        )
        await arrived

    def got(self, number: int) -> None:
        """Let the delivery of a letter end."""
        self._under_way.pop(number).set_result(None)


async def take(app: Application, line: dict[str, Any]) -> None:
    """Take one event, and acknowledge it after its commit."""
    event = Said(text=line["text"]) if "text" in line else Tapped(asked=line["asked"], choice=line["tap"])
    await app.turns.take(Arrival(id=line["id"], person=line["person"], event=event))
    write({"ack": line["id"]})


async def settle(app: Application) -> None:
    """Say when nothing is left to deliver."""
    await app.dispatcher.settled()
    write({"settled": True})


async def main(database: Path) -> None:
    """Serve until the standard input ends."""
    lines = Lines()
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    settings = Settings.read({}, database=database)
    async with (
        assemble.store(settings, upgrade=True) as store,
        assemble.application(store, lambda _: lines, Clock(lambda: NOON), Catalog.load(), ["lines:"]) as app,
        asyncio.TaskGroup() as tasks,
    ):
        write({"ready": True})
        while raw := await reader.readline():
            line = json.loads(raw)
            if "got" in line:
                lines.got(line["got"])
            else:
                tasks.create_task(settle(app) if "settle" in line else take(app, line))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
