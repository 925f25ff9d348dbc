"""The pages a person can ask for: lessons, plan, recap, progress, the card before an interview, the export."""

from dialogs import lessons, moments
from dialogs.journey import Action, Answer, Application, Journey
from dialogs.replies import Page, Say, Section
from dialogs.steps import STAGES, Step, stage_of

Line = Say | str


def _lessons(application: Application, *, yours: bool) -> tuple[Line, ...]:
    return tuple(lessons.line(lesson) for lesson in application.lessons if lesson.yours is yours)


def _action(action: Action, journey: Journey) -> Say:
    day = {"day": moments.today(action.due, journey.settings.zone)} if action.due else {}
    key = f"pages.action_{action.state}" if action.state != "open" else f"pages.action{'_day' if day else ''}"
    return Say(key=key, params={"cue": lessons.cue(action), "will": lessons.will(action), **day})


def _actions(journey: Journey) -> tuple[Line, ...]:
    return tuple(_action(action, journey) for application in journey.applications for action in application.actions)


def _kept(answers: tuple[Answer, ...], prefix: str) -> tuple[Line, ...]:
    return tuple(answer.text or Say(key=f"truths.{prefix}{answer.choice}") for answer in answers)


def true_things(journey: Journey) -> Section:
    """Return what the person said is true about them."""
    return Section(title="pages.true_things", lines=_kept(journey.true_things, ""))


def _why_me(journey: Journey) -> Section:
    return Section(title="pages.why_me", lines=_kept((journey.why_me,) if journey.why_me else (), "why_"))


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
    """Return every action of the person, with its day and how it stands."""
    return Page(key="pages.plan", sections=(Section(title="pages.actions", lines=_actions(journey)),))


def recap(journey: Journey) -> Page:
    """Return the one page to keep: lessons, plan, true things, why them."""
    application = journey.applications[-1]
    return Page(
        key="pages.recap",
        sections=(
            Section(title="pages.learnt", lines=tuple(lessons.line(one) for one in application.lessons)),
            Section(title="pages.actions", lines=tuple(_action(a, journey) for a in application.actions)),
            true_things(journey),
            _why_me(journey),
        ),
    )


def prep(journey: Journey) -> Page:
    """Return the card for the hour before an interview: the lessons, why them, what is true, one calming thing."""
    every = {lessons.name(one): one for application in journey.applications for one in application.lessons if one.yours}
    return Page(
        key="pages.prep",
        sections=(
            Section(title="pages.remember", lines=tuple(lessons.line(one) for one in every.values())),
            _why_me(journey),
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
            Section(title="pages.actions", lines=_actions(journey)),
        ),
    )


def set_so_far(journey: Journey) -> Section:
    """Return what is set."""
    zone = Say(key="pages.setting_zone", params={"zone": journey.settings.zone})
    country = Say(
        key="pages.setting_country", params={"country": journey.settings.country or Say(key="pages.not_told")}
    )
    return Section(title="pages.settings", lines=(zone, country))


def settings(journey: Journey) -> Page:
    """Return what is set, and how it is changed."""
    return Page(key="pages.set", sections=(set_so_far(journey),))


def export(journey: Journey) -> Page:
    """Return everything that is kept of a person, readable."""
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
        Section(title="pages.actions", lines=_actions(journey)),
        true_things(journey),
        Section(title="pages.own_line", lines=(journey.own_line,) if journey.own_line else ()),
        _why_me(journey),
        Section(title="pages.parked", lines=parked),
        Section(title="pages.settings", lines=(journey.settings.zone, journey.settings.country or "-")),
    ]
    return Page(key="pages.export", sections=tuple(sections))


def _given(step: str, answer: Answer) -> Say:
    given = answer.text or Say(key=f"label:{answer.choice}", params={"of": questions_key(Step(step))})
    return Say(key="pages.answer", params={"question": Say(key=f"questions.{step}"), "answer": given})


def questions_key(step: Step) -> str:
    """Return the key of the words that ask a step's question, where its choices have their labels."""
    stage = "perspective" if step in {Step.SEEN, Step.UNSEEN} else "learning"
    return f"{stage}.{step}"
