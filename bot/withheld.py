"""Counts that must not tell of anybody, however few people there are."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.registry import Collector

AT_LEAST = 10
"""What is shown is a multiple of this."""


class Withheld(Collector):
    """A counter that moves once a day at most, and only by whole tens.

    Whoever knows that somebody was writing at a moment learns nothing about them from it: what it shows has happened
    among at least ten times, on some day before today. What is held back is in memory only, and a restart forgets it.
    """

    def __init__(self, name: str, told: str, label: str, values: Sequence[str], today: Callable[[], date]) -> None:
        """Begin at zero for each value of the label. today: returns the day, in one zone for all."""
        self._name = name
        self._told = told
        self._label = label
        self._today = today
        self._shown = dict.fromkeys(values, 0)
        self._held: Counter[str] = Counter()
        self._day = today()

    def count(self, value: str) -> None:
        """Count one more, to be shown on another day."""
        self._turn_the_page()
        self._held[value] += 1

    def collect(self) -> Iterable[CounterMetricFamily]:
        """Return what may be shown."""
        self._turn_the_page()
        family = CounterMetricFamily(self._name, self._told, labels=(self._label,))
        for value, shown in self._shown.items():
            family.add_metric((value,), shown)
        return (family,)

    def _turn_the_page(self) -> None:
        """When a new day has begun, show the whole tens of what was held back until then."""
        if (today := self._today()) == self._day:
            return
        self._day = today
        for value in self._shown:
            whole = self._held[value] // AT_LEAST * AT_LEAST
            self._shown[value] += whole
            self._held[value] -= whole
