"""The clock that can be moved."""

from datetime import UTC, datetime, timedelta

from bot.clock import Clock

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_it_goes_on_from_where_it_was_moved_to() -> None:
    """After a move, time goes on as fast as before."""
    times = [NOON]
    clock = Clock(lambda: times[-1])
    clock.move_to(NOON + timedelta(days=2))
    assert clock.now() == NOON + timedelta(days=2)
    times.append(NOON + timedelta(minutes=1))
    assert clock.now() == NOON + timedelta(days=2, minutes=1)


def test_it_never_goes_back() -> None:
    """A move to a moment that has passed changes nothing."""
    clock = Clock(lambda: NOON)
    clock.move_to(NOON - timedelta(hours=1))
    assert clock.now() == NOON


def test_by_itself_it_tells_the_real_time_in_utc() -> None:
    """Without a source it is the computer's clock."""
    before = datetime.now(UTC)
    assert before <= Clock().now() <= datetime.now(UTC)
