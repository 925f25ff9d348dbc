"""Every place where a journey can stand, and which may follow which: the whole flow on one page."""

from collections.abc import Mapping
from enum import StrEnum


class Step(StrEnum):
    """A place where a journey can stand. The value is what is stored; a renamed one needs an entry in the codec."""

    # opening
    NEW = "new"
    WELCOME = "welcome"
    SILENCE = "silence"
    LENGTH = "length"
    # venting
    VENTING = "venting"
    COOLING = "cooling"
    WRITING = "writing"
    TIME_UP = "time_up"
    ENOUGH = "enough"
    # perspective
    STING_BEFORE = "sting_before"
    REPEAT_LINE = "repeat_line"
    TRUE_THINGS = "true_things"
    SEEN = "seen"
    UNSEEN = "unseen"
    STING_AFTER = "sting_after"
    # learning
    WHY = "why"
    FEEDBACK = "feedback"
    MOMENT = "moment"
    SAY_NOW = "say_now"
    RESEARCH = "research"
    FIT = "fit"
    SALARY = "salary"
    FRIEND = "friend"
    COACH = "coach"
    LESSONS = "lessons"
    LESSON_PICK = "lesson_pick"
    LESSON_EDIT = "lesson_edit"
    # planning
    ACTION = "action"
    ACTION_WHEN = "action_when"
    EXPECT = "expect"
    ACTION_CHECK = "action_check"
    ACTION_EDIT = "action_edit"
    SAME_AGAIN = "same_again"
    WHY_ME = "why_me"
    # send-off and after
    REST = "rest"
    OFFER = "offer"
    # follow-up and other things that can come up at any time
    RHYTHM = "rhythm"
    RHYTHM_DAY = "rhythm_day"
    RHYTHM_HOUR = "rhythm_hour"
    CLOCK = "clock"
    ZONE = "zone"
    MOOD = "mood"
    CHECK_IN = "check_in"
    OUTCOME = "outcome"
    NOTE = "note"
    SNOOZE = "snooze"
    INTERVIEW_WHEN = "interview_when"
    INTERVIEW_SURE = "interview_sure"
    INTERVIEW_AFTER = "interview_after"
    FEEDBACK_ASKED = "feedback_asked"
    FEEDBACK_CAME = "feedback_came"
    FEEDBACK_FACT = "feedback_fact"
    FEEDBACK_USE = "feedback_use"
    FEEDBACK_PLAN = "feedback_plan"
    SECOND_NO = "second_no"
    GOOD_NEWS = "good_news"
    FORGETTING = "forgetting"
    CHANGE = "change"
    CLARIFY = "clarify"
    STOPPED = "stopped"
    RESTART_SURE = "restart_sure"
    ERASE_SURE = "erase_sure"
    # safety
    SAFETY_ASK = "safety_ask"
    SAFETY = "safety"
    SAFETY_OTHER = "safety_other"
    SAFETY_STAY = "safety_stay"


