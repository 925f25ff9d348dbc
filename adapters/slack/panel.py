"""The panel: one message with two buttons, which work for ever because they say by themselves what they are."""

from adapters.slack import richtext
from adapters.slack.elements import Payload, plain
from adapters.slack.render import message
from dialogs.catalog import Catalog

PANEL = "o:panel"
"""How the ids of its buttons begin; behind it stands the name of a command."""

BUTTONS = ("rejected", "about")


def rendered(catalog: Catalog) -> Payload:
    """Return the message."""

    def words(name: str) -> str:
        return catalog.plain(f"community.{name}")

    buttons = [
        {"type": "button", "action_id": f"{PANEL}:{name}", "text": plain(words(f"panel_{name}"))} for name in BUTTONS
    ]
    first = {**buttons[0], "style": "primary"}
    return message(
        words("panel"), [richtext.line(words("panel")), {"type": "actions", "elements": [first, *buttons[1:]]}]
    )
