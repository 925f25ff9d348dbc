"""Replies become payloads that Discord takes, and that say what was meant."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import commands, components, render
from dialogs.catalog import Catalog
from dialogs.commands import COMMANDS
from dialogs.phrasing import phrase
from dialogs.replies import Button, Field, Form, Reply, Style
from tests.conversations.on_engine import Player
from tests.conversations.script import scripts
from tests.platforms.discord import rules

CATALOG = Catalog.load()
WORDS = st.text(min_size=1, max_size=75).filter(lambda text: not text.isspace())
BUTTONS = st.lists(
    st.builds(Button, id=st.from_regex(r"[a-z_]{1,20}", fullmatch=True), label=WORDS),
    max_size=9,
    unique_by=lambda one: one.id,
)
REPLIES = st.builds(
    Reply,
    text=st.text(min_size=1, max_size=6000).filter(lambda text: not text.isspace()),
    keys=st.just(("x",)),
    style=st.sampled_from(Style),
    buttons=BUTTONS.map(tuple),
    asked=st.integers(min_value=0, max_value=10**6),
    form=st.none() | st.just(Form(name="action", title="t", open="o", fields=(Field(name="a", label="b"),))),
)


def buttons(*names: str) -> tuple[Button, ...]:
    """Return choices with these names."""
    return tuple(Button(id=name, label=name.title()) for name in names)


def reply(text: str = "What now?", *names: str, asked: int = 3) -> Reply:
    """Return a question."""
    return Reply(text=text, keys=("x",), buttons=buttons(*names), asked=asked)


@given(REPLIES)
def test_whatever_is_said_is_a_message_that_discord_takes(given_reply: Reply) -> None:
    """Long or strange: in pieces, with the choices under the last one."""
    payloads = render.messages(given_reply, CATALOG)
    assert [list(rules.message(payload, new=True)) for payload in payloads] == [[]] * len(payloads)
    assert not any(payload["components"] for payload in payloads[:-1])
    assert all(len(render.nonce(2**62, part, payload)) <= 25 for part, payload in enumerate(payloads))


@given(REPLIES, st.text(max_size=2000), st.integers(min_value=1, max_value=2**62))
def test_whatever_is_added_to_a_window_still_fits_and_is_added_once(
    given_reply: Reply, before: str, letter: int
) -> None:
    """What was there goes from the top; the same letter is not added a second time."""
    added = render.window({"content": before, "components": []}, letter, given_reply, CATALOG)
    assert added is not None
    payload, _ = added
    assert list(rules.message(payload, new=False)) == []
    assert render.window(payload, letter, given_reply, CATALOG) is None
    assert render.window(payload, letter + 1, given_reply, CATALOG) is not None


def test_up_to_five_choices_are_buttons_and_more_are_a_menu() -> None:
    """Discord's rows have room for five."""
    (few,) = render.messages(reply("?", *"abcde"), CATALOG)
    assert [one["custom_id"] for one in few["components"][0]["components"]] == [f"o:tap:3:{name}" for name in "abcde"]
    (many,) = render.messages(reply("?", *"abcdef"), CATALOG)
    (menu,) = many["components"][0]["components"]
    assert menu["custom_id"] == "o:menu:3"
    assert [option["value"] for option in menu["options"]] == list("abcdef")


def test_a_choice_stands_out_and_no_other_can_be_made() -> None:
    """Of buttons and of menus."""
    for names in ("ab", "abcdef"):
        (message,) = render.messages(reply("?", *names), CATALOG)
        pressed = ("o:tap:3:b", ()) if names == "ab" else ("o:menu:3", ("b",))
        rows = render.chosen(message, *pressed, still_open=False)["components"]
        (inside,) = [row["components"] for row in rows]
        assert all(one["disabled"] for one in inside)
        if names == "ab":
            assert [one["style"] for one in inside] == [components.SECONDARY, components.SUCCESS]
        else:
            assert [option["value"] for option in inside[0]["options"] if option["default"]] == ["b"]
        assert not any(
            one["disabled"] for one in render.chosen(message, *pressed, still_open=True)["components"][0]["components"]
        )


