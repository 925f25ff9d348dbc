"""Discord as the application sees it: what comes in becomes turns, letters go out. It keeps nothing that must last."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from weakref import WeakValueDictionary

import discord

from adapters.catchup import CatchUp
from adapters.communities import place_of
from adapters.discord import commands, parse, render
from adapters.discord.acting import Acting
from adapters.discord.connection import Connection
from adapters.discord.delivery import Delivery, Pause, quietly
from adapters.discord.errors import explained
from adapters.discord.leaving import Leaving
from adapters.discord.presses import Presses
from adapters.discord.rest import TROUBLE, Rest, gone, translated
from adapters.discord.setup import Setup
from adapters.host import Host
from adapters.port import Arrival, Letter, Outcome, TryLaterError
from dialogs.catalog import Catalog

NOTICED = "\N{ENVELOPE}\N{VARIATION SELECTOR-16}"
"""What shows under a message in a server: that there is an answer in private, and nothing of what it is about."""

MOST_MESSAGES = 500
"""The most messages that are read of one channel. Nobody writes more to a bot that does not answer."""

TRIES = 4
"""How often a turn is tried that the database refuses, before the person is asked to say it again."""

log = logging.getLogger(__name__)


class Discord:
    """Discord as a platform. It is logged in before it is handed to the dispatcher, and served after that."""

    name = parse.PLATFORM

    def __init__(self, connection: Connection, rest: Rest, catalog: Catalog, pause: Pause) -> None:
        """Use a connection that is logged in; `log_in` makes one."""
        self._connection = connection
        self._rest = rest
        self._catalog = catalog
        self._pause = pause
        self._orders: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._me = connection.user.id if connection.user else 0
        self._delivery = Delivery(rest, catalog, pause, self._me)
        self.shards: set[int] = set()
        """Those that have a session now."""

    def connected(self) -> bool:
        """Say whether all shards of this process have a session now."""
        count = self._connection.shard_count  # None until it is known
        ours = self._connection.shard_ids or range(count or 1)
        return count is not None and self.shards.issuperset(ours)

    @classmethod
    async def log_in(
        cls,
        connection: Connection,
        token: str,
        catalog: Catalog,
        others: Mapping[str, Catalog],
        pause: Pause = asyncio.sleep,
    ) -> "Discord":
        """Log in and describe the slash commands. Raises DiscordError.

        others: the words of further locales by Discord's name of them. pause: waits for so many seconds.
        """
        with explained():
            await connection.login(token)
            rest = Rest(connection.http, connection.application_id or 0)
            await rest.describe_commands(commands.described(catalog, others))
        return cls(connection, rest, catalog, pause)

    async def deliver(self, letter: Letter) -> str:
        """Deliver a letter. Raises TryLaterError or UndeliverableError."""
        return await self._delivery.deliver(letter)

    async def serve(self, host: Host) -> None:
        """Take what comes in until the connection is closed. Raises DiscordError when it cannot go on."""
        listening = _Listening(self, host)
        for listener in (
            *(listening.on_shard_connect, listening.on_shard_resumed, listening.on_shard_disconnect),
            *(listening.on_message, listening.on_interaction, listening.on_guild_remove),
        ):
            self._connection.event(listener)
        try:
            with explained():
                await self._connection.connect()
        finally:
            await listening.stop()

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()

    # For who listens

    def presses(self, host: Host) -> Presses:
        """Return what answers interactions."""
        rest, catalog, guild = self._rest, self._catalog, self._connection.get_guild
        special = (
            Acting(rest, catalog, self._pause, host.communities, host.members, guild),
            Setup(rest, catalog, host.communities, guild),
        )
        take = partial(self._taken, host)
        return Presses(rest, self._delivery, catalog, take, self._pause, host.communities, special)

    def leaving(self, host: Host) -> Leaving:
        """Return what forgets servers that have removed the bot."""
        return Leaving(host.communities, self._connection)

    def catching_up(self, host: Host) -> CatchUp[int]:
        """Return what reads on after downtime."""

        async def places() -> list[tuple[int, str]]:
            found = [parse.read_cursor(cursor) for cursor in (await host.cursors()).values()]
            # Whoever wrote last is the likeliest to be waiting.
            latest = sorted(found, key=lambda place: place[1], reverse=True)
            return [(channel, str(message)) for channel, message in latest]

        return CatchUp(places, lambda channel, after: self._read(host, channel, int(after)), self._pause)

    async def direct(self, host: Host, message: discord.Message) -> bool:
        """Take a direct message, those of one channel in the order in which they came; say whether it was new."""
        fresh = False
        order = self._orders.setdefault(message.channel.id, asyncio.Lock())
        async with order:
            events = parse.said(message, me=self._me, file=await _pasted(message))
            for arrival in parse.arrivals(message, events, direct=True):
                outcome = await self._taken(host, arrival)
                if outcome is None:
                    # Of several processes that could not keep it, one says so.
                    once = {"nonce": str(message.id), "enforce_nonce": True}
                    await quietly(self._rest.send(message.channel.id, {**render.sorry(self._catalog), **once}))
                else:
                    fresh = outcome.fresh or fresh
        return fresh

    async def mentioned(self, host: Host, message: discord.Message) -> None:
        """Take a message of a server in which the bot is mentioned, and show only that it was noticed."""
        if not any(user.id == self._me for user in message.mentions):
            return
        events = parse.said(message, me=self._me, file=await _pasted(message))
        place = await place_of(host.communities, parse.community(message.guild.id)) if events and message.guild else {}
        for arrival in parse.arrivals(message, events, direct=False, place=place):
            await self._taken(host, arrival)
        if events:
            await quietly(self._rest.react(message.channel.id, message.id, NOTICED))

    async def _taken(self, host: Host, arrival: Arrival) -> Outcome | None:
        """Have a turn made, and return what became of it; None when it cannot be kept, after some tries."""
        for seconds in range(1, TRIES + 1):
            try:
                return await host.take(arrival)
            except Exception:
                log.exception("a turn could not be kept")
            await self._pause(seconds)
        return None

    async def _read(self, host: Host, channel: int, after: int) -> bool:
        """Take what was written in a channel after a message, the oldest first; say whether that is done."""
        place = self._connection.get_partial_messageable(channel)
        lines, whole = 0, True
        try:
            async for message in place.history(limit=MOST_MESSAGES, after=discord.Object(after), oldest_first=True):
                lines += await self.direct(host, message)
        except TROUBLE as error:
            if isinstance(translated(error), TryLaterError):
                host.caught_up(lines, whole=False)
                return False
            # A channel that is gone has nothing to read; anything else is tried again with the next session.
            whole = gone(error)
            if not whole:
                log.warning("a channel could not be read", extra={"fields": {"error": type(error).__name__}})
        host.caught_up(lines, whole=whole)
        return True


class _Listening:
    """The library's listeners, by the names that it calls them by."""

    def __init__(self, platform: Discord, host: Host) -> None:
        self._platform = platform
        self._host = host
        self._presses = platform.presses(host)
        self._catch_up = platform.catching_up(host)
        self._leaving = platform.leaving(host)
        self._stopped = False
        self._under_way: set[asyncio.Task[object]] = set()

    async def stop(self) -> None:
        """Take nothing more, and finish what was. A message is read after the next start; a press is pressed again."""
        self._stopped = True
        await self._catch_up.close()
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def on_shard_connect(self, shard: int) -> None:
        """Read what was written before this session. Direct messages come to the first shard only."""
        await self.on_shard_resumed(shard)
        if self._stopped:
            return
        if shard == 0:
            self._catch_up.begin()
        with self._finished():
            await self._leaving.look(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """Know that a shard is connected."""
        self._platform.shards.add(shard)
        self._host.connected()

    async def on_shard_disconnect(self, shard: int) -> None:
        """Know that a shard is not connected any more."""
        self._platform.shards.discard(shard)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget how a server has set the bot up that removes it; at the end of the process, the next start does it."""
        if self._stopped:
            return
        with self._finished():
            await self._leaving.left(guild.id)

    async def on_message(self, message: discord.Message) -> None:
        """Take a message that somebody wrote to the bot, or in a server in which it is mentioned."""
        if self._stopped:
            return
        with self._finished():
            if isinstance(message.channel, discord.DMChannel):
                if await self._catch_up.before(message.channel.id):
                    await self._platform.direct(self._host, message)
            elif message.guild is not None:
                await self._platform.mentioned(self._host, message)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a press, a slash command or a filled form."""
        if not self._stopped:
            with self._finished():
                await self._presses.handle(interaction)

    @contextmanager
    def _finished(self) -> Iterator[None]:
        """Have the end wait for what the present task does."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for the types
        self._under_way.add(task)
        try:
            yield
        finally:
            self._under_way.discard(task)


async def _pasted(message: discord.Message) -> str | None:
    """Return what was pasted, when Discord has made a file of it."""
    file = None if message.author.bot else parse.readable_file(message)
    if file is None:
        return None
    try:
        return (await file.read()).decode("utf-8", errors="ignore")
    except TROUBLE as error:
        log.warning("a pasted file could not be read", extra={"fields": {"error": type(error).__name__}})
        return None
