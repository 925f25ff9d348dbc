"""Everything about a person on one page, for platforms that have a place for it."""

from collections.abc import Iterator

from dialogs import lessons, moments, pages, sketches, waits
from dialogs.catalog import Catalog
from dialogs.journey import Journey, Turn
from dialogs.phrasing import phrase
from dialogs.pictures import Picture
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
    """The page. path: empty when nothing has begun. rest: the next check-in, what is true, and what is set.

    picture: the way so far, once it shows more than the path; `described` says the same.
    """

    path: tuple[Point, ...]
    tasks: tuple[Task, ...]
    rest: Reply
    picture: Picture | None = None
    described: str = ""


def home(journey: Journey, catalog: Catalog) -> Home:
    """Return the page of a journey in the words of the catalog."""
    points = pages.path(journey) if journey.applications else []
    picture = sketches.progress(journey, catalog) if _shows_more_than_the_path(journey) else None
    (progress,) = phrase(Turn(journey=journey, says=(pages.progress(journey),)), catalog)
    sections = (Section(title="home.check_in", lines=_next_check_in(journey)), pages.true_things(journey))
    page = Page(key="home.rest", sections=(*sections, pages.set_so_far(journey)))
    (rest,) = phrase(Turn(journey=journey, says=(page,)), catalog)
    return Home(
        path=tuple(Point(label=catalog.plain(f"home.{name}"), when=when) for name, when in points),
        tasks=tuple(_tasks(journey, catalog)),
        rest=rest,
        picture=picture,
        described=progress.text if picture else "",
    )


def _shows_more_than_the_path(journey: Journey) -> bool:
    """Say whether a picture would tell anything that the page does not say in words already."""
    return any(mood.value for mood in journey.moods) or any(one.sting_after for one in journey.applications)


def _next_check_in(journey: Journey) -> tuple[Say, ...]:
    come = (moment for moment, reason in waits.waits(journey) if reason is waits.Reason.CHECK_IN)
    moment = min(come, default=None)
    if moment is None:
        return ()
    return (Say(key="home.check_in_on", params={"day": moments.today(moment, journey.settings.zone)}),)


def _tasks(journey: Journey, catalog: Catalog) -> Iterator[Task]:
    for number, action in enumerate(journey.actions):
        if action.state != "dropped":
            line = Say(key="pages.action", params={"cue": lessons.cue(action), "will": lessons.will(action)})
            (reply,) = phrase(Turn(journey=journey, says=(line,)), catalog)
            yield Task(number=number, text=reply.text, done=action.state == "done")
