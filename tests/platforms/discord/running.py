"""The real bot with the real client, in this process, against the server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from adapters.discord.client import Discord
from adapters.discord.connection import Connection, use_server
from adapters.discord.delivery import Pause
from adapters.port import Arrival, Outcome
from bot import assemble
from bot.assemble import Application
from bot.clock import Clock
from bot.metrics import Metrics
from bot.run import Hosted
from dialogs.catalog import Catalog
from storage.store import Store
from tests.databases import Database, next_wake
from tests.platforms.databases import prepared
from tests.platforms.discord.server import TOKEN, Server
from tests.platforms.discord.world import Interaction, Message

MONDAY_EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SOON = 0.01
"""Seconds until a letter is tried again; half a second would be waited for in earnest."""


async def at_once(_seconds: float) -> None:
    """Wait as little as can be."""
    await asyncio.sleep(0)


class Watched(Hosted):
    """The application, with a list of what it has taken."""

    def __init__(self, app: Application, store: Store, server: Server, metrics: Metrics) -> None:
        """Watch what the platform hands over."""
        self.metrics = metrics
        super().__init__(app, store, Discord.name, metrics)
        self._server = server
        self.taken: list[str] = []

    async def take(self, arrival: Arrival) -> Outcome:
        """Take an arrival, and note it when it is committed."""
        outcome = await super().take(arrival)
        self.taken.append(arrival.id)
        await self._server.world.notify()
        return outcome


class Bot:
    """A running bot."""

    def __init__(
        self,
        server: Server,
        app: Application,
        store: Store,
        clock: Clock,
        host: Watched,
        platform: Discord,
        serving: asyncio.Task[None],
    ) -> None:
        """Take what a test may want to look at."""
        self.platform = platform
        self.serving = serving
        self.server = server
        self.app = app
        self.store = store
        self.clock = clock
        self.host = host

    async def took(self, event: Message | Interaction) -> None:
        """Return when an event is dealt with, and everything that came of it has arrived."""
        await self.server.world.until(lambda: f"{Discord.name}/{event.id}" in self.host.taken)
        await self.settled()

    async def wakes(self) -> None:
        """Let the next thing happen that waits for its time."""
        due = await next_wake(self.store)
        assert due is not None
        self.clock.move_to(due)
        await self.app.scheduler.fire_due(due)
        await self.app.dispatcher.settled()

    async def settled(self) -> None:
        """Return when nothing is under way."""
        while under_way := [one for one in asyncio.all_tasks() if one.get_name().startswith("discord.py: on_")]:
            await asyncio.wait(under_way)
        await self.app.dispatcher.settled()


@asynccontextmanager
async def running(
    server: Server,
    place: Path | Database,
    *,
    now: Callable[[], datetime] = lambda: MONDAY_EVENING,
    connection: Connection | None = None,
    pause: Pause = at_once,
) -> AsyncIterator[Bot]:
    """Run a bot on a database in a folder, or on a server's, until the end of the block."""
    use_server(server.api_url)
    opened = connection or Connection(identify_pause=0, heartbeat_timeout=5)
    settings = await prepared(place)
    before = server.gateway.identified
    try:
        platform = await Discord.log_in(opened, TOKEN, Catalog.load(), {}, pause)
        clock, metrics = Clock(now), Metrics()
        async with (
            assemble.store(settings, upgrade=True) as store,
            assemble.application(
                store, lambda _: platform, clock, Catalog.load(), ["discord:"], metrics=metrics, first_wait=SOON
            ) as app,
        ):
            host = Watched(app, store, server, metrics)
            serving = asyncio.create_task(platform.serve(host))
            await server.world.until(lambda: server.gateway.identified > before or serving.done())
            try:
                yield Bot(server, app, store, clock, host, platform, serving)
            finally:
                serving.cancel()
                await asyncio.wait({serving})
    finally:
        await opened.close()
