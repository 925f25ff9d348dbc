"""What can stand in a wins channel, and that it is exactly what was shown before."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from dialogs import filled, receipts, records, waits, wins
from dialogs.catalog import Catalog
from dialogs.community import Choices, Community
from dialogs.engine import advance
from dialogs.events import Woke
from dialogs.exporting import exported
from dialogs.journey import Journey, Rhythm, Standing, Win
from dialogs.replies import Press, Reply, Say, Write
from dialogs.steps import Step
from dialogs.waits import Reason

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
HERE = "discord:1442154013958742016"
TOWN = Community(now=Choices(wins_channel="1", features=("wins",)), name="Town")
CATALOG = Catalog.load()
PAGES = wins.Pages(CATALOG)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
BREAKS = ["a\r\nb", "a\x0bb\x0cc", "a\x1cb\x1dc\x1ed", "a\x85b\u2028c\u2029d", "\u200b", "\u00a0\u3000", "x" * 301]


@given(TEXTS, st.integers(2, 300))
@example(BREAKS[0], 2)
@example(" \n".join(BREAKS), 300)
def test_a_line_is_one_short_paragraph_in_which_something_can_be_seen(text: str, longest: int) -> None:
    """Whatever was written; and it stays as it is when it is read once more."""
    line = wins.one_line(text, longest)
    assert len(line) <= longest
    assert len(line.splitlines()) == bool(line)
    assert line == line.strip()
    assert wins.one_line(line, longest) == line
    assert not line or any(character.isprintable() and not character.isspace() for character in line)


@pytest.mark.parametrize("text", ["", " \n\t", "\u200d\u200b\u2060", "\u0301", "\x00\x1f"])
def test_what_cannot_be_seen_is_no_line(text: str) -> None:
    """So nobody posts a quote with nothing in it."""
    assert wins.one_line(text, 300) == ""


@pytest.mark.parametrize("text", ["yes", "\u2764\ufe0f", "\u795d", "!", "5"])
def test_a_sign_is_a_line(text: str) -> None:
    """A heart says enough."""
    assert wins.one_line(text, 300) == text


def test_what_is_too_long_is_cut_where_everybody_sees_it() -> None:
    """The preview shows the cut, so it can be written again."""
    assert wins.one_line("word " * 100, 20) == "word word word word\u2026"


@pytest.mark.parametrize(
    "line",
    [
        "see https://x.example",
        "www.example",
        "join discord.gg/abc",
        "bit.ly/1",
        "Me.COM",
        "tg://join",
        "ours.dev now",
        "pay.example/now",
        "wa.me:443/x",
    ],
)
def test_links_are_noticed(line: str) -> None:
    """However they are written."""
    assert wins.has_link(line)


@pytest.mark.parametrize(
    "line", ["Nine months. Forty tries.", "finally...yes", "e.g. this one", "5.5 years", "a/b", "and/or...no/yes"]
)
def test_what_is_no_link_is_let_be(line: str) -> None:
    """A full stop without a space is no address."""
    assert not wins.has_link(line)


@given(TEXTS, TEXTS, st.integers(0, 50))
@example("{name} {line}", "{0}", 0)
def test_the_preview_shows_word_for_word_what_is_posted(line: str, name: str, nth: int) -> None:
    """Without the marks of the quote, and nothing is filled into what people wrote."""
    win = Win(community=HERE, at=NOW, line=wins.one_line(line, 300), name=wins.one_line(name, 40), nth=nth)
    quoted = [one[1:].lstrip(" ") for one in PAGES.preview(win, TOWN).text.split("\n") if one.startswith(wins.QUOTED)]
    posted = wins.announced(win, CATALOG)
    assert quoted == [one.strip(" ") for one in posted.split("\n")]
    assert win.name in posted
    assert win.line in posted


def test_wordings_take_turns_and_name_nobody_by_themselves() -> None:
    """The same does not stand there twice in a row."""
    texts = [wins.announced(Win(community=HERE, at=NOW, nth=nth), CATALOG) for nth in range(9)]
    assert all(one != other for one, other in pairwise(texts))
    named = [wins.announced(Win(community=HERE, at=NOW, nth=nth, name="Ann"), CATALOG) for nth in range(9)]
    assert all("Ann" in one for one in named)
    assert not set(texts) & set(named)


def acts_of(reply: Reply) -> list[str]:
    """Return the acts of a reply's controls."""
    return [one.act for one in reply.controls]


