"""Public holidays: nothing about jobs comes by itself on them."""

from datetime import UTC, date, datetime

import pytest

from dialogs import days_off, waits
from dialogs.journey import Action, Application, Journey, Rhythm, Settings
from dialogs.steps import Step

CHRISTMAS = date(2026, 12, 25)


@pytest.mark.parametrize(
    ("settings", "asked_on"),
    [
        (Settings(country="US"), date(2026, 12, 26)),
        (Settings(country="GB"), date(2026, 12, 27)),  # the 26th is one, too
        (Settings(zone="America/Chicago"), date(2026, 12, 26)),
        (Settings(country="IL", zone="America/Chicago"), CHRISTMAS),
        (Settings(country="XX"), CHRISTMAS),
        (Settings(zone="Antarctica/Troll"), CHRISTMAS),
        (Settings(), CHRISTMAS),
    ],
)
def test_a_day_that_is_a_holiday_leaves_it_to_the_next_one(settings: Settings, asked_on: date) -> None:
    """Where it is known in which country somebody is, by what they said or by their clock."""
    assert days_off.moved(CHRISTMAS, settings) == asked_on


def test_a_check_in_waits_for_the_day_after_and_comes_once() -> None:
    """It is due when that day has come, and is not left over from the holiday."""
    action = Action(key="cv", due=CHRISTMAS, ask_on=CHRISTMAS)
    journey = Journey(
        step=Step.REST,
        applications=(Application(opened_at=datetime(2026, 12, 1, tzinfo=UTC), actions=(action,)),),
        rhythm=Rhythm(kind="dates"),
        settings=Settings(zone="America/Chicago", hour=18),
    )
    on_the_day, after = datetime(2026, 12, 26, 1, tzinfo=UTC), datetime(2026, 12, 27, 1, tzinfo=UTC)
    assert waits.due(journey, on_the_day) == []
    assert waits.due(journey, after) == [waits.Reason.CHECK_IN]
    dealt_with = waits.dealt_with(journey, waits.Reason.CHECK_IN, after)
    assert list(waits.waits(dealt_with)) == []
