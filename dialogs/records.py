"""What was kept, as it was told and counted: the log of tries, the patterns over them, the export of everything."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from dialogs import lessons, moments
from dialogs.journey import Action, Answer, Application, Journey, Mentored
from dialogs.mentoring import topics_of
from dialogs.pages import Line, actions, true_things, why_me
from dialogs.replies import Page, Say, Section
from dialogs.stages import rhythm
from dialogs.steps import Step

REACHED = ("nothing", "paper", "interview", "final")


def log(journey: Journey) -> Page:
    """Return every application, as a try that was made."""
    count = len(journey.applications)
    lines = tuple(_tried(application, journey) for application in journey.applications)
    return Page(
        key="pages.log_one" if count == 1 else "pages.log",
        params={"count": str(count)},
        sections=(Section(title="pages.tried", lines=lines),),
    )


def _tried(application: Application, journey: Journey) -> Say:
    reached = _reached(application) or "unknown"
    what = application.employer or Say(key="pages.unnamed")
    params = {
        "day": moments.today(application.opened_at, journey.settings.zone),
        "what": what,
        "role": application.role,
        "reached": Say(key=f"pages.tried_{reached}"),
    }
    return Say(key="pages.tried_named" if application.role else "pages.tried_line", params=params)


def _reached(application: Application) -> str:
    seen = application.answers.get(Step.SEEN.value)
    return seen.choice if seen and seen.choice in REACHED else ""


def patterns(journey: Journey) -> Page:
    """Return where the applications ended and which lessons came back, with their counts and no verdict."""
    all_of_them = len(journey.applications)
    ended = Counter(_reached(application) for application in journey.applications)
    taught = Counter(name for application in journey.applications for name in _lessons(application))
    named = {lessons.name(one): one for application in journey.applications for one in application.lessons}
    ends = [(Say(key=f"patterns.reached_{name}"), ended[name]) for name in REACHED if ended[name]]
    again = [(lessons.line(named[name]), count) for name, count in taught.most_common() if count > 1]
    return Page(
        key="pages.patterns",
        params={"count": str(all_of_them)},
        sections=(
            Section(title="pages.ended", lines=_counted(ends, all_of_them)),
            Section(title="pages.returning", lines=_counted(again, all_of_them) or (Say(key="pages.too_little"),)),
            Section(title="pages.observation", lines=(Say(key="pages.observation_line"),)),
        ),
    )


def _lessons(application: Application) -> set[str]:
    return {lessons.name(lesson) for lesson in application.lessons}


def _counted(found: Iterable[tuple[Line, int]], all_of_them: int) -> tuple[Line, ...]:
    return tuple(
        Say(key="pages.counted", params={"what": what, "count": str(count), "all": str(all_of_them)})
        for what, count in found
    )


def export(journey: Journey, now: datetime) -> Page:
    """Return everything that is kept of a person, readable, with the file for other programs."""
    sections: list[Section] = []
    for application in journey.applications:
        names = (application.employer, application.role, *application.joined)
        answers = (_given(step, answer) for step, answer in application.answers.items())
        sections += [
            Section(title="pages.application", lines=tuple(name for name in names if name)),
            Section(title="pages.answers", lines=tuple(answers)),
            Section(title="pages.learnt", lines=tuple(lessons.line(one) for one in application.lessons)),
        ]
    parked = tuple(one.employer or Say(key="pages.unnamed") for one in journey.parked)
    sections += [
        Section(title="pages.actions", lines=actions(journey)),
        Section(title="pages.expectations", lines=_of_actions(journey, "expected")),
        Section(title="pages.outcomes", lines=_of_actions(journey, "outcome")),
        Section(title="pages.interviews", lines=_interviews(journey)),
        Section(title="pages.mood", lines=_moods(journey)),
        Section(title="pages.notes", lines=_notes(journey)),
        true_things(journey),
        Section(title="pages.own_line", lines=(journey.own_line,) if journey.own_line else ()),
        why_me(journey),
        Section(title="pages.parked", lines=parked),
        Section(title="pages.mentoring", lines=tuple(map(mentored, journey.mentoring))),
        Section(title="pages.wins", lines=(*_standing(journey), *_unshared(journey))),
        Section(
            title="pages.settings",
            lines=(journey.settings.zone, journey.settings.country or "-", *rhythm.as_set(journey)),
        ),
    ]
    return Page(key="pages.export", sections=tuple(sections), exported_at=now)


def mentored(one: Mentored) -> Say:
    """Return the words for what somebody has to do with mentors in a community."""
    return Say(key=f"pages.mentoring_{one.kind}", params={"topics": topics_of(one.topics, one.industries)})


QUESTIONS = {"expected": "planning.expect", "outcome": "check_in.outcome"}


def _of_actions(journey: Journey, field: str) -> tuple[Line, ...]:
    found = ((action, getattr(action, field)) for action in journey.actions)
    return tuple(_told_of(action, field, answer) for action, answer in found if answer)


def _told_of(action: Action, field: str, answer: Answer) -> Say:
    told = answer.text or Say(key=f"label:{answer.choice}", params={"of": QUESTIONS[field]})
    return Say(key=f"pages.{field}", params={"will": lessons.will(action), field: told})


def _interviews(journey: Journey) -> tuple[Line, ...]:
    return tuple(
        Say(
            key="pages.interview_line",
            params={"day": one.day, "interviewer": one.employer or Say(key="common.interviewer")},
        )
        for one in journey.interviews
    )


def _moods(journey: Journey) -> tuple[Line, ...]:
    zone = journey.settings.zone
    return tuple(
        Say(key="pages.mood_line", params={"day": moments.today(mood.at, zone), "value": str(mood.value)})
        for mood in journey.moods
        if mood.value
    )


def _notes(journey: Journey) -> tuple[Line, ...]:
    zone = journey.settings.zone
    return tuple(
        Say(key="pages.noted_line", params={"day": moments.today(mood.at, zone), "note": mood.note})
        for mood in journey.moods
        if mood.note
    )


def _standing(journey: Journey) -> Iterable[Say]:
    days = (moments.today(one.since, journey.settings.zone) for one in journey.standing)
    return (Say(key="pages.wins_standing", params={"day": day}) for day in days)


def _unshared(journey: Journey) -> Iterable[Say]:
    win = journey.win
    return (Say(key="pages.wins_unshared", params={"line": one}) for one in (win.name, win.line) if one) if win else ()


def _given(step: str, answer: Answer) -> Say:
    given = answer.text or Say(key=f"label:{answer.choice}", params={"of": questions_key(Step(step))})
    return Say(key="pages.answer", params={"question": Say(key=f"questions.{step}"), "answer": given})


def questions_key(step: Step) -> str:
    """Return the key of the words that ask a step's question, where its choices have their labels."""
    stage = "perspective" if step in {Step.SEEN, Step.UNSEEN} else "learning"
    return f"{stage}.{step}"
