"""The pulse: who is counted for what, and what admins are shown."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from dialogs import lessons, pulse, pulse_page
from dialogs.catalog import Catalog
from dialogs.events import Event, Woke
from dialogs.journey import Answer, Application, Counted, Journey, Lesson, Membership, Settings, Turn
from dialogs.pulse import Count, counted, month_of, months_over, published, shown
from dialogs.replies import Pick, Style
from dialogs.steps import Step
from tests.conversations.on_engine import Player
from tests.conversations.script import FOLDER, read

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
HERE, THERE = "discord:77", "discord:78"
MONTH = "2026-11"
SETTINGS = Settings(communities=(Membership(community=HERE, features=("wins", "pulse")),))
CATALOG = Catalog.load()


class Counting(Player):
    """A member's conversation, and what they are counted for."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        """Begin with somebody who came through a community."""
        super().__init__()
        self.journey = Journey(settings=settings)
        self.counts: list[Count] = []

    def happen(self, event: Event) -> Turn:
        """Let one event happen, and count."""
        before = self.journey
        turn = super().happen(event)
        if not isinstance(event, Woke):
            self.journey, counts = counted(before, self.journey, self.now)
            self.counts += counts
        return turn

    def of(self, month: str = MONTH) -> list[str]:
        """Return the figures of a month, as they were counted."""
        return [one.figure for one in self.counts if one.month == month]


def member(**of: object) -> Journey:
    """Return a member who has told of a rejection."""
    application = Application(opened_at=NOW, **of)  # type: ignore[arg-type] # whatever the test is about
    return Journey(step=Step.LENGTH, applications=(application,), settings=SETTINGS)


def figures(before: Journey, after: Journey) -> set[str]:
    """Return for what somebody is counted."""
    return {one.figure for one in counted(before, after, NOW)[1]}


def test_a_whole_path_is_counted_stage_by_stage_and_each_figure_once() -> None:
    """One person, who goes from the no to the plan in an evening."""
    player = Counting()
    for beat in read(FOLDER / "whole_path_tapped.talk").beats:
        player.play(beat)
    assert {one.community for one in player.counts} == {HERE}
    assert player.of()[0] == "came"
    assert [figure for figure in player.of() if figure.startswith("stage_")] == list(pulse.STAGES_REACHED)
    assert any(figure.startswith("lesson_") for figure in player.of())
    assert len(set(player.of())) == len(player.of())
    assert player.journey.counted is not None
    assert player.journey.counted.month == month_of(player.now)


def test_another_month_counts_anew_and_only_what_is_new() -> None:
    """Whoever goes on has come again; the lessons and stages of before stay with the month of before."""
    before = replace(member(lessons=(Lesson(key="gap"),)), counted=Counted(month="2026-10", figures=("came",)))
    after, counts = counted(before, before, NOW)
    assert counts == (Count(HERE, MONTH, "came"),)
    assert after.counted == Counted(month=MONTH, figures=("came",))
    assert counted(after, after, NOW + timedelta(days=6)) == (after, ())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.talk")), ids=lambda path: path.stem)
def test_nobody_is_counted_twice_for_a_figure_of_a_month(path: object) -> None:
    """In no conversation, unless they erase everything in between, and for nothing that is no figure."""
    player = Counting()
    for beat in read(path).beats:  # type: ignore[arg-type] # a path
        player.play(beat)
        if player.journey.step is Step.NEW:
            player.counts.clear()
            player.journey = replace(player.journey, settings=SETTINGS)
    assert len(set(player.counts)) == len(player.counts)
    assert {one.figure for one in player.counts} <= set(pulse.FIGURES)


def test_only_the_last_community_counts_and_only_while_it_has_the_pulse() -> None:
    """An admin of one learns nothing of who comes through another, whatever is on there."""
    both = replace(SETTINGS, communities=(*SETTINGS.communities, Membership(community=THERE, features=("pulse",))))
    journey = replace(member(), settings=both)
    assert counted(journey, journey, NOW)[1] == (Count(THERE, MONTH, "came"),)
    off = replace(SETTINGS, communities=(*SETTINGS.communities, Membership(community=THERE, features=("wins",))))
    assert counted(journey, replace(journey, settings=off), NOW)[1] == ()
    assert counted(journey, replace(journey, settings=Settings()), NOW)[1] == ()


def test_who_has_told_of_nothing_did_not_come() -> None:
    """Looking at the help is nobody's business."""
    hello = Journey(step=Step.WELCOME, settings=SETTINGS)
    assert counted(Journey(settings=SETTINGS), hello, NOW) == (hello, ())


def test_the_send_off_is_where_a_plan_ends() -> None:
    """Not where somebody waits for an answer, or has had enough for today."""
    end = replace(member(), step=Step.REST)
    assert figures(replace(member(), step=Step.WHY_ME), replace(end, said={"send_off.warm": 1})) == {
        "came",
        "stage_send_off",
    }
    assert figures(replace(member(), step=Step.SILENCE), end) == {"came"}
    assert figures(replace(member(), step=Step.ENOUGH), end) == {"came"}


