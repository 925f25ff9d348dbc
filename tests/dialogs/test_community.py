"""The set-up of a community: one thing at a time, undone in one step, and never anything about a person."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialogs import community
from dialogs.community import FEATURES, OFFERED, ChoiceError, Choices, Community, Panel, UnreadableCommunityError
from dialogs.helplines import countries

SET_UP = Community(
    now=Choices(
        panel_channel="1442154013958742016",
        wins_channel="C0123ABCD",
        mentors="2",
        country="GB",
        features=("mentors", "pulse"),
    ),
    before=Choices(panel_channel="1442154013958742016"),
    panel=Panel(channel="1442154013958742016", message="3"),
)

CHOICES = st.tuples(
    st.sampled_from([*OFFERED, "features", "before", "nickname"]),
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(["123", "C0AB", "U0123ABCD", "W0123ABCD", "DE", "GB", "en", "xx", "", *FEATURES]),
        ),
        max_size=3,
    ),
)


def test_each_thing_is_chosen_alone_and_the_last_change_is_undone() -> None:
    """Undo goes one step back, and there is nothing behind it; what changes nothing counts as no change."""
    first = community.chosen(Community(), "panel_channel", ["12"])
    second = community.chosen(first, "features", ["pulse", "mentors"])
    assert second.now == Choices(panel_channel="12", features=("mentors", "pulse"))
    assert community.chosen(second, "features", ["mentors", "pulse"]) is second
    undone = community.undone(second)
    assert undone == Community(now=first.now)
    assert community.undone(undone) is undone
    assert community.chosen(second, "panel_channel", []).now.panel_channel == ""


def test_that_the_panel_was_posted_stays_when_a_choice_is_undone() -> None:
    """The message is there, whatever was chosen after it."""
    panel = Panel(channel="12", message="34")
    there = community.posted(community.chosen(Community(), "country", ["GB"]), panel)
    assert community.undone(there) == Community(panel=panel)


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("panel_channel", ["U0123ABCD"]),
        ("panel_channel", ["a name"]),
        ("wins_channel", ["1", "2"]),
        ("mentors", ["1" * 21]),
        ("country", ["ZZ"]),
        ("language", [""]),
        ("language", ["../en"]),
        ("features", ["diary"]),
        ("panel", ["1"]),
    ],
)
def test_what_is_not_offered_is_refused_without_repeating_it(what: str, values: Sequence[str]) -> None:
    """A press can be copied and changed."""
    with pytest.raises(ChoiceError, match=r"no such (choice|feature)"):
        community.chosen(SET_UP, what, values)


@given(st.lists(CHOICES, max_size=12))
@example([("mentors", ["U0123ABCD"]), ("country", ["ann"]), ("features", ["ben"])])
def test_no_set_up_holds_anything_about_a_person(choices: Sequence[tuple[str, list[str]]]) -> None:
    """Whatever is tried: places, a listed country and language, listed features. No text, and no account of Slack."""
    made = Community()
    for what, values in choices:
        try:
            made = community.chosen(made, what, values)
        except ChoiceError:
            continue
    for kept in filter(None, (made.now, made.before)):
        for place in (kept.panel_channel, kept.wins_channel, kept.mentors):
            assert not place or place.isdecimal() or place[0] in "CG"
            assert place.isascii()
            assert len(place) <= 21
        assert kept.country in {"", *countries()}
        assert kept.language in community.languages()
        assert set(kept.features) <= set(FEATURES)
    assert community.decode(community.encode(made)) == made


def test_nothing_else_is_kept() -> None:
    """Who changed something, when, or what was said has no place in it: a new field is looked at here first."""
    names = {field.name for kind in (Community, Choices, Panel) for field in msgspec.structs.fields(kind)}
    assert names == {"now", "before", "panel", "name", *OFFERED, "features", "channel", "message"}
    assert "GB" not in repr(SET_UP)


def test_what_is_stored_has_a_version_and_what_cannot_be_read_is_not_shown() -> None:
    """A newer release's is left alone, and what is damaged is set up again."""
    stored = community.encode(SET_UP)
    assert stored.startswith('{"v":1,')
    assert community.decode(stored) == SET_UP
    with pytest.raises(UnreadableCommunityError, match=r"version 2, .* run a newer release"):
        community.decode(stored.replace('"v":1', '"v":2'))
    with pytest.raises(UnreadableCommunityError, match="damaged") as told:
        community.decode('{"v":1,"community":{"now":{"country":["ann"]}}}')
    assert "ann" not in str(told.value)
