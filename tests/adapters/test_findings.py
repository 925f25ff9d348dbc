"""How far the clock of a platform is from ours, by the date that it gives."""

from datetime import UTC, datetime

import pytest

from adapters.findings import seconds_ahead

NOON = datetime(2026, 1, 5, 12, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Mon, 05 Jan 2026 12:00:00 GMT", 1),
        ("Mon, 05 Jan 2026 12:02:00 -0000", -119),
        ("Mon, 05 Jan 2026 14:00:00 +0200", 1),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_tells_how_far_a_clock_is_ahead(date: str | None, ahead: float | None) -> None:
    """Where there is none, or none that can be read, nothing is known."""
    assert seconds_ahead(date, NOON) == ahead
