"""The pulse of a community: how many of its people came in a month, how far they got. Counts of people, never words.

Somebody is counted for the community through which they came last, at most once for each figure and month (in UTC), and
only by what they do themselves. Their own, sealed journey remembers for what they were counted; a counter is of nobody.

What is shown must not tell of one person, whoever looks at it and whatever else they know:

- Only whole months that are over, and they stay as they are: looking twice shows the same.
- A count is lowered by a haze, then rounded down to fives, and left out below five. So a figure is about as many people
  as it says, or more. The haze belongs to the community, month and figure: looking again does not lift it, and no two
  figures share one, so they cannot be held against each other to find it.
- The haze is the sum of three numbers from 0 to 4. For one person more or less, a figure is the same for four of five
  hazes, and where it is not, it could nearly always be either. Only the two ends of the haze prove anything to whoever
  knows all the others, and each comes up once in 125 times. (With one number it would be once in five.)
- Everybody is in a figure of one community only, so admins of two who compare theirs see nobody twice.

What remains, because a bot cannot tell people from accounts: whoever knows exactly who else was counted (all others are
their own accounts, or tell them) learns for certain whether the last one was in at most 1 of 125 cases for each figure,
and may guess somewhat better than before, the better the more figures the one is in. An account that erases everything
and comes again is a new one here as well, because nothing of the old one is left.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from dialogs.journey import Application, Counted, Journey, Lesson
from dialogs.steps import stage_of

STEP = 5
"""What is shown is a multiple of this, and never less than it."""

DRAWS = 3
"""A haze is the sum of so many numbers below `STEP`."""

HAZIEST = DRAWS * (STEP - 1)

SHOWN, KEPT = 12, 24
"""So many months can be looked at, and so many are kept."""

MARGIN = timedelta(days=1)
"""So long after its end a month is shown: what was said in its last moment is committed by then, on every clock."""

A_LOT = 4
"""From here to 5, it stings a lot."""

CAME = "came"

STAGES_REACHED = ("stage_perspective", "stage_learning", "stage_planning", "stage_send_off")

SENT_OFF = "send_off.warm"
"""The line with which the send-off begins; the step behind it may already be another one."""

CATEGORIES: Mapping[str, str] = {
    "interview": "lesson_interview",
    "moment": "lesson_interview",
    "experience": "lesson_skills",
    "gap": "lesson_skills",
    "stretch": "lesson_aim",
    "mismatch": "lesson_aim",
    "research": "lesson_research",
    "salary": "lesson_salary",
    "budget": "lesson_salary",
    "someone_else": "lesson_theirs",
    "changed_plans": "lesson_theirs",
    "silence": "lesson_silence",
    "no_feedback": "lesson_silence",
}
"""For each lesson that the program knows, the figure in which it counts."""

OWN = "lesson_own"
"""The figure of lessons in somebody's own words."""

LESSONS = (*dict.fromkeys(CATEGORIES.values()), OWN)

STING = ("sting_before", "sting_after", "sting_less")
"""A lot at first, a lot after a step back, less after it than at first; of those who told both."""

FIGURES = (CAME, *STAGES_REACHED, *LESSONS, *STING)
"""Every figure there is."""

Draw = Callable[[str, int], int]
"""Returns a number from 0 up to before the second, which belongs to the text for ever and which nobody can guess."""

Counts = Mapping[tuple[str, str], int]
"""How many people were counted, by month and figure."""

Figures = Mapping[str, int]
"""What is shown of a month, by figure."""


class Count(NamedTuple):
    """One more of a figure, of nobody."""

    community: str
    month: str
    figure: str


def counted(before: Journey, after: Journey, now: datetime) -> tuple[Journey, tuple[Count, ...]]:
    """Return a journey with what its person is counted for now, and the counts, after something that they did.

    "came": they said or pressed anything while they had told of a rejection. A stage: they came to one of its steps;
    the send-off: it was said. A lesson: it became one of theirs. Sting: they have told it before and after.
    """
    here = after.settings.communities[-1:]
    if not after.applications or not here or "pulse" not in here[0].features:
        return after, ()
    month = month_of(now)
    known = after.counted.figures if after.counted and after.counted.month == month else ()
    new = tuple(figure for figure in dict.fromkeys(_true(before, after)) if figure not in known)
    if not new:
        return after, ()
    marked = replace(after, counted=Counted(month=month, figures=(*known, *new)))
    return marked, tuple(Count(here[0].community, month, figure) for figure in new)


def _true(before: Journey, after: Journey) -> Iterator[str]:
    """Yield the figures for which what somebody just did counts."""
    yield CAME
    if after.step is not before.step:
        stage = f"stage_{stage_of(after.step)}"
        if stage in STAGES_REACHED:
            yield stage
    if after.said.get(SENT_OFF, 0) > before.said.get(SENT_OFF, 0):
        yield "stage_send_off"
    if after.applications is not before.applications:
        known = {one.opened_at: one for one in before.applications}
        for application in after.applications:
            past = known.get(application.opened_at, Application(opened_at=application.opened_at))
            yield from (
                figure for lesson in application.lessons if lesson not in past.lessons for figure in _in(lesson)
            )
            if _told_twice(application) and not _told_twice(past):
                yield from _sting(application)


def _in(lesson: Lesson) -> tuple[str, ...]:
    if not lesson.key:
        return (OWN,)
    return (CATEGORIES[lesson.key],) if lesson.key in CATEGORIES else ()


def _told_twice(application: Application) -> bool:
    return bool(application.sting_before and application.sting_after)


def _sting(application: Application) -> Iterator[str]:
    holds = (
        application.sting_before >= A_LOT,
        application.sting_after >= A_LOT,
        application.sting_after < application.sting_before,
    )
    return (figure for figure, true in zip(STING, holds, strict=True) if true)


def published(count: int, haze: int) -> int:
    """Return what is shown of a count, 0 when nothing is."""
    return max(count - haze, 0) // STEP * STEP


def shown(community: str, counts: Counts, draw: Draw) -> dict[str, dict[str, int]]:
    """Return what is shown of counts: by month, and then by figure. Months of which nothing is shown are not there."""
    found: dict[str, dict[str, int]] = {}
    for (month, figure), count in sorted(counts.items()):
        haze = sum(draw(f"haze {which}\n{community}\n{month}\n{figure}", STEP) for which in range(DRAWS))
        if figure in FIGURES and (number := published(count, haze)):
            found.setdefault(month, {})[figure] = number
    return found


def month_of(moment: datetime) -> str:
    """Return the month of a moment in UTC, like "2026-11"."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def months_over(now: datetime, most: int = SHOWN) -> tuple[str, ...]:
    """Return so many months that are over and can be shown, the last one first."""
    last = (now - MARGIN).astimezone(UTC)
    ended = last.year * 12 + last.month - 1
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in range(ended - 1, ended - 1 - most, -1))
