"""Rows A0 and the first contact: the feeling first, then one short card, then how long to be fed up."""

from datetime import timedelta

from dialogs import moments
from dialogs.journey import Venting
from dialogs.news import open_application
from dialogs.steps import Step
from dialogs.talk import Heard, Question, Talk
from dialogs.understanding.meaning import Meaning

SILENCE_WEEK = timedelta(days=7)
WELCOME = ("rejected", "silence", "good", "how")


def _greet(talk: Talk) -> None:
    if not talk.journey.said.get("opening.hello"):
        talk.say("opening.hello")


def _welcomed(talk: Talk, heard: Heard) -> Step:
    match heard.choice:
        case "rejected":
            return open_application(talk, heard.meaning)
        case "silence":
            return open_application(talk, Meaning(cues=frozenset({"ghosted"})))
        case "good":
            return Step.GOOD_NEWS
        case "how":
            talk.say("opening.how")
            return Step.WELCOME
        case _:
            return Step.WELCOME


def _silence_answered(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "week":
        day = talk.day_after(SILENCE_WEEK)
        talk.note(close_on=day)
        talk.say("opening.silence_week", day=day)
        return Step.REST
    if heard.choice == "answered":
        talk.note(ghosted=False, close_on=None)
        talk.say("opening.silence_answered")
    else:
        talk.note(close_on=None)
        talk.say("opening.silence_closed")
    return Step.LENGTH


def _card(talk: Talk) -> None:
    # Before anybody vents, and once: afterwards would be too late.
    if talk.journey.settings.overseen and not talk.journey.said.get("opening.overseen"):
        talk.say("opening.overseen")
    if not talk.journey.met:
        talk.say("opening.card")
        talk.change(met=True)


def _length_chosen(talk: Talk, heard: Heard) -> Step:
    settings = talk.journey.settings
    match heard.choice:
        case "straight_on":
            talk.change(venting=Venting(began=talk.now))
            talk.say("venting.straight_on")
            return Step.STING_BEFORE
        case "day":
            until = moments.outside_quiet_hours(talk.now + timedelta(days=1), settings)
        case "two_days":
            until = moments.outside_quiet_hours(talk.now + timedelta(days=2), settings)
        case _:
            until = moments.next_morning(talk.now, settings)
    talk.change(venting=Venting(began=talk.now, until=until))
    talk.say(f"venting.begin_{heard.choice}")
    return Step.VENTING


QUESTIONS = (
    Question(Step.NEW, "opening.welcome", WELCOME, _welcomed, takes_text=True, silent=True),
    Question(Step.WELCOME, "opening.welcome", WELCOME, _welcomed, default="rejected", enter=_greet),
    Question(Step.SILENCE, "opening.silence", ("close", "week", "answered"), _silence_answered, default="close"),
    Question(
        Step.LENGTH,
        "opening.length",
        ("evening", "day", "two_days", "straight_on"),
        _length_chosen,
        default="evening",
        skip="straight_on",
        enter=_card,
    ),
)
