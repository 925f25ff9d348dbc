"""A crowd that talks to a bot which is killed again and again, whatever the platform."""

import asyncio
import os
import sqlite3
import sys
from abc import ABC, abstractmethod
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from tests.databases import Database
from tests.faults.people import TAPPER, WRITER
from tests.platforms.databases import environment_of
from tests.taken import Taken

LOOK = 0.02
"""Commits are looked for in the database every so many seconds: nothing on the wire tells of one."""

Sent = TypeVar("Sent")
"""What a platform calls something that was done."""


class Someone(ABC, Generic[Sent]):
    """A person who goes on when the question is there, and does it again when the bot was gone and nothing happened."""

    def __init__(self, name: str, script: tuple[str, ...]) -> None:
        """Follow a script: "> a line", "* a tap", "- a line that is heard without a new question"."""
        self.name = name
        self.script = script
        self.done = 0
        self.repeated = 0
        self._under_way: Sent | None = None
        self._during = 0

    async def go_on(self, taken: Taken, life: int) -> None:
        """Do what comes next, given the events that are committed, in one of the lives of the bot."""
        if self._under_way is not None and taken.has(*self.id_of(self._under_way)):
            self._under_way, self.done = None, self.done + 1
        if self.done == len(self.script):
            return
        mark, _, text = self.script[self.done].partition(" ")
        if self._under_way is None:
            if mark == "*" and self.asked() < sum(line[0] != "-" for line in self.script[: self.done]):
                return
        # A message in a channel that the bot knows is read after the restart; the first one, and presses, are not.
        elif life == self._during or (mark != "*" and self.done) or not self.is_over(self._under_way):
            return
        else:
            self.repeated += 1
        self._during = life
        self._under_way = await self.does(mark, text, self._under_way)

    @abstractmethod
    async def does(self, mark: str, text: str, before: Sent | None) -> Sent:
        """Write, or press; `before` is what was done in vain."""

    @abstractmethod
    def id_of(self, sent: Sent) -> tuple[str, str]:
        """Return as whose event, and by which id, something is known once it is committed."""

    @abstractmethod
    def asked(self) -> int:
        """Return the number of the last question that this person sees."""

    @abstractmethod
    def told(self) -> list[str]:
        """Return everything that this person was told, in order."""

    def is_over(self, _sent: Sent) -> bool:
        """Say whether the platform brings something no more."""
        return True


class Place(Protocol):
    """What a run needs of a platform's server."""

    world: Any
    requests: list[Any]


class Run(ABC):
    """One run of the whole crowd."""

    def __init__(self, server: Place, database: Path | Database, kills: Sequence[int] = (), count: int = 1) -> None:
        """Prepare a run. kills: the numbers of requests after which to kill. count: of bots at a time."""
        self.database = database
        self._count = count
        self.lives = 0
        self.repeated = 0
        self._server = server
        self._kills = list(kills)

    @abstractmethod
    def person(self, name: str, script: tuple[str, ...]) -> Someone[Any]:
        """Return somebody new."""

    @abstractmethod
    async def start(self) -> Process:
        """Start the bot, and return it when it is there."""

    async def play(self, crowd: int) -> dict[str, list[str]]:
        """Return what everybody was told."""
        people = []
        for n in range(crowd):
            script = tuple(line.format(n=n) for line in (WRITER if n % 2 else TAPPER))
            people.append(self.person(f"person {n}", script))
        workers = [await self._started() for _ in range(self._count)]
        try:
            while not await self._through(people):
                if self._kills and len(self._server.requests) >= self._kills[0]:
                    self._kills.pop(0)
                    await self._killed(workers.pop(0))
                    workers.append(await self._started())
                assert all(worker.returncode is None for worker in workers), "a worker ended by itself"
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK), self._server.world.changed:
                        await self._server.world.changed.wait()
        finally:
            for worker in workers:
                await self._killed(worker)
        self.repeated = sum(one.repeated for one in people)
        return {one.name: one.told() for one in people}

    async def _started(self) -> Process:
        self.lives += 1
        return await self.start()

    async def _killed(self, worker: Process) -> None:
        self.leaves(worker)
        with suppress(ProcessLookupError):
            worker.kill()
        await worker.wait()

    @abstractmethod
    def leaves(self, worker: Process) -> None:
        """Take note that a bot is about to be gone."""

    async def _through(self, people: Sequence[Someone[Any]]) -> bool:
        taken, left = await self._look()
        for one in people:
            await one.go_on(taken, self.lives)
        return not left and all(one.done == len(one.script) for one in people)

    async def _look(self) -> tuple[Taken, int]:
        """Return what is committed, and how many letters wait."""
        waiting = "SELECT count(*) FROM outbox"
        if isinstance(self.database, Database):
            taken = await Taken.on(self.database)
            return taken, (await self.database.sql(waiting))[0][0]
        with closing(sqlite3.connect(self.database)) as connection:
            return Taken.read(connection, self.database), connection.execute(waiting).fetchone()[0]


async def worker(module: str, database: Path | Database, environ: Mapping[str, str]) -> Process:
    """Start a bot in a process of its own, on a file or on a database of a server."""
    file, told = ([], environment_of(database)) if isinstance(database, Database) else ([str(database)], {})
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *file, env={**os.environ, **told, **environ}
    )


def assert_same(expected: dict[str, list[str]], told: dict[str, list[str]]) -> None:
    """See that everybody was told the same in both runs, in order. A person's words are not shown when it fails."""
    for name, said in expected.items():
        heard = told[name]
        assert heard == said, f"{name} was told {len(heard)} messages that should be these {len(said)}"
