"""How a community has set the bot up: places, a country, a language, what is on. Nothing in it is about a person."""

import re
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files

import msgspec
from msgspec.structs import replace

from dialogs.helplines import countries
from dialogs.private import Private

VERSION = 1
"""The version of the stored form. Raise it when a field changes its meaning."""

FEATURES = ("mentors", "wins", "pulse")
"""What a community can switch on."""

RECIPIENT = "/community"
"""How the names end under which letters into channels are posted."""

_PLACE = re.compile(r"[0-9]{1,20}|[CG][0-9A-Z]{1,20}")
"""A channel or role of Discord, or a channel of Slack. Accounts of Slack begin with other letters, so none fits."""


class Choices(Private, frozen=True):
    """What an admin has chosen; "" and () where nothing is.

    panel_channel: where the panel stands. wins_channel: where good news is shared. moderators_channel: where reports
    and the monthly note go. mentors: who may mentor, as a role in Discord and as the channel of all of them in Slack.
    country: ISO code, for the helplines of whoever has not said where they live. language: a locale of the words.
    features: those of `FEATURES` that are on.
    """

    panel_channel: str = ""
    wins_channel: str = ""
    moderators_channel: str = ""
    mentors: str = ""
    country: str = ""
    language: str = "en"
    features: tuple[str, ...] = ()


class Panel(Private, frozen=True):
    """The message with the two buttons, where it is now."""

    channel: str
    message: str


class Community(Private, frozen=True):
    """A server of Discord or a workspace of Slack.

    name: how it is called, as far as that is known. before: the choices before the last change, to undo it.
    """

    now: Choices = Choices()
    before: Choices | None = None
    panel: Panel | None = None
    name: str = ""

    @property
    def on(self) -> tuple[str, ...]:
        """The parts that are on."""
        return tuple(name for name in FEATURES if self.has(name))

    def has(self, feature: str) -> bool:
        """Say whether a part is on, and everything chosen that it needs."""
        needed = {"mentors": self.now.mentors, "wins": self.now.wins_channel}
        return feature in self.now.features and bool(needed.get(feature, True))

    @property
    def moved(self) -> bool:
        """Whether the panel stands in another channel than the one that is chosen now."""
        return self.panel is not None and self.panel.channel != self.now.panel_channel


class ChoiceError(ValueError):
    """Something was chosen that is not offered. The message says of what kind, and not what it was."""


def languages() -> tuple[str, ...]:
    """Return the locales that there are words in."""
    return tuple(sorted(one.name for one in (files("dialogs") / "wordings").iterdir() if one.is_dir()))


def _is_place(value: str) -> bool:
    return not value or _PLACE.fullmatch(value) is not None


OFFERED: Mapping[str, Callable[[str], bool]] = {
    "panel_channel": _is_place,
    "wins_channel": _is_place,
    "moderators_channel": _is_place,
    "mentors": _is_place,
    "country": lambda value: not value or value in countries(),
    "language": lambda value: value in languages(),
}
"""What may be chosen, for each single thing."""


def chosen(community: Community, what: str, values: Sequence[str]) -> Community:
    """Return a community after a choice: one value, none to choose nothing, any number for "features".

    Raises ChoiceError.
    """
    if what == "features":
        if not set(values) <= set(FEATURES):
            msg = "no such feature"
            raise ChoiceError(msg)
        return _changed(community, features=tuple(name for name in FEATURES if name in values))
    value = values[0] if values else ""
    if what not in OFFERED or len(values) > 1 or not OFFERED[what](value):
        msg = "no such choice"
        raise ChoiceError(msg)
    return _changed(community, **{what: value})


def undone(community: Community) -> Community:
    """Return a community as it was before the last change; where nothing is left to undo, as it is."""
    return community if community.before is None else replace(community, now=community.before, before=None)


def named(community: Community, name: str) -> Community:
    """Return a community as it is called now."""
    return replace(community, name=name)


def recipient(community: str) -> str:
    """Return the name under which letters into a community's channels are posted, which is nobody's."""
    return f"{community}{RECIPIENT}"


def posted(community: Community, panel: Panel) -> Community:
    """Return a community after its panel was posted, which is a fact and no choice: it cannot be undone."""
    return replace(community, panel=panel)


def _changed(community: Community, **to: str | tuple[str, ...]) -> Community:
    now = replace(community.now, **to)
    return community if now == community.now else replace(community, now=now, before=community.now)


class UnreadableCommunityError(Exception):
    """What is stored is from a newer version, or damaged. The message holds nothing of it."""


class _Stored(Private, frozen=True):
    v: int
    community: Community


_decoder = msgspec.json.Decoder(_Stored)


def encode(community: Community) -> str:
    """Return the community as JSON, with the version."""
    return msgspec.json.encode(_Stored(v=VERSION, community=community)).decode()


def decode(stored: str) -> Community:
    """Return the community that `encode` stored. Raises UnreadableCommunityError."""
    try:
        found = _decoder.decode(stored)
    except msgspec.MsgspecError:
        msg = "the set-up of a community is damaged: set it up again with /onward setup"
        raise UnreadableCommunityError(msg) from None
    if found.v != VERSION:
        msg = f"the set-up of a community has version {found.v}, and this program reads {VERSION}: run a newer release"
        raise UnreadableCommunityError(msg)
    return found.community
