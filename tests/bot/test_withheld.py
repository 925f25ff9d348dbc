"""Counts of danger tell of nobody, however few people there are."""

from datetime import UTC, date, datetime, timedelta

from prometheus_client import CollectorRegistry

from bot.metrics import Metrics
from bot.withheld import Withheld
from dialogs.steps import Step

MONDAY = date(2026, 1, 5)


class Calendar:
    """A day that can be turned."""

    def __init__(self) -> None:
        """Begin on a Monday."""
        self.day = MONDAY

    def __call__(self) -> date:
        """Return the day."""
        return self.day

    def turn(self) -> None:
        """Go on to the next day."""
        self.day += timedelta(days=1)


def counter(calendar: Calendar) -> tuple[Withheld, CollectorRegistry]:
    """Return a counter, and where it is shown."""
    registry = CollectorRegistry()
    made = Withheld("x", "X.", "level", ("clear", "unclear"), calendar)
    registry.register(made)
    return made, registry


def shown(registry: CollectorRegistry, level: str = "clear") -> float | None:
    """Return what is shown of a level."""
    return registry.get_sample_value("x_total", {"level": level})


def test_nothing_moves_on_the_day_on_which_it_happens() -> None:
    """Whoever sees somebody write, and looks at the figure, sees it stand still, however much happens."""
    calendar = Calendar()
    made, registry = counter(calendar)
    for _ in range(25):
        made.count("clear")
        assert shown(registry) == 0
    calendar.turn()
    assert shown(registry) == 20
    made.count("clear")
    assert shown(registry) == 20


def test_fewer_than_ten_are_never_shown() -> None:
    """They wait for others, of later days, so that each stands among ten; and each level for its own."""
    calendar = Calendar()
    made, registry = counter(calendar)
    for _ in range(9):
        made.count("clear")
        made.count("unclear")
        calendar.turn()
        assert (shown(registry), shown(registry, "unclear")) == (0, 0)
    made.count("clear")
    calendar.turn()
    assert (shown(registry), shown(registry, "unclear")) == (10, 0)


def test_the_steps_of_danger_are_what_is_counted() -> None:
    """How somebody came there, how long they stayed, and when, is not."""
    now = [datetime(2026, 1, 5, 12, tzinfo=UTC)]
    metrics = Metrics(now=lambda: now[0])
    steps = (Step.SAFETY_ASK, Step.SAFETY, Step.SAFETY_OTHER, Step.SAFETY_STAY, Step.VENTING)
    for _ in range(10):
        metrics.committed(len(steps), steps)
    now[0] += timedelta(days=1)
    for level in ("unclear", "clear", "somebody_else"):
        assert metrics.registry.get_sample_value("onward_danger_total", {"level": level}) == 10
