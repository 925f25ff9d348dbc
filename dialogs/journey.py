"""What is remembered of a person, and what one turn brings about."""

from datetime import date, datetime, time

from dialogs.private import Private
from dialogs.replies import Ask, Spoken
from dialogs.steps import Step


class Answer(Private, frozen=True):
    """What a person answered to one question: the choice, or their own words when none of the choices was meant."""

    choice: str = ""
    text: str = ""


class Lesson(Private, frozen=True):
    """Something to take along: the key of its line, or the person's own words; `yours` when it was in their control."""

    key: str = ""
    text: str = ""
    yours: bool = True


class Action(Private, frozen=True):
    """A thing to do differently: "when `cue`, I will `will`", by the day `due`.

    key: the suggestion that it came from, "" for one of the person's own. cue and will: their words, or "" for the
    suggestion's. ask_on: the day on which to ask once how it went, if they wanted that. state: "open", "done" or
    "dropped". expected and outcome: it is an experiment, so what they expected of it, and what came of it.
    """

    key: str = ""
    cue: str = ""
    will: str = ""
    due: date | None = None
    ask_on: date | None = None
    state: str = "open"
    expected: Answer | None = None
    outcome: Answer | None = None


class Application(Private, frozen=True):
    """One application that ended in a no: what was answered about it, learnt from it and planned after it.

    reached: how far it went ("nothing", "paper", "interview", "final"). sting_before and sting_after: 1 to 5.
    joined: employers of rejections that are looked at together with this one.
    feedback_on: the day to ask once whether the employer answered. close_on: the day on which silence counts as a no.
    trap_named: whether a thinking trap was named, which happens once at most.
    """

    opened_at: datetime
    employer: str = ""
    role: str = ""
    ghosted: bool = False
    joined: tuple[str, ...] = ()
    answers: dict[str, Answer] = {}
    lessons: tuple[Lesson, ...] = ()
    removed: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    sting_before: int = 0
    sting_after: int = 0
    feedback_on: date | None = None
    close_on: date | None = None
    trap_named: bool = False


class Venting(Private, frozen=True):
    """The state of the venting stage: never a word of what was said in it.

    began: when it began. until: when a gentle word is due. quiet_until: the end of a private writing session.
    lines: how many lines were said. answered: the number of the last line that got an answer, and `feeling` the feeling
    that was answered. blamed: how many lines blamed the person themselves. offered: whether cooling down was offered.
    """

    began: datetime
    until: datetime | None = None
    quiet_until: datetime | None = None
    lines: int = 0
    answered: int = 0
    feeling: str = ""
    blamed: int = 0
    offered: bool = False


class Parked(Private, frozen=True):
    """A rejection that came in the middle and was put aside for later."""

    employer: str = ""
    role: str = ""


class Membership(Private, frozen=True):
    """A community through which somebody has come, by its id, and what was on there then."""

    community: str
    features: tuple[str, ...] = ()


class Mentored(Private, frozen=True):
    """Something of somebody's in a community: what they offer as a mentor, ask for, or were introduced for.

    kind: "offer", "request" or "introduction". topics, industries: names, see `dialogs.mentoring`.
    """

    community: str
    kind: str
    topics: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()


class Settings(Private, frozen=True):
    """What is known of how to talk to the person: IANA time zone, ISO country, locale of the words.

    zone: "UTC" while it is not known. hour: the local hour at which a day has something to say. quiet_from, quiet_to:
    the local hours between which nobody is written to. overseen: whether an employer may be able to read what is
    written where they are. keep_days: so many days after their last word everything is erased, 0 for never; the host's.
    communities: those through which they have come, the last one last.
    """

    zone: str = "UTC"
    country: str = ""
    locale: str = "en"
    overseen: bool = False
    keep_days: int = 180
    hour: int = 9
    quiet_from: int = 21
    quiet_to: int = 9
    communities: tuple[Membership, ...] = ()


class Rhythm(Private, frozen=True):
    """When check-ins come by themselves.

    kind: "" while it was not chosen, "dates" on the dates of the actions, "weekly", or "none". weekday: 0 is Monday.
    next_on: the day of the next weekly one. not_before: nothing about a day comes by itself before this one. held:
    whether everything was stopped, until it is asked for again. unanswered: how many in a row nobody answered.
    """

    kind: str = ""
    weekday: int = 0
    next_on: date | None = None
    not_before: date | None = None
    held: bool = False
    unanswered: int = 0


