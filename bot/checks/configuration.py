"""Whether the settings can be read: what is wrong with each that cannot, and all others as they are."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.checks.result import Result, good, wrong
from bot.settings import NAMES, Settings, SettingsError, unknown

TOPIC = "settings"
GROUPS = ("ONWARD_DISCORD__", "ONWARD_SLACK__")
"""How settings begin that make sense only together."""


def examine(environ: Mapping[str, str], database: Path | None) -> tuple[Settings, Mapping[str, str]]:
    """Return the settings without those that cannot be read, and for each of these the sentence that says why.

    Those that belong to a group are left out together, under the group's name.
    """
    left, unread = dict(environ), dict[str, str]()
    while True:
        try:
            return Settings.read(left, database=database), unread
        except SettingsError as error:
            name = _named(left, str(error))
            unread[name] = str(error)
            group = [one for one in left if one == name or (name in GROUPS and one.startswith(name))]
            if not group:
                raise
            for one in group:
                del left[one]


def _named(environ: Mapping[str, str], sentence: str) -> str:
    """Return which setting or group a sentence is about: it begins with its name."""
    if names := unknown(environ):
        return names[0]
    found = re.match(r"\w*", sentence)
    name = found[0] if found else ""
    return next((group for group in GROUPS if name.startswith(group)), name)


def look(environ: Mapping[str, str], unread: Mapping[str, str]) -> Iterator[Result]:
    """Tell what became of the settings."""
    for sentence in unread.values():
        yield wrong(TOPIC, sentence)
    count = sum(name in NAMES for name in environ)
    if not unread:
        yield good(TOPIC, f"{count} set, all of them can be read." if count else "None is set.")
