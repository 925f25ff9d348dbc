"""Rows A4 to A7: you are not your work, and the people who said no do not know you."""

from dialogs.journey import Answer, Journey
from dialogs.replies import Choice, Say
from dialogs.steps import Step
from dialogs.talk import Heard, Question, Talk

STINGS = ("1", "2", "3", "4", "5")
WORSE_DAY = 4
MOST_TRUE_THINGS = 3
TRUE_THINGS = ("show_up", "keep_going", "kind", "funny", "learn")


def thing(answer: Answer) -> Say | str:
    """Return the line of a true thing: the person's own words, or one of the words file."""
    return answer.text or Say(key=f"truths.{answer.choice}")


def _stung(talk: Talk, heard: Heard) -> Step:
    sting = int(heard.choice) if heard.choice in STINGS else 0
    talk.note(sting_before=sting)
    journey = talk.journey
    if sting >= WORSE_DAY:
        talk.say("perspective.stings_a_lot")
    else:
        talk.say("perspective.stings_some")
    if not journey.returning:
        return Step.REPEAT_LINE
    if journey.true_things:
        index = len(journey.applications) % len(journey.true_things)
        talk.say("perspective.true_again", thing=thing(journey.true_things[index]))
    return Step.SEEN


TRAPS = ("trap_never", "trap_label", "trap_mind")


def _in_a_trap(talk: Talk, heard: Heard) -> bool:
    """Say whether a line turns against the person, and name it gently, once for an application at most."""
    trap = next((trap for trap in TRAPS if trap in heard.meaning.cues), "")
    if heard.choice or not trap:
        return False
    if not talk.application.trap_named:
        talk.note(trap_named=True)
        talk.say(f"perspective.{trap}")
    return True


def _line_said(talk: Talk, heard: Heard) -> Step:
    if _in_a_trap(talk, heard):
        return Step.TRUE_THINGS
    if heard.choice == "not_today":
        talk.say("perspective.line_not_today")
    else:
        if not heard.choice:
            talk.change(own_line=heard.answer.text)
        talk.say("perspective.line_said")
    return Step.TRUE_THINGS


def _true_choices(journey: Journey) -> tuple[Choice, ...]:
    taken = {answer.choice for answer in journey.true_things}
    offered = (name for name in TRUE_THINGS if name not in taken)
    return (*(Choice(id=name) for name in offered), Choice(id="thats_all"))


def _true_thing_told(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "thats_all" or _in_a_trap(talk, heard):
        talk.say("perspective.true_kept" if talk.journey.true_things else "perspective.true_none")
        return Step.SEEN
    things = (*talk.journey.true_things, heard.answer)
    talk.change(true_things=things)
    if len(things) >= MOST_TRUE_THINGS:
        talk.say("perspective.true_kept")
        return Step.SEEN
    talk.say("perspective.true_noted")
    return Step.TRUE_THINGS


def _what_else(journey: Journey) -> str:
    return "perspective.true_more" if journey.true_things else "perspective.true_things"


def _introduce_seen(talk: Talk) -> None:
    if not talk.journey.returning:
        talk.say("perspective.they_saw")


def _seen_told(talk: Talk, heard: Heard) -> Step:
    talk.keep_answer(Step.SEEN, heard.answer)
    _in_a_trap(talk, heard)
    if heard.choice == "nothing":
        talk.say("perspective.saw_nothing")
        return Step.STING_AFTER
    if talk.journey.returning:
        talk.say("perspective.decision")
        return Step.STING_AFTER
    return Step.UNSEEN


def _unseen_told(talk: Talk, heard: Heard) -> Step:
    talk.keep_answer(Step.UNSEEN, heard.answer)
    _in_a_trap(talk, heard)
    talk.say("perspective.decision")
    return Step.STING_AFTER


def _stung_after(talk: Talk, heard: Heard) -> Step:
    after = int(heard.choice) if heard.choice in STINGS else 0
    talk.note(sting_after=after)
    before = talk.application.sting_before
    if after and before and after < before:
        talk.say("perspective.sting_down", before=str(before), after=str(after))
    elif after and before and after > before:
        talk.say("perspective.sting_up", before=str(before), after=str(after))
    else:
        talk.say("perspective.sting_same")
    talk.say("perspective.not_personal")
    return Step.WHY


QUESTIONS = (
    Question(Step.STING_BEFORE, "perspective.sting_before", STINGS, _stung, default="unsaid", skip="unsaid"),
    Question(
        Step.REPEAT_LINE,
        "perspective.repeat_line",
        ("say_it", "not_today"),
        _line_said,
        takes_text=True,
        skip="not_today",
    ),
    Question(
        Step.TRUE_THINGS,
        _what_else,
        _true_choices,
        _true_thing_told,
        takes_text=True,
        skip="thats_all",
        keys=("perspective.true_things", "perspective.true_more"),
    ),
    Question(
        Step.SEEN,
        "perspective.seen",
        ("nothing", "paper", "interview", "final", "dont_know"),
        _seen_told,
        takes_text=True,
        skip="dont_know",
        enter=_introduce_seen,
    ),
    Question(
        Step.UNSEEN,
        "perspective.unseen",
        ("with_people", "learning", "burden", "dont_know"),
        _unseen_told,
        takes_text=True,
        skip="dont_know",
    ),
    Question(Step.STING_AFTER, "perspective.sting_after", STINGS, _stung_after, default="unsaid", skip="unsaid"),
)
