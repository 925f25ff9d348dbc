"""Rows A12 to A14: do something different, as "when X, I will Y" with a day, and one sentence of why them."""

from datetime import date

from msgspec.structs import replace

from dialogs import lessons, moments
from dialogs.journey import Action, Journey
from dialogs.replies import Choice, Say
from dialogs.steps import Step
from dialogs.talk import LONGEST_KEPT, Heard, Question, Talk

MOST_ACTIONS = 10
WHENS = {"tomorrow": "+1", "few_days": "+3", "week": "+7"}
WHY_MES = ("learn", "finish", "people")


def _begin(talk: Talk) -> None:
    talk.change(draft=None)
    if not talk.application.actions and not talk.journey.questioned:
        talk.say("planning.begin")
        worked = lessons.worked(talk.journey)
        if worked:
            talk.say("planning.worked_before", will=lessons.will(worked[-1]))


def _action_choices(journey: Journey) -> tuple[Choice, ...]:
    return (*(Choice(id=key) for key in lessons.suggestions(journey)), Choice(id="nothing"))


def _action_told(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "nothing":
        return _finish(talk)
    if "same" in heard.meaning.cues and not talk.journey.questioned:
        return Step.SAME_AGAIN
    if len(talk.application.actions) >= MOST_ACTIONS:
        talk.say("planning.plan_full")
        return _finish(talk)
    if heard.choice:
        talk.change(draft=Action(key=heard.choice))
    else:
        talk.change(draft=_own_action(heard))
    return Step.ACTION_WHEN


def _own_action(heard: Heard) -> Action:
    meaning = heard.meaning
    will = (heard.fields.get("will") or meaning.action or heard.text)[:LONGEST_KEPT]
    return Action(cue=(heard.fields.get("cue") or meaning.cue or "")[:LONGEST_KEPT], will=will)


def _draft(talk: Talk) -> Action:
    """Return the action in the making; when the person went back, that is the last one of the plan."""
    if talk.journey.draft is None:
        actions = talk.application.actions
        talk.note(actions=actions[:-1])
        talk.change(draft=actions[-1] if actions else Action(key="cv"))
    draft = talk.journey.draft
    assert draft is not None  # noqa: S101 - set two lines above; tells the type checker
    return draft


def _when_told(talk: Talk, heard: Heard) -> Step:
    named = WHENS.get(heard.choice) or heard.meaning.when
    due = moments.day_named(named, talk.now, talk.journey.settings) if named else None
    if heard.choice != "no_day" and (due is None or due < talk.today):
        talk.say("planning.no_such_day")
        return Step.ACTION_WHEN
    talk.change(draft=replace(_draft(talk), due=due))
    return Step.EXPECT


def _expected(talk: Talk, heard: Heard) -> Step:
    """Take what the person expects of the action: an experiment has something to compare with."""
    talk.change(draft=replace(_draft(talk), expected=None if heard.choice == "dont_know" else heard.answer))
    return Step.ACTION_CHECK


def _read_action(talk: Talk) -> None:
    action = _draft(talk)
    key = "planning.action_read" if action.due else "planning.action_read_no_day"
    talk.say(key, **_halves(action))
    if action.expected:
        talk.say("planning.expected", expected=lessons.expected(action.expected))


def _halves(action: Action) -> dict[str, str | Say | date]:
    day = {"day": action.due} if action.due else {}
    return {"cue": lessons.cue(action), "will": lessons.will(action), **day}


def _checked(talk: Talk, heard: Heard) -> Step:
    action = _draft(talk)
    match heard.choice:
        case "thats_it" | "one_more":
            asked = talk.journey.rhythm.kind == "dates"
            talk.note(actions=(*talk.application.actions, replace(action, ask_on=action.due if asked else None)))
            talk.change(draft=None)
            talk.say("planning.action_kept")
            return Step.ACTION if heard.choice == "one_more" else _finish(talk)
        case "change":
            return Step.ACTION_EDIT
        case "something_else":
            return Step.ACTION
        case _:
            return _edited(talk, heard)


def _edited(talk: Talk, heard: Heard) -> Step:
    """Take the person's own wording of an action, whole or in its two halves; the day stays."""
    action = _draft(talk)
    if heard.choice == "leave":
        return Step.ACTION_CHECK
    own = _own_action(heard)
    talk.change(draft=replace(own, cue=own.cue or action.cue, due=action.due, expected=action.expected))
    return Step.ACTION_CHECK


def _finish(talk: Talk) -> Step:
    """Leave the plan; one with nothing different in it is questioned kindly, once."""
    nothing_new = not talk.application.actions or lessons.same_as_before(talk.journey)
    if nothing_new and not talk.journey.questioned:
        return Step.SAME_AGAIN
    return Step.REST if talk.journey.why_me else Step.WHY_ME


def _question_plan(talk: Talk) -> None:
    talk.change(questioned=True)
    if talk.application.actions:
        talk.say("planning.same_as_before", will=lessons.will(talk.application.actions[0]))
    else:
        talk.say("planning.nothing_new")


def _same_answered(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "keep":
        talk.say("planning.kept_as_it_is")
        return _finish(talk)
    return Step.ACTION


def _why_me_told(talk: Talk, heard: Heard) -> Step:
    if heard.choice != "skip":
        talk.change(why_me=heard.answer)
        talk.say("planning.why_me_kept")
    return Step.REST


QUESTIONS = (
    Question(
        Step.ACTION, "planning.action", _action_choices, _action_told, takes_text=True, skip="nothing", enter=_begin
    ),
    Question(Step.ACTION_WHEN, "planning.action_when", (*WHENS, "no_day"), _when_told, takes_text=True, skip="no_day"),
    Question(
        Step.EXPECT,
        "planning.expect",
        ("more_answers", "better_talk", "know_more", "calmer", "dont_know"),
        _expected,
        takes_text=True,
        skip="dont_know",
    ),
    Question(
        Step.ACTION_CHECK,
        "planning.action_check",
        ("thats_it", "one_more", "change", "something_else"),
        _checked,
        takes_text=True,
        skip="thats_it",
        enter=_read_action,
        form="action",
    ),
    Question(
        Step.ACTION_EDIT, "planning.action_edit", ("leave",), _edited, takes_text=True, skip="leave", form="action"
    ),
    Question(
        Step.SAME_AGAIN,
        "planning.same_again",
        ("change", "keep"),
        _same_answered,
        default="change",
        skip="keep",
        enter=_question_plan,
    ),
    Question(Step.WHY_ME, "planning.why_me", (*WHY_MES, "skip"), _why_me_told, takes_text=True, skip="skip"),
)
