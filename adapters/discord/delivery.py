"""Letters on their way out: into the direct messages, or into a message that only one person sees."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import discord

from adapters.discord import address, parse, render
from adapters.discord.address import Direct, Pressed
from adapters.discord.render import File
from adapters.discord.rest import TROUBLE, Rest, gone, refuses_files, translated
from adapters.discord.rooms import Rooms
from adapters.picture import drawn
from adapters.port import Letter
from dialogs.catalog import Catalog
from dialogs.replies import Reply

BUSY = 10
"""With more deliveries under way, nobody is shown that the bot is writing: it would only take longer."""

SHOWN_WITHIN = 3.0
"""Seconds within which it is shown, as a rule, what was chosen."""

MOST_REMEMBERED = 10_000

Pause = Callable[[float], Awaitable[object]]
"""Waits for so many seconds."""

log = logging.getLogger(__name__)


class Delivery:
    """Delivers letters, one at a time to each person, as the dispatcher hands them over."""

    def __init__(self, rest: Rest, catalog: Catalog, pause: Pause, me: int) -> None:
        """Deliver with these requests and words. me: the bot's own account."""
        self._rest = rest
        self._rooms = Rooms(rest, catalog, me)
        self._catalog = catalog
        self._pause = pause
        self._channels: dict[int, int] = {}
        self._held: dict[int, asyncio.Event] = {}
        self._ready: set[int] = set()
        self._under_way = 0

    def hold(self, interaction: int) -> None:
        """Keep letters from the answer of an interaction until it is released."""
        self._held.setdefault(interaction, asyncio.Event())

    def release(self, interaction: int, *, ready: bool = True) -> None:
        """Let letters into the answer of an interaction. ready: whether it shows already what was chosen."""
        if ready:
            if len(self._ready) >= MOST_REMEMBERED:
                self._ready.clear()
            self._ready.add(interaction)
        if (held := self._held.pop(interaction, None)) is not None:
            held.set()

    async def deliver(self, letter: Letter) -> str:
        """Deliver a letter, and return its receipt. Raises TryLaterError or UndeliverableError."""
        self._under_way += 1
        try:
            if self._rooms.is_for(letter):
                return await self._rooms.deliver(letter)
            await self._deliver(letter)
        except TROUBLE as error:
            raise translated(error) from None
        else:
            return ""
        finally:
            self._under_way -= 1

    async def _deliver(self, letter: Letter) -> None:
        where = address.read(letter.address)
        if isinstance(where, Pressed):
            await self._until_ready(where.id)
            if await self._into_window(where, letter):
                return
            where = Direct()
        await self._send(await self._channel(where, letter), letter)

    async def _until_ready(self, interaction: int) -> None:
        """Return when a letter can be added to the answer of an interaction, and nobody changes that meanwhile.

        When another process took the interaction, it shows just now what was chosen, in the same message.
        """
        if (held := self._held.get(interaction)) is not None:
            await held.wait()
        if interaction not in self._ready:
            age = (discord.utils.utcnow() - discord.utils.snowflake_time(interaction)).total_seconds()
            await self._pause(min(SHOWN_WITHIN, max(0.0, SHOWN_WITHIN - age)))

    async def _into_window(self, where: Pressed, letter: Letter) -> bool:
        """Add a letter to the answer of an interaction; say whether that was still possible."""
        try:
            before = await self._rest.original(where)
            added = render.window(before, letter.id, letter.reply, self._catalog)
            if added is not None:
                payload, files = added
                await with_files(partial(self._rest.edit_original, where, payload), letter.reply, files)
        except discord.HTTPException as error:
            if not gone(error):
                raise
            return False
        return True

    async def _channel(self, where: Direct, letter: Letter) -> int:
        if where.channel is not None:
            return where.channel
        user = parse.account(letter.person)
        if user not in self._channels:
            self._channels[user] = await self._rest.open_direct(user)
        return self._channels[user]

    async def _send(self, channel: int, letter: Letter) -> None:
        payloads = render.messages(letter.reply, self._catalog)
        for part, payload in enumerate(payloads):
            if self._under_way <= BUSY:
                await quietly(self._rest.typing(channel))
                await self._pause(typing_time(len(payload["content"])))
            once = {"nonce": render.nonce(letter.id, part, payload), "enforce_nonce": True}
            send = partial(self._rest.send, channel, {**payload, **once})
            await (with_files(send, letter.reply) if part == len(payloads) - 1 else send())


async def with_files(
    send: Callable[[Sequence[File]], Awaitable[object]], reply: Reply, files: Sequence[File] = ()
) -> None:
    """Send a message with its files, the picture of a reply and its own file; without those two where refused."""
    alongside = render.alongside(await drawn(reply.picture), reply)
    try:
        await send([*files, *alongside])
    except discord.HTTPException as error:
        if not alongside or not refuses_files(error):
            raise
        log.info("a picture or a file was refused", extra={"fields": {"status": error.status}})
        await send(files)


def typing_time(length: int) -> float:
    """Return for how many seconds a message of that length is seen to be written."""
    return min(1.2, 0.3 + 0.003 * length)


async def quietly(request: Awaitable[object]) -> None:
    """Send a request whose failure changes nothing of what is kept or said."""
    try:
        await request
    except TROUBLE as error:
        log.info("a request failed", extra={"fields": {"error": type(error).__name__}})
