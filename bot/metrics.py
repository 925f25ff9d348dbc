"""What is counted while it runs: how often, how long, how much, and never who or what. docs/operating.md explains each.

Every value of a label comes from a list in this file or from an enumeration, so none can be made of what somebody sent.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from math import nan
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

from adapters.port import Outcome, Trouble, TryLaterError, UndeliverableError
from bot.health import DATABASE, RUNNING, Look
from bot.observability import OURS
from bot.withheld import Withheld
from dialogs.steps import Step
from storage.errors import StorageError

PLATFORMS = ("discord", "slack")
OTHER = "other"
"""Stands for whatever is in no list: a platform, a kind of failure."""

FAILURES = ("storage", OTHER)
LIBRARY = "library"
RESULTS = ("taken", "failed", "refused")
WHOLE, BROKEN_OFF = "whole", "broken_off"

DELIVERED, LATER, UNDELIVERABLE, BROKEN, NONE = "delivered", "later", "undeliverable", "broken", "none"
FOR_GOOD = (Trouble.GONE, Trouble.SHUT)
OUTCOMES = (
    (DELIVERED, NONE),
    *((LATER, kind.value) for kind in Trouble if kind not in FOR_GOOD),
    *((UNDELIVERABLE, kind.value) for kind in FOR_GOOD),
    (BROKEN, NONE),
)
"""What can become of a try to deliver a letter, and the kind of trouble that it had."""

DANGER = {Step.SAFETY_ASK: "unclear", Step.SAFETY: "clear", Step.SAFETY_OTHER: "somebody_else"}
"""The steps to which danger leads."""

TURN = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10)
"""Seconds. Platforms wait three for an answer."""
BATCH = (1, 2, 4, 8, 16, 32, 64)
DELIVERY = (0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)
LAG = (1, 5, 15, 60, 300, 900, 3600, 21600, 86400)


class Metrics:
    """Everything that is counted, in a registry of its own."""

    def __init__(
        self, platforms: Sequence[str] = PLATFORMS, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Begin with a zero for everything that can happen on these platforms.

        A rise from zero is seen, and one from nothing is not; and nobody can read from it when something came first.
        """
        disable_created_metrics()  # type: ignore[no-untyped-call] # without: each series tells when it began
        self._now = now
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._count_turns(platforms)
        self._count_deliveries(platforms)
        self._count_what_comes_in(platforms)
        self._errors = self._counter("errors", "Errors in the log.", "part", "kind")
        for part in (*OURS, LIBRARY):
            for kind in FAILURES:
                self._errors.labels(part, kind)
        told = "Times that something was tried again because the database was away."
        self._retries = self._counter("database_retries", told)
        self._ready = self._gauge("ready", "1 for each part that can do its work.", "part")
        for part in (DATABASE, *platforms, RUNNING):
            self._ready.labels(part)

    def _count_turns(self, platforms: Sequence[str]) -> None:
        told = "Turns that were committed; fresh is false for what had come before, or was one of a flood."
        self._turns = self._counter("turns", told, "platform", "fresh")
        self._turn_failures = self._counter("turn_failures", "Turns that were not kept.", "platform", "kind")
        self._turn_seconds = self._histogram("turn_seconds", "From taking an event to its commit.", TURN, "platform")
        self._batch = self._histogram("batch_events", "Events that shared a transaction.", BATCH)
        told = "From the moment that somebody's journey waited for to the turn that woke it."
        self._wake_lag = self._histogram("wake_lag_seconds", told, LAG)
        told = "Times that danger led somewhere: whole tens, of the days before today only."
        self._danger = Withheld("onward_danger", told, "level", tuple(DANGER.values()), lambda: self._now().date())
        self.registry.register(self._danger)
        for platform in platforms:
            for fresh in ("true", "false"):
                self._turns.labels(platform, fresh)
            for kind in FAILURES:
                self._turn_failures.labels(platform, kind)
            self._turn_seconds.labels(platform)

    def _count_deliveries(self, platforms: Sequence[str]) -> None:
        told = "Tries to deliver a letter, by what became of them."
        self._deliveries = self._counter("deliveries", told, "platform", "outcome", "kind")
        told = "From posting a letter to its delivery."
        self._delivery_seconds = self._histogram("delivery_seconds", told, DELIVERY, "platform")
        told = "Letters in the outbox of this database."
        self._letters = self._gauge("outbox_letters", told)
        self._oldest = self._gauge("outbox_oldest_seconds", "How long the oldest of them has waited.")
        for platform in platforms:
            for outcome, kind in OUTCOMES:
                self._deliveries.labels(platform, outcome, kind)
            self._delivery_seconds.labels(platform)

    def _count_what_comes_in(self, platforms: Sequence[str]) -> None:
        self._connections = self._counter("connections", "Connections that were made, also again.", "platform")
        self._channels = self._counter("catch_up_channels", "Channels that were read on.", "platform", "outcome")
        self._lines = self._counter("catch_up_lines", "New lines that were found there.", "platform")
        self._requests = self._counter("requests", "Requests over HTTP, by what became of them.", "result")
        for platform in platforms:
            self._connections.labels(platform)
            self._lines.labels(platform)
            for outcome in (WHOLE, BROKEN_OFF):
                self._channels.labels(platform, outcome)
        for result in RESULTS:
            self._requests.labels(result)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"onward_{name}", told, labels, registry=self.registry)

    def _gauge(self, name: str, told: str, *labels: str) -> Gauge:
        return Gauge(f"onward_{name}", told, labels, registry=self.registry)

    def _histogram(self, name: str, told: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(f"onward_{name}", told, labels, buckets=buckets, registry=self.registry)

    # Turns

    async def turn(self, platform: str, taking: Awaitable[Outcome]) -> Outcome:
        """Wait for the turn of somebody who wrote or pressed, and count it. Raises what it raises."""
        name, began = _platform(platform), perf_counter()
        try:
            outcome = await taking
        except Exception as error:
            self._turn_failures.labels(name, _failure(error)).inc()
            raise
        self._turns.labels(name, str(outcome.fresh).lower()).inc()
        self._turn_seconds.labels(name).observe(perf_counter() - began)
        return outcome

    def committed(self, events: int, arrived: Sequence[Step]) -> None:
        """Count a transaction: its events, and the steps at which people arrived."""
        self._batch.observe(events)
        for step in arrived:
            if step in DANGER:
                self._danger.count(DANGER[step])

    def woke(self, lags: Sequence[timedelta]) -> None:
        """Count journeys that were woken, each so long after the moment that it waited for."""
        for lag in lags:
            self._wake_lag.observe(max(0.0, lag.total_seconds()))

    def retries_database(self) -> None:
        """Count that something is tried again because the database was away."""
        self._retries.inc()

    # Letters

    async def delivery(self, platform: str, posted_at: datetime | None, delivering: Awaitable[str]) -> str:
        """Wait for one try to deliver a letter, count it, and return what it returns. Raises what it raises.

        posted_at: when the letter came into the outbox, None where that was not noted.
        """
        name = _platform(platform)
        try:
            receipt = await delivering
        except TryLaterError as later:
            self._deliveries.labels(name, LATER, later.kind.value).inc()
            raise
        except UndeliverableError as never:
            self._deliveries.labels(name, UNDELIVERABLE, never.kind.value).inc()
            raise
        except Exception:
            self._deliveries.labels(name, BROKEN, NONE).inc()
            raise
        self._deliveries.labels(name, DELIVERED, NONE).inc()
        if posted_at is not None:
            self._delivery_seconds.labels(name).observe(self._since(posted_at))
        return receipt

    # What comes in

    def connected(self, platform: str) -> None:
        """Count a connection to a platform, or a session on it that went on."""
        self._connections.labels(_platform(platform)).inc()

    def caught_up(self, platform: str, lines: int, *, whole: bool) -> None:
        """Count a channel that was read on, and the new lines in it; whole: whether that came to its end."""
        self._channels.labels(_platform(platform), WHOLE if whole else BROKEN_OFF).inc()
        self._lines.labels(_platform(platform)).inc(lines)

    def requested(self, result: str) -> None:
        """Count a request over HTTP by its result, one of RESULTS."""
        self._requests.labels(result if result in RESULTS else OTHER).inc()

    # The state of things

    def erred(self, logger: str, error: BaseException | None) -> None:
        """Count an error that was logged."""
        part = logger.partition(".")[0]
        self._errors.labels(part if part in OURS else LIBRARY, _failure(error)).inc()

    def show(self, look: Look) -> None:
        """Take over what was found at a look; what nobody knows is no number."""
        for part, ready in look.ready.items():
            self._ready.labels(part).set(ready)
        letters, oldest = look.outbox or (nan, None)
        self._letters.set(letters)
        self._oldest.set(nan if look.outbox is None else self._since(oldest) if oldest else 0.0)

    def _since(self, moment: datetime) -> float:
        return max(0.0, (self._now() - moment).total_seconds())


def _platform(name: str) -> str:
    return name if name in PLATFORMS else OTHER


def _failure(error: BaseException | None) -> str:
    return FAILURES[0] if isinstance(error, StorageError) else OTHER
