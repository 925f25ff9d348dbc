"""From a reply to what Slack is sent. Pure: the same reply is always the same payload."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from adapters.slack import controls, richtext
from adapters.slack.elements import MOST_BUTTONS, Payload, actions, button, plain, text_input, window
from dialogs.catalog import Catalog
from dialogs.replies import Button, Form, Reply

LONGEST_FIELD, LONGEST_TEXT = 1000, 3000
"""Characters that a field of a window takes, and the one for whatever somebody wants to say."""

LONGEST_NOTICE = 300
"""The number of characters of a message that a notification is given."""

TAP, MENU, FORM, WRITE = "o:tap", "o:menu", "o:form", "o:write"
"""How the ids of our elements begin. Behind it stand the question's number and the choice or form, so that a button
needs no memory here: it says by itself what it is."""

LETTER = "onward_letter"
"""The type of the metadata by which a message that has arrived is found again."""


def messages(reply: Reply, catalog: Catalog) -> list[Payload]:
    """Return the messages of a reply: one, or more when it is too long for one."""
    parts = richtext.blocks(reply)
    last = len(parts) - 1
    return [
        message(reply.text, [*blocks, *(below(reply, catalog) if number == last else [])])
        for number, blocks in enumerate(parts)
    ]


def message(text: str, blocks: Sequence[Payload]) -> Payload:
    """Return a message of blocks, with a line of the text for notifications; links in it show no previews."""
    notice = richtext.escaped(text[:LONGEST_NOTICE])
    return {"text": notice, "blocks": list(blocks), "unfurl_links": False, "unfurl_media": False}


def mark(letter: int, part: int, payload: Payload) -> str:
    """Return what a message that was sent is found again by: the same for a resend, and for nothing else.

    What is said goes into it, because numbers begin anew with a new database.
    """
    told = f"{letter}/{part}/{payload['blocks']}"
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def marked(payload: Payload, name: str) -> Payload:
    """Return a message with its mark, which people do not see.

    https://docs.slack.dev/messaging/message-metadata
    """
    return {**payload, "metadata": {"event_type": LETTER, "event_payload": {"letter": name}}}


def mark_of(sent: Mapping[str, Any]) -> str:
    """Return the mark of a message in the history, "" when it has none."""
    metadata = sent.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("letter", "")) if metadata.get("event_type") == LETTER else ""


def unseen(reply: Reply, catalog: Catalog) -> list[Payload]:
    """Return the messages of a reply that only one person sees, with a button to answer it in their own words."""
    *first, last = messages(reply, catalog)
    write = button(WRITE, _words(catalog, "write"))
    rows = last["blocks"]
    if rows[-1]["type"] == "actions" and len(rows[-1]["elements"]) < MOST_BUTTONS:
        rows = [*rows[:-1], {**rows[-1], "elements": [*rows[-1]["elements"], write]}]
    else:
        rows = [*rows, actions([write])]
    hidden = {"response_type": "ephemeral", "replace_original": False}
    return [{**payload, **hidden} for payload in (*first, {**last, "blocks": rows})]


def chosen(before: Sequence[Mapping[str, Any]], label: str, *, still_open: bool) -> Payload:
    """Return what a message becomes when one of its choices was made: the choice stands where the buttons were.

    before: the blocks of the message; none are known of one that only one person sees. still_open: whether another
    choice can be made, because the question is asked no second time.
    """
    kept = [dict(block) for block in before if _stays(block, still_open=still_open)]
    rows = [block for block in kept if block["type"] == "actions"]
    words = [block for block in kept if block["type"] not in {"actions", "context"}]
    picked = {"type": "context", "elements": [{"type": "plain_text", "text": f"\u2713 {label}", "emoji": False}]}
    return {"text": richtext.escaped(label), "blocks": [*words, picked, *rows], "replace_original": True}


def _stays(block: Mapping[str, Any], *, still_open: bool) -> bool:
    """Say whether a block stays when a choice was made: everything but choices, also what can be done at any time."""
    elements = block.get("elements")
    acts = isinstance(elements, list) and all(controls.act_of(one) for one in elements)
    return still_open or block.get("type") != "actions" or acts


def answers(reply: Reply, catalog: Catalog, *, unseen: bool, replaces: bool) -> list[Payload]:
    """Return the messages of a reply as they are sent to where something was done.

    unseen: whether only who did it sees them. replaces: whether the first one takes the place of what it was done in.
    """
    shown = {"response_type": "ephemeral" if unseen else "in_channel"}
    return [
        {**payload, **shown, "replace_original": replaces and not number}
        for number, payload in enumerate(messages(reply, catalog))
    ]


def below(reply: Reply, catalog: Catalog) -> list[Payload]:
    """Return the blocks under the text of a reply."""
    return [*richtext.mentions(reply.named), *choices(reply, catalog), *controls.rendered(reply.controls)]


def choices(reply: Reply, catalog: Catalog) -> list[Payload]:
    """Return the blocks under a question: its choices, and the button that opens its form."""
    rows: list[Payload] = []
    if len(reply.buttons) > MOST_BUTTONS:
        rows.append(actions([_menu(reply, catalog)]))
    elif reply.buttons:
        rows.append(actions([button(f"{TAP}:{reply.asked}:{one.id}", one.label) for one in reply.buttons]))
    if reply.form:
        rows.append(actions([_form_button(reply.form, reply.asked)]))
    return rows


def _menu(reply: Reply, catalog: Catalog) -> Payload:
    return {
        "type": "static_select",
        "action_id": f"{MENU}:{reply.asked}",
        "placeholder": plain(_words(catalog, "choose")),
        "options": [_option(button) for button in reply.buttons],
    }


def _option(button: Button) -> Payload:
    return {"text": plain(button.label), "value": button.id}


def _form_button(form: Form, asked: int) -> Payload:
    return button(f"{FORM}:{asked}:{form.name}", form.open)


def form(name: str, asked: str, catalog: Catalog, private: str) -> Payload | None:
    """Return the window of a form by its name; None when there is no such form (any more).

    private: what comes back with what was written into it, unseen by people.
    """
    words = catalog.lines.get(f"forms.{name}")
    if words is None or words.form is None:
        return None
    fields = [text_input(field, str(label), LONGEST_FIELD) for field, label in words.form["fields"].items()]
    return window(f"{FORM}:{asked}:{name}", str(words.form["title"]), fields, catalog, private)


def write_form(catalog: Catalog, private: str) -> Payload:
    """Return the window to write in, for where there is no line to type."""
    field = text_input("text", _words(catalog, "write_label"), LONGEST_TEXT, several_lines=True)
    return window(WRITE, _words(catalog, "write_title"), [field], catalog, private)


def sorry(catalog: Catalog) -> Payload:
    """Return the message that something could not be kept, and is to be said again."""
    return told(catalog.plain("anywhere.broken"))


def told(text: str) -> Payload:
    """Return a message of one line, which needs no answer."""
    return message(text, [richtext.line(text)])


def _words(catalog: Catalog, name: str) -> str:
    return catalog.plain(f"slack.{name}")
