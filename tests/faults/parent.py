"""Starts a worker, plays the crowd, kills it at moments drawn from a seed, and redelivers what was unanswered."""

import asyncio
import json
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.databases import url
from tests.faults.people import Person, crowd
from tests.taken import Taken

AT_START = 0.15
"""How many of the kills hit the start of a worker."""

START = 0.6
"""A kill at the start comes within so many seconds, others come within SOON of the chosen progress."""

SOON = 0.03

STUCK = 30
"""A worker that says nothing for so many seconds is stuck, and the test fails."""


@dataclass
class Counts:
    """What a run went through. committed: how many of the redelivered events had been committed before the kill."""

    starts: int = 0
    killed: int = 0
    killed_at_start: int = 0
    redelivered: int = 0
    committed: int = 0
    doubles: int = 0
    progress: int = 0


@dataclass
class Run:
    """One run of the whole crowd over one database. `kills` are the amounts of progress after which to kill."""

    database: Path
    kills: list[int] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - a test has to repeat itself
    people: dict[str, Person] = field(default_factory=crowd)
    counts: Counts = field(default_factory=Counts)
    nonces: set[int] = field(default_factory=set)
    settled: bool = False

    async def play(self) -> None:
        """Start workers until everybody is through and the last worker has nothing left to deliver."""
        while not self.settled:
            await self._worker()

    async def _worker(self) -> None:
        command = (sys.executable, "-m", "tests.faults.worker", url(self.database), "30", "0")
        worker = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=2**20)
        self.counts.starts += 1
        killer: asyncio.Task[None] | None = None
        if self.kills and self.counts.progress and self.dice.random() < AT_START:
            self.kills.pop(0)
            self.counts.killed_at_start += 1
            killer = self._kill(worker, START)
        try:
            killed = await self._talk(worker, killer)
            code = await worker.wait()
        finally:
            if worker.returncode is None:
                worker.kill()
        if not killed:
            assert code == 0, f"a worker ended by itself with code {code}"
            assert self.settled, "a worker ended before its time"

    async def _talk(self, worker: Process, killer: asyncio.Task[None] | None) -> bool:
        """Play with one worker until it ends; return whether it was killed."""
        assert worker.stdout is not None
        # What a worker wrote before it died still arrives; half a line does not count.
        while (raw := await asyncio.wait_for(worker.stdout.readline(), STUCK)).endswith(b"\n"):
            line = json.loads(raw)
            with suppress(ConnectionError):
                self._answer(worker, line)
            if killer is None and self.kills and self.counts.progress >= self.kills[0]:
                self.kills.pop(0)
                killer = self._kill(worker, SOON)
        if killer is not None:
            await killer
        return killer is not None

    def _kill(self, worker: Process, within: float) -> asyncio.Task[None]:
        self.counts.killed += 1
        # Half of them come at once: the worker is then among the acknowledgements and letters of one commit.
        moment = self.dice.choice((0.0, self.dice.uniform(0, within)))

        async def kill() -> None:
            await asyncio.sleep(moment)
            with suppress(ProcessLookupError):
                worker.kill()

        return asyncio.create_task(kill())

    def _answer(self, worker: Process, line: dict[str, Any]) -> None:
        people: Sequence[Person] = ()
        if "ready" in line:
            again = [event for person in self.people.values() if (event := person.unacknowledged())]
            self.counts.redelivered += len(again)
            self.counts.committed += self._seen(again)
            self._send(worker, *again)
            people = tuple(self.people.values())
        elif "ack" in line:
            person = self.people[line["ack"].partition("/")[0]]
            self.counts.progress += person.acknowledge(line["ack"])
            people = (person,)
        elif "letter" in line:
            people = (self._receive(line),)
            self._send(worker, {"got": line["letter"]})
        elif "settled" in line:
            self.settled = True
            assert worker.stdin is not None
            worker.stdin.close()
            return
        self._send(worker, *(event for person in people if (event := person.event())))
        if people and all(person.done for person in self.people.values()) and ("ready" in line or "ack" in line):
            self._send(worker, {"settle": True})

    def _seen(self, events: Sequence[dict[str, Any]]) -> int:
        """Return how many events the database knows; the worker has it open, so this look repairs nothing for it."""
        taken = Taken.of(self.database)
        return sum(taken.has(event["person"], event["id"]) for event in events)

    def _receive(self, letter: dict[str, Any]) -> Person:
        """Take a letter as Discord does: one with a nonce that is known already is dropped."""
        person = self.people[letter["person"]]
        if letter["letter"] in self.nonces:
            self.counts.doubles += 1
        else:
            self.nonces.add(letter["letter"])
            self.counts.progress += 1
            person.hear(letter)
        return person

    @staticmethod
    def _send(worker: Process, *lines: dict[str, Any]) -> None:
        assert worker.stdin is not None
        worker.stdin.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
