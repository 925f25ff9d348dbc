"""What time it is. One clock for the whole application, handed to whoever needs it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_time() -> datetime:
    """Return the computer's time, in UTC."""
    return datetime.now(UTC)


class Clock:
    """A clock that can be moved forward, and never back: in a terminal, a day can pass in a second."""

    def __init__(self, source: Callable[[], datetime] = real_time) -> None:
        """Begin at the source's time."""
        self._source = source
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return self._source() + self._ahead

    def move_to(self, moment: datetime) -> None:
        """Move forward to a moment; one that has passed changes nothing."""
        self._ahead += max(moment - self.now(), timedelta())
