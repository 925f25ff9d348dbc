"""Introductions between members of a community who look for a mentor and members who mentor: the rules.

Both say what they look for or offer by choosing from lists. There is no free text, so nothing that anybody said can get
from one to the other, and there is nothing to moderate.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from dialogs.journey import Mentored
from dialogs.private import Private
from dialogs.replies import Say

TOPICS = ("cv", "interviews", "salary", "change", "industry")
"""What somebody can mentor in."""

INDUSTRIES = (
    "software",
    "design",
    "marketing",
    "sales",
    "finance",
    "health",
    "education",
    "engineering",
    "public",
    "hospitality",
)
"""Which industry, for the last one of the topics."""


def topic_of(topic: str, industry: str = "") -> Say:
    """Return the words for a topic."""
    if industry:
        return Say(key="mentors.topic_in", params={"industry": Say(key=f"mentors.industry_{industry}")})
    return Say(key=f"mentors.topic_{topic}")


def topics_of(topics: Sequence[str], industries: Sequence[str]) -> Say:
    """Return the words for several topics, with each industry for the last one of them."""
    said = [topic_of(one) for one in topics if one != "industry" or not industries]
    said += [topic_of("industry", one) for one in industries if "industry" in topics]
    if not said:
        return Say(key="mentors.nothing_chosen")
    *others, listed = said
    for one in reversed(others):
        listed = Say(key="mentors.topic_and", params={"topic": one, "others": listed})
    return listed


MOST_A_DAY, A_DAY = 3, timedelta(days=1)
"""So many requests somebody can begin in a day: each asks another mentor, and can be taken back at once."""

MOST = 5
"""The most people whom somebody can mentor at a time."""

LOOKED_FOR = timedelta(days=14)
LOOKED_AGAIN = timedelta(days=1)
ANSWERED_WITHIN = timedelta(days=3)
OPENED_WITHIN = timedelta(days=7)
FOLLOWED_UP = timedelta(days=7)
KEPT_FOR = timedelta(days=30)
"""How long is looked, how often again, how long either side has to answer and the platform to open a room, when they
are asked whether it helped, and how long after that it is kept."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    """Whether an offer counts."""

    ON = "on"
    PAUSED = "paused"


class Offer(Private, frozen=True):
    """What somebody mentors in, for how many at a time, in which language, and when they were last asked."""

    topics: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    most: int = 1
    status: Status = Status.ON
    language: str = "en"
    last_asked: datetime | None = None

    @property
    def complete(self) -> bool:
        """Whether enough is chosen for somebody to be found by it."""
        return bool(self.topics) and ("industry" not in self.topics or bool(self.industries))


class State(StrEnum):
    """How an introduction stands."""

    LOOKING = "looking"
    ASKED = "asked"
    ACCEPTED = "accepted"
    AGREED = "agreed"
    MET = "met"


OPEN = (State.LOOKING, State.ASKED, State.ACCEPTED, State.AGREED)
"""Before two people have met; somebody looks for one mentor at a time in a community."""

KNOWN = (State.AGREED, State.MET)
"""From here on both have agreed, and may learn who the other one is."""


class Introduction(Private, frozen=True):
    """One request for a mentor, and what became of it. seeker, mentor: "" where there is nobody (any more).

    since: when it was asked for. due: when to look at it again. declined: who is not to be asked again for it.
    receipt: of the first message in their room. followed_up: whether they were asked how it is going.
    """

    seeker: str
    topic: str
    since: datetime
    due: datetime
    industry: str = ""
    language: str = "en"
    state: State = State.LOOKING
    mentor: str = ""
    declined: tuple[str, ...] = ()
    receipt: str = ""
    followed_up: bool = False

    @property
    def people(self) -> tuple[str, str]:
        """The two of them."""
        return self.seeker, self.mentor

    def other(self, person: str) -> str:
        """Return the other one of the two."""
        return self.mentor if person == self.seeker else self.seeker


SEEKER, MENTOR = "seeker", "mentor"


class Move(Private, frozen=True):
    """Who may do something with an introduction, while it stands how."""

    states: tuple[State, ...]
    roles: tuple[str, ...]


MOVES: Mapping[str, Move] = {
    "look": Move(states=tuple(State), roles=(SEEKER, MENTOR)),
    "cancel": Move(states=(State.LOOKING, State.ASKED, State.ACCEPTED), roles=(SEEKER,)),
    "accept": Move(states=(State.ASKED,), roles=(MENTOR,)),
    "decline": Move(states=(State.ASKED, State.ACCEPTED), roles=(MENTOR,)),
    "agree": Move(states=(State.ACCEPTED,), roles=(SEEKER,)),
    "end": Move(states=KNOWN, roles=(SEEKER, MENTOR)),
    "block": Move(states=KNOWN, roles=(SEEKER, MENTOR)),
    "report": Move(states=KNOWN, roles=(SEEKER, MENTOR)),
    "tell": Move(states=KNOWN, roles=(SEEKER, MENTOR)),
    "helped": Move(states=(State.MET,), roles=(SEEKER,)),
    "going": Move(states=(State.MET,), roles=(MENTOR,)),
}
"""What can be done with an introduction. Whatever is not in here is refused."""


def mentored(
    community: str, offer: Offer | None, introductions: Iterable[Introduction], person: str
) -> tuple[Mentored, ...]:
    """Return what somebody has in a community; what they are only asked for, and know nobody of, is not theirs yet."""
    found = (
        []
        if offer is None
        else [Mentored(community=community, kind="offer", topics=offer.topics, industries=offer.industries)]
    )
    for one in introductions:
        if one.state in KNOWN or one.seeker == person:
            kind = "introduction" if one.state in KNOWN else "request"
            industries = (one.industry,) if one.industry else ()
            found.append(Mentored(community=community, kind=kind, topics=(one.topic,), industries=industries))
    return tuple(found)


class Report(Private, frozen=True):
    """What somebody was reported for, and whether moderators let them take no part any more. Never by whom."""

    category: str = "other"
    barred: bool = False
