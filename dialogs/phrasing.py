"""From a turn to worded replies."""

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from dialogs import exporting, filled, sketches
from dialogs.catalog import LABEL_LIMIT, Catalog
from dialogs.helplines import helplines_for
from dialogs.journey import Journey, Turn
from dialogs.replies import (
    Ask,
    Button,
    Choice,
    Day,
    Draft,
    Field,
    Form,
    Helplines,
    Offered,
    Page,
    Press,
    Reply,
    Say,
    Style,
)

BULLET = "\u2022 "


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
        replies.append(_shown(spoken, turn.journey, catalog))
    replies.extend(_talked(lines, turn.ask, catalog))
    return tuple(map(_with_days, replies))


def _with_days(reply: Reply) -> Reply:
    """Return the reply with the marks of its days taken out of the text and noted beside it."""
    parts: list[str] = []
    days: list[Day] = []
    at = length = 0
    for mark in filled.MARKED_DAY.finditer(reply.text):
        parts += [reply.text[at : mark.start()], mark[2]]
        length += mark.start() - at
        days.append(Day(start=length, end=length + len(mark[2]), day=date.fromisoformat(mark[1])))
        length, at = days[-1].end, mark.end()
    return replace(reply, text="".join([*parts, reply.text[at:]]), days=tuple(days)) if days else reply


def _talked(lines: list[Say], ask: Ask | None, catalog: Catalog) -> Iterator[Reply]:
    if len(lines) > 1:
        yield Reply(text=filled.line(lines[0], catalog), keys=(lines[0].key,))
        lines = lines[1:]
    texts = [filled.line(line, catalog) for line in lines]
    keys = [line.key for line in lines]
    if ask is None:
        if texts:
            yield Reply(text="\n\n".join(texts), keys=tuple(keys))
        return
    question = filled.fill(catalog.template(ask.key, ask.nth, again=ask.again), ask.params, catalog)
    yield Reply(
        text="\n\n".join([*texts, question]),
        keys=(*keys, ask.key),
        buttons=tuple(Button(id=choice.id, label=_label(ask, choice, catalog)) for choice in ask.choices),
        asked=ask.asked,
        form=_form(ask.form, catalog) if ask.form else None,
    )


def _shown(spoken: Draft | Page | Helplines | Offered, journey: Journey, catalog: Catalog) -> Reply:
    match spoken:
        case Draft(key=key, params=params):
            blanks = {name: f"[{catalog.lines[f'common.blank_{name}'].say[0]}]" for name in ("employer", "role")}
            text = filled.fill(catalog.template(key), {**blanks, **params}, catalog)
            return Reply(text=text, keys=(key,), style=Style.DRAFT)
        case Offered(key=key, acts=names, params=params):
            presses = tuple(Press(act=name, label=catalog.plain(f"acts.{name.replace('.', '_')}")) for name in names)
            return Reply(text=filled.fill(catalog.template(key), params, catalog), keys=(key,), controls=presses)
        case Helplines(country=country):
            return Reply(text=helplines_for(country, catalog), keys=("safety.helplines",), style=Style.PAGE)
        case _:
            picture = sketches.of(spoken, journey, catalog)
            at = spoken.exported_at
            file = exporting.file(journey, at, catalog) if at else None
            text = _page(spoken, catalog)
            return Reply(text=text, keys=(spoken.key,), style=Style.PAGE, picture=picture, file=file)


def _page(page: Page, catalog: Catalog) -> str:
    parts = [filled.fill(catalog.template(page.key), page.params, catalog)]
    for section in page.sections:
        if section.lines:
            title = filled.fill(catalog.template(section.title), {}, catalog)
            parts.append("\n".join([title, *(f"{BULLET}{filled.value(line, catalog)}" for line in section.lines)]))
    return "\n\n".join(parts)


def _label(ask: Ask, choice: Choice, catalog: Catalog) -> str:
    if choice.text:
        label = " ".join(choice.text.split())
    elif "." in choice.key:
        label = filled.fill(catalog.template(choice.key), {}, catalog)
    else:
        label = catalog.label(ask.key, choice.key or choice.id)
    return label if len(label) <= LABEL_LIMIT else f"{label[: LABEL_LIMIT - 1]}\u2026"


def _form(name: str, catalog: Catalog) -> Form:
    words = catalog.lines[f"forms.{name}"].form or {}
    fields = tuple(Field(name=field, label=label) for field, label in words["fields"].items())
    return Form(name=name, title=words["title"], open=words["open"], fields=fields)
