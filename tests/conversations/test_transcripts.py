"""Every transcript comes out as it is written, and together they visit every step and every line."""

import pytest

from dialogs.catalog import Catalog
from dialogs.steps import Step
from tests.conversations import on_terminal
from tests.conversations.on_engine import Player
from tests.conversations.script import Script, scripts
from tests.databases import Database

SCRIPTS = scripts()
ON_BOTH = ("check_ins", "danger", "erase_receipt", "forgetting", "six_weeks")
NOT_SAID_BY_THE_ENGINE = (
    *("common.", "forms.", "terminal.", "label:", "helplines."),
    *("discord.", "slack.", "home.", "community.", "acts.", "mentors.", "wins.", "pulse."),
)
NAMING_FIELDS = {"says", "ask", "params", "sections", "lines", "choices"}
ONLY_WHEN_BROKEN = {"anywhere.broken"}
ONLY_WHEN_LONG = {"pages.more"}
IN_PICTURES = {f"pages.{name}" for name in ("picture", "before", "after", "worst", "best", "done_of_all")}
AMONG_MEMBERS = {
    f"pages.{name}"
    for name in (
        *("mentoring", "mentoring_offer", "mentoring_request", "mentoring_introduction", "erased_mentoring"),
        *("wins", "wins_standing", "wins_unshared", "erased_wins"),
    )
}
"""What is said of what people do with others: tests/bot/mentor and tests/bot/wins say it."""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.path.stem)
def test_a_transcript_comes_out_as_written(script: Script) -> None:
    """What the bot says, asks and shows after each line is what the transcript says."""
    player = Player()
    for beat in script.beats:
        keys = player.play(beat)
        assert keys == beat.expected, f"{script.path.name}:{beat.line}: after {beat.kind} it was {' '.join(keys)}"
        if beat.step:
            assert player.journey.step == beat.step, f"{script.path.name}:{beat.line}"


@pytest.mark.databases("sqlite")
@pytest.mark.no_cover  # it holds the same lines as other tests do, and counting them takes half as long again
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.path.stem)
async def test_a_transcript_comes_out_the_same_on_the_whole_application(script: Script, database: Database) -> None:
    """Stored, sealed, delivered twice and woken by the scheduler, it is still the same conversation."""
    await _play(script, database)


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("script", [one for one in SCRIPTS if one.path.stem in ON_BOTH], ids=lambda one: one.path.stem)
async def test_a_transcript_comes_out_the_same_on_a_server_too(script: Script, database: Database) -> None:
    """Some of them, in which time passes, something is changed, and everything is erased."""
    await _play(script, database)


async def _play(script: Script, database: Database) -> None:
    async with on_terminal.player(database) as player:
        for beat in script.beats:
            keys = await player.play(beat)
            assert keys == beat.expected, f"{script.path.name}:{beat.line}: after {beat.kind} it was {' '.join(keys)}"


def test_a_whole_path_is_short() -> None:
    """At most 25 answers for somebody who taps, and 12 on the returning path."""
    answers = {script.path.stem: [beat for beat in script.beats if beat.kind in ">*"] for script in SCRIPTS}
    assert len(answers["whole_path_tapped"]) <= 25
    again = next(n for n, beat in enumerate(answers["returning_short"]) if "again" in beat.text)
    assert len(answers["returning_short"][again:]) <= 12


def test_there_are_at_least_25_transcripts_with_a_title() -> None:
    """A writer finds an example of everything that can happen."""
    assert len(SCRIPTS) >= 25
    assert all(script.title for script in SCRIPTS)


def test_every_row_of_the_article_is_named_by_a_transcript() -> None:
    """Rows A0 to A15 (A8 in its six parts) each stand in the title of a transcript that shows them."""
    named = {word.strip(",.:") for script in SCRIPTS for word in script.title.split()}
    rows = {f"A{n}" for n in (*range(8), *range(9, 16))} | {f"A8{part}" for part in "abcdef"}
    assert rows <= named, f"not shown: {sorted(rows - named)}"


def test_transcripts_visit_every_step_and_say_every_line() -> None:
    """No step and no line of the words is left that nobody has ever read in its place."""
    steps: set[str] = set()
    said: set[str] = set()
    for script in SCRIPTS:
        player = Player()
        for beat in script.beats:
            said.update(player.play(beat))
            steps.add(player.journey.step)
        said |= _named(tuple(player.turns))
    missing_steps = {step.value for step in Step} - steps - {"new"}
    lines = {
        key
        for key in Catalog.load("en").lines
        if not key.startswith(NOT_SAID_BY_THE_ENGINE)
        and key not in ONLY_WHEN_BROKEN | ONLY_WHEN_LONG | IN_PICTURES | AMONG_MEMBERS
    }
    assert not missing_steps, f"steps that no transcript visits: {sorted(missing_steps)}"
    assert not lines - said, f"lines that no transcript says: {sorted(lines - said)}"


def _named(value: object) -> set[str]:
    """Return every key of a line that a turn names, however deep inside a page or a parameter."""
    if isinstance(value, (tuple, list)):
        return set().union(*map(_named, value)) if value else set()
    if isinstance(value, dict):
        return _named(tuple(value.values()))
    fields = getattr(value, "__struct_fields__", ())
    found = {getattr(value, name) for name in ("key", "title") if name in fields and "." in getattr(value, name)}
    names = [name for name in fields if name in NAMING_FIELDS]
    return found | _named(tuple(getattr(value, name) for name in names))
