"""Public holidays, on which nothing about jobs comes by itself."""

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from dialogs import zones
from dialogs.journey import Settings

if TYPE_CHECKING:
    from holidays import HolidayBase

DAY = timedelta(days=1)


def moved(day: date, settings: Settings) -> date:
    """Return the day, or the first one after it that is no public holiday where the person is."""
    country = settings.country or zones.country(settings.zone)
    calendar = _calendar(country) if country else None
    while calendar is not None and day in calendar:
        day += DAY
    return day


@cache
def _calendar(country: str) -> "HolidayBase | None":
    from holidays import country_holidays  # noqa: PLC0415 - it takes a while, and the first prompt does not need it

    try:
        return country_holidays(country)
    except NotImplementedError:
        return None
