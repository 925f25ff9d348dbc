"""The panel: one message with two buttons, which work for ever because they say by themselves what they are."""

from collections.abc import Mapping
from typing import Any

import discord

from adapters.discord.components import PRIMARY, SECONDARY, Payload, button, message, row
from dialogs.catalog import Catalog
from dialogs.events import Commanded

PANEL = "o:panel"
"""How the ids of its buttons begin; behind it stands the name of a command."""

BUTTONS = {"rejected": PRIMARY, "about": SECONDARY}


def rendered(catalog: Catalog) -> Payload:
    """Return the message."""

    def words(name: str) -> str:
        return catalog.plain(f"community.{name}")

    buttons = [button(f"{PANEL}:{name}", words(f"panel_{name}"), style) for name, style in BUTTONS.items()]
    return message(words("panel"), [row(*buttons)])


def pressed(custom_id: str) -> Commanded | None:
    """Return what a button of the panel means, as the command of that name does; None for anything else."""
    kind, _, name = custom_id.rpartition(":")
    return Commanded(name=name) if kind == PANEL and name in BUTTONS else None


def on_panel(interaction: discord.Interaction) -> bool:
    """Say whether something was pressed on a panel, which everybody sees: its answer is a message of its own."""
    data: Mapping[str, Any] = interaction.data or {}
    return pressed(str(data.get("custom_id", ""))) is not None
