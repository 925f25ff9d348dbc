"""What is in the file of everything that is kept of a person, so that other programs can read it, too.

Its schema, docs/export.schema.json, is made from these structs, with their docstrings as descriptions. Whoever changes
what a field means, or takes one away, raises the version.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta

from dialogs.journey import Counted, Interview, Parked
from dialogs.private import Private

Moment = Annotated[datetime, Meta(tz=True)]
OneToFive = Annotated[int, Meta(ge=1, le=5)]


class Told(Private, frozen=True):
    """An answer: the id of the `choice` that was meant and the `words` for it, or else what was written, as `text`.

    question: what the question is about, where that is not clear from the place.
    """

    question: str = ""
    choice: str = ""
    words: str = ""
    text: str = ""


class Learnt(Private, frozen=True):
    """A lesson, in `words`.

    key: which one of those that the program knows, left out for one of the person's own. yours: whether it was in the
    person's control.
    """

    words: str
    yours: bool
    key: str = ""


class Planned(Private, frozen=True):
    """A thing to do differently: "when `when`, I will `will`", by the day `due`.

    suggestion: the name of the suggestion that it came from, left out for one of the person's own. ask_on: the day on
    which is asked how it went. state: "open", "done" or "dropped". expected, outcome: what the person expected of it,
    and what came of it.
    """

    when: str
    will: str
    state: str
    suggestion: str = ""
    due: date | None = None
    ask_on: date | None = None
    expected: Told | None = None
    outcome: Told | None = None


class Tried(Private, frozen=True):
    """An application that ended in a no, and when it was first told of. silence: it was never answered.

    answers: by the name of the question. joined: employers whose no is looked at together with this one. sting_before,
    sting_after: how much it stung before and after a step back, from 1 (hardly) to 5 (a lot). feedback_on: the day on
    which is asked whether the employer answered. close_on: the day from which on silence counts as a no.
    """

    told_at: Moment
    employer: str = ""
    role: str = ""
    silence: bool = False
    joined: tuple[str, ...] = ()
    answers: dict[str, Told] = {}
    lessons: tuple[Learnt, ...] = ()
    actions: tuple[Planned, ...] = ()
    sting_before: OneToFive | None = None
    sting_after: OneToFive | None = None
    feedback_on: date | None = None
    close_on: date | None = None


class Together(Private, frozen=True):
    """Something of the person's in a community: an "offer" to mentor, a "request" for a mentor, an "introduction".

    community: its id. topics, industries: what it is about, by name; `words` for them.
    """

    community: str
    kind: str
    words: str
    topics: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()


class Felt(Private, frozen=True):
    """How a day was, from 1 (worst) to 5, left out when the person would not say, and the note with it."""

    at: Moment
    value: OneToFive | None = None
    note: str = ""


class Reminded(Private, frozen=True):
    """When check-ins come: "dates" of the actions, "weekly", "none", or left out while not chosen.

    weekday: "mon" to "sun", of a weekly one. next_on: the day of the next weekly one. not_before: nothing comes before
    this day. stopped: whether everything was stopped.
    """

    kind: str = ""
    weekday: str = ""
    next_on: date | None = None
    not_before: date | None = None
    stopped: bool = False


class Chosen(Private, frozen=True):
    """Settings: IANA time zone, ISO country, locale of the words; `hour` of check-ins, and the quiet hours.

    overseen: whether an employer may be able to read what is written there.
    """

    zone: str
    locale: str
    hour: int
    quiet_from: int
    quiet_to: int
    country: str = ""
    overseen: bool = False


class Unshared(Private, frozen=True):
    """What was about to be shared in a wins channel, and is forgotten a day after it was last looked at.

    community: the server or workspace. name: what the person would be called there, left out for no name. line: a line
    of their own.
    """

    at: Moment
    community: str
    name: str = ""
    line: str = ""


class Stands(Private, frozen=True):
    """Something that was shared in the wins channel of a community, by its id, and stands there since then."""

    community: str
    since: Moment


class Export(Private, frozen=True):
    """Everything that Onward keeps of a person, as they told it. What is empty is left out.

    No line that was said while venting is in it: those are never kept. Moments are in the person's time zone.
    true_things: what they said is true about them. own_line: what they said aloud, in their own words. why_me: why they
    are the one. parked: rejections that were put aside for later. mentoring: what they have to do with mentors.
    unshared: an offer that was not shared yet. standing: those that were.
    counted: for which figures of their community they were counted, of the last month in which they were.
    """

    format: Literal["onward-export"]
    version: Literal[1]
    exported_at: Moment
    settings: Chosen
    rhythm: Reminded
    applications: tuple[Tried, ...] = ()
    true_things: tuple[Told, ...] = ()
    own_line: str = ""
    why_me: Told | None = None
    moods: tuple[Felt, ...] = ()
    interviews: tuple[Interview, ...] = ()
    parked: tuple[Parked, ...] = ()
    mentoring: tuple[Together, ...] = ()
    unshared: Unshared | None = None
    standing: tuple[Stands, ...] = ()
    counted: Counted | None = None
