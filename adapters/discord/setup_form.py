"""The form with which admins set a server up: what it looks like, and what its elements mean. Pure."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from adapters.communities import called
from adapters.discord.components import (
    CHANNEL_SELECT,
    DANGER,
    PRIMARY,
    ROLE_SELECT,
    SELECT,
    Payload,
    button,
    message,
    row,
)
from adapters.discord.render import filled
from dialogs.catalog import Catalog
from dialogs.community import FEATURES, Choices, Community, languages
from dialogs.helplines import countries
from dialogs.private import Private

FORM = "o:setup"
"""How the ids of its elements begin; behind it stands what is chosen or done, and never for which server."""

TEXT_CHANNELS = (0, 5)
"""Kinds of channels that messages can be sent to: text and announcements."""

CHANNELS, ROLE = ("panel_channel", "wins_channel", "moderators_channel"), "mentors"
LISTED = ("country", "language", "features")
PAGES = (1, 2)
"""A message has room for five rows, so the form has two pages: places, and lists."""

HINTS = {1: (*CHANNELS, ROLE), 2: ("country", "features")}
"""What each page says a line about."""

POST, UNDO, TURN, REMOVE, REMOVE_YES, REMOVE_NO = "post", "undo", "turn", "remove", "remove_yes", "remove_no"


class Pressed(Private, frozen=True):
    """What was done in the form: on which page, and to what."""

    page: int
    what: str


def element(page: int, what: str) -> str:
    """Return the id of an element."""
    return f"{FORM}:{page}:{what}"


def pressed(custom_id: str) -> Pressed | None:
    """Return what an element means; None for the id of anything else."""
    if not custom_id.startswith(f"{FORM}:"):
        return None
    page, _, what = custom_id.removeprefix(f"{FORM}:").partition(":")
    return Pressed(page=int(page) if page in map(str, PAGES) else PAGES[0], what=what)


class SetupForm:
    """The form in the words of a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        """Use these words."""
        self._catalog = catalog

    def page(self, community: Community, page: int, gone: Collection[str] = (), notes: Sequence[str] = ()) -> Payload:
        """Return a page. gone: places that are not there any more. notes: what has happened, and what is missing."""
        now = community.now
        rows = [*self._places(now, gone)] if page == PAGES[0] else [*self._lists(now)]
        return message(self._text(now, page, notes), [*rows, self._buttons(community, page)])

    def sure(self, page: int) -> Payload:
        """Return the one question before everything is removed."""
        yes = button(element(page, REMOVE_YES), self.words("remove_yes"), DANGER)
        no = button(element(page, REMOVE_NO), self.words("remove_no"))
        return message(self.words("remove_sure"), [row(yes, no)])

    def told(self, name: str) -> Payload:
        """Return one line, without anything to press."""
        return message(self.words(name), [])

    def words(self, name: str, **params: str) -> str:
        """Return a line of the words, with what stands in it."""
        return filled(self._catalog, f"community.{name}", **params)

    def _text(self, now: Choices, page: int, notes: Sequence[str]) -> str:
        shown: list[str] = []
        for name in (*CHANNELS, ROLE) if page == PAGES[0] else LISTED:
            label = self.words("mentors_role" if name == ROLE else name)
            shown.append(f"{label}: {self._value(now, name) or self.words('nothing')}")
        hints = "\n".join(self.words(f"tells_{name}") for name in HINTS[page])
        parts = [f"**{self.words('heading')}**", self.words("intro"), "\n".join(shown), hints]
        return "\n\n".join([*parts, *(f"**{note}**" for note in notes)])

    def _value(self, now: Choices, name: str) -> str:
        if name == "features":
            return ", ".join(called(self._catalog, "features", one) for one in now.features)
        value: str = getattr(now, name)
        if not value or name in CHANNELS:
            return value and f"<#{value}>"
        return f"<@&{value}>" if name == ROLE else called(self._catalog, name, value)

    def _places(self, now: Choices, gone: Collection[str]) -> Iterator[Payload]:
        for name in CHANNELS:
            select = self._select(CHANNEL_SELECT, 1, name, channel_types=list(TEXT_CHANNELS))
            yield row({**select, **_default(getattr(now, name), "channel", gone)})
        yield row({**self._select(ROLE_SELECT, 1, ROLE, label="mentors_role"), **_default(now.mentors, "role", gone)})

    def _lists(self, now: Choices) -> Iterator[Payload]:
        offered = {"country": sorted(countries()), "language": languages(), "features": FEATURES}
        for name in LISTED:
            values = now.features if name == "features" else (getattr(now, name),)
            options = [
                {"label": called(self._catalog, name, one), "value": one, "default": one in values}
                for one in offered[name]
            ]
            least = 1 if name == "language" else 0
            most = len(options) if name == "features" else 1
            yield row(self._select(SELECT, 2, name, options=options, min_values=least, max_values=most))

    def _select(self, kind: int, page: int, name: str, label: str = "", **more: Any) -> Payload:  # noqa: ANN401 - as Discord takes it
        placeholder = self.words(label or name)
        base = {"type": kind, "custom_id": element(page, name), "placeholder": placeholder}
        return {**base, "min_values": 0, "max_values": 1, **more}

    def _buttons(self, community: Community, page: int) -> Payload:
        undo = button(element(page, UNDO), self.words("undo"))
        turned = self.words("next_page" if page == PAGES[0] else "first_page")
        return row(
            button(element(page, POST), self.words("post_again" if community.panel else "post"), PRIMARY),
            {**undo, "disabled": community.before is None},
            button(element(page, TURN), turned),
            button(element(page, REMOVE), self.words("remove"), DANGER),
        )


def _default(value: str, kind: str, gone: Collection[str]) -> Payload:
    """Return what a menu of places shows as chosen."""
    return {"default_values": [{"id": value, "type": kind}]} if value and value not in gone else {}
