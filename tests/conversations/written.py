"""`python -m tests.conversations.written`: the six weeks as a page to read, with their pictures, in docs/."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dialogs.phrasing import phrase
from dialogs.pictures import Picture
from dialogs.replies import Reply
from tests.conversations.on_engine import Player
from tests.conversations.script import Beat, scripts

DOCS = Path(__file__).parents[2] / "docs"
WORTH_TELLING = timedelta(hours=1)
"""Less time than this passes without a word."""

PAGE, PICTURE = "six-weeks.md", "six-weeks.png"
HEAD = """# Six weeks

One whole conversation, as the tests play it on the engine, in the terminal, in Discord and in Slack
([the transcript](../tests/conversations/six_weeks.talk)). Lines with an arrow are written, those with a bullet are
tapped, a clock stands where time goes by: the time is that of the person, in Chicago.
`python -m tests.conversations.written` writes this page.

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
        for told in _happens(beat, labels, player):
            parts.append(told)
            for reply in player.replies:
                labels.update({button.id: button.label for button in reply.buttons})
                pictures += [reply.picture] if reply.picture else []
                parts.append("\n".join(_said(reply)))
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n", pictures[-1]


def _happens(beat: Beat, labels: dict[str, str], player: Player) -> Iterator[str]:
    """Let a beat happen, and yield what is told of it, each time with the replies to that in the player."""
    if beat.kind != "~":
        player.play(beat)
        yield _told(beat, labels)
        return
    before = player.now
    for turn in player.wait(beat):
        player.replies = list(phrase(turn, player.catalog))
        if player.replies:
            yield _clock(before, player)
            before = player.now
    player.replies = []
    if player.now - before >= WORTH_TELLING:
        yield _clock(before, player)


def _told(beat: Beat, labels: dict[str, str]) -> str:
    match beat.kind:
        case ">":
            return f"**\N{RIGHTWARDS ARROW} {beat.text}**"
        case "*":
            return f"**\N{BULLET} {labels.get(beat.text, beat.text)}**"
        case _:
            return "" if beat.text.startswith("place") else f"**/{beat.text}**"


def _clock(before: datetime, player: Player) -> str:
    local = player.now.astimezone(ZoneInfo(player.journey.settings.zone))
    return f"\N{WATCH} *{_later(player.now - before)}: {local:%A %-d %B, %H:%M}*"


def _later(time: timedelta) -> str:
    days, hours = divmod(round(time / timedelta(hours=1)), 24)
    many = [f"{number} {unit}{'s' * (number != 1)}" for number, unit in ((days, "day"), (hours, "hour")) if number]
    return f"{' and '.join(many) or 'some minutes'} later"


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
