"""Everything about a person on one page, for platforms that have a place for it."""

from collections.abc import Iterator

from dialogs import lessons, moments, pages
from dialogs.catalog import Catalog
from dialogs.journey import Journey, Turn
from dialogs.phrasing import phrase
from dialogs.private import Private
from dialogs.replies import Page, Reply, Say, Section


class Point(Private, frozen=True):
    """A stage of the path: its name, and whether it is "past", "here" or "ahead"."""

    label: str
    when: str


class Task(Private, frozen=True):
    """An action of the plan that can be ticked: its number for the command "tick", its words, whether it is done."""

    number: int
    text: str
    done: bool


class Home(Private, frozen=True):
    """The page. path: empty when nothing has begun. rest: the next check-in, what is true, and what is set."""

    path: tuple[Point, ...]
    tasks: tuple[Task, ...]
    rest: Reply


def home(journey: Journey, catalog: Catalog) -> Home:
    """Return the page of a journey in the words of the catalog."""
    points = pages.path(journey) if journey.applications else []
    sections = (Section(title="home.check_in", lines=_next_check_in(journey)), pages.true_things(journey))
    page = Page(key="home.rest", sections=(*sections, pages.set_so_far(journey)))
    (rest,) = phrase(Turn(journey=journey, says=(page,)), catalog)
    return Home(
        path=tuple(Point(label=_worded(f"home.{name}", catalog), when=when) for name, when in points),
        tasks=tuple(_tasks(journey, catalog)),
        rest=rest,
    )


def _next_check_in(journey: Journey) -> tuple[Say, ...]:
    moment = min((moment for moment, reason in moments.waits(journey) if reason == "check_in"), default=None)
    if moment is None:
        return ()
    return (Say(key="home.check_in_on", params={"day": moments.today(moment, journey.settings.zone)}),)


def _tasks(journey: Journey, catalog: Catalog) -> Iterator[Task]:
    for number, action in enumerate(journey.actions):
        if action.state != "dropped":
            line = Say(key="pages.action", params={"cue": lessons.cue(action), "will": lessons.will(action)})
            (reply,) = phrase(Turn(journey=journey, says=(line,)), catalog)
            yield Task(number=number, text=reply.text, done=action.state == "done")


def _worded(key: str, catalog: Catalog) -> str:
    return catalog.template(key)[0][0]
