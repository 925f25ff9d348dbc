"""Controls: whatever there is to press, Discord takes it, and a press of it means what it says."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import components, controls, render
from adapters.discord.controls import Window
from dialogs import acts
from dialogs.acts import Act
from dialogs.catalog import Catalog
from dialogs.replies import Button, Control, Option, Pick, Press, Reply, Write
from tests.platforms.discord import rules

CATALOG = Catalog.load()

ACTS = st.from_regex(r"[a-z]{1,9}\.[a-z_]{1,20}(:[!-~]{1,60})?", fullmatch=True) | st.text(max_size=120)
LABELS = st.text(max_size=200)
CONTROLS: st.SearchStrategy[Control] = st.one_of(
    st.builds(Press, act=ACTS, label=LABELS, style=st.sampled_from(["", "primary", "danger", "odd"])),
    st.builds(
        Pick,
        act=ACTS,
        label=LABELS,
        options=st.lists(st.builds(Option, value=LABELS, label=LABELS), max_size=40).map(tuple),
        picked=st.lists(LABELS, max_size=3).map(tuple),
        least=st.integers(-2, 40),
        most=st.integers(-2, 40),
    ),
    st.builds(Write, act=ACTS, label=LABELS, title=LABELS, field=LABELS, longest=st.integers(-2, 9000)),
)
REPLIES = st.builds(
    Reply,
    text=st.text(min_size=1, max_size=6000).filter(lambda text: not text.isspace()),
    keys=st.just(("x",)),
    buttons=st.sampled_from([(), tuple(Button(id=one, label=one) for one in "abcdefgh"), (Button(id="a", label="b"),)]),
    asked=st.just(3),
    controls=st.lists(CONTROLS, max_size=30).map(tuple),
    named=st.sampled_from([(), ("discord:1442154013958742016",), ("discord:1", "discord:2")]),
)


@given(REPLIES, REPLIES, st.integers(min_value=1, max_value=2**62))
def test_whatever_can_be_pressed_is_what_discord_takes(one: Reply, other: Reply, letter: int) -> None:
    """In messages, in the answer to an act, and in a window to which more and more is added."""
    for payload in (*render.messages(one, CATALOG), render.shown(one, CATALOG)[0]):
        assert list(rules.message(payload, new=True)) == []
        assert payload["allowed_mentions"] == {"parse": []}
    added = render.window({"content": "", "components": []}, letter, one, CATALOG)
    assert added is not None
    again = render.window(added[0], letter + 1, other, CATALOG)
    assert again is not None
    assert list(rules.message(again[0], new=False)) == []


@given(st.lists(CONTROLS, max_size=30))
def test_a_press_of_whatever_is_shown_means_its_act(some: Sequence[Control]) -> None:
    """Its id says it all; a window opens with what it says, and brings its act back."""
    known = {one.act for one in some}
    for one in components.elements({"components": controls.rows(some)}):
        meant = controls.pressed(one["custom_id"], ["a"])
        assert meant is not None
        if isinstance(meant, Window):
            payload = controls.window(meant, "A label", CATALOG)
            assert list(rules.modal(payload)) == []
            sent = controls.submitted(payload["custom_id"], {"text": " x " * 9000})
            assert sent is not None
            assert str(sent) == str(meant.act)
            assert 0 < len(sent.values[0]) <= meant.longest <= controls.LONGEST_TEXT
            meant = meant.act
        assert str(meant) in known


@given(st.text(max_size=150), st.lists(st.text(max_size=200), max_size=30))
def test_an_id_that_anybody_made_up_is_an_act_of_sane_form_or_nothing(text: str, values: Sequence[str]) -> None:
    """Nothing of it is longer than what a button or a menu holds."""
    for custom_id in (
        text,
        f"o:do:{text}",
        f"o:ask:{text}",
        f"o:do:mentor.x:{text}",
        f"o:ask:abcdefabcdef:9:a.b:{text}",
    ):
        meant = controls.pressed(custom_id, values)
        act = meant.act if isinstance(meant, Window) else meant
        sent = controls.submitted(custom_id, {"text": text})
        for one in (act, sent):
            assert one is None or (len(str(one)) <= 140 and str(one).isascii() and str(one).isprintable())
            assert one is None or all(len(value) <= 4000 for value in one.values)
            assert one is None or len(one.values) <= 25


def test_an_act_of_the_longest_kind_fits() -> None:
    """As long as the dialog may make one."""
    longest = f"mentor.topics:{'x' * (acts.LONGEST - len('mentor.topics:'))}"
    (row,) = controls.rows([Press(act=longest, label="x")])
    assert controls.pressed(row["components"][0]["custom_id"], ()) == acts.read(longest)


def test_a_window_has_the_words_that_its_button_was_made_with() -> None:
    """They are found among all words by a short mark; words that are gone give way to the label of the button."""
    title, field = CATALOG.plain("wins.line_title"), CATALOG.plain("wins.line_field")
    write = Write(act="wins.line:discord:1", label="Add a line", title=title, field=field, longest=200)
    for one, words in ((write, (title, field)), (Write(act="a.b", label="l", title="?", field="!"), ("Add",) * 2)):
        (row,) = controls.rows([one])
        meant = controls.pressed(row["components"][0]["custom_id"], ())
        assert isinstance(meant, Window)
        payload = controls.window(meant, "Add", CATALOG)
        assert (payload["title"], payload["components"][0]["label"]) == words
        assert payload["components"][0]["component"]["max_length"] == one.longest


def test_buttons_stand_five_in_a_row_and_menus_alone() -> None:
    """In the order in which they were given; what does not fit is left out."""
    press = [Press(act=f"a.b:{number}", label=str(number)) for number in range(30)]
    pick = Pick(act="a.c", label="Which", options=(Option(value="x", label="X"), Option(value="y", label="Y")), least=1)
    rows = controls.rows([*press[:6], pick, *press[6:]])
    assert [len(one["components"]) for one in rows] == [5, 1, 1, 5, 5]
    assert rows[2]["components"][0]["min_values"] == 1
    assert len(controls.rows(press)) == 5


def test_a_menu_shows_what_is_picked_unless_discord_would_refuse_it() -> None:
    """More than can be picked, or fewer than have to be, are shown as nothing picked."""
    options = tuple(Option(value=one, label=one) for one in "abc")
    for picked, most, shown in ((("a", "c"), 3, ["a", "c"]), (("a", "b"), 1, []), ((), 3, [])):
        (row,) = controls.rows([Pick(act="a.b", label="x", options=options, picked=picked, least=1, most=most)])
        assert [one["value"] for one in row["components"][0]["options"] if one["default"]] == shown


def test_controls_of_a_window_stay_when_something_is_said_or_chosen_in_it() -> None:
    """They answer no question; the newest ones come first."""
    share = Reply(text="An offer", keys=("x",), controls=(Press(act="wins.share", label="Share it"),))
    asked = Reply(text="And now?", keys=("x",), buttons=(Button(id="a", label="A"), Button(id="b", label="B")), asked=1)
    first = render.window({"content": "", "components": []}, 1, share, CATALOG)
    assert first is not None
    second = render.window(first[0], 2, asked, CATALOG)
    assert second is not None
    ids = [one["custom_id"] for one in components.elements(second[0])]
    assert ids == ["o:tap:1:a", "o:tap:1:b", "o:do:wins.share", "o:write:2"]
    chosen = render.chosen(second[0], "o:tap:1:a", still_open=False)
    assert [bool(one.get("disabled")) for one in components.elements(chosen)] == [True, True, False, False]
    again = render.window(second[0], 3, share, CATALOG)
    assert again is not None
    assert [one["custom_id"] for one in components.elements(again[0])].count("o:do:wins.share") == 1


def test_people_are_named_in_a_last_line_and_pinged_by_nothing() -> None:
    """Their names are Discord's business: the account stands there."""
    (told,) = render.messages(Reply(text="See *this*", keys=("x",), named=("discord:12", "discord:34")), CATALOG)
    assert told["content"] == "See \\*this\\*\n\n<@12> <@34>"
    assert told["allowed_mentions"] == {"parse": []}


def test_a_press_without_an_act_of_ours_means_nothing() -> None:
    """Old and foreign ids are left to what explains them."""
    assert controls.pressed("o:tap:1:a", ()) is None
    assert controls.pressed("o:do:Mentor.x", ()) is None
    assert controls.submitted("o:write", {"text": "x"}) is None
    assert controls.submitted("o:ask:a.b/x", {"text": "x"}) is None
    assert controls.pressed("o:do:mentor.find", ()) == Act(name="mentor.find")
