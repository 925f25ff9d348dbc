"""Keeps everybody's Home tab as it is with them: shown anew after each turn, the latest state only."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from hashlib import blake2b

import msgspec

from adapters.communities import Places
from adapters.port import UndeliverableError
from adapters.slack import home, parse, setup_form
from adapters.slack.admins import Admins
from adapters.slack.api import TROUBLE, Api
from adapters.slack.delivery import MOST_REMEMBERED, Pause, quietly
from adapters.slack.elements import Payload
from adapters.slack.pictures import Pictures
from dialogs.catalog import Catalog
from dialogs.home import Home

QUIET = 1.0
"""Seconds that a page nobody is opening waits: a turn and the letters that come of it are one change."""

log = logging.getLogger(__name__)

Look = Callable[[str], Awaitable[Home]]
"""Returns what is on somebody's page now."""


class Homes:
    """Publishes pages; while one is on its way, what happens meanwhile is one more publication at most."""

    def __init__(
        self,
        api: Api,
        pictures: Pictures,
        catalog: Catalog,
        look: Look,
        places: Places,
        pause: Pause,
        *,
        shared: bool = False,
    ) -> None:
        """Publish with these requests and words what `look` finds, and what is on there.

        pause: waits for so many seconds.

        shared: whether other processes publish too. Then nobody here knows what is shown, and it is published each
        time, and once more when it has changed while it was on its way: the last one to publish has looked last.
        """
        self._pause = pause
        self._shared = shared
        self._api = api
        self._pictures = pictures
        self._catalog = catalog
        self._look = look
        self._places = places
        self.admins = Admins(api)
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._changed: dict[str, bool] = {}
        self._shown: dict[str, bytes] = {}
        self._looked_at: set[str] = set()
        self._closed = False

    def changed(self, person: str, *, opened: bool = False) -> None:
        """Show somebody's page anew. opened: it is being looked at, and shown in any case.

        Only a page that was looked at since the start gets its picture: drawing takes a hundred times as long as a
        turn.
        """
        if self._closed:
            return
        if opened:
            self.looks(person)
        self._changed[person] = opened or self._changed.get(person, False)
        if person not in self._under_way:
            task = asyncio.create_task(self._publish(person))
            self._under_way[person] = task
            task.add_done_callback(lambda _: self._under_way.pop(person, None))

    def looks(self, person: str) -> None:
        """Note that somebody looks at their page."""
        if len(self._looked_at) >= MOST_REMEMBERED:
            self._looked_at.clear()
        self._looked_at.add(person)

    async def close(self) -> None:
        """Finish what is under way, and begin nothing more: the next turn shows it."""
        self._closed = True
        await self.settled()

    async def settled(self) -> None:
        """Return when every page is as it should be."""
        while self._under_way:
            await asyncio.wait(self._under_way.values())

    async def _publish(self, person: str) -> None:
        while person in self._changed:
            if not self._changed[person]:
                await self._pause(QUIET)
            opened = self._changed.pop(person)
            seen, publish = await self._page(person, opened=opened)
            if publish is not None and (opened or self._shared or self._shown.get(person) != seen):
                await self._show_once(person, seen, publish)

    async def _show_once(self, person: str, seen: bytes, publish: Callable[[], Awaitable[None]]) -> None:
        if len(self._shown) >= MOST_REMEMBERED:
            self._shown.clear()
        self._shown[person] = seen
        if not await quietly(publish()):
            del self._shown[person]
        elif self._shared and (await self._page(person, opened=False))[0] != seen:
            self._changed.setdefault(person, False)

    async def _page(self, person: str, *, opened: bool) -> tuple[bytes, Callable[[], Awaitable[None]] | None]:
        """Return by what somebody's page is known, and what publishes it, None when it cannot be made."""
        try:
            page = await self._look(person)
            here = await self._places.of(parse.community(parse.account(person)[0]))
            view = home.view(page, self._catalog)
            view["blocks"] += home.for_members(here.get("features", "").split(), self._catalog)
            if await self._is_admin(person, opened=opened):
                view["blocks"] += setup_form.for_admins(self._catalog)
            picture = page.picture if person in self._looked_at else None
        except Exception:
            # The page can be shown after the next turn; the turn itself is committed.
            log.exception("a page could not be made")
            return b"", None
        seen = blake2b(json.dumps(view).encode() + msgspec.json.encode(picture), digest_size=16).digest()
        show = partial(self._show, *parse.account(person), view)
        return seen, partial(self._pictures.shown, parse.account(person)[0], picture, page.described, show)

    async def _is_admin(self, person: str, *, opened: bool) -> bool:
        """Say whether somebody is shown what is for admins, only on a page that was looked at since the start."""
        if person not in self._looked_at:
            return False
        try:
            return await self.admins.shown_as_admin(person, again=opened)
        except (*TROUBLE, UndeliverableError):
            return False  # it is shown when the page is opened the next time

    async def _show(self, workspace: str, user: str, view: Payload, picture: list[Payload]) -> None:
        """Publish a page, with a picture under the path."""
        first, path, *rest = view["blocks"]
        whole = {**view, "blocks": [first, path, *picture, *rest]}
        await self._api.write(workspace, "views.publish", {"user_id": user, "view": whole})