def test_the_first_page_goes_on_without_a_name_by_default() -> None:
    """Every button is short enough for a platform, and says by itself where it leads."""
    start = PAGES.start(Win(community=HERE, at=NOW), TOWN, {})
    assert acts_of(start) == [f"wins.anonymous:{HERE}", f"wins.named:{HERE}", f"wins.line:{HERE}", "wins.leave"]
    first, _, write, _ = start.controls
    assert isinstance(first, Press)
    assert first.style == "primary"
    assert isinstance(write, Write)
    assert write.longest == wins.LONGEST_LINE
    assert "the wins channel of Town" in start.text


def test_a_page_with_a_line_shows_it_and_how_to_leave_it_out() -> None:
    """And where else it could go, and that there is something to take back."""
    win = Win(community=HERE, at=NOW, line="Nine months.")
    start = PAGES.start(win, TOWN, {"discord:2": TOWN, "discord:3": Community()}, "no_link", has_some=True)
    assert "\u2502 \u201cNine months.\u201d" in start.text
    assert start.text.startswith("A line with a link")
    assert acts_of(start)[3:] == [
        f"wins.no_line:{HERE}",
        "wins.leave",
        "wins.share:discord:2",
        "wins.share:discord:3",
        "wins.mine",
    ]
    assert [one.label for one in start.controls][5:7] == ["In Town", "In another community"]


def test_every_label_fits_however_a_community_is_called() -> None:
    """Its name is cut, and stays one line."""
    long = replace(TOWN, name="T\no" * 60)
    page = PAGES.start(Win(community=HERE, at=NOW, line="x"), long, {"discord:2": long}, has_some=True)
    assert max(len(one.label) for one in page.controls) <= 75
    assert all("\n" not in one.label for one in page.controls)


def test_what_was_begun_is_gone_on_with_within_a_day() -> None:
    """In another community, too; after a day it is begun anew."""
    win = Win(community=HERE, at=NOW, line="x", name="Ann", nth=3)
    before = Journey(win=win)
    later = NOW + timedelta(hours=23)
    assert wins.begun(before, "discord:2", later) == replace(win, community="discord:2", at=later)
    assert wins.begun(before, HERE, NOW + wins.DAY) == Win(community=HERE, at=NOW + wins.DAY)
    assert wins.begun(Journey(), HERE, NOW) == Win(community=HERE, at=NOW)


@pytest.mark.parametrize("step", [Step.REST, Step.STOPPED, Step.SAFETY_STAY, Step.VENTING])
def test_what_was_not_shared_is_forgotten_after_a_day_without_a_word(step: Step) -> None:
    """At night as well, wherever they are, and nothing else is put off by it."""
    journey = Journey(step=step, win=Win(community=HERE, at=NOW, line="x"), seen_at=NOW)
    assert waits.next_wake(journey, NOW) == NOW + wins.DAY
    assert waits.due(journey, NOW + wins.DAY) == [Reason.UNSHARED]
    turn = advance(journey, Woke(), NOW + wins.DAY)
    assert turn.journey == replace(journey, win=None)
    assert turn.journey.rhythm == Rhythm()
    assert (turn.says, turn.ask) == ((), None)


def test_it_is_in_the_export_while_it_is_there() -> None:
    """Like everything else that is kept: what stands, and what is not shared yet."""
    journey = Journey(
        win=Win(community=HERE, at=NOW, line="Nine months.", name="Ann"),
        standing=(Standing(community=HERE, since=NOW),),
    )
    told = exported(journey, NOW, CATALOG)
    assert told.unshared is not None
    assert (told.unshared.community, told.unshared.name, told.unshared.line) == (HERE, "Ann", "Nine months.")
    assert [one.community for one in told.standing] == [HERE]
    assert exported(Journey(), NOW, CATALOG).unshared is None
    (section,) = (one for one in records.export(journey, NOW).sections if one.title == "pages.wins")
    assert [filled.shown(line, CATALOG) for line in section.lines] == [
        "Something you shared on Monday 23 November",
        "Not shared yet, and forgotten within a day: Ann",
        "Not shared yet, and forgotten within a day: Nine months.",
    ]


def test_the_receipt_of_erasing_says_that_what_was_shared_goes_too() -> None:
    """To whoever has shared something; others would only wonder."""
    said = Say(key="pages.erased_wins", params={"count": "2"})
    journey = Journey(standing=(Standing(community=HERE, since=NOW), Standing(community="discord:2", since=NOW)))
    assert said in receipts.erased(journey).sections[0].lines
    assert len(receipts.erased(Journey()).sections[0].lines) == 1