def test_the_nonce_is_the_same_for_a_resend_and_for_nothing_else() -> None:
    """Neither for the next part, nor for another text under the same number."""
    one, other = render.messages(reply("a"), CATALOG)[0], render.messages(reply("b"), CATALOG)[0]
    assert render.nonce(1, 0, one) == render.nonce(1, 0, one)
    assert (
        len({render.nonce(1, 0, one), render.nonce(1, 1, one), render.nonce(2, 0, one), render.nonce(1, 0, other)}) == 4
    )


def test_a_page_has_a_title_and_headings_and_a_draft_can_be_copied() -> None:
    """Bold for the eye; a block of its own for what is to be sent."""
    page = Reply(text="Your plan\n\nWhat\n\u2022 one\n\u2022 two\n\nA last line", keys=("x",), style=Style.PAGE)
    (shown,) = render.messages(page, CATALOG)
    assert shown["content"] == "**Your plan**\n\n**What**\n\u2022 one\n\u2022 two\n\nA last line"
    (draft,) = render.messages(Reply(text="Dear *Stark*", keys=("x",), style=Style.DRAFT), CATALOG)
    assert draft["content"] == "```\nDear *Stark*\n```"


def test_every_form_of_the_words_opens_as_a_window() -> None:
    """Titles and labels fit; an unknown form is none."""
    names = [key.removeprefix("forms.") for key in CATALOG.lines if key.startswith("forms.")]
    assert names
    for name in names:
        window = render.form(name, "3", CATALOG)
        assert window is not None
        assert list(rules.modal(window)) == []
    assert list(rules.modal(render.write_form(CATALOG))) == []
    assert render.form("gone", "3", CATALOG) is None


def test_the_commands_are_described_in_every_language_and_known_to_the_dialog() -> None:
    """Other locales stand beside the first one, under Discord's names of them."""
    told = commands.described(CATALOG, {"de": CATALOG})
    assert list(rules.commands(told)) == []
    assert {one["name"] for one in told} <= {*COMMANDS, *commands.MEMBERS, commands.ADMIN}
    parts = {(one["name"], part["name"]) for one in told for part in one["options"] if part["type"] == 1}
    assert parts | {("win", "")} == {*commands.ACTS, (commands.ADMIN, commands.SETUP)}
    assert all(one["description_localizations"] == {"de": one["description"]} for one in told)
    *talking, mentor, win, admin = told
    assert all(one["contexts"] == [0, 1] for one in (mentor, win)), "in servers, and in the direct messages"
    assert all(one["contexts"] == [0, 1, 2] and one["integration_types"] == [0, 1] for one in talking)
    assert (admin["contexts"], admin["integration_types"]) == ([0], [0]), "only in servers"
    assert "description_localizations" not in commands.described(CATALOG, {})[0]


def test_no_command_names_another_person_and_one_is_for_admins() -> None:
    """Whoever runs a server can use what everybody can, and what sets it up: nothing that shows what others said."""
    *talking, admin = commands.described(CATALOG, {})
    assert admin["default_member_permissions"] == commands.MANAGE_SERVER, "Manage Server"
    assert [(one["type"], one["name"], one["options"]) for one in admin["options"]] == [
        (1, "setup", []),
        (1, "pulse", []),
    ]
    for one in talking:
        assert "default_member_permissions" not in one
        kinds = {(option["type"], *option.get("options", ())) for option in one["options"]}
        assert kinds <= {(commands.TEXT_OPTION,), (commands.SUB_COMMAND,)}, "no members to choose from"


def test_every_reply_of_every_transcript_is_a_message_that_discord_takes() -> None:
    """And every id in it leads back to the choice that it stands for."""
    for script in scripts():
        player = Player()
        for beat in script.beats:
            player.play(beat)
            for one in (one for turn in player.turns[-1:] for one in phrase(turn, CATALOG)):
                for payload in render.messages(one, CATALOG):
                    assert list(rules.message(payload, new=True)) == []


def test_a_window_has_room_for_the_first_line_of_a_long_reply_whatever_is_in_it() -> None:
    """Escaping doubles it."""
    added = render.window({"content": "", "components": []}, 1, Reply(text="<" * 3000, keys=("x",)), CATALOG)
    assert added is not None
    assert len(added[0]["content"]) <= 2000
