"""Text as Slack shows it: every character of a person's stays a character, and nothing is lost where it is cut."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import render, richtext
from dialogs.catalog import Catalog
from dialogs.replies import Button, Day, Reply, Style
from tests.platforms.slack import rules
from tests.platforms.slack.world import Message

NASTY = st.text(alphabet="*_~`<>@#!&|:\u2022. \nab1\U0001f600/", max_size=300)


def shown(reply: Reply) -> list[str]:
    """Return what is read in each message of a reply."""
    return [Message("1", "D1", "U1", blocks=payload["blocks"]).shown for payload in render.messages(reply, CATALOG)]


CATALOG = Catalog.load()


@given(NASTY, st.sampled_from(Style))
def test_every_character_stands_for_itself(text: str, style: Style) -> None:
    """Whatever stands there, Slack takes it, and it is read as it was written."""
    (payload,) = render.messages(Reply(text=text or "x", keys=("x",), style=style), CATALOG)
    assert not [*rules.message(payload)]
    assert "".join(shown(Reply(text=text or "x", keys=("x",), style=style))).split() == (text or "x").split()


@given(st.lists(st.text(alphabet="ab \n", min_size=1, max_size=900), min_size=1, max_size=15))
def test_a_long_text_is_cut_into_messages_and_nothing_is_lost(parts: list[str]) -> None:
    """Each fits; together they are the whole."""
    text = "x" + "\n\n".join(parts)
    pieces = shown(Reply(text=text, keys=("x",)))
    assert all(len(piece) <= richtext.MOST for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_text_without_a_place_to_cut_is_cut_all_the_same() -> None:
    """At the last character that fits."""
    assert [len(piece) for piece in shown(Reply(text="x" * 7000, keys=("x",)))] == [3000, 3000, 1000]


def test_a_page_has_its_titles_in_bold_and_its_lines_as_a_list() -> None:
    """And nothing else."""
    reply = Reply(text="Title\n\nFirst\n\u2022 one\n\u2022 two\n\nplain", keys=("x",), style=Style.PAGE)
    ((block,),) = richtext.blocks(reply)
    kinds = [element["type"] for element in block["elements"]]
    assert kinds == ["rich_text_section", "rich_text_list", "rich_text_section"]
    bold = [part["text"] for part in block["elements"][0]["elements"] if part.get("style")]
    assert bold == ["Title", "First"]


def test_a_draft_can_be_copied_as_it_is() -> None:
    """In a box of its own."""
    ((block,),) = richtext.blocks(Reply(text="Dear *Stark*,\n\u2022 hello", keys=("x",), style=Style.DRAFT))
    (element,) = block["elements"]
    assert element["type"] == "rich_text_preformatted"


def test_a_day_is_written_as_each_reader_writes_it() -> None:
    """With our words where Slack cannot."""
    reply = Reply(text="By Monday, then.", keys=("x",), days=(Day(start=3, end=9, day=date(2026, 11, 30)),))
    ((block,),) = richtext.blocks(reply)
    (section,) = block["elements"]
    assert section["elements"][1] == {
        "type": "date",
        "timestamp": 1796040000,
        "format": "{date_long}",
        "fallback": "Monday",
    }


def test_only_addresses_of_helplines_can_be_tapped() -> None:
    """A person's own, quoted back, is words."""
    told = "findahelpline.com lists them, 988lifeline.org/chat too"
    links = [part for part in _parts(Reply(text=told, keys=(richtext.LINKED,))) if part["type"] == "link"]
    assert [link["url"] for link in links] == ["https://findahelpline.com", "https://988lifeline.org/chat"]
    assert all(part["type"] == "text" for part in _parts(Reply(text=told, keys=("x",))))


def _parts(reply: Reply) -> list[dict[str, object]]:
    ((block,),) = richtext.blocks(reply)
    return [part for section in block["elements"] for part in section["elements"]]


def test_choices_are_buttons_up_to_five_and_a_menu_above() -> None:
    """As the limits of Slack want them."""
    for count in range(1, 10):
        buttons = tuple(Button(id=f"c{number}", label="x" * 75) for number in range(count))
        (payload,) = render.messages(Reply(text="x", keys=("x",), buttons=buttons, asked=7), CATALOG)
        assert not [*rules.message(payload)]
        kinds = [element["type"] for element in payload["blocks"][-1]["elements"]]
        assert kinds == (["button"] * count if count <= 5 else ["static_select"])


def test_a_mark_is_the_same_for_a_resend_and_for_nothing_else() -> None:
    """Letters have numbers that begin anew with a new database: what is said counts too."""
    one, other = ({"blocks": [richtext.line(text)]} for text in ("one", "other"))
    assert render.mark(1, 0, one) == render.mark(1, 0, dict(one))
    assert len({render.mark(1, 0, one), render.mark(2, 0, one), render.mark(1, 1, one), render.mark(1, 0, other)}) == 4
    assert render.mark_of(render.marked(one, "m")) == "m"
    assert render.mark_of({}) == render.mark_of({"metadata": {"event_type": "x", "event_payload": {"letter": 1}}}) == ""


def test_a_day_in_a_title_is_a_day_all_the_same() -> None:
    """Slack takes no bold days."""
    text = "Title\n\nuntil Tuesday\n\u2022 one"
    day = Day(start=text.index("Tuesday"), end=text.index("Tuesday") + 7, day=date(2026, 12, 1))
    (payload,) = render.messages(Reply(text=text, keys=("x",), style=Style.PAGE, days=(day,)), CATALOG)
    assert not [*rules.message(payload)]
