"""What is counted, and what can never be in it."""

import asyncio
from collections.abc import Awaitable, Iterable
from datetime import timedelta
from itertools import product

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from adapters.port import Outcome, Trouble, TryLaterError, UndeliverableError
from bot.health import DATABASE, RUNNING, Look
from bot.metrics import DANGER, FAILURES, LIBRARY, OTHER, OUTCOMES, PLATFORMS, RESULTS, Metrics
from bot.observability import OURS
from dialogs.steps import Step
from storage.errors import StorageError
from tests.bot.conftest import NOON
from tests.leaks import CANARY

ALLOWED: dict[str, set[str]] = {
    "platform": {*PLATFORMS, OTHER},
    "fresh": {"true", "false"},
    "kind": {*FAILURES, *Trouble, "none"},
    "outcome": {*(outcome for outcome, _ in OUTCOMES), "whole", "broken_off"},
    "result": {*RESULTS, OTHER},
    "part": {*OURS, LIBRARY, DATABASE, *PLATFORMS, RUNNING},
    "level": set(DANGER.values()),
}
"""Every label that there is, with every value that it can have. `le` is a bucket's, and a number."""


def samples(metrics: Metrics) -> list[Sample]:
    """Return what Prometheus would read of what is Onward's own."""
    text = generate_latest(metrics.registry).decode()
    found = [one for family in text_string_to_metric_families(text) for one in family.samples]
    return [one for one in found if one.name.startswith("onward_")]


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Return what a metric shows."""
    return metrics.registry.get_sample_value(f"onward_{name}", labels)


async def came(outcome: Outcome) -> Outcome:
    """Return what became of an arrival."""
    return outcome


async def done() -> str:
    """Deliver."""
    return ""


async def broke(error: BaseException) -> Outcome:
    """Raise."""
    raise error


async def surely(*all_of: Awaitable[object]) -> None:
    """Wait for each, whatever it raises."""
    await asyncio.gather(*all_of, return_exceptions=True)


def surprise(name: str) -> Exception:
    """Return an error of a kind that was named by somebody."""
    kind: type[Exception] = type(name, (Exception,), {})
    return kind(name)


async def test_whatever_is_counted_is_said_in_words_from_lists() -> None:
    """Neither a name, nor a word, nor where somebody is can become the value of a label, wherever it comes in."""
    metrics = Metrics(now=lambda: NOON)
    before = {(one.name, tuple(one.labels.items())) for one in samples(metrics)}
    bad = f"{CANARY}: U0CANARY in T0CANARY"
    errors = (surprise(bad), StorageError(bad), TryLaterError(bad), UndeliverableError(bad), KeyError(bad))
    for error in errors:
        await surely(metrics.turn(bad, broke(error)), metrics.delivery(bad, NOON, broke(error)))  # type: ignore[arg-type]
        metrics.erred(bad, error)
        metrics.erred(f"bot.{bad}", error)
    await metrics.turn(bad, came(Outcome(fresh=True)))
    await metrics.delivery(bad, NOON, done())
    metrics.connected(bad)
    metrics.caught_up(bad, 3, whole=False)
    metrics.requested(bad)
    metrics.committed(1, list(Step))
    new = samples(metrics)
    assert not [one for one in new if CANARY in str(one).casefold()]
    for one in new:
        for label, told in one.labels.items():
            assert told in ALLOWED[label] if label != "le" else float(told) > 0, (one.name, label, told)
    # What came from nowhere known stands together; nothing else has come to be.
    grown = {(name, labels) for name, labels in ((one.name, tuple(one.labels.items())) for one in new)} - before
    assert all(OTHER in dict(labels).values() for _, labels in grown)


def test_everything_begins_at_zero_and_tells_no_moment() -> None:
    """A rise from zero is seen; and no series tells by coming to be, or by a stamp, when something happened first."""
    metrics = Metrics(now=lambda: NOON)
    assert {one.value for one in samples(metrics)} == {0.0}
    assert not [one for one in samples(metrics) if one.timestamp or one.name.endswith("_created")]
    names = {(one.name, *sorted(one.labels.values())) for one in samples(metrics)}
    turns = {("onward_turns_total", *sorted(labels)) for labels in product(PLATFORMS, ("true", "false"))}
    assert turns <= names
    assert {("onward_danger_total", level) for level in DANGER.values()} <= names


def test_platforms_that_are_not_served_are_not_shown() -> None:
    """A dashboard has no empty rows."""
    assert "slack" not in {one.labels.get("platform") for one in samples(Metrics(["discord"]))}


async def test_turns_are_counted_by_what_became_of_them() -> None:
    """New ones, ones that had come before, and ones that the database or something else kept from being kept."""
    metrics = Metrics()
    assert await metrics.turn("discord", came(Outcome(fresh=True, asked=3))) == Outcome(fresh=True, asked=3)
    await metrics.turn("discord", came(Outcome(fresh=False)))
    with pytest.raises(StorageError):
        await metrics.turn("discord", broke(StorageError("full")))
    with pytest.raises(KeyError):
        await metrics.turn("discord", broke(KeyError()))
    with pytest.raises(asyncio.CancelledError):
        await metrics.turn("discord", broke(asyncio.CancelledError()))
    assert value(metrics, "turns_total", platform="discord", fresh="true") == 1
    assert value(metrics, "turns_total", platform="discord", fresh="false") == 1
    assert value(metrics, "turn_failures_total", platform="discord", kind="storage") == 1
    assert value(metrics, "turn_failures_total", platform="discord", kind="other") == 1
    assert value(metrics, "turn_seconds_count", platform="discord") == 2


async def test_deliveries_are_counted_by_outcome_and_kind() -> None:
    """How long it took counts from the outbox, so that what had to wait is seen to have waited."""
    metrics = Metrics(now=lambda: NOON)
    await metrics.delivery("slack", NOON - timedelta(seconds=7), done())
    await metrics.delivery("slack", None, done())
    for error in (
        TryLaterError("busy", 3, Trouble.LIMIT),
        UndeliverableError("shut", Trouble.SHUT),
        KeyError(),
    ):
        with pytest.raises(type(error)):
            await metrics.delivery("slack", NOON, broke(error))  # type: ignore[arg-type]
    for outcome, kind, count in (
        ("delivered", "none", 2),
        ("later", "limit", 1),
        ("undeliverable", "shut", 1),
        ("broken", "none", 1),
    ):
        assert value(metrics, "deliveries_total", platform="slack", outcome=outcome, kind=kind) == count
    assert value(metrics, "delivery_seconds_sum", platform="slack") == 7
    assert value(metrics, "delivery_seconds_count", platform="slack") == 1


def test_batches_and_waking_are_measured() -> None:
    """A clock that was put back makes no negative lag."""
    metrics = Metrics()
    metrics.committed(5, [])
    metrics.woke([timedelta(seconds=90), timedelta(seconds=-3)])
    assert (value(metrics, "batch_events_sum"), value(metrics, "batch_events_count")) == (5, 1)
    assert (value(metrics, "wake_lag_seconds_sum"), value(metrics, "wake_lag_seconds_count")) == (90, 2)
    assert value(metrics, "wake_lag_seconds_bucket", le="60.0") == 1


def test_what_comes_in_is_counted() -> None:
    """Connections, what was read on, and requests."""
    metrics = Metrics()
    metrics.connected("slack")
    metrics.caught_up("slack", 4, whole=True)
    metrics.caught_up("slack", 0, whole=False)
    metrics.requested("refused")
    assert value(metrics, "connections_total", platform="slack") == 1
    assert value(metrics, "catch_up_channels_total", platform="slack", outcome="whole") == 1
    assert value(metrics, "catch_up_channels_total", platform="slack", outcome="broken_off") == 1
    assert value(metrics, "catch_up_lines_total", platform="slack") == 4
    assert value(metrics, "requests_total", result="refused") == 1


def test_what_was_found_at_a_look_is_shown() -> None:
    """What cannot be known is no number, so that nobody takes it for an empty outbox."""
    metrics = Metrics(now=lambda: NOON)
    metrics.show(Look({DATABASE: True, "slack": False, RUNNING: True}, (3, NOON - timedelta(minutes=2))))
    assert (value(metrics, "outbox_letters"), value(metrics, "outbox_oldest_seconds")) == (3, 120)
    assert [value(metrics, "ready", part=part) for part in (DATABASE, "slack", RUNNING)] == [1, 0, 1]
    metrics.show(Look({DATABASE: True}, (0, None)))
    assert (value(metrics, "outbox_letters"), value(metrics, "outbox_oldest_seconds")) == (0, 0)
    metrics.show(Look({DATABASE: False}, None))
    assert _is_nothing((value(metrics, "outbox_letters"), value(metrics, "outbox_oldest_seconds")))
    assert value(metrics, "ready", part=DATABASE) == 0


def _is_nothing(numbers: Iterable[float | None]) -> bool:
    return all(number != number for number in numbers)  # noqa: PLR0124 - what is no number is not even itself


def test_the_process_is_measured_too() -> None:
    """Memory, open files and the time of its start, as every dashboard knows them."""
    text = generate_latest(Metrics().registry).decode()
    assert "python_info" in text
    assert "python_gc_objects_collected_total" in text
    if "process_" in text:  # there is /proc
        assert {"process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds"} <= {*text.split()}
