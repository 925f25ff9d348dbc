"""What platforms ask about communities: servers of Discord, workspaces of Slack."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from dialogs.catalog import Catalog
from dialogs.community import Community, Panel, posted

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


async def found(communities: Communities, community: str) -> Community:
    """Return how a community has set the bot up, a new one when it has not."""
    return await communities.read(community) or Community()


async def replaced(communities: Communities, community: str, panel: Panel) -> Panel | None:
    """Keep where a panel was posted, and return the one before it."""
    before: list[Panel | None] = []

    def there(now: Community) -> Community:
        before.append(now.panel)
        return posted(now, panel)

    await communities.change(community, there)
    return before[-1]


async def removed(communities: Communities, community: str) -> Panel | None:
    """Forget a community, and return where its panel is."""
    before = await found(communities, community)
    await communities.remove(community)
    return before.panel


def called(catalog: Catalog, name: str, value: str) -> str:
    """Return the words for a value that can be chosen; the value itself when there are none for it (any more)."""
    key = f"community.{'feature' if name == 'features' else name}_{value}"
    return catalog.plain(key) if key in catalog.lines else value


async def place_of(communities: Communities, community: str) -> Mapping[str, str]:
    """Return what somebody's coming through a community tells of them, as `dialogs.place` takes it.

    Nobody waits for it: what cannot be read now is found out with the next press.
    """
    try:
        here = await communities.read(community)
    except Exception:
        log.exception("a community could not be read")
        return {}
    if here is None:
        return {}
    return {"country": here.now.country, "community": community, "features": " ".join(here.on)}


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
        read_at, place = self._known.get(community, (-REMEMBERED_FOR, {}))
        if now - read_at < REMEMBERED_FOR:
            return place
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        place = await place_of(self._communities, community)
        self._known[community] = (now, place)
        return place

    def forget(self, community: str) -> None:
        """Read it anew the next time."""
        self._known.pop(community, None)
