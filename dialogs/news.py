"""News of its own that a line can bring: a rejection, one more, an offer, feedback. It may open an application."""

from dialogs import moments
from dialogs.journey import Application, Journey, Parked
from dialogs.steps import Step
from dialogs.talk import Talk
from dialogs.understanding.meaning import Meaning

SURE_ENOUGH = 0.5

BETWEEN = frozenset({Step.NEW, Step.WELCOME, Step.REST})
"""Steps at which nothing is being talked about, so that news opens something new."""

LISTENING = frozenset({Step.VENTING, Step.COOLING, Step.WRITING, Step.TIME_UP, Step.ENOUGH})


PRIVATE = moments.SAFETY | {Step.WRITING}
"""Steps at which nothing that is said is taken as news, because nothing of it may be kept."""


def brought(talk: Talk, meaning: Meaning) -> Step | None:
    """Return where a line leads that brings news of its own: a rejection, an offer, feedback. None when it does not."""
    journey = talk.journey
    if journey.step in PRIVATE:
        return None
    if meaning.intent == "got_offer" and meaning.confidence >= SURE_ENOUGH:
        return _good_news(talk, meaning)
    if "feedback_came" in meaning.cues and journey.applications and journey.step not in LISTENING:
        return Step.FEEDBACK_CAME
    rejected = meaning.intent == "got_rejected" and meaning.confidence >= SURE_ENOUGH
    if journey.step in BETWEEN:
        hurt = meaning.intent == "vent" and meaning.feelings and journey.step is not Step.REST
        return open_application(talk, meaning) if rejected or hurt else None
    if rejected and _another(journey, meaning):
        talk.change(parked=(*journey.parked, Parked(employer=meaning.employer or "", role=meaning.role or "")))
        return Step.SECOND_NO
    return None


def _another(journey: Journey, meaning: Meaning) -> bool:
    application = journey.application
    known = {e.casefold() for e in (application.employer, *application.joined)} if application else set()
    named_new = bool(meaning.employer and any(known) and meaning.employer.casefold() not in known)
    return "another" in meaning.cues or named_new


def _good_news(talk: Talk, meaning: Meaning) -> Step | None:
    if talk.journey.step in {Step.OFFER, Step.GOOD_NEWS}:
        return None
    if "offer" in meaning.cues:
        return Step.OFFER
    return Step.GOOD_NEWS


def open_application(talk: Talk, meaning: Meaning) -> Step:
    """Open a new application from what was said, say the feeling first, and return where to go."""
    ghosted = "ghosted" in meaning.cues
    application = Application(
        opened_at=talk.now, employer=meaning.employer or "", role=meaning.role or "", ghosted=ghosted
    )
    again = bool(talk.journey.applications)
    talk.change(applications=(*talk.journey.applications, application), trail=(), venting=None, questioned=False)
    if ghosted:
        talk.say("opening.sorry_silence")
        return Step.SILENCE
    if again:
        talk.say("opening.sorry_again")
    elif "joking" in meaning.cues:
        talk.say("opening.sorry_wry")
    elif application.employer:
        talk.say("opening.sorry_employer")
    else:
        talk.say("opening.sorry")
    return Step.LENGTH


def open_parked(talk: Talk) -> Step:
    """Open the rejection that was put aside longest ago."""
    first, *rest = talk.journey.parked
    talk.change(parked=tuple(rest))
    return open_application(talk, Meaning(employer=first.employer or None, role=first.role or None))
