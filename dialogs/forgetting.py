"""Nothing is kept for ever: what nobody has come back to is announced to be erased, and then it is."""

from datetime import timedelta

from dialogs import receipts
from dialogs.journey import Journey
from dialogs.replies import Params
from dialogs.steps import Step
from dialogs.talk import Heard, Question, Talk

NOTICE = timedelta(days=14)
"""How long before erasing it is announced."""


def woke(talk: Talk, before: Journey) -> Step | None:
    """Announce the erasing, or erase; where nothing was told that could be missed, there is nothing to announce."""
    if before.forget_on is None and _worth_keeping(before):
        talk.change(forget_on=talk.today + NOTICE)
        return Step.FORGETTING
    talk.erase = True
    if before.forget_on is not None:
        talk.say("anywhere.forgotten")
        talk.show(receipts.erased(before))
    return None


def _worth_keeping(journey: Journey) -> bool:
    return bool(journey.applications or journey.true_things or journey.moods)


def _answered(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "erase_now":
        return Step.ERASE_SURE
    talk.say("anywhere.stays")
    return talk.returned()


def _day(journey: Journey) -> Params:
    return {"day": journey.forget_on} if journey.forget_on else {}


QUESTIONS = (
    Question(Step.FORGETTING, "anywhere.forgetting", ("stay", "erase_now"), _answered, default="stay", params=_day),
)
