"""The helplines of each country."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from dialogs.catalog import Catalog
from dialogs.private import Private

GOOD_FOR = timedelta(days=365)
"""How long a number counts as checked."""


class Helpline(Private, frozen=True):
    """One helpline. call, text, chat: how it is reached, "" when it is not."""

    name: str
    call: str = ""
    text: str = ""
    chat: str = ""


class Country(Private, frozen=True):
    """The emergency number of a country, and its helplines; when they were last read, and where."""

    emergency: str
    lines: tuple[Helpline, ...]
    verified_on: date
    source: str


@cache
def countries() -> Mapping[str, Country]:
    """Return every country that has helplines listed, by its ISO code."""
    table = tomllib.loads((files("dialogs") / "helplines.toml").read_text(encoding="utf-8"))
    return {
        code: Country(**{**entry, "lines": tuple(Helpline(**line) for line in entry["lines"])})
        for code, entry in table.items()
    }


def stale(today: date) -> Iterator[str]:
    """Yield the countries whose numbers nobody has looked up for too long."""
    return (code for code, country in countries().items() if today - country.verified_on > GOOD_FOR)


def helplines_for(country: str, catalog: Catalog) -> str:
    """Return the helplines of a country as text; the international finder when none is listed for it."""

    def words(key: str, **params: str) -> str:
        return "".join(text + params.get(field, "") for text, field in catalog.template(f"helplines.{key}"))

    known = countries().get(country)
    if known is None:
        return "\n".join((words("title"), words("finder"), words("any_emergency"), words("tell_country")))
    rows = [words("title")]
    for line in known.lines:
        ways = [words(way, number=getattr(line, way)) for way in ("call", "text", "chat") if getattr(line, way)]
        rows.append(words("line", name=line.name, ways=", ".join(ways)))
    return "\n".join((*rows, words("emergency", number=known.emergency)))
