"""What follows from an answer: which lesson, and which action. Data, so that it can be read as a table."""

from collections.abc import Mapping

from dialogs.journey import Action, Answer, Application, Journey, Lesson
from dialogs.replies import Say
from dialogs.steps import Step

MOST_LESSONS = 8
PATTERN_FROM = 3
"""From this many rejections on, something that they share is called a pattern; never from fewer."""

LESSONS: Mapping[tuple[Step, str], Lesson] = {
    (Step.WHY, "interview"): Lesson(key="interview"),
    (Step.WHY, "experience"): Lesson(key="experience"),
    (Step.WHY, "someone_else"): Lesson(key="someone_else", yours=False),
    (Step.WHY, "changed_plans"): Lesson(key="changed_plans", yours=False),
    (Step.FEEDBACK, "waiting"): Lesson(key="no_feedback", yours=False),
    (Step.MOMENT, "one"): Lesson(key="moment"),
    (Step.MOMENT, "a_few"): Lesson(key="moment"),
    (Step.RESEARCH, "some"): Lesson(key="research"),
    (Step.RESEARCH, "hardly"): Lesson(key="research"),
    (Step.FIT, "gap"): Lesson(key="gap"),
    (Step.FIT, "stretch"): Lesson(key="stretch", yours=False),
    (Step.FIT, "mismatch"): Lesson(key="mismatch"),
    (Step.SALARY, "too_high"): Lesson(key="salary"),
    (Step.SALARY, "unprepared"): Lesson(key="salary"),
    (Step.SALARY, "fixed"): Lesson(key="budget", yours=False),
    (Step.SEEN, "nothing"): Lesson(key="silence", yours=False),
}

ACTIONS: Mapping[str, str] = {
    "interview": "practise",
    "experience": "project",
    "moment": "rehearse",
    "research": "research",
    "gap": "course",
    "stretch": "aim",
    "mismatch": "right_jobs",
    "salary": "number",
    "silence": "referral",
    "no_feedback": "ask_early",
}
"""For a lesson, the action that is suggested first."""

ALWAYS: tuple[str, ...] = ("cv", "right_jobs", "practise", "ask_friend")
"""Actions that suit anybody, when the lessons leave room."""

TEXT_TEACHES = frozenset({Step.WHY, Step.FEEDBACK, Step.SAY_NOW, Step.FIT, Step.SALARY})
"""Questions whose answer in free text is a lesson as it stands."""


def lesson_of(step: Step, answer: Answer) -> Lesson | None:
    """Return the lesson that an answer teaches, if it teaches one."""
    if answer.choice:
        return LESSONS.get((step, answer.choice))
    return Lesson(text=answer.text) if step in TEXT_TEACHES and answer.text else None


def name(lesson: Lesson) -> str:
    """Return what tells one lesson from another."""
    return lesson.key or lesson.text


def gathered(application: Application) -> tuple[Lesson, ...]:
    """Return the lessons of the answers, those corrected by the person as they left them."""
    found = {name(lesson): lesson for lesson in application.lessons}
    for step in Step:
        answer = application.answers.get(step.value)
        lesson = lesson_of(step, answer) if answer else None
        if lesson and name(lesson) not in application.removed:
            found.setdefault(name(lesson), lesson)
    return tuple(found.values())[:MOST_LESSONS]


def line(lesson: Lesson) -> Say | str:
    """Return the line of a lesson: the person's own words, or one of the words file."""
    return lesson.text or Say(key=f"lessons.{lesson.key}")


def suggestions(journey: Journey) -> tuple[str, ...]:
    """Return at most four actions to suggest, those from the lessons first, none that is in the plan already."""
    application = journey.application
    if application is None:
        return ()
    wanted = [ACTIONS[lesson.key] for lesson in application.lessons if lesson.key in ACTIONS]
    if "coach" in application.answers and application.answers["coach"].choice == "coach":
        wanted.insert(0, "coach")
    if "friend" in application.answers and application.answers["friend"].choice == "write":
        wanted.append("ask_friend")
    planned = {action.key for action in application.actions}
    return tuple(key for key in dict.fromkeys([*wanted, *ALWAYS]) if key not in planned)[:4]


def expected(answer: Answer) -> Say | str:
    """Return the line of what was expected of an action."""
    return answer.text or Say(key=f"label:{answer.choice}", params={"of": "planning.expect"})


WORKED = frozenset({"worked", "partly"})


def worked(journey: Journey) -> tuple[Action, ...]:
    """Return the actions of all plans that worked, the oldest first, each of them once."""
    found = {
        (action.key, action.will): action
        for action in journey.actions
        if action.state == "done" and action.outcome and action.outcome.choice in WORKED
    }
    return tuple(found.values())


def cue(action: Action) -> Say | str:
    """Return the "when" half of an action."""
    return action.cue or Say(key=f"actions.{action.key or 'own'}_cue")


def will(action: Action) -> Say | str:
    """Return the "I will" half of an action."""
    return action.will or Say(key=f"actions.{action.key}_will")


RECURS = frozenset({"interview", "experience"})
"""Lessons that can be a pattern: those of the one question that is asked about every application."""


def pattern(journey: Journey) -> tuple[str, int] | None:
    """Return what at least three rejections share and how many of them do, or None when they share nothing.

    It is where they ended ("reached_paper") or a lesson that comes back ("lesson_interview"); the commonest one.
    """
    counts: dict[str, int] = {}
    for application in journey.applications:
        shared = {f"lesson_{lesson.key}" for lesson in application.lessons if lesson.key in RECURS}
        seen = application.answers.get(Step.SEEN.value)
        if seen and seen.choice not in {"", "dont_know"}:
            shared.add(f"reached_{seen.choice}")
        for one in shared:
            counts[one] = counts.get(one, 0) + 1
    common = max(counts, key=lambda one: (counts[one], one), default="")
    return (common, counts[common]) if common and counts[common] >= PATTERN_FROM else None


def same_as_before(journey: Journey) -> bool:
    """Say whether the plan has nothing in it that the plan after the last rejection did not have."""
    now = {(action.key, action.will.casefold()) for action in journey.applications[-1].actions}
    before = {(a.key, a.will.casefold()) for past in journey.applications[-2:-1] for a in past.actions}
    return now <= before
