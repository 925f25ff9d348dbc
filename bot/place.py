"""Where the person at this computer is, as far as the computer tells: time zone and country."""

import re
from collections.abc import Mapping
from pathlib import Path

from dialogs.moments import known_zone

_COUNTRY = re.compile(r"[a-z]{2,3}_([A-Z]{2})(?:[.@].*)?")


def zone(environ: Mapping[str, str], localtime: Path = Path("/etc/localtime")) -> str:
    """Return the IANA name of the local time zone, "UTC" when the computer does not tell one."""
    told = environ.get("TZ", "").removeprefix(":")
    linked = str(localtime.resolve()).partition("zoneinfo/")[2]
    for name in (told, linked.removeprefix("posix/")):
        if name and known_zone(name):
            return name
    return "UTC"


def country(environ: Mapping[str, str]) -> str:
    """Return the ISO code of the country that the language settings name, "" when they name none."""
    told = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    match = _COUNTRY.fullmatch(told)
    return match[1] if match else ""
