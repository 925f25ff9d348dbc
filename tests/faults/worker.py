"""A real bot as a process of its own; its platform is whoever started it, over lines of JSON.

In: {"id", "person", ...} for what somebody did, with "text", with "asked" and "tap", with "command", or with "act",
"values" and "may"; {"got": letter} for a letter that has arrived, {"settle": true}, {"refuse": seconds or null} for a
platform that takes nothing, {"now": moment} for time that passed, {"look": true} for what is due among members,
{"full": true or false} for a disk without room, {"mute": true} for a process whose acknowledgements get lost, {"weigh":
true}. Out: {"ready": true}, {"ack": id} after the commit, for an act with what is shown, {"failed": id} when it could
not be made, {"letter", "person", ...}, {"settled": true}, {"looked": true}, {"weight": [bytes, files, tasks]}.

Arguments: the database's address, after how many seconds others take over, by how many seconds the clock is ahead.
"""

import asyncio
import gc
import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil

from adapters.port import Arrival, Letter, TryLaterError
from bot import assemble, observability
from bot.assemble import Application
from bot.clock import Clock
from bot.settings import Settings
from dialogs import acts
from dialogs.acts import Member
from dialogs.catalog import Catalog
from dialogs.events import Commanded, Event, Said, Tapped
from dialogs.replies import Closing, Removal, Reply, Room
from storage.errors import StorageError
from storage.store import Store

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""The clock stands still, so that two runs say the same."""


def write(line: dict[str, Any]) -> None:
    """Write one line to the parent."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


COMMUNITY = "lines:1"
"""Where members meet."""

NOTHING_TAKEN = "the platform takes nothing"


def weight() -> list[int]:
    """Return the bytes of memory that are in use here, open files, and tasks."""
    process = psutil.Process()
    gc.collect()
    return [process.memory_info().rss, process.num_fds(), len(asyncio.all_tasks())]


def receipt(letter: int) -> str:
    """Return the receipt of a letter: a platform that drops a second one gives that of the first."""
    return f"receipt {letter}"


def effect(reply: Reply) -> dict[str, Any]:
    """Return what a delivery does beyond sending."""
    match reply.effect:
        case Room(number=number, people=people):
            return {"effect": "room", "room": number, "people": people}
        case Removal(receipt=of):
            return {"effect": "removal", "of": of}
        case Closing(receipt=of):
            return {"effect": "closing", "of": of}
        case None:
            return {"effect": ""}


def happened(line: dict[str, Any]) -> Event:
    """Return what somebody said, tapped or asked for."""
    if "command" in line:
        return Commanded(name=line["command"])
    return Said(text=line["text"]) if "text" in line else Tapped(asked=line["asked"], choice=line["tap"])


class Lines:
    """A platform whose deliveries are lines; a letter counts as delivered when the parent says so."""

    name = "lines"

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self._under_way: dict[int, asyncio.Future[None]] = {}
        self.refuses: float | None = None
        """How long the platform asks to wait, when it takes nothing."""

    async def deliver(self, letter: Letter) -> str:
        """Write the letter, and wait for the parent's word that it has it."""
        if self.refuses is not None:
            raise TryLaterError(NOTHING_TAKEN, self.refuses)
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
                "acts": [control.act for control in reply.controls],
                "named": reply.named,
                "about": reply.about,
                **effect(reply),
            }
        )
        await arrived
        return receipt(letter.id)

    def got(self, number: int) -> None:
        """Let the delivery of a letter end, unless it was given up."""
        arrived = self._under_way.pop(number)
        if not arrived.done():
            arrived.set_result(None)


class Worker:
    """What the parent can have it do."""

    def __init__(self, app: Application, store: Store, clock: Clock, lines: Lines) -> None:
        """Work with the parts of a bot that runs."""
        self._app = app
        self._store = store
        self._clock = clock
        self._lines = lines
        self._mute = False

    async def serve(self, reader: asyncio.StreamReader) -> None:
        """Do what the parent says until the standard input ends. Everything goes on at the same time."""
        async with asyncio.TaskGroup() as tasks:
            while raw := await reader.readline():
                line = json.loads(raw)
                if "got" in line:
                    self._lines.got(line["got"])
                else:
                    tasks.create_task(self._do(line))

    async def _do(self, line: dict[str, Any]) -> None:
        match line:
            case {"refuse": seconds}:
                self._lines.refuses = seconds
            case {"now": moment}:
                self._clock.move_to(datetime.fromisoformat(moment))
                self._app.scheduler.nudge(NOON)
            case {"look": _}:
                await self._app.members.look()
                write({"looked": True})
            case {"mute": _}:
                self._mute = True
            case {"full": full}:
                await self._fill(full=full)
            case {"weigh": _}:
                write({"weight": weight()})
            case {"settle": _}:
                await self._app.dispatcher.settled()
                write({"settled": True})
            case _:
                await self._take(line)

    async def _take(self, line: dict[str, Any]) -> None:
        """Take one event, and acknowledge it after its commit."""
        try:
            shown = await (self._act(line) if "act" in line else self._turn(line))
        except (StorageError, RuntimeError):  # or the lane is closed already: another worker takes it
            write({"failed": line["id"]})
        else:
            if not self._mute:
                write({"ack": line["id"], **shown})

    async def _turn(self, line: dict[str, Any]) -> dict[str, Any]:
        arrival = Arrival(id=line["id"], person=line["person"], event=happened(line), place=line.get("place", {}))
        await self._app.turns.take(arrival)
        return {}

    async def _act(self, line: dict[str, Any]) -> dict[str, Any]:
        """Return what a member is shown after an act; nothing when it was taken before."""
        may = line["may"]
        member = Member(
            person=line["person"], community=COMMUNITY, mentor="mentor" in may, moderator="moderator" in may
        )
        reply = await self._app.members.act(member, acts.read(line["act"], tuple(line["values"])), line["id"])
        if reply is None:
            return {"shown": None}
        return {"shown": {"text": reply.text, "keys": reply.keys, "acts": [one.act for one in reply.controls]}}

    async def _fill(self, *, full: bool) -> None:
        """Let SQLite have no page more than it has, or as many as it likes."""
        async with self._store._transaction() as connection:  # noqa: SLF001 - the limit is one of the connection
            await connection.exec_driver_sql(f"PRAGMA max_page_count = {1 if full else 2**30}")


async def main(url: str, lease: float, ahead: float) -> None:
    """Serve until the standard input ends or somebody asks to stop."""
    observability.set_up("error")  # that a batch is tried again is what is tested here
    lines = Lines()
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    settings = Settings.read({"ONWARD_DATABASE_URL": url, "ONWARD_KEY": os.environ.get("ONWARD_KEY", "")})
    clock = Clock(lambda: NOON + timedelta(seconds=ahead))
    async with assemble.store(settings, upgrade=True, lease=lease) as store:
        async with assemble.application(store, lambda _: lines, clock, Catalog.load(), ["lines:"]) as app:
            write({"ready": True})
            serving = asyncio.create_task(Worker(app, store, clock, lines).serve(reader))
            stopping = asyncio.create_task(stopped.wait())
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        # What was under way could still be finished, because the platform goes on answering.
        serving.cancel()
        stopping.cancel()
        await asyncio.wait({serving, stopping})
        if not serving.cancelled():
            serving.result()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))
