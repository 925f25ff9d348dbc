"""The pages a person can ask for: lessons, plan, recap, progress, the card before an interview."""

from dialogs import lessons, moments
from dialogs.journey import Action, Answer, Application, Journey
from dialogs.replies import Page, Say, Section, Sketch
from dialogs.stages import rhythm
from dialogs.steps import STAGES, stage_of

Line = Say | str


def _lessons(application: Application, *, yours: bool) -> tuple[Line, ...]:
    return tuple(lessons.line(lesson) for lesson in application.lessons if lesson.yours is yours)


MOST_SHOWN = 20
"""A page that lists more actions than this is read by nobody; the export has them all."""


def _action(action: Action) -> Say:
    day = {"day": action.due} if action.due else {}
    key = f"pages.action_{action.state}" if action.state != "open" else f"pages.action{'_day' if day else ''}"
    return Say(key=key, params={"cue": lessons.cue(action), "will": lessons.will(action), **day})


def actions(journey: Journey) -> tuple[Line, ...]:
    """Return every action of every plan."""
    return tuple(map(_action, journey.actions))


def _newest_actions(journey: Journey) -> tuple[Line, ...]:
    """Return the actions that fit a page: what is open before what is over, and the newest of those."""
    shown = sorted(enumerate(journey.actions), key=lambda one: (one[1].state == "open", one[0]))[-MOST_SHOWN:]
    left_out = len(journey.actions) - len(shown)
    more = (Say(key="pages.more", params={"count": str(left_out)}),) if left_out else ()
    return (*(_action(action) for _, action in sorted(shown, key=lambda one: one[0])), *more)


def kept(answers: tuple[Answer, ...], prefix: str) -> tuple[Line, ...]:
    """Return the lines of what was said, by a tap or in the person's words."""
    return tuple(answer.text or Say(key=f"truths.{prefix}{answer.choice}") for answer in answers)


def true_things(journey: Journey) -> Section:
    """Return what the person said is true about them."""
    return Section(title="pages.true_things", lines=kept(journey.true_things, ""))


def why_me(journey: Journey) -> Section:
    """Return the sentence of why them."""
    return Section(title="pages.why_me", lines=kept((journey.why_me,) if journey.why_me else (), "why_"))


def lessons_page(application: Application) -> Page:
    """Return the lessons, what was in the person's control apart from what was not."""
    return Page(
        key="pages.lessons",
        sections=(
            Section(title="pages.yours", lines=_lessons(application, yours=True)),
            Section(title="pages.not_yours", lines=_lessons(application, yours=False)),
        ),
    )


def plan(journey: Journey) -> Page:
    """Return the actions of the person, each with its day and how it stands."""
    return Page(key="pages.plan", sections=(Section(title="pages.actions", lines=_newest_actions(journey)),))


def recap(journey: Journey) -> Page:
    """Return the one page to keep: lessons, plan, true things, why them."""
    application = journey.applications[-1]
    return Page(
        key="pages.recap",
        sections=(
            Section(title="pages.learnt", lines=tuple(lessons.line(one) for one in application.lessons)),
            Section(title="pages.actions", lines=tuple(map(_action, application.actions))),
            _worked(journey),
            true_things(journey),
            why_me(journey),
        ),
        picture=Sketch.RECAP,
    )


def _worked(journey: Journey) -> Section:
    return Section(title="pages.worked", lines=tuple(lessons.will(action) for action in lessons.worked(journey)))


EXPECTED = ("interview", "experience", "gap", "salary", "moment")
"""Lessons from which follows a question that may come."""


def _questions(keys: set[str]) -> tuple[Line, ...]:
    named = ("story", "why", *(key for key in EXPECTED if key in keys))
    return tuple(Say(key=f"pages.expect_{name}") for name in named)


def prep(journey: Journey) -> Page:
    """Return the card for an interview: lessons, why them, what they may ask, what is true, one calming thing."""
    every = {lessons.name(one): one for application in journey.applications for one in application.lessons if one.yours}
    return Page(
        key="pages.prep",
        sections=(
            Section(title="pages.remember", lines=tuple(lessons.line(one) for one in every.values())),
            why_me(journey),
            Section(title="pages.expect", lines=_questions(set(every))),
            _worked(journey),
            true_things(journey),
            Section(title="pages.calm", lines=(Say(key="pages.calm_line"),)),
        ),
    )


PATH = ("venting", "perspective", "learning", "planning")
"""The stages that are shown as the path."""


def _when(stage: int, here: int) -> str:
    if stage > here:
        return "ahead"
    return "here" if stage == here else "past"


def path(journey: Journey) -> list[tuple[str, str]]:
    """Return each stage of the path with where it lies: "past", "here" or "ahead"."""
    order = list(STAGES)
    stage = stage_of(journey.left or journey.step)
    here = order.index(stage) if stage else len(order)
    return [(name, _when(order.index(name), here)) for name in PATH]


def progress(journey: Journey) -> Page:
    """Return where the person is on the path, and how the sting went."""
    points = tuple(Say(key=f"pages.{when}_{name}") for name, when in path(journey))
    application = journey.application
    stung = application is not None and application.sting_before and application.sting_after
    sting: tuple[Line, ...] = ()
    if application is not None and stung:
        before, after = str(application.sting_before), str(application.sting_after)
        sting = (Say(key="pages.sting_line", params={"before": before, "after": after}),)
    return Page(
        key="pages.progress",
        sections=(
            Section(title="pages.path", lines=points if journey.applications else ()),
            Section(title="pages.sting", lines=sting),
            Section(title="pages.mood", lines=_moods(journey)),
            Section(title="pages.actions", lines=_newest_actions(journey)),
        ),
        picture=Sketch.PROGRESS if journey.applications else None,
    )


MOST_MOODS = 7


def _moods(journey: Journey) -> tuple[Line, ...]:
    shown = [mood for mood in journey.moods if mood.value][-MOST_MOODS:]
    zone = journey.settings.zone
    return tuple(
        Say(key="pages.mood_line", params={"day": moments.today(mood.at, zone), "value": str(mood.value)})
        for mood in shown
    )


def set_so_far(journey: Journey) -> Section:
    """Return what is set."""
    zone = Say(key="pages.setting_zone", params={"zone": journey.settings.zone})
    country = Say(
        key="pages.setting_country", params={"country": journey.settings.country or Say(key="pages.not_told")}
    )
    hours = {"from": str(journey.settings.quiet_from), "to": str(journey.settings.quiet_to)}
    quiet = Say(key="pages.setting_quiet", params=hours)
    return Section(title="pages.settings", lines=(zone, country, quiet, *rhythm.as_set(journey)))


def settings(journey: Journey) -> Page:
    """Return what is set, and how it is changed."""
    return Page(key="pages.set", sections=(set_so_far(journey),))
