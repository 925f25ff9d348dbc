"""Where a person is, as far as the platform knows it."""

from collections.abc import Mapping

from msgspec.structs import replace

from dialogs import moments
from dialogs.journey import Journey, Membership, Settings

MOST_COMMUNITIES = 10
"""So many communities are remembered of one person; the ones through which they came last."""


def placed(journey: Journey, told: Mapping[str, str]) -> Journey:
    """Return a journey with what it does not know yet: what the person has set themselves stays.

    told: "zone" (IANA), "country" (ISO), "locale", and "overseen" when an employer may be able to read along.
    "keep_days" is the host's to say, and always holds, and so does "community" (an id), with "features": what is on.
    """
    now, unknown = journey.settings, Settings()
    zone, country = told.get("zone", ""), told.get("country", "")
    settings = replace(
        now,
        zone=zone if now.zone == unknown.zone and moments.known_zone(zone) else now.zone,
        country=now.country or (country.upper() if len(country) == len("DE") and country.isalpha() else ""),
        locale=(told.get("locale") or now.locale) if now.locale == unknown.locale else now.locale,
        overseen=now.overseen or bool(told.get("overseen")),
        keep_days=int(told["keep_days"]) if told.get("keep_days", "").isdecimal() else now.keep_days,
        communities=_joined(now.communities, told),
    )
    return journey if settings == now else replace(journey, settings=settings)


def _joined(known: tuple[Membership, ...], told: Mapping[str, str]) -> tuple[Membership, ...]:
    """Return the communities with the one through which somebody comes now at the end."""
    community = told.get("community", "")
    if not community:
        return known
    here = Membership(community=community, features=tuple(told.get("features", "").split()))
    others = tuple(one for one in known if one.community != community)
    return (*others, here)[-MOST_COMMUNITIES:]
