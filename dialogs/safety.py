"""When somebody may be in danger: one warm, clear thing, one direct question, the helplines, and staying."""

from datetime import timedelta

from msgspec.structs import replace

from dialogs import waits
from dialogs.replies import Helplines
from dialogs.steps import Step
from dialogs.talk import Heard, Question, Talk
from dialogs.understanding.meaning import Danger, Meaning

CHECK_BACK = timedelta(hours=4)


def noticed(talk: Talk, meaning: Meaning) -> Step:
    """Answer a line in which somebody may be in danger, and return where to go. Nothing of the line is kept."""
    step = talk.journey.step
    if step in {Step.SAFETY, Step.SAFETY_OTHER, Step.SAFETY_STAY}:
        talk.say("safety.still_here")
        return Step.SAFETY_STAY
    if meaning.about == "other":
        talk.say("safety.heard_other")
        talk.show(Helplines(country=talk.journey.settings.country))
        return Step.SAFETY_OTHER
    if meaning.danger is Danger.CONCERN and step is not Step.SAFETY_ASK:
        talk.say("safety.concern")
        return Step.SAFETY_ASK
    return _show_help(talk, "safety.heard")


def _show_help(talk: Talk, key: str) -> Step:
    talk.say(key)
    talk.show(Helplines(country=talk.journey.settings.country))
    return Step.SAFETY


def help_now(talk: Talk, heard: Heard) -> Step:
    """Show the helplines because the person asked for them, and stay."""
    _learn_country(talk, heard)
    talk.say("safety.numbers")
    talk.show(Helplines(country=talk.journey.settings.country))
    return Step.SAFETY_STAY


def _learn_country(talk: Talk, heard: Heard) -> bool:
    country = heard.meaning.country
    if country:
        talk.change(settings=replace(talk.journey.settings, country=country))
    return bool(country)


def _asked(talk: Talk, heard: Heard) -> Step:
    if _meant_else(heard):
        return _misunderstood(talk)
    match heard.choice:
        case "no":
            talk.say("safety.not_in_danger")
            return _leave(talk)
        case "":
            # Words that neither say yes nor no: nothing is claimed about them, and it is not asked a second time.
            talk.say("safety.unanswered")
            talk.show(Helplines(country=talk.journey.settings.country))
            return Step.SAFETY_STAY
        case _:
            return _show_help(talk, "safety.heard")


def _meant_else(heard: Heard) -> bool:
    return heard.choice == "meant_else" or (not heard.choice and "meant_else" in heard.meaning.cues)


def _misunderstood(talk: Talk) -> Step:
    talk.say("safety.misunderstood")
    return _leave(talk)


def _leave(talk: Talk) -> Step:
    """Go back to exactly where they were; what came due meanwhile does not rush in."""
    talk.journey = waits.without_rush(talk.journey, talk.now)
    return talk.returned()


BARRIERS = {
    "will": "safety.glad",
    "rather_text": "safety.text",
    "afraid": "safety.afraid",
    "not_bad": "safety.bad_enough",
}


def _barrier_told(talk: Talk, heard: Heard) -> Step:
    if _meant_else(heard):
        return _misunderstood(talk)
    if not heard.choice and _learn_country(talk, heard):
        talk.show(Helplines(country=talk.journey.settings.country))
        return Step.SAFETY
    talk.say(BARRIERS.get(heard.choice, "safety.listening"))
    return Step.SAFETY_STAY


OTHER_NOW = {"now": "safety.other_at_once", "not_sure": "safety.other_find_out", "not_now": "safety.other_keep_near"}


def _other_told(talk: Talk, heard: Heard) -> Step:
    if _meant_else(heard):
        return _misunderstood(talk)
    if not heard.choice and _learn_country(talk, heard):
        talk.show(Helplines(country=talk.journey.settings.country))
        return Step.SAFETY_OTHER
    talk.say(OTHER_NOW.get(heard.choice, "safety.listening"))
    return Step.SAFETY_STAY


def _stayed(talk: Talk, heard: Heard) -> Step | None:
    match heard.choice:
        case "ground":
            talk.say("safety.ground")
        case "numbers":
            return help_now(talk, heard)
        case "later":
            talk.change(checks_back_at=talk.now + CHECK_BACK)
            talk.say("safety.will_check")
        case "talk_on":
            talk.say("safety.back")
            return _leave(talk)
        case _:
            if _learn_country(talk, heard):
                return help_now(talk, heard)
            talk.say("safety.listening")
    # The buttons above still work: asking the same thing after every line would not be staying.
    return None


QUESTIONS = (
    Question(Step.SAFETY_ASK, "safety.ask", ("yes", "not_sure", "no", "meant_else"), _asked, takes_text=True),
    Question(Step.SAFETY, "safety.barrier", (*BARRIERS, "meant_else"), _barrier_told, takes_text=True),
    Question(Step.SAFETY_OTHER, "safety.other_now", (*OTHER_NOW, "meant_else"), _other_told, takes_text=True),
    Question(
        Step.SAFETY_STAY,
        "safety.stay",
        ("ground", "numbers", "later", "talk_on"),
        _stayed,
        takes_text=True,
        skip="talk_on",
    ),
)
