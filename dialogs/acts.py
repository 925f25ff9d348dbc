"""What members of a community do with buttons that stay, and with commands: offer, look for, agree, share, report.

An act is one line of text, so that a button holds it: a name, and what it is about behind a colon.
"""

from dialogs.private import Private

LONGEST = 90
"""The most characters of an act as text: a button of Discord's has room for 100, with how our ids begin."""

TAKING_BACK = frozenset(
    {"wins.mine", "wins.withdraw"}
    | {f"mentor.{one}" for one in ("mine", "look", "cancel", "decline", "end", "block", "report", "tell")}
    | {f"mentor.{one}" for one in ("offer", "pause", "stop", "accept")}
)
"""What somebody can still do about a community that they have left: take back what is theirs there.

The page of an offer is among it, and a yes: it counts as that of somebody who is no mentor, so the next one is asked.
"""


class Act(Private, frozen=True):
    """One act.

    name: "mentor.accept", of the part "mentor". about: what it is about, such as the number of an introduction.
    values: what was picked or written with it.
    """

    name: str
    about: str = ""
    values: tuple[str, ...] = ()

    @property
    def part(self) -> str:
        """The part of the bot that it is for."""
        return self.name.partition(".")[0]

    def __str__(self) -> str:
        """Return it as a button holds it, without what is picked."""
        return f"{self.name}:{self.about}" if self.about else self.name


def read(text: str, values: tuple[str, ...] = ()) -> Act:
    """Return the act that a button or a command holds."""
    name, _, about = text.partition(":")
    return Act(name=name, about=about, values=values)


def community(act: Act, platform: str) -> str:
    """Return the community of a platform that an act itself says it is about, "" when it says none."""
    begins = act.about.partition("/")[0]
    return begins if begins.partition(":")[0] == platform else ""


class Member(Private, frozen=True):
    """Whoever does something in a community, and what the platform says, now, that they may do there.

    name: how they are called there, for what they want to be named in. mentor: may mentor. moderator: may see to
    reports. admin: may set the community up. left: is no member there (any more), and only takes something back.
    """

    person: str
    community: str
    name: str = ""
    mentor: bool = False
    moderator: bool = False
    admin: bool = False
    left: bool = False
