"""Sharing an offer in a community: what may be in it, how it reads, and the pages that lead there."""

import re
import unicodedata
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from dialogs import filled
from dialogs.catalog import LABEL_LIMIT, Catalog
from dialogs.community import Community
from dialogs.journey import Journey, Win
from dialogs.replies import Control, Params, Press, Reply, Write

LONGEST_LINE, LONGEST_NAME = 300, 40
"""In characters: a line of somebody's own, and what they are called."""

LONGEST_COMMUNITY = 40
"""The characters of a community's name that are shown."""

MOST_A_DAY = 3
"""So often somebody can share something within a day, whatever they take back: each is a message to a whole channel."""

QUOTED = "\N{BOX DRAWINGS LIGHT VERTICAL}"
"""What stands before each line that is set apart: no markup, so it looks the same everywhere."""

DAY = timedelta(days=1)
"""So long what somebody has written is remembered before it is shared."""

_LINK = re.compile(
    r"\w://|\bwww\.|\w\.[a-z]{2,}/\w|\b[\w-]{2,}\.(?:com|org|net|io|gg|me|co|link|ly|app|dev)\b", re.IGNORECASE
)
_VISIBLE = "LNPS"


def one_line(text: str, longest: int) -> str:
    """Return text as one paragraph of at most so many characters, "" when nothing of it can be seen."""
    line = " ".join(text.split())
    if not any(unicodedata.category(character)[0] in _VISIBLE for character in line):
        return ""
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}\u2026"


def has_link(line: str) -> bool:
    """Say whether a line holds an address: nobody advertises here, least of all without a name."""
    return _LINK.search(line) is not None


def begun(journey: Journey, community: str, now: datetime) -> Win:
    """Return what is about to be shared, in this community; a new one when there is none, or none of today."""
    win = journey.win
    if win is None or now - win.at >= DAY:
        return Win(community=community, at=now)
    return replace(win, community=community, at=now)


def announced(win: Win, catalog: Catalog) -> str:
    """Return what stands in the channel, word for word."""
    key, params = ("wins.announce_named", {"name": win.name}) if win.name else ("wins.announce", {})
    said = filled.fill(catalog.template(key, win.nth), params, catalog)
    return f"{said}\n\n{_quoted(win.line, catalog)}" if win.line else said


def mark(win: Win, catalog: Catalog) -> str:
    """Return by what a button knows the words above it: what stands under others must not post these."""
    return f"{zlib.crc32(announced(win, catalog).encode()):x}"


class Pages:
    """What a member is shown, in the words of a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        """Take the words."""
        self._catalog = catalog

    def say(self, key: str, *controls: Control, **params: str) -> Reply:
        """Return one line with what can be done there."""
        return Reply(text=self._words(key, params), keys=(f"wins.{key}",), controls=controls)

    def start(
        self, win: Win, community: Community, others: Mapping[str, Community], note: str = "", *, has_some: bool = False
    ) -> Reply:
        """Return the page that says what this is, and where it goes.

        others: where it could go, too. note: the key of a line that comes first. has_some: whether the person has
        shared something before.
        """
        here = win.community
        parts = [self._words(note, {})] if note else []
        parts.append(self._words("share", {"community": self.called(community)}))
        if win.line:
            parts += [self._words("line_so_far", {}), quoted_lines(_quoted(win.line, self._catalog))]
        write = Write(
            act=f"wins.line:{here}",
            label=self._words("press_other_line" if win.line else "press_line", {}),
            title=self._words("line_title", {}),
            field=self._words("line_field", {}),
            longest=LONGEST_LINE,
        )
        controls: list[Control] = [
            self._press(f"wins.anonymous:{here}", "press_anonymous", style="primary"),
            self._press(f"wins.named:{here}", "press_named"),
            write,
            *([self._press(f"wins.no_line:{here}", "press_no_line")] if win.line else []),
            self._press("wins.leave", "press_leave"),
            *self._to(others),
            *([self._press("wins.mine", "press_mine")] if has_some else []),
        ]
        return Reply(text="\n\n".join(parts), keys=("wins.share",), controls=tuple(controls))

    def choose(self, others: Mapping[str, Community]) -> Reply:
        """Return the question in which of several communities, when it is none that was asked from."""
        return self.say("choose", *self._to(others), self._press("wins.leave", "press_leave"))

    def preview(self, win: Win, community: Community, note: str = "") -> Reply:
        """Return what is going to stand in the channel, before it does."""
        parts = [self._words(note, {})] if note else []
        parts += [
            self._words("preview", {"community": self.called(community)}),
            quoted_lines(announced(win, self._catalog)),
            self._words("preview_named" if win.name else "preview_anonymous", {}),
        ]
        controls = (
            self._press(f"wins.post:{win.community}/{mark(win, self._catalog)}", "press_post", style="primary"),
            self._press(f"wins.share:{win.community}", "press_change"),
            self._press("wins.leave", "press_leave"),
        )
        return Reply(text="\n\n".join(parts), keys=("wins.preview",), controls=controls)

    def posted(self, community: str, number: int) -> Reply:
        """Return what is shown when it is posted."""
        return self.say("posted", self.withdraw(community, number))

    def withdraw(self, community: str, number: int, label: str = "") -> Press:
        """Return the button that takes one back. It says where it stands, wherever the button is."""
        return Press(act=f"wins.withdraw:{community}/{number}", label=label or self._words("press_withdraw", {}))

    def called(self, community: Community) -> str:
        """Return the name of a community, or words that stand for it."""
        return one_line(community.name, LONGEST_COMMUNITY) or self._words("here", {})

    def _to(self, others: Mapping[str, Community]) -> list[Press]:
        return [
            Press(
                act=f"wins.share:{name}",
                label=self._words("press_to", {"community": self.called(one)})
                if one.name
                else self._words("press_to_unnamed", {}),
            )
            for name, one in others.items()
        ]

    def _press(self, act: str, key: str, style: str = "") -> Press:
        return Press(act=act, label=self._words(key, {})[:LABEL_LIMIT], style=style)

    def _words(self, key: str, params: Params) -> str:
        return filled.fill(self._catalog.template(f"wins.{key}"), params, self._catalog)


def quoted_lines(text: str) -> str:
    """Return text set apart as something that stands elsewhere."""
    return "\n".join(f"{QUOTED} {line}".rstrip() for line in text.split("\n"))


def _quoted(line: str, catalog: Catalog) -> str:
    return filled.fill(catalog.template("wins.quote"), {"line": line}, catalog)
