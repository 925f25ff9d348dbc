"""Buttons and menus that stay: Slack takes whatever they are, and each says by itself what it does."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import controls, render
from adapters.slack.elements import Payload
from dialogs import acts
from dialogs.acts import LONGEST, Act
from dialogs.catalog import Catalog
from dialogs.replies import Button, Control, Option, Pick, Press, Reply, Write
from tests.platforms.slack import rules

CATALOG = Catalog.load()
WORDS = st.text(min_size=1, max_size=200)
ACTS = st.text(min_size=1, max_size=LONGEST)
OPTIONS = st.lists(
    st.builds(Option, value=st.text(min_size=1, max_size=100), label=WORDS),
    max_size=25,
    unique_by=lambda one: one.value,
)


@st.composite
def picks(draw: st.DrawFn) -> Pick:
    """Draw a menu, with some of its lines picked, or one that is not there (any more)."""
    options = draw(OPTIONS)
    most = draw(st.integers(min_value=1, max_value=25))
    picked = draw(st.lists(st.sampled_from(["gone", *(one.value for one in options)]), max_size=5, unique=True))
    least = draw(st.integers(min_value=0, max_value=most))
    return Pick(act=draw(ACTS), label=draw(WORDS), options=tuple(options), picked=tuple(picked), least=least, most=most)


PRESSES = st.builds(Press, act=ACTS, label=WORDS, style=st.sampled_from(["", "primary", "danger"]))
WRITES = st.builds(
    Write, act=ACTS, label=WORDS, title=WORDS, field=WORDS, longest=st.integers(min_value=1, max_value=9000)
)
CONTROLS = st.lists(st.one_of(PRESSES, WRITES, picks()), max_size=25)


@given(given_controls=CONTROLS, people=st.sampled_from([(), ("slack:T1/U1",), ("slack:T1/U1", "slack:T1/U2")]))
def test_slack_takes_whatever_controls(given_controls: Sequence[Control], people: Sequence[str]) -> None:
    """In direct messages and channels, in answers that only one person sees, and in the place of others."""
    reply = Reply(text="Text.", keys=("x",), controls=tuple(given_controls), named=tuple(people))
    sent = [
        *render.messages(reply, CATALOG),
        *render.unseen(reply, CATALOG),
        *render.answers(reply, CATALOG, unseen=True, replaces=True),
    ]
    for payload in sent:
        assert [*rules.message(payload)] == []


@given(control=st.one_of(PRESSES, WRITES, picks()))
def test_each_says_what_it_does(control: Control) -> None:
    """What comes back from it is its act, with what was picked; and a window is one that Slack takes."""
    for block in controls.rendered([control]):
        element = block["accessory"] if "accessory" in block else block["elements"][0]
        act = controls.act_of(_used(element))
        assert act is not None
        assert str(act) == str(acts.read(control.act))
        asked = controls.asked(element)
        if isinstance(control, Pick):
            assert act.values == (control.options[0].value,)
        assert (asked is not None) == isinstance(control, Write)
        if asked is not None:
            view = controls.form(act, asked, CATALOG, "private")
            assert [*rules.view(view)] == []
            values = {controls.FIELD: {controls.FIELD: {"value": " a\x00b "}}}
            sent = controls.written({**view, "state": {"values": values}})
            assert sent is not None
            assert (str(sent), sent.values) == (str(act), ("ab",))


def _used(element: Payload) -> Payload:
    """Return what comes back when somebody picks the first line, or presses."""
    first = next(iter(element.get("options", ())), None)
    name = "selected_options" if element["type"].startswith("multi") else "selected_option"
    return {"action_id": element["action_id"], **({name: [first] if name[-1] == "s" else first} if first else {})}


def test_another_picked_value_makes_it_another_block() -> None:
    """Otherwise Slack would go on showing what somebody picked, whatever became of it."""
    options = Option(value="a", label="A"), Option(value="b", label="B")
    names = [
        controls.rendered([Pick(act="x", label="X", options=options, picked=picked)])[0]["block_id"]
        for picked in ((), ("a",), ("b",), ("a",))
    ]
    assert len(set(names)) == 3
    assert names[1] == names[3]


def test_one_of_which_one_line_has_to_be_picked_takes_one() -> None:
    """Where nothing may be picked, too, a choice can be taken back."""
    options = (Option(value="a", label="A"),)
    kinds = {
        least: controls.rendered([Pick(act="x", label="X", options=options, least=least)])[0]["accessory"]["type"]
        for least in (0, 1)
    }
    assert kinds == {0: "multi_static_select", 1: "static_select"}
    none = controls.act_of({"action_id": "o:do:x", "selected_options": []})
    assert none == Act(name="x")


@pytest.mark.parametrize("action", [{}, {"action_id": "o:tap:1:x"}, {"action_id": "o:do:"}, {"action_id": "o:doing:x"}])
def test_other_elements_do_nothing(action: Payload) -> None:
    """They belong to something else, or to nobody."""
    assert controls.act_of(action) is None
    assert controls.written({"callback_id": action.get("action_id", "")}) is None
    assert controls.asked({**action, "value": "{}"}) is None


def test_controls_stay_where_a_question_is_answered() -> None:
    """They can be used at any time."""
    reply = Reply(
        text="Well?", keys=("x",), asked=1, buttons=(Button(id="a", label="A"),), controls=(Press(act="x", label="X"),)
    )
    (message,) = render.messages(reply, CATALOG)
    after = render.chosen(message["blocks"], "A", still_open=False)
    elements = [one["action_id"] for block in after["blocks"] for one in block["elements"] if "action_id" in one]
    assert elements == ["o:do:x"]
