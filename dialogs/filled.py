"""Lines of the words with their placeholders filled in."""

import re
from datetime import date

from dialogs.catalog import Catalog, Template
from dialogs.replies import Params, Say

MARKED_DAY = re.compile("\x02(.*?)\x1f(.*?)\x03")
"""A day while a text is put together. No platform lets such characters through, so they are nobody's own."""


def line(say: Say, catalog: Catalog) -> str:
    """Return the wording of a line, or the label of a choice. Raises MissingWordsError."""
    if say.key.startswith("label:"):
        return catalog.label(str(say.params["of"]), say.key.removeprefix("label:"))
    return fill(catalog.template(say.key, say.nth), say.params, catalog)


def fill(template: Template, params: Params, catalog: Catalog) -> str:
    """Return a template with its placeholders filled; what the person has not told has words that stand for it."""
    parts: list[str] = []
    for text, name in template:
        parts.append(text)
        if name:
            parts.append(value(params[name], catalog) if name in params else _fallback(name, catalog))
    return "".join(parts)


def _fallback(name: str, catalog: Catalog) -> str:
    """Return what stands for something that the person has not told, like "the company"."""
    return catalog.plain(f"common.{name}")


def value(given: "str | Say | date", catalog: Catalog) -> str:
    """Return a parameter as text; a day is marked, for platforms that show it in the reader's way."""
    if isinstance(given, str):
        return given
    return line(given, catalog) if isinstance(given, Say) else _day(given, catalog)


def shown(given: "str | Say | date", catalog: Catalog) -> str:
    """Return a parameter as text without any mark."""
    return MARKED_DAY.sub(r"\2", value(given, catalog))


def _day(day: date, catalog: Catalog) -> str:
    weekdays = catalog.lines["common.weekdays"].say
    months = catalog.lines["common.months"].say
    params = {"weekday": weekdays[day.weekday()], "day": str(day.day), "month": months[day.month - 1]}
    return f"\x02{day.isoformat()}\x1f{fill(catalog.template('common.day'), params, catalog)}\x03"
