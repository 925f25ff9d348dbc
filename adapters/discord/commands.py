"""The slash commands, as Discord wants them described."""

from collections.abc import Mapping, Sequence
from typing import Any

from dialogs.catalog import Catalog

COMMANDS: Mapping[str, Sequence[str]] = {
    "rejected": ("employer", "role"),
    "checkin": (),
    "interview": ("employer", "when"),
    "plan": (),
    "prep": (),
    "progress": (),
    "lessons": (),
    "recap": (),
    "log": (),
    "patterns": (),
    "reminders": (),
    "snooze": ("until",),
    "pause": (),
    "resume": (),
    "settings": ("country", "zone", "hour", "quiet"),
    "help": (),
    "export": (),
    "erase": (),
    "helpline": (),
}
"""Each command with the names of its options; the dialog knows them by the same names."""

ADMIN, SETUP = "onward", "setup"
"""The command of whoever manages a server, and the part of it that sets the bot up there."""

ADMINS = (SETUP, "pulse")
"""What there is of that command."""

MEMBERS: Mapping[str, Sequence[str]] = {"mentor": ("offer", "find", "mine"), "win": ()}
"""The commands of members of a community, and what there is of each."""

ACTS: Mapping[tuple[str, str], str] = {
    (ADMIN, "pulse"): "pulse.show",
    ("mentor", "offer"): "mentor.offer",
    ("mentor", "find"): "mentor.find",
    ("mentor", "mine"): "mentor.mine",
    ("win", ""): "wins.share",
}
"""The acts that commands are, see `dialogs.acts`."""

CHAT_INPUT = 1
SUB_COMMAND, TEXT_OPTION = 1, 3
EVERYWHERE = {"integration_types": [0, 1], "contexts": [0, 1, 2]}
"""Installed in a server or by a person; used in a server, in the bot's direct messages, and in private channels.

https://docs.discord.com/developers/interactions/application-commands#contexts
"""

HERE_AND_THERE = {"integration_types": [0], "contexts": [0, 1]}
IN_SERVERS = {"integration_types": [0], "contexts": [0]}
MANAGE_SERVER = 1 << 5
"""The permission with which Discord shows the admins' command; whether somebody has it is also looked at here."""

LONGEST_OPTION = {
    "employer": 100,
    "role": 100,
    "when": 60,
    "until": 40,
    "country": 40,
    "zone": 40,
    "hour": 5,
    "quiet": 5,
}


def described(catalog: Catalog, others: Mapping[str, Catalog]) -> list[dict[str, Any]]:
    """Return all commands in the words of a catalog, with those of other locales (by Discord's name of them) beside."""
    return [
        *(_talking(name, options, catalog, others) for name, options in COMMANDS.items()),
        *({**_divided(name, parts, catalog, others), **HERE_AND_THERE} for name, parts in MEMBERS.items()),
        {
            **_divided(ADMIN, ADMINS, catalog, others),
            **IN_SERVERS,
            "default_member_permissions": MANAGE_SERVER,
        },
    ]


def _divided(name: str, parts: Sequence[str], catalog: Catalog, others: Mapping[str, Catalog]) -> dict[str, Any]:
    return {
        "type": CHAT_INPUT,
        "name": name,
        **_described(f"discord.command_{name}", catalog, others),
        "options": [
            {
                "type": SUB_COMMAND,
                "name": part,
                **_described(f"discord.command_{name}_{part}", catalog, others),
                "options": [],
            }
            for part in parts
        ],
    }


def _talking(name: str, options: Sequence[str], catalog: Catalog, others: Mapping[str, Catalog]) -> dict[str, Any]:
    return {
        "type": CHAT_INPUT,
        "name": name,
        **_described(f"discord.command_{name}", catalog, others),
        **EVERYWHERE,
        "options": [
            {
                "type": TEXT_OPTION,
                "name": option,
                **_described(f"discord.option_{option}", catalog, others),
                "required": False,
                "max_length": LONGEST_OPTION[option],
            }
            for option in options
        ],
    }


def _described(key: str, catalog: Catalog, others: Mapping[str, Catalog]) -> dict[str, Any]:
    words = {locale: other.plain(key) for locale, other in others.items()}
    return {"description": catalog.plain(key), **({"description_localizations": words} if words else {})}