PATHS: Mapping[Step, frozenset[Step]] = {
    Step.NEW: frozenset({Step.WELCOME, Step.SILENCE, Step.LENGTH}),
    Step.WELCOME: frozenset({Step.WELCOME, Step.SILENCE, Step.LENGTH}),
    Step.SILENCE: frozenset({Step.LENGTH, Step.REST}),
    Step.LENGTH: frozenset({Step.VENTING, Step.STING_BEFORE}),
    Step.VENTING: frozenset({Step.VENTING, Step.COOLING, Step.WRITING, Step.TIME_UP, Step.ENOUGH, Step.STING_BEFORE}),
    Step.COOLING: frozenset({Step.VENTING, Step.TIME_UP, Step.ENOUGH}),
    Step.WRITING: frozenset({Step.VENTING}),
    Step.TIME_UP: frozenset({Step.VENTING, Step.ENOUGH, Step.STING_BEFORE}),
    Step.ENOUGH: frozenset({Step.STING_BEFORE, Step.REST, Step.ENOUGH}),
    Step.STING_BEFORE: frozenset({Step.REPEAT_LINE, Step.SEEN}),
    Step.REPEAT_LINE: frozenset({Step.TRUE_THINGS}),
    Step.TRUE_THINGS: frozenset({Step.TRUE_THINGS, Step.SEEN}),
    Step.SEEN: frozenset({Step.UNSEEN, Step.STING_AFTER}),
    Step.UNSEEN: frozenset({Step.STING_AFTER}),
    Step.STING_AFTER: frozenset({Step.WHY}),
    Step.WHY: frozenset({Step.FEEDBACK}),
    Step.FEEDBACK: frozenset({Step.MOMENT, Step.RESEARCH, Step.FRIEND, Step.COACH, Step.LESSONS}),
    Step.MOMENT: frozenset({Step.SAY_NOW, Step.RESEARCH}),
    Step.SAY_NOW: frozenset({Step.RESEARCH}),
    Step.RESEARCH: frozenset({Step.FIT}),
    Step.FIT: frozenset({Step.SALARY}),
    Step.SALARY: frozenset({Step.FRIEND}),
    Step.FRIEND: frozenset({Step.LESSONS}),
    Step.COACH: frozenset({Step.LESSONS}),
    Step.LESSONS: frozenset({Step.LESSONS, Step.LESSON_PICK, Step.LESSON_EDIT, Step.ACTION}),
    Step.LESSON_PICK: frozenset({Step.LESSONS, Step.LESSON_EDIT}),
    Step.LESSON_EDIT: frozenset({Step.LESSONS}),
    Step.ACTION: frozenset({Step.ACTION_WHEN, Step.SAME_AGAIN, Step.WHY_ME, Step.REST}),
    Step.ACTION_WHEN: frozenset({Step.ACTION_WHEN, Step.EXPECT}),
    Step.EXPECT: frozenset({Step.ACTION_CHECK}),
    Step.ACTION_CHECK: frozenset(
        {Step.ACTION_CHECK, Step.ACTION_EDIT, Step.ACTION, Step.SAME_AGAIN, Step.WHY_ME, Step.REST}
    ),
    Step.ACTION_EDIT: frozenset({Step.ACTION_CHECK}),
    Step.SAME_AGAIN: frozenset({Step.ACTION, Step.WHY_ME, Step.REST}),
    Step.WHY_ME: frozenset({Step.REST}),
    Step.REST: frozenset({Step.SILENCE, Step.LENGTH, Step.REST}),
    Step.OFFER: frozenset({Step.REST}),
    Step.RHYTHM: frozenset({Step.RHYTHM_DAY, Step.RHYTHM_HOUR}),
    Step.RHYTHM_DAY: frozenset({Step.RHYTHM_HOUR}),
    Step.RHYTHM_HOUR: frozenset({Step.CLOCK}),
    Step.CLOCK: frozenset({Step.CLOCK, Step.ZONE}),
    Step.MOOD: frozenset({Step.CHECK_IN, Step.NOTE, Step.SNOOZE}),
    Step.CHECK_IN: frozenset({Step.CHECK_IN, Step.OUTCOME, Step.NOTE}),
    Step.OUTCOME: frozenset({Step.CHECK_IN, Step.NOTE}),
    Step.FEEDBACK_ASKED: frozenset({Step.FEEDBACK_CAME}),
    Step.FEEDBACK_CAME: frozenset({Step.FEEDBACK_FACT}),
    Step.FEEDBACK_FACT: frozenset({Step.FEEDBACK_USE}),
    Step.FEEDBACK_USE: frozenset({Step.FEEDBACK_PLAN}),
    Step.FEEDBACK_PLAN: frozenset({Step.ACTION_WHEN}),
    Step.INTERVIEW_WHEN: frozenset({Step.INTERVIEW_WHEN, Step.INTERVIEW_SURE}),
    Step.INTERVIEW_SURE: frozenset({Step.INTERVIEW_WHEN, Step.CLOCK}),
    Step.INTERVIEW_AFTER: frozenset({Step.OFFER, Step.LENGTH, Step.SECOND_NO}),
    Step.GOOD_NEWS: frozenset({Step.OFFER, Step.INTERVIEW_WHEN, Step.INTERVIEW_SURE}),
    Step.CHANGE: frozenset(
        {Step.SEEN, Step.UNSEEN, Step.WHY, Step.FEEDBACK, Step.MOMENT, Step.RESEARCH, Step.FIT, Step.SALARY}
    ),
    Step.RESTART_SURE: frozenset({Step.WELCOME}),
    Step.ERASE_SURE: frozenset({Step.NEW}),
    Step.SAFETY_ASK: frozenset({Step.SAFETY, Step.SAFETY_STAY}),
    Step.SAFETY: frozenset({Step.SAFETY, Step.SAFETY_STAY}),
    Step.SAFETY_OTHER: frozenset({Step.SAFETY_OTHER, Step.SAFETY_STAY}),
    Step.SAFETY_STAY: frozenset({Step.SAFETY_STAY}),
}
"""Which step may follow which. Beside these there are the rules in `may_follow`."""

