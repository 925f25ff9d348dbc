"""What stops the connection for good, in one sentence for whoever hosts the bot."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from adapters.discord.rest import TROUBLE
from adapters.port import PlatformError

_SHARDS = "Discord does not accept these shards: see ONWARD_DISCORD__SHARDS and _SHARD_IDS, or leave both out."
CLOSED = {
    4004: "Discord no longer accepts the bot's token: it was reset. Set the new one in ONWARD_DISCORD__TOKEN. "
    "Nothing is lost; what was not delivered is sent after the next start.",
    4010: _SHARDS,
    4011: _SHARDS,
}
"""What the gateway's close codes that end everything mean.

https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway
"""


class DiscordError(PlatformError):
    """Discord cannot be served. The message is one sentence that says why and what to do."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn errors of the library and the network into DiscordError."""
    try:
        yield
    except TROUBLE as error:
        raise sentence(error) from None


def sentence(error: Exception) -> DiscordError:
    """Return the sentence for an error of the library or the network."""
    match error:
        case discord.LoginFailure():
            told = (
                "Discord does not accept the token in ONWARD_DISCORD__TOKEN: "
                "copy a new one from the developer portal (Bot, Reset Token)."
            )
        case discord.ConnectionClosed(code=code):
            told = CLOSED.get(code, f"Discord has closed the connection for good (code {code}).")
        case discord.HTTPException(status=status, code=code):
            told = f"Discord answered {status} (code {code}) when the bot logged in."
        case discord.GatewayNotFound() | aiohttp.ClientError() | OSError() | TimeoutError():
            told = (
                f"Discord cannot be reached ({getattr(error, 'strerror', None) or type(error).__name__}): "
                "check the network, and ONWARD_DISCORD__API_URL."
            )
        case _:
            told = f"The connection to Discord broke ({type(error).__name__})."
    return DiscordError(told)
