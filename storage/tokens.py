"""Tokens of workspaces, sealed as text, each for its own place."""

from base64 import b64decode, b64encode
from collections.abc import Iterator

from sqlalchemy import RowMapping

from storage.sealing import Seal

SEALED = "sealed:"
"""How a sealed token begins, which no token of Slack's does."""

NAMES = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")
"""The columns that hold tokens, in the tables that have them."""


def sealed(token: str, place: str, seal: Seal) -> str:
    """Return a token as it is stored."""
    return SEALED + b64encode(seal.seal(token.encode(), place)).decode()


def opened(stored: str, place: str, seal: Seal) -> str:
    """Return a stored token as it is. Raises StorageError."""
    return seal.unseal(_bytes(stored), place).decode()


def outdated(stored: str, seal: Seal) -> bool:
    """Say whether a stored token is sealed with another key than the newest."""
    return not _bytes(stored).startswith(seal.mark)


def stored(row: RowMapping) -> Iterator[tuple[str, str, str]]:
    """Yield the sealed tokens in a row of an installation: the column, what is stored there, and what it is about."""
    for name in NAMES:
        token = str(row.get(name) or "")
        if token.startswith(SEALED):
            yield name, token, place(row["enterprise_id"], row["team_id"], name)


def place(enterprise: str | None, team: str | None, name: str) -> str:
    """Return what a token is about."""
    return f"slack/{enterprise or ''}/{team or ''}/{name}"


def _bytes(stored: str) -> bytes:
    return b64decode(stored.removeprefix(SEALED))
