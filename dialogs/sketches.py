"""What goes on the picture of a page."""

from collections.abc import Iterator

from dialogs import filled, moments, pages
from dialogs.catalog import Catalog
from dialogs.journey import Journey
from dialogs.pictures import Course, Lines, Pair, Panel, Path, Picture, Share
from dialogs.replies import Page, Say, Sketch

STRONGEST = 5
"""The highest number that a sting or a mood can have."""

MOST_DAYS = 60


def of(page: Page, journey: Journey, catalog: Catalog) -> Picture | None:
    """Return the picture of a page, None when it has none."""
    match page.picture:
        case Sketch.PROGRESS:
            return progress(journey, catalog)
        case Sketch.RECAP:
            panels = tuple(
                Lines(
                    title=_words(section.title, catalog),
                    lines=tuple(filled.shown(line, catalog) for line in section.lines),
                )
                for section in page.sections
                if section.lines
            )
            return Picture(title=_words(page.key, catalog), panels=panels)
        case _:
            return None


def progress(journey: Journey, catalog: Catalog) -> Picture:
    """Return the picture of the way so far: the path, the sting before and after, moods, actions done."""
    return Picture(title=_words("pages.picture", catalog), panels=tuple(_panels(journey, catalog)))


def _panels(journey: Journey, catalog: Catalog) -> Iterator[Panel]:
    points = tuple((_words(f"home.{name}", catalog), when) for name, when in pages.path(journey))
    yield Path(title=_words("pages.path", catalog), points=points)
    stung = [one for one in journey.applications if one.sting_before and one.sting_after]
    if stung:
        names = _words("pages.before", catalog), _words("pages.after", catalog)
        values = stung[-1].sting_before, stung[-1].sting_after
        yield Pair(title=_words("pages.sting", catalog), names=names, values=values, most=STRONGEST)
    moods = [mood for mood in journey.moods if mood.value][-MOST_DAYS:]
    if moods:
        days = tuple((moments.today(mood.at, journey.settings.zone), mood.value) for mood in moods)
        yield Course(
            title=_words("pages.mood", catalog),
            values=days,
            most=STRONGEST,
            lowest=_words("pages.worst", catalog),
            highest=_words("pages.best", catalog),
            first=filled.shown(days[0][0], catalog),
            last=filled.shown(days[-1][0], catalog),
        )
    planned = [action for action in journey.actions if action.state != "dropped"]
    if planned:
        done = sum(action.state == "done" for action in planned)
        counts = {"done": str(done), "all": str(len(planned))}
        words = filled.line(Say(key="pages.done_of_all", params=counts), catalog)
        yield Share(title=_words("pages.actions", catalog), done=done, all=len(planned), words=words)


def _words(key: str, catalog: Catalog) -> str:
    return filled.line(Say(key=key), catalog)
