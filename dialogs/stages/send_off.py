"""Row A15: a warm, short ending with a one-page recap, and a real celebration when the offer comes."""

from dialogs import pages
from dialogs.journey import Journey
from dialogs.news import open_application, open_parked
from dialogs.replies import Choice
from dialogs.steps import Step
from dialogs.talk import Heard, Question, Talk


def _enter_rest(talk: Talk) -> None:
    """Say good-bye with the recap, when a plan was just made; otherwise simply be at rest."""
    journey = talk.journey
    application = journey.application
    planned = application is not None and (application.lessons or application.actions)
    if not planned or not journey.trail or journey.trail[-1] not in PLANNED:
        return
    talk.say("send_off.warm")
    talk.show(pages.recap(journey))
    talk.say("send_off.parked" if journey.parked else "send_off.goodbye")
    talk.change(trail=())


PLANNED = frozenset({Step.ACTION, Step.MORE, Step.SAME_AGAIN, Step.WHY_ME})
"""The steps from which the journey ends with the recap."""


def _rest_choices(journey: Journey) -> tuple[Choice, ...]:
    names = ("parked",) if journey.parked else ()
    return tuple(Choice(id=name) for name in (*names, "rejected", "good", "answered", "plan", "bye"))


def _rested(talk: Talk, heard: Heard) -> Step:
    match heard.choice:
        case "rejected":
            return open_application(talk, heard.meaning)
        case "parked":
            return open_parked(talk)
        case "good":
            return Step.GOOD_NEWS
        case "answered":
            return Step.FEEDBACK_CAME
        case "plan":
            talk.show(pages.plan(talk.journey))
            return Step.REST
        case _:
            talk.say("send_off.bye")
            return Step.REST


def _celebrate(talk: Talk) -> None:
    talk.say("send_off.offer")
    if talk.journey.applications:
        talk.say("send_off.offer_tries", count=str(len(talk.journey.applications)))


def _offer_answered(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "erase":
        return Step.ERASE_SURE
    if heard.choice == "not_signed":
        talk.say("send_off.not_signed")
        return talk.returned()
    talk.say("send_off.farewell")
    return Step.REST


QUESTIONS = (
    Question(Step.REST, "send_off.rest", _rest_choices, _rested, default="bye", enter=_enter_rest, silent=True),
    Question(
        Step.OFFER,
        "send_off.after_offer",
        ("goodbye", "erase", "not_signed"),
        _offer_answered,
        default="goodbye",
        enter=_celebrate,
    ),
)
