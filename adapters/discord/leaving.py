"""Servers that remove the bot: how they had set it up is forgotten, also when they did it while it was down."""

import logging

from adapters.communities import Communities
from adapters.discord import parse
from adapters.discord.connection import Connection

log = logging.getLogger(__name__)


class Leaving:
    """Forgets the servers that the bot is not in any more."""

    def __init__(self, communities: Communities, connection: Connection) -> None:
        """Ask a connection which servers there are."""
        self._communities = communities
        self._connection = connection

    async def left(self, guild: int) -> None:
        """Forget a server. When that fails, the next start does it."""
        try:
            await self._communities.remove(parse.community(guild))
        except Exception:
            log.exception("a server that has removed the bot could not be forgotten")

    async def look(self, shard: int) -> None:
        """Forget those servers of a shard that are not in its new session, which begins with all that there are.

        One that Discord has trouble with now is among them.
        """
        try:
            known = await self._communities.known(parse.PLATFORM)
        except Exception:
            log.exception("the servers could not be looked through")
            return
        for community in known:
            guild = parse.account(community)
            if self._is_of(guild, shard) and self._connection.get_guild(guild) is None:
                await self.left(guild)

    def _is_of(self, guild: int, shard: int) -> bool:
        """Say whether a server is of a shard. https://docs.discord.com/developers/events/gateway#sharding."""
        return (guild >> 22) % (self._connection.shard_count or 1) == shard
