"""What is remembered of a person, and what one turn brings about."""

from datetime import datetime

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
    suggestion's. ask_at: when to ask once how it went, if they wanted that. state: "open", "done" or "dropped".
    """

    key: str = ""
    cue: str = ""
    will: str = ""
    due: datetime | None = None
    ask_at: datetime | None = None
    state: str = "open"


class Application(Private, frozen=True):
    """One application that ended in a no: what was answered about it, learnt from it and planned after it.

    reached: how far it went ("nothing", "paper", "interview", "final"). sting_before and sting_after: 1 to 5.
    joined: employers of rejections that are looked at together with this one.
    feedback_at: when to ask once whether the employer answered. close_at: when silence is to count as a no.
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
    feedback_at: datetime | None = None
    close_at: datetime | None = None
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


class Settings(Private, frozen=True):
    """What is known of how to talk to the person: IANA time zone, ISO country, locale of the words.

    overseen: whether an employer may be able to read what is written where they are.
    """

    zone: str = "UTC"
    country: str = ""
    locale: str = "en"
    overseen: bool = False


class Journey(Private, frozen=True):
    """Everything that is remembered of one person. An unknown person has `Journey()`.

    step: where they stand. left: the step to return to from one that came up anywhere. detour: the step to return to
    when an earlier answer is being changed. trail: the steps whose questions were answered, for "back".
    asked: the number of the last question. doubted: whether that question was already asked a second time.
    said: how often each line was said, so that the next time takes the next wording. met: whether the card was shown.
    editing: the number of the lesson or action that is being edited.
    draft: the action that is being made. checks_back_at: when to look in on somebody who was in danger and agreed.
    unsure: what a line that was not understood could have asked for, while that is being asked back.
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
    applications: tuple[Application, ...] = ()
    parked: tuple[Parked, ...] = ()
    venting: Venting | None = None
    true_things: tuple[Answer, ...] = ()
    why_me: Answer | None = None
    own_line: str = ""
    editing: int | None = None
    draft: Action | None = None
    questioned: bool = False
    checks_back_at: datetime | None = None
    unsure: tuple[str, ...] = ()
    settings: Settings = Settings()

    @property
    def application(self) -> Application | None:
        """The application that is being talked about, if there is one."""
        return self.applications[-1] if self.applications else None

    @property
    def actions(self) -> tuple[Action, ...]:
        """Every action of every application, the oldest first; `editing` is a place in it during a check-in."""
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
