"""Several workers on one database, a balancer before them, and everything that can happen to them.

The platform that they serve is this one: it hands each event to any of the workers, again to another one when the first
is gone or silent, drops a letter that it knows, and notes what everybody is told.
"""

import asyncio
import json
import os
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from signal import SIGCONT, SIGSTOP
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from tests.databases import KEY
from tests.faults.people import Someone

STUCK = 120.0
"""When nothing at all happens for so many seconds, something is stuck, and the test fails."""

PACE = "pace"

Anybody = TypeVar("Anybody", bound=Someone)

LEASE = 2.0
"""Seconds after which workers take over from one that says nothing."""


@dataclass
class Counts:
    """What a run went through."""

    starts: int = 0
    ends: int = 0
    redelivered: int = 0
    failed: int = 0
    doubles: int = 0
    turns: int = 0
    letters: int = 0
    looks: int = 0


@dataclass(eq=False)
class Worker:
    """One worker, and the events that it has not acknowledged."""

    process: Process
    ahead: float
    under_way: dict[str, dict[str, Any]] = field(default_factory=dict)
    ready: bool = False
    frozen: bool = False
    weights: list[list[int]] = field(default_factory=list)
    leaving: bool = False

    @property
    def takes(self) -> bool:
        """Whether the balancer sends it something."""
        return self.ready and not self.frozen and not self.leaving

    def send(self, *lines: dict[str, Any]) -> None:
        """Write to it, if it is still there."""
        assert self.process.stdin is not None
        if not self.process.stdin.is_closing():
            self.process.stdin.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))


