"""The app's manifest: what is pasted at api.slack.com to make it, from the same declarations that the code uses.

https://docs.slack.dev/reference/app-manifest
"""

from typing import Any
from urllib.parse import urlsplit

import yaml

from adapters.slack.declared import (
    COMMANDS,
    EVENTS,
    EVENTS_PATH,
    EVERYTHING,
    READ_SHORTCUT,
    REDIRECT_PATH,
    SCOPES,
)
from dialogs.catalog import Catalog

HINTED = (EVERYTHING, "rejected", "mentor")
"""Commands that take words."""


def manifest(catalog: Catalog, address: str = "") -> dict[str, Any]:
    """Return the manifest. address: where the bot is reached over HTTPS; "" for Socket Mode."""

    def words(name: str) -> str:
        return catalog.plain(f"slack.{name}")

    url = {"url": f"{address}{EVENTS_PATH}"} if address else {}
    request_url = {"request_url": f"{address}{EVENTS_PATH}"} if address else {}
    commands = [
        {
            "command": f"/{name}",
            "description": words(f"command_{name}"),
            **({"usage_hint": words(f"hint_{name}")} if name in HINTED else {}),
            "should_escape": False,
            **url,
        }
        for name in COMMANDS
    ]
    shortcut = {
        "name": words("shortcut"),
        "type": "message",
        "callback_id": READ_SHORTCUT,
        "description": words("shortcut_tells"),
    }
    return {
        "display_information": {
            "name": "Onward",
            "description": words("about"),
            "long_description": words("about_long"),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Onward", "always_online": True},
            "shortcuts": [shortcut],
            "slash_commands": commands,
        },
        "oauth_config": {
            **({"redirect_urls": [f"{address}{REDIRECT_PATH}"]} if address else {}),
            "scopes": {"bot": sorted(SCOPES)},
        },
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }


def text(catalog: Catalog, address: str = "") -> str:
    """Return the manifest as YAML, with the reason for each scope and event above it. Raises ValueError."""
    parts = urlsplit(address)
    if address and (parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query):
        msg = f"{address!r} is no address that Slack can reach: it has to look like https://onward.example.org."
        raise ValueError(msg)
    reasons = [f"#   {name}: {reason}" for kind in (SCOPES, EVENTS) for name, reason in sorted(kind.items())]
    told = "\n".join(("# The app's manifest. What it asks for, and why:", *reasons))
    body = yaml.safe_dump(manifest(catalog, address.rstrip("/")), sort_keys=False, allow_unicode=True, width=100)
    return f"{told}\n{body}"
