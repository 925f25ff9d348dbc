"""Later, or in between: feedback that arrives, a second no, good news."""

from datetime import timedelta

from msgspec.structs import replace

from dialogs import booking, lessons
from dialogs.journey import Action, Journey, Lesson
from dialogs.replies import Params
from dialogs.steps import Step
from dialogs.talk import LONGEST_KEPT, Heard, Question, Talk

FEEDBACK_WEEK = timedelta(days=7)


def ask_for_feedback(talk: Talk, before: Journey) -> Step:
    """Ask whether the employer answered from whom an answer was due."""
    both = zip(before.applications, talk.journey.applications, strict=True)
    talk.change(editing=next(n for n, (was, now) in enumerate(both) if was != now))
    return Step.FEEDBACK_ASKED


def _asked_about(journey: Journey) -> int:
    """Return the number of the application that the question about feedback is about."""
    last = len(journey.applications) - 1
    return last if journey.editing is None else min(journey.editing, last)


def _asked_employer(journey: Journey) -> dict[str, str]:
    employer = journey.applications[_asked_about(journey)].employer if journey.applications else ""
    return {"asked": employer} if employer else {}


def _feedback_asked(talk: Talk, heard: Heard) -> Step:
    match heard.choice:
        case "came":
            return Step.FEEDBACK_CAME
        case "not_yet":
            day = talk.day_after(FEEDBACK_WEEK)
            number = _asked_about(talk.journey)
            talk.change(
                applications=tuple(
                    replace(application, feedback_on=day) if n == number else application
                    for n, application in enumerate(talk.journey.applications)
                )
            )
            talk.say("follow_up.feedback_wait", day=day, **_asked_employer(talk.journey))
        case _:
            talk.say("follow_up.feedback_let_be")
    return talk.returned()


def _feedback_sting(talk: Talk) -> None:
    talk.note(feedback_on=None)
    talk.say("follow_up.feedback_sting")


def _feedback_came(talk: Talk, heard: Heard) -> Step:
    match heard.choice:
        case "standard":
            talk.say("follow_up.feedback_standard")
            return talk.returned()
        case "rather_not":
            talk.say("follow_up.feedback_let_be")
            return talk.returned()
        case "hurts":
            talk.say("follow_up.feedback_hurts")
        case _:
            talk.say("follow_up.feedback_heard")
    return Step.FEEDBACK_FACT


def _fact_found(talk: Talk, heard: Heard) -> Step:
    """Sort what they could have filmed from how somebody felt about it; neither is kept."""
    talk.say("follow_up.feedback_opinion" if heard.choice == "opinion" else "follow_up.feedback_fact_heard")
    return Step.FEEDBACK_USE


def _feedback_used(talk: Talk, heard: Heard) -> Step:
    if heard.choice:
        talk.say("follow_up.feedback_let_be")
        return talk.returned()
    lesson = Lesson(text=heard.answer.text)
    talk.note(lessons=(*talk.application.lessons, lesson)[-lessons.MOST_LESSONS :])
    talk.say("follow_up.feedback_kept")
    # In the middle of the path the plan is still to come, with this lesson in it.
    return Step.FEEDBACK_PLAN if talk.returned() is Step.REST else talk.returned()


def _into_the_plan(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "leave_it":
        talk.say("follow_up.feedback_learnt")
        return talk.returned()
    meaning = heard.meaning
    will = "" if heard.choice else (meaning.action or heard.text)
    will = will or talk.application.lessons[-1].text
    talk.change(draft=Action(cue=(meaning.cue or "")[:LONGEST_KEPT], will=will[:LONGEST_KEPT]))
    return Step.ACTION_WHEN


def _second_no(talk: Talk, heard: Heard) -> Step:
    *earlier, newest = talk.journey.parked
    match heard.choice:
        case "join":
            talk.note(
                joined=(*talk.application.joined, newest.employer) if newest.employer else talk.application.joined
            )
            talk.change(parked=tuple(earlier))
            talk.say("follow_up.joined")
        case "same":
            talk.change(parked=tuple(earlier))
            talk.say("follow_up.same_one")
        case _:
            talk.say("follow_up.parked")
    return talk.returned()


def _newest(journey: Journey) -> Params:
    return {"other": journey.parked[-1].employer} if journey.parked and journey.parked[-1].employer else {}


def _good_news(talk: Talk, heard: Heard) -> Step:
    match heard.choice:
        case "offer":
            return Step.OFFER
        case "interview":
            return booking.told(talk, heard.meaning)
        case _:
            talk.say("follow_up.good")
    return talk.returned()


QUESTIONS = (
    Question(
        Step.FEEDBACK_ASKED,
        "follow_up.feedback_asked",
        ("came", "not_yet", "let_be"),
        _feedback_asked,
        default="let_be",
        params=_asked_employer,
    ),
    Question(
        Step.FEEDBACK_CAME,
        "follow_up.feedback_came",
        ("standard", "useful", "hurts", "rather_not"),
        _feedback_came,
        takes_text=True,
        skip="rather_not",
        enter=_feedback_sting,
    ),
    Question(
        Step.FEEDBACK_FACT,
        "follow_up.feedback_fact",
        ("fact", "opinion", "dont_know"),
        _fact_found,
        takes_text=True,
        skip="dont_know",
    ),
    Question(
        Step.FEEDBACK_PLAN,
        "follow_up.feedback_plan",
        ("into_plan", "leave_it"),
        _into_the_plan,
        takes_text=True,
        skip="leave_it",
    ),
    Question(
        Step.FEEDBACK_USE, "follow_up.feedback_use", ("leave_it",), _feedback_used, takes_text=True, skip="leave_it"
    ),
    Question(
        Step.SECOND_NO, "follow_up.second_no", ("join", "park", "same"), _second_no, default="park", params=_newest
    ),
    Question(Step.GOOD_NEWS, "follow_up.good_news", ("offer", "interview", "other"), _good_news, default="other"),
)
