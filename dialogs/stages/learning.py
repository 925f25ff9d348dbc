"""Rows A8 to A11: the six questions, the friend, the coach when there is a pattern, and the lessons read back."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from dialogs import lessons, pages
from dialogs.journey import Journey, Lesson
from dialogs.replies import Choice, Offered, Say
from dialogs.steps import Step
from dialogs.talk import LONGEST_KEPT, Heard, Question, Talk

FULL = (Step.WHY, Step.FEEDBACK, Step.MOMENT, Step.RESEARCH, Step.FIT, Step.SALARY, Step.FRIEND)
SHORT = (Step.WHY, Step.FEEDBACK)
GENTLE = (Step.WHY, Step.FEEDBACK, Step.FRIEND)
BLAMES_HARD = 2
"""From this many self-blaming lines on, fewer questions are asked: more looking for faults would only hurt."""

FEEDBACK_WEEK = timedelta(days=7)
NEW_LESSON = -1


def _depth(journey: Journey) -> tuple[Step, ...]:
    if journey.returning:
        return SHORT
    if journey.venting and journey.venting.blamed >= BLAMES_HARD:
        return GENTLE
    return FULL


def _next(journey: Journey, step: Step) -> Step:
    """Return the question after this one; what cannot apply to this application is left out."""
    seen = journey.applications[-1].answers.get(Step.SEEN.value)
    on_paper = seen is not None and seen.choice in {"nothing", "paper"}
    later = FULL[FULL.index(step) + 1 :]
    depth = _depth(journey)
    for candidate in later:
        if candidate in depth and not (candidate is Step.MOMENT and on_paper):
            return candidate
    return Step.COACH if lessons.pattern(_with_lessons(journey)) else Step.LESSONS


def _with_lessons(journey: Journey) -> Journey:
    """Return the journey with the lessons of the answers so far, which the pattern counts."""
    talk = Talk(journey, journey.applications[-1].opened_at)
    talk.note(lessons=lessons.gathered(talk.application))
    return talk.journey


def _begin(talk: Talk) -> None:
    talk.say("learning.begin_gentle" if _depth(talk.journey) is GENTLE else "learning.begin")


REPLIES: Mapping[Step, Mapping[str, str]] = {
    Step.WHY: {
        "dont_know": "learning.why_unknown",
        "someone_else": "learning.why_theirs",
        "changed_plans": "learning.why_theirs",
    },
    Step.FEEDBACK: {"waiting": "learning.feedback_waiting", "rather_not": "learning.feedback_not"},
    Step.MOMENT: {"no": "learning.moment_none"},
    Step.RESEARCH: {
        "yes": "learning.research_done",
        "some": "learning.research_list",
        "hardly": "learning.research_list",
    },
    Step.FIT: {
        "fit": "learning.fit_yes",
        "gap": "learning.fit_gap",
        "stretch": "learning.fit_stretch",
        "mismatch": "learning.fit_mismatch",
    },
    Step.SALARY: {"too_high": "learning.salary_prepare", "unprepared": "learning.salary_prepare"},
    Step.FRIEND: {"later": "learning.friend_later", "nobody": "learning.friend_nobody"},
}
"""What fits an answer, by question and choice; any other answer is simply noted."""


def _take(talk: Talk, step: Step, heard: Heard) -> Step:
    """Keep the answer to one of the questions, say what fits it, and return the next step."""
    if "self_blame" in heard.meaning.cues:
        talk.say("learning.not_only_you")
    else:
        talk.say(REPLIES[step].get(heard.choice, "learning.noted"))
    talk.keep_answer(step, heard.answer)
    return _next(talk.journey, step)


def _why_told(talk: Talk, heard: Heard) -> Step:
    return _take(talk, Step.WHY, heard)


def _feedback_told(talk: Talk, heard: Heard) -> Step:
    if heard.choice in {"write", "write_ask"}:
        talk.keep_answer(Step.FEEDBACK, heard.answer)
        offer_draft(talk, remind=heard.choice == "write_ask")
        return _next(talk.journey, Step.FEEDBACK)
    return _take(talk, Step.FEEDBACK, heard)


def offer_draft(talk: Talk, *, remind: bool) -> None:
    """Show the request for feedback, ready to send; ask in a week whether they answered, if that is wanted."""
    talk.say("learning.feedback_draft")
    talk.draft("drafts.feedback")
    if remind:
        day = talk.day_after(FEEDBACK_WEEK)
        talk.note(feedback_on=day)
        talk.say("learning.feedback_later", day=day)


def _moment_told(talk: Talk, heard: Heard) -> Step:
    if heard.choice in {"no", "dont_know"}:
        return _take(talk, Step.MOMENT, heard)
    talk.keep_answer(Step.MOMENT, heard.answer)
    return Step.SAY_NOW


def _said_now(talk: Talk, heard: Heard) -> Step:
    talk.keep_answer(Step.SAY_NOW, heard.answer)
    talk.say("learning.say_now_kept" if heard.choice != "dont_know" else "learning.noted")
    return _next(talk.journey, Step.MOMENT)


def _research_told(talk: Talk, heard: Heard) -> Step:
    return _take(talk, Step.RESEARCH, heard)


def _fit_told(talk: Talk, heard: Heard) -> Step:
    return _take(talk, Step.FIT, heard)


def _salary_told(talk: Talk, heard: Heard) -> Step:
    return _take(talk, Step.SALARY, heard)


def _friend_told(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "write":
        talk.say("learning.friend_draft")
        talk.draft("drafts.friend")
        talk.keep_answer(Step.FRIEND, heard.answer)
        return _next(talk.journey, Step.FRIEND)
    if heard.choice == "mentor":
        talk.show(Offered(key="learning.friend_mentor", acts=("mentor.find",)))
        talk.keep_answer(Step.FRIEND, heard.answer)
        return _next(talk.journey, Step.FRIEND)
    return _take(talk, Step.FRIEND, heard)


def _friend_choices(journey: Journey) -> tuple[Choice, ...]:
    """Return the choices; a volunteer of a community only where there is a community that has them."""
    volunteers = any("mentors" in one.features for one in journey.settings.communities)
    return tuple(Choice(id=name) for name in ("write", *(("mentor",) if volunteers else ()), "later", "nobody"))


def _name_pattern(talk: Talk) -> None:
    found = lessons.pattern(_with_lessons(talk.journey))
    if found:
        kind, count = found
        talk.say(f"learning.pattern_{kind.split('_')[0]}", count=str(count), what=Say(key=f"patterns.{kind}"))


def _coach_answered(talk: Talk, heard: Heard) -> Step:
    talk.keep_answer(Step.COACH, heard.answer)
    talk.say("learning.coach_kept" if heard.choice == "coach" else "learning.noted")
    return Step.LESSONS


def _read_lessons(talk: Talk) -> None:
    talk.note(lessons=lessons.gathered(talk.application))
    talk.change(editing=None)
    if talk.application.lessons:
        talk.show(pages.lessons_page(talk.application))
    else:
        talk.say("learning.no_lessons")


def _lessons_answered(talk: Talk, heard: Heard) -> Step:
    match heard.choice:
        case "right":
            talk.say("learning.lessons_done")
            return Step.ACTION
        case "change" if talk.application.lessons:
            return Step.LESSON_PICK
        case "change" | "add":
            talk.change(editing=NEW_LESSON)
            return Step.LESSON_EDIT
        case _:
            _add_lesson(talk, heard.answer.text)
            return Step.LESSONS


def _add_lesson(talk: Talk, text: str) -> None:
    kept = talk.application.lessons
    if len(kept) >= lessons.MOST_LESSONS:
        talk.say("learning.lessons_full")
        return
    talk.note(lessons=(*kept, Lesson(text=text)))
    talk.say("learning.lesson_added")


def _pick_choices(journey: Journey) -> tuple[Choice, ...]:
    kept = journey.applications[-1].lessons if journey.applications else ()
    named = (
        Choice(id=f"lesson{n}", key=f"lessons.{lesson.key}" if lesson.key else "", text=lesson.text[:LONGEST_KEPT])
        for n, lesson in enumerate(kept)
    )
    return (*named, Choice(id="leave"))


def _lesson_picked(talk: Talk, heard: Heard) -> Step:
    if heard.choice == "leave":
        return Step.LESSONS
    talk.change(editing=int(heard.choice.removeprefix("lesson")))
    return Step.LESSON_EDIT


def _edit_choices(journey: Journey) -> tuple[Choice, ...]:
    return (Choice(id="leave"),) if _edited(journey) is None else (Choice(id="remove"), Choice(id="leave"))


def _which_edit(journey: Journey) -> str:
    return "learning.lesson_new" if _edited(journey) is None else "learning.lesson_edit"


def _edited(journey: Journey) -> int | None:
    """Return the number of the lesson that is edited, None for a new one, also when somebody goes back to it."""
    count = len(journey.application.lessons) if journey.application else 0
    return journey.editing if journey.editing is not None and 0 <= journey.editing < count else None


def _lesson_edited(talk: Talk, heard: Heard) -> Step:
    number = _edited(talk.journey)
    kept = talk.application.lessons
    if heard.choice == "leave":
        return Step.LESSONS
    if number is None:
        _add_lesson(talk, heard.answer.text)
        return Step.LESSONS
    old = kept[number]
    new = () if heard.choice == "remove" else (Lesson(text=heard.answer.text, yours=old.yours),)
    talk.note(
        lessons=(*kept[:number], *new, *kept[number + 1 :]),
        removed=(*talk.application.removed, lessons.name(old)),
    )
    talk.say("learning.lesson_removed" if not new else "learning.lesson_changed")
    return Step.LESSONS


def _plain(step: Step, choices: tuple[str, ...], answered: Callable[[Talk, Heard], Step]) -> Question:
    return Question(step, f"learning.{step}", choices, answered, takes_text=True, skip="dont_know")


QUESTIONS = (
    Question(
        Step.WHY,
        "learning.why",
        ("interview", "experience", "someone_else", "changed_plans", "dont_know"),
        _why_told,
        takes_text=True,
        skip="dont_know",
        enter=_begin,
    ),
    Question(
        Step.FEEDBACK,
        "learning.feedback",
        ("write_ask", "write", "waiting", "rather_not"),
        _feedback_told,
        takes_text=True,
        skip="rather_not",
    ),
    _plain(Step.MOMENT, ("one", "a_few", "no", "dont_know"), _moment_told),
    _plain(Step.SAY_NOW, ("shorter", "example", "ask_back", "dont_know"), _said_now),
    _plain(Step.RESEARCH, ("yes", "some", "hardly", "dont_know"), _research_told),
    _plain(Step.FIT, ("fit", "gap", "stretch", "mismatch", "dont_know"), _fit_told),
    _plain(Step.SALARY, ("not_discussed", "matched", "too_high", "unprepared", "fixed", "dont_know"), _salary_told),
    Question(Step.FRIEND, "learning.friend", _friend_choices, _friend_told, takes_text=True, skip="later"),
    Question(
        Step.COACH,
        "learning.coach",
        ("coach", "not_now"),
        _coach_answered,
        takes_text=True,
        skip="not_now",
        enter=_name_pattern,
    ),
    Question(
        Step.LESSONS,
        "learning.lessons",
        ("right", "change", "add"),
        _lessons_answered,
        takes_text=True,
        skip="right",
        enter=_read_lessons,
    ),
    Question(Step.LESSON_PICK, "learning.lesson_pick", _pick_choices, _lesson_picked, default="leave"),
    Question(
        Step.LESSON_EDIT,
        _which_edit,
        _edit_choices,
        _lesson_edited,
        takes_text=True,
        skip="leave",
        keys=("learning.lesson_edit", "learning.lesson_new"),
    ),
)
