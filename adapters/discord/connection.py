"""The library's connection to Discord, set to keep nothing: no messages, no members."""

import asyncio
from collections.abc import Callable, Sequence

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
"""None of them is privileged: what is said to the bot arrives without the message content intent.

https://docs.discord.com/developers/events/gateway#message-content-intent
"""

API_VERSION = "v10"

LOOKED_THROUGH_EVERY = 30.0
"""Seconds between two looks for limits of requests that can be forgotten."""


def use_server(url: str) -> None:
    """Talk to this server from now on, in the whole process: the library keeps where Discord is in one place."""
    Route.BASE = f"{url.rstrip('/')}/{API_VERSION}"


def _seldom(clear: Callable[[], None]) -> Callable[[], None]:
    """Return what clears limits away, but not each time.

    The library keeps one for each answer to a press for five minutes, and would look through all of them with each
    new one: after some thousand presses that takes longer than everything else.
    """
    cleared_at = -LOOKED_THROUGH_EVERY

    def now_and_then() -> None:
        nonlocal cleared_at
        now = asyncio.get_running_loop().time()
        if now - cleared_at >= LOOKED_THROUGH_EVERY:
            cleared_at = now
            clear()

    return now_and_then


class Connection(discord.AutoShardedClient):
    """A connection for all shards, or for some of them."""

    def __init__(
        self,
        *,
        shard_count: int | None = None,
        shard_ids: Sequence[int] = (),
        identify_pause: float = 5.0,
        heartbeat_timeout: float = 60.0,
    ) -> None:
        """Prepare a connection. `identify_pause` and `heartbeat_timeout` are in seconds."""
        some = {"shard_count": shard_count, "shard_ids": list(shard_ids)} if shard_ids else {"shard_count": shard_count}
        super().__init__(
            intents=INTENTS,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=30,
            heartbeat_timeout=heartbeat_timeout,
            **some,
        )
        self._identify_pause = identify_pause
        clear = _seldom(self.http._try_clear_expired_ratelimits)  # noqa: SLF001 - there is no other way to it
        self.http._try_clear_expired_ratelimits = clear  # type: ignore[method-assign] # noqa: SLF001 - as above

    async def setup_hook(self) -> None:
        """Learn from the API where the gateway is, also when a session has to begin anew."""
        _, url, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - theirs
        """Leave Discord the time between two sessions that it wants."""
        if not initial:
            await asyncio.sleep(self._identify_pause)
