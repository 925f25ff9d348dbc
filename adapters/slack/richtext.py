"""Text as Slack shows it: blocks in which every character stands for itself, so nobody's words can ping or link.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any

from dialogs.phrasing import BULLET
from dialogs.replies import Day, Reply, Style

Part = dict[str, Any]

MOST = 3000
"""The number of characters that one message gets."""

LINKED = "safety.helplines"
"""The page whose web addresses can be tapped: they come from us."""

_ADDRESS = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|nl|ie|in|au|ca|de|uk|nz)\b(?:/[\w/-]*)?")
_SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def escaped(text: str) -> str:
    """Return text for places that Slack reads as its own markup: the line of a notification.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.translate(_SPECIAL)


def blocks(reply: Reply) -> list[list[Part]]:
    """Return a reply's text as rich text, for one message or more when it is too long for one."""
    if reply.style is Style.DRAFT:
        return [[_block([_preformatted(piece)])] for _, piece in _pieces(reply.text)]
    return [[_block(_paragraphs(reply, start, piece))] for start, piece in _pieces(reply.text)]


def line(text: str, **style: bool) -> Part:
    """Return one line of plain text as a block."""
    return _block([_section([_text(text, **style)])])


def mentions(people: Sequence[str]) -> list[Part]:
    """Return a line that names people, by how they are known everywhere; none where there is nobody to name.

    Slack tells somebody of it who is in the channel, and nobody else.
    """
    parts: list[Part] = []
    for person in people:
        parts += [_text(" ")] if parts else []
        parts.append({"type": "user", "user_id": person.rpartition("/")[2]})
    return [_block([_section(parts)])] if parts else []


def _block(elements: list[Part]) -> Part:
    return {"type": "rich_text", "elements": elements}


def _section(elements: list[Part]) -> Part:
    return {"type": "rich_text_section", "elements": elements}


def _preformatted(text: str) -> Part:
    return {"type": "rich_text_preformatted", "elements": [_text(text)]}


def _text(text: str, **style: bool) -> Part:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _paragraphs(reply: Reply, start: int, piece: str) -> list[Part]:
    """Return the lines of a piece that begins at `start` of the text: bullets as lists, titles of a page in bold."""
    elements: list[Part] = []
    lines = piece.split("\n")
    at = start
    for number, text in enumerate(lines):
        if _listed(lines, number):
            item = _section(_inline(reply, at + len(BULLET), text.removeprefix(BULLET)))
            if not (elements and elements[-1]["type"] == "rich_text_list"):
                elements.append({"type": "rich_text_list", "style": "bullet", "elements": []})
            elements[-1]["elements"].append(item)
        else:
            bold = reply.style is Style.PAGE and (at == 0 or _begins(lines, number))
            end = "\n" if number + 1 < len(lines) and not _listed(lines, number + 1) else ""
            inline = _inline(reply, at, text)
            if bold:
                inline = [{**part, "style": {"bold": True}} if part["type"] != "date" else part for part in inline]
            if end:
                inline.append(_text(end))
            if inline and elements and elements[-1]["type"] == "rich_text_section":
                _add(elements[-1]["elements"], inline)
            elif inline:
                elements.append(_section([]))
                _add(elements[-1]["elements"], inline)
        at += len(text) + 1
    return elements


def _add(parts: list[Part], further: list[Part]) -> None:
    """Add parts; plain text that follows plain text becomes one with it."""
    for part in further:
        if part["type"] == "text" and "style" not in part and parts and set(parts[-1]) == {"type", "text"}:
            parts[-1] = _text(parts[-1]["text"] + part["text"])
        else:
            parts.append(part)


def _begins(lines: list[str], number: int) -> bool:
    """Say whether a line is the title of the list under it."""
    return bool(lines[number]) and _listed(lines, number + 1)


def _listed(lines: list[str], number: int) -> bool:
    """Say whether a line is a point of a list; a bullet with nothing behind it is not."""
    return number < len(lines) and lines[number].startswith(BULLET) and len(lines[number]) > len(BULLET)


def _inline(reply: Reply, start: int, text: str) -> list[Part]:
    """Return the parts of a line: its words, its days as each reader writes them, and addresses that can be tapped."""
    parts: list[Part] = []
    at = start
    for day in reply.days:
        if at <= day.start and day.end <= start + len(text):
            parts += _linked(reply, reply.text[at : day.start])
            parts.append(_date(day, reply.text[day.start : day.end]))
            at = day.end
    return parts + _linked(reply, reply.text[at : start + len(text)])


def _linked(reply: Reply, text: str) -> list[Part]:
    if LINKED not in reply.keys:
        return [_text(text)] if text else []
    parts: list[Part] = []
    at = 0
    for found in _ADDRESS.finditer(text):
        parts += [_text(text[at : found.start()])] if found.start() > at else []
        parts.append({"type": "link", "url": f"https://{found[0]}", "text": found[0]})
        at = found.end()
    return [*parts, *([_text(text[at:])] if text[at:] else [])]


def _date(day: Day, words: str) -> Part:
    noon = datetime.combine(day.day, time(12), tzinfo=UTC)
    return {"type": "date", "timestamp": int(noon.timestamp()), "format": "{date_long}", "fallback": words}


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the text in pieces that fit, with where each begins; cut between paragraphs, lines or words if possible."""
    at = 0
    while len(text) - at > MOST:
        window = text[at : at + MOST]
        marks = ((mark, window.rfind(mark, MOST // 2)) for mark in ("\n\n", "\n", " "))
        cut, skip = next(((place, len(mark)) for mark, place in marks if place > 0), (MOST, 0))
        yield at, window[:cut]
        at += cut + skip
    yield at, text[at:]
