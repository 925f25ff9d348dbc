"""Time zones by the clock on somebody's wall: which zones show that time now, one for each way of keeping it."""

from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from dialogs import moments
from dialogs.journey import Journey

UNKNOWN = "UTC"
"""The time zone of somebody who has not told it."""

ZONES: tuple[tuple[str, str], ...] = (
    ("America/New_York", "US"),
    ("Europe/London", "GB"),
    ("Asia/Kolkata", "IN"),
    ("America/Los_Angeles", "US"),
    ("America/Chicago", "US"),
    ("Europe/Berlin", "DE"),
    ("Australia/Sydney", "AU"),
    ("America/Denver", "US"),
    ("America/Phoenix", "US"),
    ("America/Anchorage", "US"),
    ("Pacific/Honolulu", "US"),
    ("America/Toronto", "CA"),
    ("America/Vancouver", "CA"),
    ("America/Edmonton", "CA"),
    ("America/Winnipeg", "CA"),
    ("America/Regina", "CA"),
    ("America/Halifax", "CA"),
    ("America/St_Johns", "CA"),
    ("America/Mexico_City", "MX"),
    ("America/Bogota", "CO"),
    ("America/Sao_Paulo", "BR"),
    ("America/Argentina/Buenos_Aires", "AR"),
    ("Europe/Dublin", "IE"),
    ("Europe/Lisbon", "PT"),
    ("Europe/Paris", "FR"),
    ("Europe/Madrid", "ES"),
    ("Europe/Amsterdam", "NL"),
    ("Europe/Athens", "GR"),
    ("Europe/Istanbul", "TR"),
    ("Europe/Moscow", "RU"),
    ("Africa/Accra", "GH"),
    ("Africa/Lagos", "NG"),
    ("Africa/Johannesburg", "ZA"),
    ("Africa/Cairo", "EG"),
    ("Africa/Nairobi", "KE"),
    ("Asia/Jerusalem", "IL"),
    ("Asia/Dubai", "AE"),
    ("Asia/Tehran", "IR"),
    ("Asia/Kabul", "AF"),
    ("Asia/Karachi", "PK"),
    ("Asia/Colombo", "LK"),
    ("Asia/Kathmandu", "NP"),
    ("Asia/Dhaka", "BD"),
    ("Asia/Yangon", "MM"),
    ("Asia/Bangkok", "TH"),
    ("Asia/Jakarta", "ID"),
    ("Asia/Shanghai", "CN"),
    ("Asia/Singapore", "SG"),
    ("Asia/Manila", "PH"),
    ("Australia/Perth", "AU"),
    ("Asia/Tokyo", "JP"),
    ("Australia/Darwin", "AU"),
    ("Australia/Adelaide", "AU"),
    ("Australia/Brisbane", "AU"),
    ("Australia/Lord_Howe", "AU"),
    ("Pacific/Noumea", "NC"),
    ("Pacific/Auckland", "NZ"),
    ("Pacific/Chatham", "NZ"),
    ("Pacific/Apia", "WS"),
    ("Atlantic/Azores", "PT"),
    ("Atlantic/Reykjavik", "IS"),
)
"""Where most people are who look for work in English, and one zone for every other way of keeping time; with ISO codes.

From the table of zones in the IANA time zone database."""

COUNTRIES = dict(ZONES)

_kept = cache(ZoneInfo)
"""Zones that stay loaded: Python itself keeps the last eight, and reads the file of any other again."""

MOST = 8
CLOSE = timedelta(minutes=8)
"""How far a clock on the wall may be off."""

HALF = timedelta(hours=12)


def known(journey: Journey) -> bool:
    """Say whether it is known what time it is for the person."""
    return journey.settings.zone != UNKNOWN


def country(zone: str) -> str:
    """Return the ISO code of the country of a zone, "" for one that is not listed here."""
    return COUNTRIES.get(zone, "")


def city(zone: str) -> str:
    """Return the city in the name of a zone."""
    return zone.rpartition("/")[2].replace("_", " ")


def clock(zone: str, now: datetime) -> str:
    """Return what the clock shows there, as "14:05"."""
    return f"{now.astimezone(_kept(zone)):%H:%M}"


def offered(country: str, now: datetime) -> tuple[str, ...]:
    """Return zones to choose from: those of the country first, then the commonest, each showing another time."""
    names = [name for name, code in ZONES if code == country] + [name for name, _ in ZONES]
    shown: dict[str, str] = {}
    for name in names:
        shown.setdefault(clock(name, now), name)
    return tuple(shown.values())[:MOST]


def named(text: str) -> str:
    """Return the zone that a text names, by its own name or that of its city; "" when it names none."""
    wanted = " ".join(text.split()).casefold()
    for name, _ in ZONES:
        if wanted in {name.casefold(), city(name).casefold()}:
            return name
    exact = "_".join(text.split())
    return exact if "/" in exact and moments.known_zone(exact) else ""


def showing(told: time, now: datetime, country: str, *, either_half: bool) -> tuple[str, ...]:
    """Return the zones where the clock shows a time now, those of the country alone when it has some.

    either_half: whether three may be fifteen as well.
    """

    def shows(name: str) -> bool:
        local = now.astimezone(_kept(name))
        ahead = timedelta(hours=told.hour - local.hour, minutes=told.minute - local.minute)
        cycle = HALF if either_half else 2 * HALF
        return min(ahead % cycle, -ahead % cycle) <= CLOSE

    found = [(name, code) for name, code in ZONES if shows(name)]
    own = [name for name, code in found if code == country]
    return tuple(own or [name for name, _ in found])[:MOST]