class Mood(Private, frozen=True):
    """How a day was, from 1 (worst) to 5, 0 when they would not say, and what the person noted with it."""

    at: datetime
    value: int
    note: str = ""


class Interview(Private, frozen=True):
    """An interview that is booked: its local day and time (None when it was not said).

    card: whether the card comes by itself on the evening before. ask: whether to ask afterwards how it went.
    """

    day: date
    at: time | None = None
    employer: str = ""
    role: str = ""
    card: bool = False
    ask: bool = False


class Win(Private, frozen=True):
    """An offer that somebody is about to share in a community, as it was last shown to them; nothing of it is posted.

    at: when that was. name: what they are called in it, "" for nobody's name. line: one line of their own. nth: the
    number of the wording.
    """

    community: str
    at: datetime
    name: str = ""
    line: str = ""
    nth: int = 0


class Standing(Private, frozen=True):
    """Something that somebody has shared in a community, and since when it stands there; what it says is not kept."""

    community: str
    since: datetime


class Counted(Private, frozen=True):
    """The `figures` of a `month`, such as "2026-11", for which somebody was counted, so that it happens once."""

    month: str
    figures: tuple[str, ...] = ()


class Journey(Private, frozen=True):
    """Everything that is remembered of one person. An unknown person has `Journey()`.

    step: where they stand. left: the step to return to from one that came up anywhere. detour: the step to return to
    when an earlier answer is being changed. trail: the steps whose questions were answered, for "back".
    asked: the number of the last question. doubted: whether that question was already asked a second time.
    said: how often each line was said, so that the next time takes the next wording. met: whether the card was shown.
    editing: the number of the lesson that is being edited. checking: the numbers of the actions that this check-in
    still asks about. draft: the action that is being made. booking: the interview that is being confirmed.
    checks_back_at: when to look in on somebody who was in danger and agreed.
    seen_at: when something was last said on either side. heard_at: when they last said or tapped something.
    forget_on: the day on which everything is erased, once that has been announced.
    unsure: what something that was not clear could have meant, while that is being asked back.
    mentoring: what they have to do with mentors, as it was when they were last heard: others change it, too.
    sought: when they looked for a mentor, on the last day.
    win: what is about to be shared in a wins channel. wins_offered_on: the day on which the bot last said that one can.
    standing: what they have shared. announced: when they shared something, on the last day; taken back or not.
    counted: what they were counted for this month, see `dialogs.pulse`.
    """

    step: Step = Step.NEW
    left: Step | None = None
    detour: Step | None = None
    trail: tuple[Step, ...] = ()
    asked: int = 0
    doubted: bool = False
    said: dict[str, int] = {}
    met: bool = False
    seen_at: datetime | None = None
    heard_at: datetime | None = None
    forget_on: date | None = None
    applications: tuple[Application, ...] = ()
    parked: tuple[Parked, ...] = ()
    venting: Venting | None = None
    true_things: tuple[Answer, ...] = ()
    why_me: Answer | None = None
    own_line: str = ""
    editing: int | None = None
    checking: tuple[int, ...] = ()
    draft: Action | None = None
    booking: Interview | None = None
    interviews: tuple[Interview, ...] = ()
    rhythm: Rhythm = Rhythm()
    moods: tuple[Mood, ...] = ()
    questioned: bool = False
    checks_back_at: datetime | None = None
    unsure: tuple[str, ...] = ()
    mentoring: tuple[Mentored, ...] = ()
    sought: tuple[datetime, ...] = ()
    announced: tuple[datetime, ...] = ()
    win: Win | None = None
    wins_offered_on: date | None = None
    standing: tuple[Standing, ...] = ()
    settings: Settings = Settings()
    counted: Counted | None = None

    @property
    def application(self) -> Application | None:
        """The application that is being talked about, if there is one."""
        return self.applications[-1] if self.applications else None

    @property
    def actions(self) -> tuple[Action, ...]:
        """Every action of every application, the oldest first; `checking` holds places in it."""
        return tuple(action for application in self.applications for action in application.actions)

    @property
    def returning(self) -> bool:
        """Whether this person has been asked about an earlier application, and needs no lecture twice."""
        return any(Step.WHY in application.answers for application in self.applications[:-1])


class Turn(Private, frozen=True):
    """What one event brought about: the journey after it, what to say, and at most one question.

    wake_at: when time itself is to be the next event, None for never. erase: whether everything that is stored of this
    person is to be deleted.
    """

    journey: Journey
    says: tuple[Spoken, ...] = ()
    ask: Ask | None = None
    wake_at: datetime | None = None
    erase: bool = False
