"""The questions behind commands that work anywhere: being stopped, starting over, erasing, changing an answer."""

from dialogs import receipts
from dialogs.journey import Journey
from dialogs.replies import Choice
from dialogs.steps import Step
from dialogs.talk import Heard, Question, Talk

CHANGEABLE = (Step.SEEN, Step.UNSEEN, Step.WHY, Step.FEEDBACK, Step.MOMENT, Step.RESEARCH, Step.FIT, Step.SALARY)
"""Answers that can be changed later; lessons, plan and true things are edited where they stand."""


def answered(journey: Journey) -> tuple[Step, ...]:
    """Return the steps whose answers can be changed, in the order of the journey."""
    application = journey.application
    return tuple(step for step in CHANGEABLE if application and step.value in application.answers)


def _change_choices(journey: Journey) -> tuple[Choice, ...]:
    named = (Choice(id=step.value, key=f"questions.{step}") for step in answered(journey))
    return (*named, Choice(id="leave"))


def _to_change(talk: Talk, heard: Heard) -> Step:
    back = talk.returned()
    if heard.choice == "leave":
        return back
    talk.change(detour=back)
    return Step(heard.choice)


def _restart(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "restart":
        talk.change(
            applications=talk.journey.applications[:-1], venting=None, draft=None, editing=None, checking=(), trail=()
        )
        talk.say("anywhere.restarted")
        return Step.WELCOME
    talk.say("anywhere.kept")
    return talk.returned()


def _erase(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "erase":
        talk.erase = True
        talk.say("anywhere.erased")
        talk.show(receipts.erased(talk.journey))
        return Step.NEW
    talk.say("anywhere.kept")
    return talk.returned()


QUESTIONS = (
    Question(Step.STOPPED, "", ("resume",), lambda talk, _: talk.returned(), silent=True),
    Question(Step.CHANGE, "anywhere.change", _change_choices, _to_change, default="leave"),
    Question(Step.RESTART_SURE, "anywhere.restart_sure", ("restart", "stay"), _restart, default="stay"),
    Question(Step.ERASE_SURE, "anywhere.erase_sure", ("erase", "stay"), _erase, default="stay"),
)
