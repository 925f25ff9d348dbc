"""How replies look."""

from io import StringIO

from rich.cells import cell_len
from rich.console import Console, RenderableType

from adapters.terminal.render import plain, quiet, shown
from dialogs.replies import Button, Reply, Style

LONG = "a line that goes on for quite a while " * 5


def printed(what: RenderableType, width: int = 60) -> list[str]:
    """Return what a console of that width prints, without colours."""
    stream = StringIO()
    Console(file=stream, width=width).print(what)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_a_line_is_wrapped_with_a_margin() -> None:
    """What the bot says keeps inside the width, stands in from the edge, and leaves a blank line behind."""
    lines = printed(shown(Reply(text=LONG, keys=("x",))))
    assert lines[-1] == ""
    assert len(lines) > 2
    assert all(line.startswith("  ") for line in lines[:-1])
    assert all(cell_len(line) <= 60 for line in lines)


def test_choices_are_numbered_and_hang() -> None:
    """Choices have numbers; a label that wraps stays clear of its number."""
    reply = Reply(
        text="Which?", keys=("x",), buttons=(Button(id="a", label="Short"), Button(id="b", label="long " * 14)), asked=3
    )
    assert printed(shown(reply), width=40) == [
        "  Which?",
        "",
        "  1. Short",
        "  2. long long long long long long long",
        "     long long long long long long long",
        "",
    ]


def test_a_draft_stands_in_a_box_that_can_be_copied_from() -> None:
    """A text to send has a frame above and below, and none at its sides."""
    lines = printed(shown(Reply(text="Dear all,\n\nplease.", keys=("x",), style=Style.DRAFT)), width=20)
    assert lines[0].strip("─ ") == ""
    assert [line.strip() for line in lines[1:4]] == ["Dear all,", "", "please."]
    assert lines[4].strip("─ ") == ""


def test_a_page_has_a_title_sections_and_points() -> None:
    """The points of a page hang behind their bullets."""
    text = "Your lessons\n\nYours:\n\u2022 " + "many words " * 5 + "\n\u2022 two"
    assert printed(shown(Reply(text=text, keys=("x",), style=Style.PAGE)), width=40) == [
        "  Your lessons",
        "",
        "  Yours:",
        "  \u2022 many words many words many words",
        "    many words many words",
        "  \u2022 two",
        "",
    ]


def test_square_brackets_are_no_markup() -> None:
    """A person may write what looks like the console's markup."""
    assert printed(shown(Reply(text="[red]you[/] said", keys=("x",))))[0] == "  [red]you[/] said"
    assert printed(quiet("[b]"))[0] == "  [b]"


def test_plain_lines_are_bare() -> None:
    """For a pipe there is no margin, no wrapping and no blank line; drafts are marked at the edge."""
    question = Reply(text=f"First.\n\n{LONG.strip()}", keys=("x",), buttons=(Button(id="a", label="A"),), asked=1)
    assert plain(question).splitlines() == ["First.", LONG.strip(), "  1. A"]
    assert plain(Reply(text="Dear\n\nyou", keys=("x",), style=Style.DRAFT)) == "| Dear\n|\n| you"


def test_a_scale_stands_in_one_line() -> None:
    """Choices that are nothing but their numbers are not numbered again."""
    reply = Reply(text="How much?", keys=("x",), buttons=tuple(Button(id=n, label=n) for n in "123"), asked=1)
    assert plain(reply) == "How much?\n  1   2   3"
    assert printed(shown(reply)) == ["  How much?", "", "  1   2   3", ""]
