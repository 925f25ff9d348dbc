"""The page about a person, what is ticked on it, and what a platform tells of where they are."""

from datetime import UTC, date, datetime

import pytest

from dialogs.catalog import Catalog
from dialogs.engine import advance
from dialogs.events import Commanded
from dialogs.home import home
from dialogs.journey import Action, Application, Journey, Settings
from dialogs.place import placed
from dialogs.steps import Step

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
CATALOG = Catalog.load()
ACTIONS = (
    Action(cue="I sit down on Monday", will="send one application", ask_on=date(2026, 11, 25)),
    Action(cue="a recruiter calls", will="say my range", state="done"),
    Action(cue="it rains", will="wait", state="dropped"),
)
JOURNEY = Journey(step=Step.REST, met=True, applications=(Application(opened_at=NOW, actions=ACTIONS),))


def tick(journey: Journey, shown: str, done: str) -> Journey:
    """Tick, and see that nothing is said."""
    turn = advance(journey, Commanded(name="tick", fields={"shown": shown, "done": done}), NOW)
    assert (turn.says, turn.ask) == ((), None)
    return turn.journey


def test_a_stranger_has_no_path_and_no_plan() -> None:
    """Only what is set."""
    page = home(Journey(), CATALOG)
    assert (page.path, page.tasks) == ((), ())
    assert "Time zone" in page.rest.text


def test_the_page_shows_path_plan_and_the_next_check_in() -> None:
    """What was dropped is not shown; the day of the check-in is marked for platforms that write it their way."""
    page = home(JOURNEY, CATALOG)
    assert [point.when for point in page.path] == ["past"] * 4
    assert [(task.number, task.done) for task in page.tasks] == [(0, False), (1, True)]
    assert "send one application" in page.tasks[0].text
    assert "25" in page.rest.text
    assert len(page.rest.days) == 1


def test_ticking_marks_and_unmarks_what_was_shown() -> None:
    """A check-in about something done is off; what was dropped stays dropped, and what was not shown as it is."""
    after = tick(JOURNEY, "0 2", "0 2")
    assert [action.state for action in after.actions] == ["done", "done", "dropped"]
    assert after.actions[0].ask_on is None
    assert [action.state for action in tick(after, "1", "").actions] == ["done", "open", "dropped"]
    assert tick(JOURNEY, "x", "9 y") == tick(JOURNEY, "", "")


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({"zone": "Europe/Berlin"}, Settings(zone="Europe/Berlin")),
        ({"zone": "Nowhere/At_All"}, Settings()),
        ({"country": "de"}, Settings(country="DE")),
        ({"country": "Germany"}, Settings()),
        ({"locale": "de", "overseen": "yes"}, Settings(locale="de", overseen=True)),
        ({}, Settings()),
    ],
)
def test_a_platform_tells_where_somebody_is(told: dict[str, str], known: Settings) -> None:
    """As far as it makes sense."""
    assert placed(Journey(), told).settings == known


def test_what_somebody_has_set_stays() -> None:
    """A profile does not set it back."""
    told = {"zone": "Europe/Berlin", "country": "DE", "locale": "de"}
    mine = Journey(settings=Settings(zone="Asia/Tokyo", country="JP", locale="ja"))
    assert placed(mine, told) is mine
