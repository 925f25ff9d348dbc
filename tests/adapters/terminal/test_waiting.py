"""Time travel in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.terminal.waiting import WaitError, later, target
from dialogs.catalog import Catalog

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 3, 25, 20, 30, tzinfo=UTC)
"""A Wednesday evening, half past nine in Berlin, four days before the clocks go forward."""


@pytest.mark.parametrize(
    ("asked", "local"),
    [
        ("90m", "2026-03-25 23:00"),
        ("90 minutes", "2026-03-25 23:00"),
        ("3h", "2026-03-26 00:30"),
        ("2d", "2026-03-27 21:30"),
        ("1 day", "2026-03-26 21:30"),
        ("1w", "2026-04-01 22:30"),
        ("until monday 9:00", "2026-03-30 09:00"),
        ("until Mon", "2026-03-30 09:00"),
        ("monday at 18:45", "2026-03-30 18:45"),
        ("until wednesday 9:00", "2026-04-01 09:00"),
        ("until wednesday 22:00", "2026-03-25 22:00"),
        ("until tomorrow", "2026-03-26 09:00"),
        ("until 22:15", "2026-03-25 22:15"),
        ("until 9:00", "2026-03-26 09:00"),
        ("until 2026-12-24 9:00", "2026-12-24 09:00"),
        ("2026-12-24", "2026-12-24 09:00"),
    ],
)
def test_a_time_to_wait_for(asked: str, local: str) -> None:
    """Spans count from now; days and times are the person's own, also when the clocks change on the way."""
    moment = target(asked, NOW, BERLIN)
    assert moment.tzinfo is UTC
    assert f"{moment.astimezone(tz=ZoneInfo(BERLIN)):%Y-%m-%d %H:%M}" == local


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("", "terminal.wait_unclear"),
        ("a bit", "terminal.wait_unclear"),
        ("until someday", "terminal.wait_unclear"),
        ("until mondays", "terminal.wait_unclear"),
        ("until 25:00", "terminal.wait_unclear"),
        ("until 2026-02-30", "terminal.wait_unclear"),
        ("-2d", "terminal.wait_unclear"),
        ("0m", "terminal.wait_ahead"),
        ("until 2020-01-01 9:00", "terminal.wait_ahead"),
        ("0001-01-01 0:00", "terminal.wait_unclear"),
        ("400d", "terminal.wait_ahead"),
        ("9999w", "terminal.wait_ahead"),
    ],
)
def test_no_time_to_wait_for(asked: str, why: str) -> None:
    """What cannot be understood, has passed or is too far off is refused with the line that says which."""
    with pytest.raises(WaitError) as refused:
        target(asked, NOW, BERLIN)
    assert refused.value.key == why


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(minutes=1), "(a minute later: Wednesday 21:30)"),
        (timedelta(minutes=90), "(90 minutes later: Wednesday 21:30)"),
        (timedelta(hours=1), "(an hour later: Wednesday 21:30)"),
        (timedelta(hours=3, seconds=2), "(three hours later: Wednesday 21:30)"),
        (timedelta(hours=36), "(36 hours later: Wednesday 21:30)"),
        (timedelta(days=1), "(a day later: Wednesday 21:30)"),
        (timedelta(days=2, seconds=-1), "(two days later: Wednesday 21:30)"),
        (timedelta(days=5, hours=3), "(five days later: Wednesday 21:30)"),
        (timedelta(days=30), "(30 days later: Wednesday 25 March 21:30)"),
    ],
)
def test_the_time_that_went_by(span: timedelta, said: str) -> None:
    """It is told in the largest unit that does not mislead, with the date once the weekday alone would be unclear."""
    assert later(span, NOW, BERLIN, Catalog.load()) == said
