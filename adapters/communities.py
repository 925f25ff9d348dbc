"""What platforms ask about communities: servers of Discord, workspaces of Slack."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from dialogs.community import Community

log = logging.getLogger(__name__)


class Communities(Protocol):
    """How communities have set the bot up, by an id such as "discord:123"."""

    async def read(self, community: str) -> Community | None:
        """Return how a community has set the bot up, None when it has not."""
        ...

    async def change(self, community: str, change: Callable[[Community], Community]) -> Community:
        """Keep what a change makes of a community, which is a new one when there was none, and return that."""
        ...

    async def remove(self, community: str) -> None:
        """Forget a community."""
        ...

    async def known(self, platform: str) -> list[str]:
        """Return the ids of a platform's communities."""
        ...


async def place_of(communities: Communities, community: str) -> Mapping[str, str]:
    """Return where somebody of a community is taken to be until they say so, as `dialogs.place` takes it.

    Nobody waits for it: what cannot be read now is found out with the next press.
    """
    try:
        found = await communities.read(community)
    except Exception:
        log.exception("a community could not be read")
        return {}
    return {"country": found.now.country} if found and found.now.country else {}


REMEMBERED_FOR = 60.0
"""Seconds for which it is not read again where people of a community are taken to be."""

MOST_REMEMBERED = 1000


class Places:
    """Where people of each community are taken to be, for platforms that ask with every message."""

    def __init__(self, communities: Communities) -> None:
        """Read it there."""
        self._communities = communities
        self._known: dict[str, tuple[float, Mapping[str, str]]] = {}

    async def of(self, community: str) -> Mapping[str, str]:
        """Return what `place_of` does; what another process has changed, after a minute."""
        now = asyncio.get_running_loop().time()
        read_at, found = self._known.get(community, (-REMEMBERED_FOR, {}))
        if now - read_at < REMEMBERED_FOR:
            return found
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        found = await place_of(self._communities, community)
        self._known[community] = (now, found)
        return found

    def forget(self, community: str) -> None:
        """Read it anew the next time."""
        self._known.pop(community, None)
