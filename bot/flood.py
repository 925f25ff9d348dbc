"""Nobody who sends faster than people write keeps the others waiting."""

from collections import OrderedDict
from datetime import datetime, timedelta
from enum import Enum
from itertools import islice

BURST = 500
"""So many events at once are taken: as many lines as are read again after a downtime."""

EACH = timedelta(seconds=0.5)
"""After this long one more is taken."""

MOST_REMEMBERED, MOST_AT_ONCE = 10_000, 4
"""The number of people who are watched; whoever has been quiet longest is forgotten first, as if rested. And how many
are forgotten with each event: nobody waits for it."""


class Verdict(Enum):
    """What becomes of an event: it is taken, it is the first that is not, or one more that is not."""

    TAKEN = "taken"
    FIRST_TOO_MANY = "first too many"
    TOO_MANY = "too many"


class Flood:
    """Counts the events of each person."""

    def __init__(self) -> None:
        """Begin with nobody."""
        # For each person the moment at which everything they have sent would have been taken one by one.
        self._paid_until: OrderedDict[str, datetime] = OrderedDict()
        self._told: set[str] = set()

    def verdict(self, person: str, now: datetime) -> Verdict:
        """Return what becomes of an event that comes in now."""
        until = max(self._paid_until.pop(person, now), now)
        too_many = until + EACH > now + BURST * EACH
        self._paid_until[person] = until if too_many else until + EACH
        self._forget_the_rested(now)
        if not too_many:
            self._told.discard(person)
            return Verdict.TAKEN
        first = person not in self._told
        self._told.add(person)
        return Verdict.FIRST_TOO_MANY if first else Verdict.TOO_MANY

    def __len__(self) -> int:
        """How many people are remembered."""
        return len(self._paid_until)

    def _forget_the_rested(self, now: datetime) -> None:
        """Forget people of whom everything would have been taken by now, and the quietest when there are too many."""
        for person, until in list(islice(self._paid_until.items(), MOST_AT_ONCE)):
            if until > now and len(self._paid_until) <= MOST_REMEMBERED:
                break
            del self._paid_until[person]
            self._told.discard(person)