ASIDE: frozenset[Step] = frozenset(
    {
        Step.RHYTHM,
        Step.RHYTHM_DAY,
        Step.RHYTHM_HOUR,
        Step.CLOCK,
        Step.ZONE,
        Step.MOOD,
        Step.CHECK_IN,
        Step.OUTCOME,
        Step.NOTE,
        Step.SNOOZE,
        Step.INTERVIEW_WHEN,
        Step.INTERVIEW_SURE,
        Step.INTERVIEW_AFTER,
        Step.FEEDBACK_ASKED,
        Step.FORGETTING,
    }
)
"""Steps that come up by themselves or beside the path: whoever has news of their own may leave them unanswered."""

ANYWHERE: frozenset[Step] = ASIDE | frozenset(
    {
        Step.OFFER,
        Step.FEEDBACK_CAME,
        Step.FEEDBACK_FACT,
        Step.FEEDBACK_USE,
        Step.FEEDBACK_PLAN,
        Step.SECOND_NO,
        Step.GOOD_NEWS,
        Step.CHANGE,
        Step.CLARIFY,
        Step.STOPPED,
        Step.RESTART_SURE,
        Step.ERASE_SURE,
        Step.SAFETY_ASK,
        Step.SAFETY,
        Step.SAFETY_OTHER,
        Step.SAFETY_STAY,
    }
)
"""Steps that can come up wherever a journey stands, and from which it returns to the step that was left."""


def may_follow(before: Step, after: Step, back: tuple[Step | None, ...]) -> bool:
    """Say whether a journey may move from one step to another.

    A move is allowed when `PATHS` names it, when it goes to a step that can come up anywhere, or when it goes back: to
    the step that was left for such a one, to where an answer was to be changed, or to a step already taken.
    """
    return after in PATHS.get(before, frozenset()) or after in ANYWHERE or after in back


STAGES: Mapping[str, frozenset[Step]] = {
    "opening": frozenset({Step.NEW, Step.WELCOME, Step.SILENCE, Step.LENGTH}),
    "venting": frozenset({Step.VENTING, Step.COOLING, Step.WRITING, Step.TIME_UP, Step.ENOUGH}),
    "perspective": frozenset(
        {Step.STING_BEFORE, Step.REPEAT_LINE, Step.TRUE_THINGS, Step.SEEN, Step.UNSEEN, Step.STING_AFTER}
    ),
    "learning": frozenset(
        {
            Step.WHY,
            Step.FEEDBACK,
            Step.MOMENT,
            Step.SAY_NOW,
            Step.RESEARCH,
            Step.FIT,
            Step.SALARY,
            Step.FRIEND,
            Step.COACH,
            Step.LESSONS,
            Step.LESSON_PICK,
            Step.LESSON_EDIT,
        }
    ),
    "planning": frozenset(
        {
            Step.ACTION,
            Step.ACTION_WHEN,
            Step.EXPECT,
            Step.ACTION_CHECK,
            Step.ACTION_EDIT,
            Step.SAME_AGAIN,
            Step.WHY_ME,
        }
    ),
    "rest": frozenset({Step.REST}),
}
"""The stages of the article in their order, and the steps of each."""


def stage_of(step: Step) -> str | None:
    """Return the stage that a step belongs to; None for one that can come up anywhere."""
    return next((name for name, steps in STAGES.items() if step in steps), None)