def test_coming_up_by_the_way_is_no_stage() -> None:
    """Danger, settings and check-ins are in no figure."""
    for step in (Step.SAFETY, Step.SAFETY_ASK, Step.MOOD, Step.STOPPED, Step.VENTING):
        assert figures(member(), replace(member(), step=step)) == {"came"}


def test_every_lesson_is_in_one_category() -> None:
    """Somebody's own words only as such; a lesson of another release in none."""
    known = {lesson.key for lesson in lessons.LESSONS.values()}
    assert set(pulse.CATEGORIES) == known
    assert len(pulse.LESSONS) <= 8
    learnt = member(lessons=(Lesson(key="salary"), Lesson(text="a canary"), Lesson(key="of_another_release")))
    assert figures(member(), learnt) == {"came", "lesson_salary", "lesson_own"}
    assert figures(learnt, replace(learnt, step=Step.ACTION)) == {"came", "stage_planning"}


def test_a_lesson_of_another_application_counts_again_in_another_month() -> None:
    """It was learnt again."""
    first = member(lessons=(Lesson(key="salary"),))
    again = Application(opened_at=NOW + timedelta(hours=1), lessons=(Lesson(key="budget"),))
    assert "lesson_salary" in figures(first, replace(first, applications=(*first.applications, again)))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (5, 2, {"sting_before", "sting_less"}),
        (4, 4, {"sting_before", "sting_after"}),
        (2, 5, {"sting_after"}),
        (3, 2, {"sting_less"}),
        (3, 3, set()),
        (5, 0, set()),
        (0, 5, set()),
    ],
)
def test_sting_counts_when_it_was_told_twice(before: int, after: int, expected: set[str]) -> None:
    """Only then can the two be held against each other."""
    told = member(sting_before=before, sting_after=after)
    assert figures(member(sting_before=before), told) == {"came"} | expected
    assert figures(told, told) == {"came"}


def test_a_month_is_that_of_utc() -> None:
    """Wherever somebody is."""
    east = timezone(timedelta(hours=13))
    assert month_of(datetime(2026, 12, 1, 12, 59, tzinfo=east)) == "2026-11"
    assert month_of(datetime(2026, 12, 1, 13, 0, tzinfo=east)) == "2026-12"


def test_a_month_is_shown_from_the_second_day_of_the_next_one_on() -> None:
    """What was said in its last moment is committed by then."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    assert months_over(first + timedelta(days=1) - timedelta(microseconds=1), 2) == ("2025-11", "2025-10")
    assert months_over(first + timedelta(days=1), 2) == ("2025-12", "2025-11")
    assert months_over(first + timedelta(days=31), 1) == ("2025-12",)
    assert len(months_over(NOW)) == 12


def test_what_is_shown_is_rounded_down_to_fives() -> None:
    """Never more than there were."""
    assert [published(count, 0) for count in (0, 4, 5, 9, 10, 34)] == [0, 0, 5, 5, 10, 30]
    assert [published(count, 12) for count in (0, 12, 16, 17, 22)] == [0, 0, 0, 5, 10]


def _none(_about: str, _below: int) -> int:
    return 0


def test_a_page_has_what_can_be_shown_and_a_menu_of_other_months() -> None:
    """Months of which nothing can be shown are not in it: that there were some people would show."""
    counts = {("2026-10", "came"): 33, ("2026-10", "sting_less"): 6, ("2026-10", "lesson_own"): 4}
    counts |= {("2026-09", "came"): 4, ("2026-08", "came"): 5, ("2026-08", "of_another_release"): 50}
    months = shown(HERE, counts, _none)
    assert months == {"2026-08": {"came": 5}, "2026-10": {"came": 30, "sting_less": 5}}
    reply = pulse_page.page(months, "2026-10", CATALOG)
    assert reply.style is Style.PAGE
    assert "Pulse of October 2026" in reply.text
    assert "30 or more came" in reply.text
    assert "own words" not in reply.text
    (menu,) = reply.controls
    assert isinstance(menu, Pick)
    assert [(one.value, one.label) for one in menu.options] == [("2026-10", "October 2026"), ("2026-08", "August 2026")]
    assert (menu.act, menu.picked) == ("pulse.show", ("2026-10",))
    nothing = pulse_page.page(months, "2026-09", CATALOG)
    assert "nothing to show for September 2026" in nothing.text
    assert [control.picked for control in nothing.controls if isinstance(control, Pick)] == [()]
    assert pulse_page.page({}, "2026-09", CATALOG).controls == ()
    assert pulse_page.page({"2026-09": {"came": 5}}, "2026-09", CATALOG).controls == ()


def test_every_figure_has_words() -> None:
    """And the note has the same ones as the page."""
    all_of_them = dict.fromkeys(pulse.FIGURES, 15)
    page = pulse_page.page({"2026-10": all_of_them}, "2026-10", CATALOG)
    note = pulse_page.note(all_of_them, "2026-10", CATALOG)
    assert page.text.count("15 or more") == note.text.count("15 or more") == len(pulse.FIGURES)
    assert note.controls == ()


def test_answers_alone_count_for_nothing() -> None:
    """A lesson counts when it is read back, and can be corrected then."""
    assert figures(member(), member(answers={"why": Answer(text="a canary")})) == {"came"}
