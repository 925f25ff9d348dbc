"""Letters on their way out: into the direct messages, or to where only the person who pressed sees them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from adapters.port import Letter, UndeliverableError
from adapters.slack import address, files, parse, render
from adapters.slack.address import Direct, Unseen
from adapters.slack.api import GONE, TROUBLE, Api, closed, error_of, may_pass, raise_translated
from adapters.slack.elements import Payload
from adapters.slack.pictures import Pictures
from adapters.slack.rooms import Rooms
from dialogs.catalog import Catalog
from dialogs.community import RECIPIENT
from dialogs.replies import File

APART = 1.0
"""Seconds between two messages in one channel. https://docs.slack.dev/apis/web-api/rate-limits#posting-messages"""

LOOKED_THROUGH, IN_A_THREAD = 100, 1000
"""So many messages are looked through for one that may have arrived. A thread is told from its first one on."""

TRIES, BETWEEN = 3, 1.5
"""So often a file is tried, with so many seconds between; then it is left out, so that what is to follow can."""

MOST_REMEMBERED = 10_000

Pause = Callable[[float], Awaitable[object]]
"""Waits for so many seconds."""

log = logging.getLogger(__name__)


class Delivery:
    """Delivers letters, one at a time to each person, as the dispatcher hands them over."""

    def __init__(
        self, api: Api, pictures: Pictures, catalog: Catalog, pause: Pause, ticks: Callable[[], float]
    ) -> None:
        """Deliver with these requests and words. ticks: seconds that only go forward."""
        self._api = api
        self._pictures = pictures
        self._catalog = catalog
        self._pause = pause
        self._ticks = ticks
        self._channels: dict[str, str] = {}
        self._free: dict[str, float] = {}
        self._held: dict[str, asyncio.Event] = {}
        self._rooms = Rooms(api, pictures, catalog, self._post)

    def hold(self, where: address.Address) -> None:
        """Keep letters from where a press is answered until it is released; direct messages need no such order."""
        if isinstance(where, Unseen):
            self._held.setdefault(str(where), asyncio.Event())

    def release(self, where: address.Address) -> None:
        """Let letters to an address."""
        if (held := self._held.pop(str(where), None)) is not None:
            held.set()

    async def deliver(self, letter: Letter) -> str:
        """Deliver a letter, and return its receipt: see `Platform`. Raises TryLaterError or UndeliverableError."""
        if (held := self._held.get(letter.address)) is not None:
            await held.wait()
        try:
            if letter.person.endswith(RECIPIENT):
                return await self._rooms.deliver(letter)
            await self._deliver(letter)
        except TROUBLE as error:
            raise_translated(error)
        return ""

    async def say(self, person: str, payloads: Sequence[Payload]) -> None:
        """Send messages into the direct messages with somebody. Raises what is in TROUBLE, and UndeliverableError."""
        channel = await self.direct(person)
        for payload in payloads:
            await self._post(parse.account(person)[0], {"channel": channel, **payload}, [])

    async def _deliver(self, letter: Letter) -> None:
        where = address.read(letter.address)
        if isinstance(where, Unseen):
            own = where.channel.startswith("D") and where.channel == await self.direct(letter.person)
            # What only one person sees is gone with the next start of their Slack: no place for buttons that stay.
            if not own and not letter.reply.controls and await self._unseen(where, letter):
                await self._share("", "", letter)
                return
            where = Direct(channel=where.channel if own else "")
        try:
            await self._send(where.channel or await self.direct(letter.person), where.thread, letter)
        except TROUBLE as error:
            if error_of(error) not in GONE or not where.channel:
                raise
            # The channel that was kept is gone; there may be another one with the same person.
            self._channels.pop(letter.person, None)
            channel = await self.direct(letter.person)
            if channel == where.channel:
                raise
            await self._send(channel, "", letter)

    async def direct(self, person: str) -> str:
        """Return the channel of the direct messages with somebody; it is made when there was none."""
        if person not in self._channels:
            workspace, user = parse.account(person)
            opened = await self._api.write(workspace, "conversations.open", {"users": user})
            if len(self._channels) >= MOST_REMEMBERED:
                self._channels.clear()
            self._channels[person] = str(opened["channel"]["id"])
        return self._channels[person]

    async def _unseen(self, where: Unseen, letter: Letter) -> bool:
        """Send a letter to where a press is answered; say whether that was still possible.

        Nothing there can be read again, so one whose outcome is unknown is sent once more: better twice than never.
        """
        try:
            for payload in render.unseen(letter.reply, self._catalog):
                await self._api.respond(where.url, payload)
        except TROUBLE as error:
            if closed(error):
                return False
            raise
        return True

    async def _send(self, channel: str, thread: str, letter: Letter) -> None:
        workspace, _ = parse.account(letter.person)
        place = {"channel": channel, **({"thread_ts": thread} if thread else {})}
        arrived = await self._arrived(workspace, channel, thread) if letter.again else set()
        for part, payload in enumerate(render.messages(letter.reply, self._catalog)):
            mark = render.mark(letter.id, part, payload)
            if mark not in arrived:
                post = partial(self._post, workspace, {**place, **render.marked(payload, mark)})
                picture = None if part else letter.reply.picture
                await self._pictures.shown(workspace, picture, letter.reply.text, post)
        await self._share(channel, thread, letter)

    async def _share(self, channel: str, thread: str, letter: Letter) -> None:
        """Share the file of a letter in the direct messages. Where Slack refuses it, what was said stands alone."""
        if (file := letter.reply.file) is None:
            return
        for tried in range(TRIES):
            if tried:
                await self._pause(BETWEEN)
            try:
                channel = channel or await self.direct(letter.person)
                await self._share_once(channel, thread, letter, file, look=letter.again or tried > 0)
            except TROUBLE as error:
                fields = {"error": error_of(error) or type(error).__name__}
                log.info("a file was not shared", extra={"fields": fields})
                if not may_pass(error):
                    return
            else:
                return

    async def _share_once(self, channel: str, thread: str, letter: Letter, file: File, *, look: bool) -> None:
        """Upload and share a file. look: whether it may be there already, which its name tells."""
        workspace, _ = parse.account(letter.person)
        if look and file.name in files.names(await self._last(workspace, channel, thread)):
            return
        await self._in_turn(channel)
        place = {"channel_id": channel, **({"thread_ts": thread} if thread else {})}
        try:
            await files.uploaded(self._api, workspace, file.name, file.text.encode(), title=file.name, share=place)
        finally:
            self._free[channel] = self._ticks() + APART

    async def _post(self, workspace: str, payload: Payload, above: list[Payload]) -> Mapping[str, Any]:
        """Send a message, with blocks above its own, when its channel takes another one."""
        channel = payload["channel"]
        await self._in_turn(channel)
        try:
            blocks = [*above, *payload["blocks"]]
            return await self._api.write(workspace, "chat.postMessage", {**payload, "blocks": blocks})
        finally:
            # From now on, because nobody knows how long it was on its way.
            self._free[channel] = self._ticks() + APART

    async def _arrived(self, workspace: str, channel: str, thread: str) -> set[str]:
        """Return the marks of the last messages: Slack itself drops no message that is sent a second time."""
        return {render.mark_of(message) for message in await self._last(workspace, channel, thread)}

    async def _last(self, workspace: str, channel: str, thread: str) -> Sequence[dict[str, Any]]:
        """Return the last messages of a channel, or those of a thread in it."""
        method = "conversations.replies" if thread else "conversations.history"
        where: dict[str, str | int] = {"ts": thread, "limit": IN_A_THREAD} if thread else {"limit": LOOKED_THROUGH}
        found = await self._api.read(workspace, method, channel=channel, include_all_metadata=True, **where)
        return found.get("messages") or ()

    async def _in_turn(self, channel: str) -> None:
        """Wait until the channel takes another message."""
        now = self._ticks()
        if len(self._free) >= MOST_REMEMBERED:
            self._free = {name: free for name, free in self._free.items() if free > now}
        if (wait := self._free.get(channel, now) - now) > 0:
            await self._pause(wait)


async def quietly(request: Awaitable[object]) -> bool:
    """Send a request whose failure changes nothing of what is kept or said; say whether it succeeded."""
    try:
        await request
    except (*TROUBLE, UndeliverableError) as error:
        fields = {"error": error_of(error) or type(error).__name__}
        log.info("a request failed", extra={"fields": fields})
        return False
    return True
