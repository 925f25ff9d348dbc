"""From a reply to what Discord is sent. Pure: the same reply is always the same payload."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from adapters.discord import controls, markup
from adapters.discord.components import (
    BUTTON,
    MOST_ROWS,
    ONE_LINE,
    PARAGRAPH,
    SECONDARY,
    SELECT,
    SUCCESS,
    Input,
    Payload,
    button,
    elements,
    message,
    modal,
    row,
)
from dialogs.catalog import Catalog
from dialogs.phrasing import BULLET
from dialogs.replies import Button, Form, Reply, Style

MOST_BUTTONS = 5
"""More choices than these become a menu."""

LONGEST_FIELD = 1000
LONGEST_TEXT = 4000

LONGEST_DESCRIPTION, MOST_FILES = 1024, 10
"""Characters of the text that stands for a picture, and files under one message."""

TAP, MENU, FORM, WRITE = "o:tap", "o:menu", "o:form", "o:write"
"""How the ids of our components begin. Behind it stand the question's number and the choice or form, so that a button
needs no memory here: it says by itself what it is."""


class File(NamedTuple):
    """A file under a message, with what it says for who cannot see it."""

    name: str
    kind: str
    data: bytes
    description: str


def alongside(png: bytes | None, reply: Reply) -> list[File]:
    """Return what goes along with a reply: its picture and its file, if there are any."""
    shown = [File("onward.png", "image/png", png, reply.text[:LONGEST_DESCRIPTION])] if png else []
    if reply.file is None:
        return shown
    return [*shown, File(reply.file.name, "application/json", reply.file.text.encode(), _first_line(reply))]


LONGEST_HEAD = 300
"""The characters of a reply that stand beside the file with all of it; escaping may double them."""


def _first_line(reply: Reply) -> str:
    return reply.text.splitlines()[0][:LONGEST_DESCRIPTION]


def messages(reply: Reply, catalog: Catalog) -> list[Payload]:
    """Return the messages of a reply in the direct messages: one, or more when it is too long for one."""
    contents = _contents(reply)
    components = _components(reply, catalog)
    last = len(contents) - 1
    return [message(content, components if number == last else []) for number, content in enumerate(contents)]


def nonce(letter: int, part: int, payload: Payload) -> str:
    """Return what tells Discord that a message was already sent: the same for a resend, and for nothing else.

    Discord drops a second one with the same nonce for some minutes. What is said goes into it, because numbers begin
    anew with a new database. At most 25 characters.
    """
    told = f"{letter}/{part}/{payload['content']}/{payload['components']}"
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def window(before: Mapping[str, Any], letter: int, reply: Reply, catalog: Catalog) -> tuple[Payload, list[File]] | None:
    """Return what a message that only one person sees becomes when a reply is added to it, or None when it was before.

    before: the message as Discord has it. The reply stands under what was there, of which the oldest goes when there is
    no room. The id of the button to write with names the last letter, so that a letter is never added twice. Beside the
    payload comes a reply that is too long for it, as a file.
    """
    if _last_letter(before) >= letter:
        return None
    content, files = _in_one(reply, catalog)
    write = button(f"{WRITE}:{letter}", _words(catalog, "write"))
    # A line that asks nothing leaves the question open that was open before.
    choices = _choices(reply, catalog) if reply.buttons or reply.form else _still_open(before)
    new = controls.rows(reply.controls)
    staying = [*choices, *new, *controls.kept(before, new)][: MOST_ROWS - 1]
    payload = message(added(str(before.get("content") or ""), content), [*staying, row(write)])
    if kept := [{"id": str(one["id"])} for one in before.get("attachments", ())]:
        payload["attachments"] = kept[-(MOST_FILES - 3) :]  # there is room for a text, a picture and a file
    return payload, files


def shown(reply: Reply, catalog: Catalog) -> tuple[Payload, list[File]]:
    """Return the one message that shows a reply; one that is too long for it comes beside it, as a file."""
    content, files = _in_one(reply, catalog)
    return message(content, _components(reply, catalog)), files


def attached(payload: Payload, files: Sequence[File]) -> Payload:
    """Return a message with new files under it, beside those that it keeps."""
    new = [
        {"id": str(number), "filename": one.name, "description": one.description} for number, one in enumerate(files)
    ]
    return {**payload, "attachments": [*payload.get("attachments", ()), *new]} if new else payload


def chosen(message: Mapping[str, Any], custom_id: str, values: Sequence[str] = (), *, still_open: bool) -> Payload:
    """Return what a message becomes when one of its choices was made: the choice stands out, and no other can be made.

    still_open: whether it can, because the question is asked no second time and stays open.
    """
    rows = [
        {**line, "components": [_pressed(component, custom_id, values, still_open) for component in line["components"]]}
        for line in message["components"]
    ]
    return {"components": rows}


def shown_choice(message: Mapping[str, Any], custom_id: str, values: Sequence[str]) -> str:
    """Return the text of a window with the choice that was made in it under it."""
    picked: Mapping[str, Any] = next((one for one in elements(message) if one.get("custom_id") == custom_id), {})
    labels = [option["label"] for option in picked.get("options", ()) if option["value"] in values]
    label = labels[0] if labels else str(picked.get("label", ""))
    before, choice = str(message.get("content") or ""), f"> {markup.escaped(label)}"
    return added_once(before, choice)


def form(name: str, asked: str, catalog: Catalog) -> Payload | None:
    """Return the window of a form by its name; None when there is no such form (any more)."""
    line = catalog.lines.get(f"forms.{name}")
    if line is None or line.form is None:
        return None
    fields = [Input(field, str(label), ONE_LINE, LONGEST_FIELD) for field, label in line.form["fields"].items()]
    return modal(f"{FORM}:{asked}:{name}", str(line.form["title"]), fields)


def write_form(catalog: Catalog) -> Payload:
    """Return the window to write in, for where there is no line to type."""
    fields = [Input("text", _words(catalog, "write_label"), PARAGRAPH, LONGEST_TEXT)]
    return modal(WRITE, _words(catalog, "write_title"), fields)


def sorry(catalog: Catalog) -> Payload:
    """Return the message that something could not be kept, and is to be said again."""
    return message(markup.escaped(catalog.plain("anywhere.broken")), [])


def _contents(reply: Reply) -> list[str]:
    if reply.style is Style.DRAFT:
        return list(markup.copyable(reply.text))
    text = markup.escaped(markup.marked(reply.text, reply.days))
    if reply.style is Style.PAGE:
        text = _page(text)
    told = [markup.timestamps(piece) for piece in markup.pieces(text, markup.MOST)]
    return [*told[:-1], naming(told[-1], reply.named)] if reply.named else told


def naming(content: str, people: Sequence[str]) -> str:
    """Return a text with a last line that names people, as Discord shows an account. It pings nobody by itself."""
    names = " ".join(f"<@{one.rpartition(':')[2]}>" for one in people)
    return f"{content}\n\n{names}"


def _in_one(reply: Reply, catalog: Catalog) -> tuple[str, list[File]]:
    *_, content = contents = _contents(reply)
    if len(contents) == 1:
        return content, []
    file = File("onward.txt", "text/plain", reply.text.encode(), _first_line(reply))
    return f"{markup.escaped(_first_line(reply)[:LONGEST_HEAD])}\n\n{_words(catalog, 'in_file')}", [file]


def _page(text: str) -> str:
    """Return a page with its title and the headings of its sections in bold."""
    parts: list[str] = []
    for paragraph in text.split("\n\n"):
        head, *points = paragraph.split("\n")
        heading = (points or not parts) and not head.startswith(BULLET)
        parts.append("\n".join([f"**{head}**" if heading else head, *points]))
    return "\n\n".join(parts)


def added(before: str, content: str) -> str:
    """Return a text with another under it; its oldest paragraphs go until there is room."""
    while before and len(before) + len(content) + 2 > markup.MOST:
        _, _, before = before.partition("\n\n")
    return f"{before}\n\n{content}" if before else content


def added_once(before: str, content: str) -> str:
    """Return a text with another under it, unless that stands there already."""
    return before if before.endswith(content) else added(before, content)


def _components(reply: Reply, catalog: Catalog) -> list[Payload]:
    """Return everything that can be pressed under a reply: what answers its question, and what stays."""
    choices = _choices(reply, catalog)
    return [*choices, *controls.rows(reply.controls, MOST_ROWS - len(choices))]


def _choices(reply: Reply, catalog: Catalog) -> list[Payload]:
    """Return the rows under a question: its choices, and the button that opens its form."""
    rows: list[Payload] = []
    if len(reply.buttons) > MOST_BUTTONS:
        rows.append(row(_menu(reply, catalog)))
    elif reply.buttons:
        rows.append(row(*(button(f"{TAP}:{reply.asked}:{one.id}", one.label) for one in reply.buttons)))
    if reply.form:
        rows.append(row(_form_button(reply.form, reply.asked)))
    return rows


def _menu(reply: Reply, catalog: Catalog) -> Payload:
    return {
        "type": SELECT,
        "custom_id": f"{MENU}:{reply.asked}",
        "placeholder": _words(catalog, "choose"),
        "options": [_option(one) for one in reply.buttons],
    }


def _option(choice: Button) -> Payload:
    return {"label": choice.label, "value": choice.id}


def _form_button(form: Form, asked: int) -> Payload:
    return button(f"{FORM}:{asked}:{form.name}", form.open)


def _pressed(component: Mapping[str, Any], custom_id: str, values: Sequence[str], still_open: bool) -> Payload:  # noqa: FBT001
    """Return a component after a choice; what answers no question stays, as the button to write with in a window."""
    if controls.is_control(component) or str(component.get("custom_id", "")).startswith(WRITE):
        return dict(component)
    changed: Payload = {**component, "disabled": not still_open}
    picked = component.get("custom_id") == custom_id
    if component["type"] == BUTTON:
        changed["style"] = SUCCESS if picked else SECONDARY
    elif picked:
        changed["options"] = [{**option, "default": option["value"] in values} for option in component["options"]]
    return changed


def _still_open(message: Mapping[str, Any]) -> list[Payload]:
    """Return the rows of a window with choices that can still be made."""

    def open_choice(component: Mapping[str, Any]) -> bool:
        stays = controls.is_control(component) or str(component.get("custom_id", "")).startswith(WRITE)
        return not component.get("disabled") and not stays

    return [dict(line) for line in message.get("components", ()) if any(map(open_choice, line["components"]))]


def _last_letter(message: Mapping[str, Any]) -> int:
    ids = [str(one.get("custom_id", "")) for one in elements(message)]
    numbers = [one.removeprefix(f"{WRITE}:") for one in ids if one.startswith(f"{WRITE}:")]
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def filled(catalog: Catalog, key: str, **params: str) -> str:
    """Return a line of the words, with what stands in it."""
    return "".join(text + params.get(field, "") for text, field in catalog.template(key))


def _words(catalog: Catalog, name: str) -> str:
    return catalog.plain(f"discord.{name}")
