"""Later, or in between: check-ins on actions, feedback that arrives, a second no, good news."""

from datetime import timedelta

from msgspec.structs import replace

from dialogs import lessons, moments, pages
from dialogs.journey import Action, Journey, Lesson
from dialogs.replies import Params
from dialogs.steps import Step
from dialogs.talk import LONGEST_KEPT, Heard, Question, Talk

LATER = timedelta(days=3)
"""How far an action that is not done yet is moved."""

FEEDBACK_WEEK = timedelta(days=7)


def _edited(talk: Talk) -> Action:
    return talk.journey.actions[talk.journey.editing or 0]


def _checked_in(talk: Talk, heard: Heard) -> Step:
    action = _edited(talk)
    match heard.choice:
        case "done":
            _put(talk, replace(action, state="done", ask_at=None))
            talk.say("follow_up.done")
        case "not_yet":
            due = moments.outside_quiet_hours(talk.now + LATER, talk.journey.settings.zone)
            _put(talk, replace(action, due=due, ask_at=due))
            talk.say("follow_up.not_yet", day=moments.today(due, talk.journey.settings.zone))
        case "drop":
            _put(talk, replace(action, state="dropped", ask_at=None))
            talk.say("follow_up.dropped")
        case "change":
            talk.say("follow_up.say_how")
            return Step.CHECK_IN
        case _:
            meaning = heard.meaning
            _put(
                talk, replace(action, cue=meaning.cue or action.cue, will=(meaning.action or heard.text)[:LONGEST_KEPT])
            )
            talk.say("follow_up.changed")
    return _next_due(talk)


def _next_due(talk: Talk) -> Step:
    journey = talk.journey
    open_and_due = [n for n, a in enumerate(journey.actions) if a.state == "open" and a.due and a.due <= talk.now]
    if not open_and_due:
        talk.change(editing=None)
        return talk.returned()
    talk.change(editing=open_and_due[0])
    return Step.CHECK_IN


def _put(talk: Talk, action: Action) -> None:
    """Put an action in the place of the one that is being edited."""
    number = talk.journey.editing or 0
    applications = []
    for application in talk.journey.applications:
        count = len(application.actions)
        if 0 <= number < count:
            changed = (*application.actions[:number], action, *application.actions[number + 1 :])
            applications.append(replace(application, actions=changed))
        else:
            applications.append(application)
        number -= count
    talk.change(applications=tuple(applications))


def _halves(journey: Journey) -> Params:
    actions = journey.actions
    if not actions:
        return {}
    action = actions[min(journey.editing or 0, len(actions) - 1)]
    return {"cue": lessons.cue(action), "will": lessons.will(action)}


def _feedback_asked(talk: Talk, heard: Heard) -> Step:
    match heard.choice:
        case "came":
            return Step.FEEDBACK_CAME
        case "not_yet":
            zone = talk.journey.settings.zone
            at = moments.outside_quiet_hours(talk.now + FEEDBACK_WEEK, zone)
            talk.note(feedback_at=at)
            talk.say("follow_up.feedback_wait", day=moments.today(at, zone))
        case _:
            talk.say("follow_up.feedback_let_be")
    return talk.returned()


def _feedback_sting(talk: Talk) -> None:
    talk.note(feedback_at=None)
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
    return Step.FEEDBACK_USE


def _feedback_used(talk: Talk, heard: Heard) -> Step:
    if heard.choice:
        talk.say("follow_up.feedback_let_be")
    else:
        kept = talk.application.lessons
        talk.note(lessons=(*kept, Lesson(text=heard.answer.text))[-lessons.MOST_LESSONS :])
        talk.say("follow_up.feedback_kept")
    return talk.returned()


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
            talk.say("follow_up.interview")
            talk.show(pages.prep(talk.journey))
        case _:
            talk.say("follow_up.good")
    return talk.returned()


QUESTIONS = (
    Question(
        Step.CHECK_IN,
        "follow_up.check_in",
        ("done", "not_yet", "change", "drop"),
        _checked_in,
        takes_text=True,
        skip="not_yet",
        params=_halves,
    ),
    Question(
        Step.FEEDBACK_ASKED,
        "follow_up.feedback_asked",
        ("came", "not_yet", "let_be"),
        _feedback_asked,
        default="let_be",
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
        Step.FEEDBACK_USE, "follow_up.feedback_use", ("leave_it",), _feedback_used, takes_text=True, skip="leave_it"
    ),
    Question(
        Step.SECOND_NO, "follow_up.second_no", ("join", "park", "same"), _second_no, default="park", params=_newest
    ),
    Question(Step.GOOD_NEWS, "follow_up.good_news", ("offer", "interview", "other"), _good_news, default="other"),
)
