"""From a turn to worded replies."""

import re
from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from dialogs.catalog import LABEL_LIMIT, Catalog
from dialogs.helplines import helplines_for
from dialogs.journey import Turn
from dialogs.replies import (
    Ask,
    Button,
    Choice,
    Day,
    Draft,
    Field,
    Form,
    Helplines,
    Page,
    Params,
    Reply,
    Say,
    Section,
    Style,
)

BULLET = "\u2022 "

_MARKED_DAY = re.compile("\x02(.*?)\x1f(.*?)\x03")
"""A day while a text is put together. No platform lets such characters through, so they are nobody's own."""


def phrase(turn: Turn, catalog: Catalog) -> tuple[Reply, ...]:
    """Return the replies of a turn in the words of the catalog.

    Lines that follow each other become one message of a few paragraphs, the question last; the very first line of
    several stands alone, because the feeling comes before everything else. Raises MissingWordsError.
    """
    replies: list[Reply] = []
    lines: list[Say] = []
    for spoken in turn.says:
        if isinstance(spoken, Say):
            lines.append(spoken)
            continue
        replies.extend(_talked(lines, None, catalog))
        lines = []
        replies.append(_shown(spoken, catalog))
    replies.extend(_talked(lines, turn.ask, catalog))
    return tuple(map(_with_days, replies))


def _with_days(reply: Reply) -> Reply:
    """Return the reply with the marks of its days taken out of the text and noted beside it."""
    parts: list[str] = []
    days: list[Day] = []
    at = length = 0
    for mark in _MARKED_DAY.finditer(reply.text):
        parts += [reply.text[at : mark.start()], mark[2]]
        length += mark.start() - at
        days.append(Day(start=length, end=length + len(mark[2]), day=date.fromisoformat(mark[1])))
        length, at = days[-1].end, mark.end()
    return replace(reply, text="".join([*parts, reply.text[at:]]), days=tuple(days)) if days else reply


def _talked(lines: list[Say], ask: Ask | None, catalog: Catalog) -> Iterator[Reply]:
    if len(lines) > 1:
        yield Reply(text=_line(lines[0], catalog), keys=(lines[0].key,))
        lines = lines[1:]
    texts = [_line(line, catalog) for line in lines]
    keys = [line.key for line in lines]
    if ask is None:
        if texts:
            yield Reply(text="\n\n".join(texts), keys=tuple(keys))
        return
    question = _fill(catalog.template(ask.key, ask.nth, again=ask.again), ask.params, catalog)
    yield Reply(
        text="\n\n".join([*texts, question]),
        keys=(*keys, ask.key),
        buttons=tuple(Button(id=choice.id, label=_label(ask, choice, catalog)) for choice in ask.choices),
        asked=ask.asked,
        form=_form(ask.form, catalog) if ask.form else None,
    )


def _shown(spoken: Draft | Page | Helplines, catalog: Catalog) -> Reply:
    match spoken:
        case Draft(key=key, params=params):
            blanks = {name: f"[{catalog.lines[f'common.blank_{name}'].say[0]}]" for name in ("employer", "role")}
            text = _fill(catalog.template(key), {**blanks, **params}, catalog)
            return Reply(text=text, keys=(key,), style=Style.DRAFT)
        case Helplines(country=country):
            return Reply(text=helplines_for(country, catalog), keys=("safety.helplines",), style=Style.PAGE)
        case _:
            return Reply(text=_page(spoken.key, spoken.sections, catalog), keys=(spoken.key,), style=Style.PAGE)


def _page(key: str, sections: tuple[Section, ...], catalog: Catalog) -> str:
    parts = [_fill(catalog.template(key), {}, catalog)]
    for section in sections:
        if section.lines:
            title = _fill(catalog.template(section.title), {}, catalog)
            parts.append("\n".join([title, *(f"{BULLET}{_value(line, catalog)}" for line in section.lines)]))
    return "\n\n".join(parts)


def _line(say: Say, catalog: Catalog) -> str:
    if say.key.startswith("label:"):
        return catalog.label(str(say.params["of"]), say.key.removeprefix("label:"))
    return _fill(catalog.template(say.key, say.nth), say.params, catalog)


def _fill(template: tuple[tuple[str, str], ...], params: Params, catalog: Catalog) -> str:
    parts: list[str] = []
    for text, name in template:
        parts.append(text)
        if name:
            parts.append(_value(params[name], catalog) if name in params else _fallback(name, catalog))
    return "".join(parts)


def _fallback(name: str, catalog: Catalog) -> str:
    """Return what stands for something that the person has not told, like "the company"."""
    return catalog.template(f"common.{name}")[0][0]


def _value(value: "str | Say | date", catalog: Catalog) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Say):
        return _line(value, catalog)
    return _day(value, catalog)


def _day(day: date, catalog: Catalog) -> str:
    weekdays = catalog.lines["common.weekdays"].say
    months = catalog.lines["common.months"].say
    params = {"weekday": weekdays[day.weekday()], "day": str(day.day), "month": months[day.month - 1]}
    return f"\x02{day.isoformat()}\x1f{_fill(catalog.template('common.day'), params, catalog)}\x03"


def _label(ask: Ask, choice: Choice, catalog: Catalog) -> str:
    if choice.text:
        label = " ".join(choice.text.split())
    elif "." in choice.key:
        label = _fill(catalog.template(choice.key), {}, catalog)
    else:
        label = catalog.label(ask.key, choice.key or choice.id)
    return label if len(label) <= LABEL_LIMIT else f"{label[: LABEL_LIMIT - 1]}\u2026"


def _form(name: str, catalog: Catalog) -> Form:
    words = catalog.lines[f"forms.{name}"].form or {}
    fields = tuple(Field(name=field, label=label) for field, label in words["fields"].items())
    return Form(name=name, title=words["title"], open=words["open"], fields=fields)
