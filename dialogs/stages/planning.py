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
    zone = talk.journey.settings.zone
    named = WHENS.get(heard.choice) or heard.meaning.when
    due = moments.on_day(moments.day_named(named, talk.now, zone), zone) if named else None
    talk.change(draft=replace(_draft(talk), due=due, ask_at=None))
    return Step.ACTION_CHECK


def _read_action(talk: Talk) -> None:
    action = _draft(talk)
    key = "planning.action_read" if action.due else "planning.action_read_no_day"
    talk.say(key, **_halves(talk.journey, action))


def _halves(journey: Journey, action: Action) -> dict[str, str | Say | date]:
    day = {"day": moments.today(action.due, journey.settings.zone)} if action.due else {}
    return {"cue": lessons.cue(action), "will": lessons.will(action), **day}


def _check_choices(journey: Journey) -> tuple[Choice, ...]:
    dated = journey.draft is not None and journey.draft.due is not None
    names = (*(("thats_it_ask",) if dated else ()), "thats_it", "change", "something_else")
    return tuple(Choice(id=name) for name in names)


def _checked(talk: Talk, heard: Heard) -> Step:
    action = _draft(talk)
    match heard.choice:
        case "thats_it" | "thats_it_ask":
            asked = heard.choice == "thats_it_ask"
            talk.note(actions=(*talk.application.actions, replace(action, ask_at=action.due if asked else None)))
            talk.change(draft=None)
            talk.say("planning.action_kept_ask" if asked else "planning.action_kept")
            return Step.MORE
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
    talk.change(draft=replace(own, cue=own.cue or action.cue, due=action.due))
    return Step.ACTION_CHECK


def _more(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "another":
        return Step.ACTION
    if not heard.choice:
        return _action_told(talk, heard)
    return _finish(talk)


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
    Question(Step.ACTION_WHEN, "planning.action_when", (*WHENS, "no_day"), _when_told, default="no_day"),
    Question(
        Step.ACTION_CHECK,
        "planning.action_check",
        _check_choices,
        _checked,
        takes_text=True,
        skip="thats_it",
        enter=_read_action,
        form="action",
    ),
    Question(
        Step.ACTION_EDIT, "planning.action_edit", ("leave",), _edited, takes_text=True, skip="leave", form="action"
    ),
    Question(Step.MORE, "planning.more", ("another", "enough"), _more, takes_text=True, skip="enough"),
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
