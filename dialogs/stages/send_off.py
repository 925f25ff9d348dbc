"""Row A15: a warm, short ending with a one-page recap, and a real celebration when the offer comes."""

from datetime import timedelta

from dialogs import pages, waits
from dialogs.journey import Journey
from dialogs.news import open_application, open_parked
from dialogs.replies import Choice, Offered
from dialogs.steps import Step
from dialogs.talk import Heard, Question, Talk


def _enter_rest(talk: Talk) -> Step | None:
    """Say good-bye with the recap, when a plan was just made, and offer check-ins; otherwise simply be at rest."""
    journey = talk.journey
    application = journey.application
    planned = application is not None and (application.lessons or application.actions)
    ended = journey.trail and journey.trail[-1] in PLANNED
    talk.change(trail=())
    if not planned or not ended:
        return None
    talk.say("send_off.warm")
    talk.show(pages.recap(journey))
    talk.say("send_off.parked" if journey.parked else "send_off.goodbye")
    # Whoever does not answer has said goodbye all the same, and nothing comes.
    return None if journey.rhythm.kind or journey.rhythm.held else Step.RHYTHM


ANOTHER_OFFER = timedelta(days=30)
"""After this long, an offer is taken to be another one."""

PLANNED = frozenset({Step.ACTION, Step.ACTION_CHECK, Step.SAME_AGAIN, Step.WHY_ME})
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
    _offer_to_share(talk)


def _offer_to_share(talk: Talk) -> None:
    """Say that it can be shared where one has come from, once: an offer that is signed later is still the same one."""
    journey = talk.journey
    known = any("wins" in one.features for one in journey.settings.communities)
    if known and (journey.wins_offered_on is None or talk.today - journey.wins_offered_on >= ANOTHER_OFFER):
        talk.change(wins_offered_on=talk.today)
        talk.show(Offered(key="wins.offered", acts=("wins.share",)))


def _offer_answered(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "erase":
        return Step.ERASE_SURE
    if heard.choice == "not_signed":
        talk.say("send_off.not_signed")
        return talk.returned()
    talk.journey = waits.without_reminders(talk.journey)
    talk.change(trail=())
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
