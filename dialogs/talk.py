"""One turn in the making: what the stages use to say, ask, remember and move."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from dialogs import days_off, moments
from dialogs.journey import Answer, Application, Journey
from dialogs.lessons import lesson_of
from dialogs.private import Private
from dialogs.replies import Ask, Choice, Draft, Params, Say, Spoken
from dialogs.steps import ANYWHERE, Step, may_follow
from dialogs.understanding.meaning import Meaning

LONGEST_KEPT = 1000
"""The number of characters that are kept of one answer in free text."""


ENDS = frozenset({Step.WELCOME, Step.SILENCE, Step.LENGTH, Step.REST})


class UndeclaredMoveError(Exception):
    """A stage tried a move that `dialogs.steps` does not declare. It names the two steps."""


class Heard(Private, frozen=True):
    """An answer as a stage gets it: the choice that was meant ("" for none), the words, and what they mean."""

    choice: str = ""
    text: str = ""
    meaning: Meaning = Meaning()
    fields: dict[str, str] = {}

    @property
    def answer(self) -> Answer:
        """The answer as it is kept: the choice, or else the words."""
        return Answer(choice=self.choice) if self.choice else Answer(text=self.text[:LONGEST_KEPT])


class Talk:
    """One turn in the making. It belongs to one call of `advance` and is gone with it."""

    def __init__(self, journey: Journey, now: datetime) -> None:
        """Begin a turn for the journey at the moment `now`."""
        self.journey = journey
        self.now = now
        self.says: list[Spoken] = []
        self.ask: Ask | None = None
        self.erase = False

    @property
    def today(self) -> date:
        """The date that it is for the person."""
        return moments.today(self.now, self.journey.settings.zone)

    def day_after(self, span: timedelta) -> date:
        """Return the day after so long, or the first behind it that is no public holiday where the person is."""
        return days_off.moved(self.today + span, self.journey.settings)

    # what is said

    def say(self, key: str, **params: str | Say | date) -> None:
        """Say a line of the words; its wording is the next one in turn."""
        self.says.append(Say(key=key, params=self._with_names(params), nth=self._count(key)))

    def draft(self, key: str) -> None:
        """Show a text to copy and send."""
        self.says.append(Draft(key=key, params=self._with_names({})))

    def show(self, spoken: Spoken) -> None:
        """Show a page or the helplines."""
        self.says.append(spoken)

    def pose(self, key: str, choices: tuple[Choice, ...], params: Params, *, again: bool, form: str) -> None:
        """Ask a question; the buttons of every earlier one become old."""
        self.change(asked=self.journey.asked + 1, doubted=again)
        nth = self._count(key)
        self.ask = Ask(
            key=key,
            choices=choices,
            asked=self.journey.asked,
            params=self._with_names(params),
            nth=nth,
            again=again,
            form=form,
        )

    def _with_names(self, params: Params) -> Params:
        application = self.journey.application
        names: dict[str, str | Say | date] = {}
        if application and application.employer:
            names["employer"] = application.employer
        if application and application.role:
            names["role"] = application.role
        return {**names, **params}

    def _count(self, key: str) -> int:
        nth = self.journey.said.get(key, 0)
        self.change(said={**self.journey.said, key: nth + 1})
        return nth

    # what is remembered

    @property
    def application(self) -> Application:
        """The application that is talked about; a person who names none still has one."""
        if self.journey.application is None:
            self.change(applications=(Application(opened_at=self.now),))
        return self.journey.applications[-1]

    def change(self, **fields: Any) -> None:  # noqa: ANN401 - the fields of Journey, checked by its codec
        """Change fields of the journey."""
        self.journey = replace(self.journey, **fields)

    def note(self, **fields: Any) -> None:  # noqa: ANN401 - the fields of Application
        """Change fields of the application that is talked about."""
        changed = replace(self.application, **fields)
        self.change(applications=(*self.journey.applications[:-1], changed))

    def keep_answer(self, step: Step, answer: Answer) -> None:
        """Keep the answer to a step's question; a lesson that only an earlier answer taught goes with that answer."""
        application = self.application
        old = application.answers.get(step.value)
        stale = lesson_of(step, old) if old and old != answer else None
        self.note(
            answers={**application.answers, step.value: answer},
            lessons=tuple(lesson for lesson in application.lessons if lesson != stale),
        )

    # where it stands

    def go(self, step: Step) -> None:
        """Move to a step. Raises UndeclaredMoveError for a move that the flow does not declare."""
        journey = self.journey
        if not may_follow(journey.step, step, (journey.left, journey.detour, *journey.trail)):
            msg = f"from {journey.step} to {step}"
            raise UndeclaredMoveError(msg)
        if step in ANYWHERE:
            here = Step.WELCOME if journey.step is Step.NEW else journey.step
            self.change(step=step, left=journey.left if here in ANYWHERE else here)
        else:
            # Where something begins or ends, an answer that was being changed on the way is no longer.
            detour = None if step in ENDS else journey.detour
            self.change(step=step, left=None, detour=detour)

    def returned(self) -> Step:
        """Return the step that was left for one that came up anywhere."""
        return self.journey.left or Step.WELCOME


Choices = tuple[Choice, ...]


class Question:
    """A step's question: which line asks it, its choices, and what an answer brings about.

    answered: takes the talk and the answer, and returns the next step (the same one asks again), or None to stay
    without a word. takes_text: whether free text is an answer as it stands. default: the choice that is taken when an
    answer was not understood twice. skip: the choice that "skip" takes, the default when left out. enter: what is
    said on the way in; it may return the step to go on to at once. silent: whether entering asks nothing. keys: every
    line that `key` may return, when it is not always the same one.
    """

    __slots__ = (
        "answered",
        "choices",
        "default",
        "enter",
        "form",
        "key",
        "keys",
        "params",
        "silent",
        "skip",
        "step",
        "takes_text",
    )

    def __init__(  # noqa: PLR0913 - one argument for each thing that a question has
        self,
        step: Step,
        key: str | Callable[[Journey], str],
        choices: tuple[str, ...] | Callable[[Journey], Choices],
        answered: Callable[[Talk, Heard], Step | None],
        *,
        takes_text: bool = False,
        default: str = "",
        skip: str = "",
        enter: Callable[[Talk], "Step | None"] | None = None,
        params: Callable[[Journey], Params] | None = None,
        form: str = "",
        silent: bool = False,
        keys: tuple[str, ...] = (),
    ) -> None:
        """Describe the question; raises nothing."""
        fixed = tuple(Choice(id=name) for name in choices) if isinstance(choices, tuple) else ()
        self.step = step
        self.keys = keys or ((key,) if isinstance(key, str) and key else ())
        self.key: Callable[[Journey], str] = key if callable(key) else lambda _: key
        self.choices: Callable[[Journey], Choices] = choices if callable(choices) else lambda _: fixed
        self.answered = answered
        self.takes_text = takes_text
        self.default = default
        self.skip = skip or default
        self.enter = enter
        self.params: Callable[[Journey], Params] = params or (lambda _: {})
        self.form = form
        self.silent = silent
