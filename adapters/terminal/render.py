"""From a reply to what is shown: calm and wrapped for a person, bare lines for a pipe."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dialogs.phrasing import BULLET
from dialogs.replies import Button, Reply, Style

MARGIN = 2
"""What the bot says stands this far in, so that the person's own lines stand out."""

QUIET = "dim"
NUMBER = "cyan"
TITLE = "bold"


def plain(reply: Reply) -> str:
    """Return a reply as bare lines: no colour, no wrapping; a text to copy is marked at the edge."""
    lines = [line for line in reply.text.splitlines() if line.strip()]
    if reply.style is Style.DRAFT:
        lines = [f"| {line}".rstrip() for line in reply.text.splitlines()]
    if _is_scale(reply.buttons):
        return "\n".join([*lines, f"  {_scale(reply.buttons)}"])
    return "\n".join([*lines, *(f"  {number}. {button.label}" for number, button in enumerate(reply.buttons, start=1))])


def shown(reply: Reply) -> RenderableType:
    """Return a reply as the terminal shows it to a person, with a blank line behind it."""
    match reply.style:
        case Style.DRAFT:
            body: RenderableType = _draft(reply.text)
        case Style.PAGE:
            body = _page(reply.text)
        case Style.LINE:
            body = _paragraphs(reply.text)
    parts = [body, Text(), _choices(reply.buttons)] if reply.buttons else [body]
    return Padding(Group(*parts), (0, 0, 1, MARGIN))


def quiet(text: str) -> RenderableType:
    """Return a remark of the terminal itself, apart from what the bot says."""
    return Padding(Text(text, style=QUIET), (0, 0, 1, MARGIN))


def typing(text: str) -> RenderableType:
    """Return the sign that the bot is typing."""
    return Text(f"{' ' * MARGIN}{text}", style=QUIET)


def _paragraphs(text: str) -> RenderableType:
    return Text(text)


def _draft(text: str) -> RenderableType:
    """Return a box without sides: the text can be copied out of it without picking up the frame."""
    rule = Rule(style=QUIET)
    return Group(rule, Text(text), rule)


def _page(text: str) -> RenderableType:
    """Return a title, and under it sections of a heading and its points."""
    title, *paragraphs = text.split("\n\n")
    parts: list[RenderableType] = [Text(title, style=TITLE)]
    for paragraph in paragraphs:
        parts.append(Text())
        parts.extend(_point(line) if line.startswith(BULLET) else Text(line) for line in paragraph.splitlines())
    return Group(*parts)


def _point(line: str) -> RenderableType:
    return _hanging([(BULLET.strip(), line.removeprefix(BULLET))], QUIET)


def _choices(buttons: tuple[Button, ...]) -> RenderableType:
    if _is_scale(buttons):
        return Text(_scale(buttons), style=NUMBER)
    return _hanging([(f"{number}.", button.label) for number, button in enumerate(buttons, start=1)], NUMBER)


def _is_scale(buttons: tuple[Button, ...]) -> bool:
    """Say whether the choices are just the numbers from one on: then they stand in one line."""
    return bool(buttons) and all(button.label == str(number) for number, button in enumerate(buttons, start=1))


def _scale(buttons: tuple[Button, ...]) -> str:
    return "   ".join(button.label for button in buttons)


def _hanging(rows: list[tuple[str, str]], style: str) -> RenderableType:
    """Return lines with something in front of each, which a line that wraps keeps clear."""
    table = Table.grid(padding=(0, 1))
    table.add_column(style=style, no_wrap=True)
    table.add_column()
    for mark, text in rows:
        table.add_row(mark, Text(text))
    return table