class Fleet(Generic[Anybody]):
    """The workers and the people. Use it as a context: at the end all of them are gone."""

    def __init__(
        self,
        url: str,
        people: Iterator[Anybody],
        in_flight: int,
        ahead: Sequence[float] = (0, 0, 0),
        rate: float | None = None,
        seed: int = 0,
    ) -> None:
        """Have so many people talk at a time, from `people`.

        ahead: seconds that each worker's clock is wrong by. rate: so many times a second somebody says something; as
        quickly as they are answered when it is None.
        """
        self._url = url
        self._source = people
        self._in_flight = in_flight
        self._rate = rate
        self._thinking: deque[Someone] = deque()
        self._ahead = ahead
        self._dice = random.Random(seed)  # noqa: S311 - a test has to repeat itself
        self._talking: dict[str, Someone] = {}
        self._waiting: list[dict[str, Any]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._closing = False
        self._now: dict[str, Any] | None = None
        self._letters: set[int] = set()
        self.people: dict[str, Anybody] = {}
        self.workers: list[Worker] = []
        self.counts = Counts()

    async def __aenter__(self) -> Self:
        """Start the workers, and return when all of them serve."""
        for ahead in self._ahead:
            await self._start(ahead)
        await self.until(lambda: all(worker.ready for worker in self.workers))
        if self._rate is not None:
            self._begin(self._pace(1 / self._rate), PACE)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the workers, in whatever state they are."""
        self._closing = True
        for task in self._tasks:
            if task.get_name() == PACE:
                task.cancel()
        for worker in self.workers:
            with suppress(ProcessLookupError):
                worker.process.kill()
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def until(self, true: Callable[[], bool]) -> None:
        """Return when something has come true."""
        while not true():
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), STUCK)
            self._raise_what_broke()

    async def talk(self) -> None:
        """Have everybody talk, so many at a time, and return when all have said everything."""
        self.begin()
        await self.until(lambda: not self._talking)

    def begin(self) -> None:
        """Have the first people begin; each who is through makes room for another one."""
        while len(self._talking) < self._in_flight and (person := next(self._source, None)):
            self.people[person.name] = self._talking[person.name] = person
            self._speak(person)

    def no_more(self) -> None:
        """Have nobody else begin."""
        self._source = iter(())

    @property
    def through(self) -> bool:
        """Whether everybody has said everything."""
        return not self._talking

    def any_worker(self) -> Worker:
        """Return one that serves."""
        return self._dice.choice([worker for worker in self.workers if worker.takes])

    async def kill(self, worker: Worker) -> None:
        """Kill a worker, and have another one begin in its place."""
        worker.leaving = True
        worker.process.kill()
        await self._replaced(worker)

    async def end(self, worker: Worker) -> None:
        """Ask a worker to stop, as hosts do, and have another one begin in its place when it has ended."""
        worker.leaving = True
        worker.process.terminate()
        await self._replaced(worker)
        assert worker.process.returncode == 0

    def freeze(self, worker: Worker) -> None:
        """Let a worker stand still. The balancer gives what it had to the others."""
        worker.frozen = True
        worker.process.send_signal(SIGSTOP)
        self._hand_on(worker)

    def thaw(self, worker: Worker) -> None:
        """Let a worker go on as if nothing had been."""
        worker.process.send_signal(SIGCONT)
        worker.frozen = False
        self._send(*self._take_waiting())

    def tell(self, line: dict[str, Any]) -> None:
        """Tell every worker something; one that begins later does not know it, but for the time."""
        if "now" in line:
            self._now = line
        for worker in self.workers:
            worker.send(line)

    async def _start(self, ahead: float) -> None:
        command = (sys.executable, "-m", "tests.faults.worker", self._url, str(LEASE), str(ahead))
        environment = {**os.environ, "ONWARD_KEY": KEY.hex()}
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=2**20, env=environment)
        worker = Worker(process, ahead)
        self.workers.append(worker)
        self.counts.starts += 1
        self._begin(self._listen(worker), "listen")

    def _begin(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is None:
            self._tasks.discard(task)
        self._news.set()

    def _raise_what_broke(self) -> None:
        for task in list(self._tasks):
            if task.done():
                self._tasks.discard(task)
                task.result()

    async def _replaced(self, worker: Worker) -> None:
        await self.until(lambda: worker not in self.workers)
        await self.until(lambda: all(other.ready or other.frozen for other in self.workers))

    async def _listen(self, worker: Worker) -> None:
        assert worker.process.stdout is not None
        # What a worker wrote before it died still arrives; half a line does not count.
        while (raw := await worker.process.stdout.readline()).endswith(b"\n"):
            self._hear(worker, json.loads(raw))
            self._news.set()
        await worker.process.wait()
        assert self._closing or worker.leaving, f"a worker ended by itself with code {worker.process.returncode}"
        self.workers.remove(worker)
        self.counts.ends += 1
        self._hand_on(worker)
        if not self._closing:
            await self._start(worker.ahead)
        self._news.set()

    def _hear(self, worker: Worker, line: dict[str, Any]) -> None:
        if "ready" in line:
            worker.ready = True
            if self._now is not None:
                worker.send(self._now)
            self._send(*self._take_waiting())
        elif "looked" in line:
            self.counts.looks += 1
        elif "weight" in line:
            worker.weights.append(line["weight"])
        elif "ack" in line:
            self._acknowledge(worker, line)
        elif "failed" in line:
            event = worker.under_way.pop(line["failed"], None)
            if event is not None:
                self.counts.failed += 1
                self._send(self.people[event["person"]].again(event))
        elif "letter" in line:
            self._receive(line)
            worker.send({"got": line["letter"]})

    def _acknowledge(self, worker: Worker, line: dict[str, Any]) -> None:
        worker.under_way.pop(line["ack"], None)
        person = self.people[line["ack"].partition("/")[0]]
        if not person.acknowledge(line["ack"], line.get("shown")):
            return
        self.counts.turns += 1
        if person.done:
            self._talking.pop(person.name, None)
            self.begin()
        else:
            self._speak(person)

    def _receive(self, letter: dict[str, Any]) -> None:
        """Take a letter as Discord does: one with a nonce that is known already is dropped."""
        if letter["letter"] in self._letters:
            self.counts.doubles += 1
            return
        self._letters.add(letter["letter"])
        self.counts.letters += 1
        for person in self.people[letter["person"]].hear(letter):
            if not person.done:
                self._speak(person)

    def _speak(self, person: Someone) -> None:
        if self._rate is not None:
            self._thinking.append(person)
        elif event := person.event():
            self._send(event)

    async def _pace(self, every: float) -> None:
        """Let somebody say something at a steady pace."""
        loop = asyncio.get_running_loop()
        at = loop.time()
        while True:
            at += every
            await asyncio.sleep(max(0.0, at - loop.time()))
            while self._thinking:
                if event := self._thinking.popleft().event():
                    self._send(event)
                    break

    def _send(self, *events: dict[str, Any]) -> None:
        for event in events:
            takers = [worker for worker in self.workers if worker.takes]
            if not takers:
                self._waiting.append(event)
                continue
            worker = self._dice.choice(takers)
            worker.under_way[event["id"]] = event
            worker.send(event)

    def _hand_on(self, worker: Worker) -> None:
        """Give what a worker has not acknowledged to others."""
        events, worker.under_way = list(worker.under_way.values()), {}
        again = [event for event in events if self._is_open(event)]
        self.counts.redelivered += len(again)
        self._send(*(again if worker.frozen else [self.people[event["person"]].again(event) for event in again]))

    def _is_open(self, event: dict[str, Any]) -> bool:
        return self.people[event["person"]].unacknowledged() == event

    def _take_waiting(self) -> Sequence[dict[str, Any]]:
        waiting, self._waiting = self._waiting, []
        return waiting
