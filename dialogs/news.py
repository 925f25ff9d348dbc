"""News of its own that a line can bring: a rejection, one more, an offer, feedback. It may open an application."""

from dialogs import booking, mail, waits
from dialogs.journey import Application, Journey, Parked
from dialogs.steps import ASIDE, Step
from dialogs.talk import Talk
from dialogs.understanding.meaning import Meaning

SURE_ENOUGH = 0.5
SURE = 0.8
"""From these confidences on, a line brings news: where nothing is being talked about, and where something is."""

BETWEEN = frozenset({Step.NEW, Step.WELCOME, Step.REST})
"""Steps at which nothing is being talked about, so that news opens something new."""

OFFERS = frozenset({Step.RHYTHM, Step.RHYTHM_DAY, Step.RHYTHM_HOUR, Step.FEEDBACK_ASKED, Step.MOOD})
"""Steps that offer or ask something of which no free text is expected."""

LISTENING = frozenset({Step.VENTING, Step.COOLING, Step.WRITING, Step.TIME_UP, Step.ENOUGH})


PRIVATE = waits.SAFETY | {Step.WRITING}
"""Steps at which nothing that is said is taken as news, because nothing of it may be kept."""


def brought(talk: Talk, meaning: Meaning) -> Step | None:
    """Return where a line leads that brings news of its own: a rejection, an offer, feedback. None when it does not."""
    journey = talk.journey
    if journey.step in PRIVATE:
        return None
    # An interview with its day is asked about before it is taken, so it may be heard a little too often.
    dated = "interview" in meaning.cues and meaning.when is not None and journey.step not in LISTENING
    lightly = journey.step in BETWEEN or dated or (journey.step in OFFERS and beside_nothing(journey))
    needed = SURE_ENOUGH if lightly else SURE
    if meaning.intent == "got_offer" and meaning.confidence >= needed:
        return _good_news(talk, meaning)
    if "feedback_came" in meaning.cues and journey.applications and journey.step not in LISTENING:
        return Step.FEEDBACK_CAME
    rejected = meaning.intent == "got_rejected" and (
        meaning.confidence >= needed or (meaning.confidence >= SURE_ENOUGH and "another" in meaning.cues)
    )
    if journey.step in BETWEEN:
        rejected = rejected or "ghosted" in meaning.cues
        hurt = meaning.intent == "vent" and meaning.feelings and journey.step is not Step.REST
        return open_application(talk, meaning) if rejected or hurt else None
    if rejected and beside_nothing(journey):
        return one_more(talk, meaning)
    return _park(talk, meaning) if rejected and _another(journey, meaning) else None


def beside_nothing(journey: Journey) -> bool:
    """Say whether what is asked came up beside nothing, so that it may be left for news."""
    return journey.step in ASIDE and journey.left in BETWEEN


def one_more(talk: Talk, meaning: Meaning) -> Step:
    """Take one more rejection: open it where nothing else is talked about, else put it aside."""
    if not beside_nothing(talk.journey):
        return _park(talk, meaning)
    talk.go(talk.returned())
    return open_application(talk, meaning)


def told(talk: Talk, intent: str) -> Step:
    """Return where news leads that was confirmed in the middle of something: "got_offer" or "got_rejected"."""
    return Step.GOOD_NEWS if intent == "got_offer" else _park(talk, Meaning())


def _park(talk: Talk, meaning: Meaning) -> Step:
    parked = Parked(employer=meaning.employer or "", role=meaning.role or "")
    talk.change(parked=(*talk.journey.parked, parked))
    return Step.SECOND_NO


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
    return booking.told(talk, meaning) if "interview" in meaning.cues else Step.GOOD_NEWS


def open_application(talk: Talk, meaning: Meaning) -> Step:
    """Open a new application from what was said, say the feeling first, and return where to go."""
    ghosted = "ghosted" in meaning.cues
    employer, role = (meaning.employer or "", meaning.role or "") if meaning.intent == "got_rejected" else ("", "")
    application = Application(opened_at=talk.now, employer=employer, role=role, ghosted=ghosted)
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
    if meaning.rejection_email:
        mail.read_aloud(talk, meaning.mail)
    return Step.LENGTH


def open_parked(talk: Talk) -> Step:
    """Open the rejection that was put aside longest ago."""
    first, *rest = talk.journey.parked
    talk.change(parked=tuple(rest))
    return open_application(
        talk, Meaning(intent="got_rejected", employer=first.employer or None, role=first.role or None)
    )
