"""`python -m tests.conversations.written`: the six weeks as a page to read, with their pictures, in docs/."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from dialogs.pictures import Picture
from dialogs.replies import Reply
from tests.conversations.on_engine import Player
from tests.conversations.script import Beat, duration, scripts

DOCS = Path(__file__).parents[2] / "docs"
PAGE, PICTURE = "six-weeks.md", "six-weeks.png"
HEAD = """# Six weeks

One whole conversation, as the tests play it on the engine, in the terminal, in Discord and in Slack
([the transcript](../tests/conversations/six_weeks.talk)). Lines with an arrow are written, those with a bullet are
tapped, a clock stands where time goes by. `python -m tests.conversations.written` writes this page.

![The way of these six weeks: the path, the sting before and after, the days, what was done](six-weeks.png)
"""


def six_weeks() -> tuple[str, Picture]:
    """Return the page, and the last picture of it."""
    (script,) = [one for one in scripts() if one.path.stem == "six_weeks"]
    player = Player()
    parts: list[str] = [HEAD]
    pictures: list[Picture] = []
    labels: dict[str, str] = {}
    for beat in script.beats:
        labels.update({button.id: button.label for reply in player.replies for button in reply.buttons})
        player.play(beat)
        parts.append(_told(beat, labels, player))
        for reply in player.replies:
            pictures += [reply.picture] if reply.picture else []
            parts.append("\n".join(_said(reply)))
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n", pictures[-1]


def _told(beat: Beat, labels: dict[str, str], player: Player) -> str:
    match beat.kind:
        case ">":
            return f"**\N{RIGHTWARDS ARROW} {beat.text}**"
        case "*":
            return f"**\N{BULLET} {labels.get(beat.text, beat.text)}**"
        case "/":
            return "" if beat.text.startswith("place") else f"**/{beat.text}**"
        case _:
            return f"\N{WATCH} *{_later(duration(beat.text))}: it is {player.now:%A %d %B, %H:%M} UTC*"


def _later(time: timedelta) -> str:
    days, hours = time.days, time.seconds // 3600
    many = [f"{number} {unit}{'s' * (number != 1)}" for number, unit in ((days, "day"), (hours, "hour")) if number]
    return f"{' '.join(many) or 'some minutes'} later"


def _said(reply: Reply) -> Iterator[str]:
    """Yield a reply as a quotation, line by line; what could be tapped stands under it."""
    for line in reply.text.split("\n"):
        yield f"> {line}  " if line else ">"
    if reply.buttons:
        yield ">"
        yield "> " + " ".join(f"`{button.label}`" for button in reply.buttons)


def main() -> None:
    """Write the page and the picture."""
    from adapters.card import png  # noqa: PLC0415 - the test of the page needs no picture

    page, picture = six_weeks()
    (DOCS / PAGE).write_text(page, encoding="utf-8")
    (DOCS / PICTURE).write_bytes(png(picture))
    sys.stdout.write(f"docs/{PAGE} and docs/{PICTURE} are written.\n")


if __name__ == "__main__":
    main()
