"""The window in which admins set a workspace up: what it looks like, and what its elements mean. Pure.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.communities import called
from adapters.slack import richtext
from adapters.slack.elements import Payload, plain
from dialogs.catalog import Catalog
from dialogs.community import FEATURES, Community, languages
from dialogs.helplines import countries
from dialogs.private import Private

FORM = "o:setup"
"""How the ids of its elements begin; behind it stands what is chosen or done, and never for which workspace."""

OPEN, POST, UNDO, REMOVE = "open", "post", "undo", "remove"
PLACES = ("panel_channel", "wins_channel", "mentors", "moderators_channel")
CHANNELS = {"include": ["public", "private"], "exclude_external_shared_channels": True, "exclude_bot_users": True}
"""What can be chosen: nobody of another workspace reads along there."""

PRIVATE = {**CHANNELS, "include": ["private"]}
"""What can be chosen for mentors and moderators: everybody who is in it is one of them."""

NONE = "none"
"""The value that stands for no country: an option of Slack's cannot be empty."""


class Pressed(Private, frozen=True):
    """What was done, and the values that were chosen."""

    what: str
    values: tuple[str, ...] = ()


def pressed(action: Mapping[str, Any]) -> Pressed | None:
    """Return what somebody did with an element; None for any other element."""
    name = str(action.get("action_id", ""))
    if not name.startswith(f"{FORM}:"):
        return None
    options = action.get("selected_options") or [action.get("selected_option") or {}]
    chosen = [action.get("selected_conversation"), *(option.get("value") for option in options)]
    values = tuple(str(one) for one in chosen if one and one != NONE)
    return Pressed(what=name.removeprefix(f"{FORM}:"), values=values)


def for_admins(catalog: Catalog) -> list[Payload]:
    """Return what stands on the Home tab of admins, under everything else."""

    def words(name: str) -> str:
        return catalog.plain(f"community.{name}")

    button = {"type": "button", "action_id": f"{FORM}:{OPEN}", "text": plain(words("heading"))}
    line = richtext.line(words("for_admins"))
    return [{"type": "divider"}, line, {"type": "actions", "elements": [button]}]


class SetupForm:
    """The window in the words of a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        """Use these words."""
        self._catalog = catalog

    def view(self, community: Community, notes: Sequence[str] = ()) -> Payload:
        """Return the window. notes: what has just happened, and what is missing."""
        told = [richtext.line(note, bold=True) for note in notes]
        rows = [*self._places(community), *self._lists(community)]
        first = [richtext.line(self.words("intro")), *told]
        return self._window([*first, *rows, self._buttons(community)])

    def told(self, name: str) -> Payload:
        """Return a window with one line."""
        return self._window([richtext.line(self.words(name))])

    def words(self, name: str) -> str:
        """Return a line of the words."""
        return self._catalog.plain(f"community.{name}")

    def _window(self, blocks: list[Payload]) -> Payload:
        title, close = plain(self.words("heading")), plain(self._catalog.plain("slack.leave"))
        return {"type": "modal", "callback_id": FORM, "title": title, "close": close, "blocks": blocks}

    def _places(self, community: Community) -> Iterator[Payload]:
        for name in PLACES:
            value = getattr(community.now, name)
            shown = {"initial_conversation": value} if value else {}
            label = self.words("mentors_channel" if name == "mentors" else name)
            offered = PRIVATE if name in {"mentors", "moderators_channel"} else CHANNELS
            yield self._section(name, label, value, {"type": "conversations_select", "filter": offered, **shown})
            yield from self._hint(name)

    def _lists(self, community: Community) -> Iterator[Payload]:
        now = community.now
        none = {"text": plain(self.words("no_country")), "value": NONE}
        country = [none, *(self._option("country", one) for one in sorted(countries()))]
        yield self._one("country", country, now.country or NONE)
        yield self._one("language", [self._option("language", one) for one in languages()], now.language)
        features = [self._option("features", one) for one in FEATURES]
        on = [one for one in features if one["value"] in now.features]
        several = {"type": "multi_static_select", "options": features, **({"initial_options": on} if on else {})}
        yield self._section("features", self.words("features"), ".".join(now.features), several)
        yield from self._hint("features")

    def _one(self, name: str, options: list[Payload], value: str) -> Payload:
        chosen = [one for one in options if one["value"] == value]
        shown = {"initial_option": chosen[0]} if chosen else {}
        return self._section(name, self.words(name), value, {"type": "static_select", "options": options, **shown})

    def _section(self, name: str, label: str, value: str, element: Payload) -> Payload:
        """Return a row. Slack goes on showing what was picked in a block, so another value makes it another block."""
        accessory = {"action_id": f"{FORM}:{name}", "placeholder": plain(self.words("nothing")), **element}
        return {"type": "section", "block_id": f"{name}/{value}", "text": plain(label), "accessory": accessory}

    def _hint(self, name: str) -> Iterator[Payload]:
        """Yield a line on what a choice means, where there is one."""
        if f"community.slack_tells_{name}" in self._catalog.lines:
            yield {"type": "context", "elements": [plain(self.words(f"slack_tells_{name}"))]}

    def _option(self, name: str, value: str) -> Payload:
        return {"text": plain(called(self._catalog, name, value)), "value": value}

    def _buttons(self, community: Community) -> Payload:
        post = self._button(POST, "post_again" if community.panel else "post", style="primary")
        undo = [self._button(UNDO, "undo")] if community.before else []
        sure = {
            "title": plain(self.words("remove")),
            "text": plain(self.words("remove_sure")),
            "confirm": plain(self.words("remove_yes")),
            "deny": plain(self.words("remove_no")),
        }
        return {
            "type": "actions",
            "elements": [post, *undo, self._button(REMOVE, "remove", style="danger", confirm=sure)],
        }

    def _button(self, what: str, name: str, **more: Any) -> Payload:  # noqa: ANN401 - as Slack takes it
        return {"type": "button", "action_id": f"{FORM}:{what}", "text": plain(self.words(name)), **more}
