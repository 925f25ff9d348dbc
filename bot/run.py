"""`onward run`: serves every platform that is set up, until it is told to stop."""

import asyncio
import signal
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from adapters.discord.check import Findings, check
from adapters.discord.client import Discord
from adapters.discord.connection import Connection, use_server
from adapters.discord.delivery import Pause
from adapters.port import Arrival, Outcome
from bot import assemble, observability
from bot.assemble import Application
from bot.clock import Clock
from bot.settings import DiscordSettings, Settings, SettingsError
from dialogs.catalog import Catalog
from storage.store import Store

NOTHING_TO_RUN = (
    "There is nothing to run: set ONWARD_DISCORD__TOKEN to a bot's token; docs/hosting.md says where it is."
)


class Hosted:
    """The application, as a platform sees it."""

    def __init__(self, app: Application, store: Store, platform: str) -> None:
        """Serve the people of one platform."""
        self._app = app
        self._store = store
        self._platform = platform

    async def take(self, arrival: Arrival) -> Outcome:
        """Return when the arrival's turn is committed, and what became of it."""
        return await self._app.turns.take(arrival)

    async def cursors(self) -> Mapping[str, str]:
        """Return where reading goes on for each person."""
        return await self._store.cursors(self._platform)


def run(settings: Settings) -> None:
    """Run the command. Raises SettingsError, StorageError, DiscordError, and KeyboardInterrupt."""
    observability.set_up(settings.log_level)
    if not settings.discord.token:
        raise SettingsError(NOTHING_TO_RUN)
    if asyncio.run(serve(settings)) is signal.SIGINT:
        raise KeyboardInterrupt


def check_discord(settings: Settings) -> Findings:
    """Ask Discord whether the bot is set up as it needs to be. Raises SettingsError and DiscordError."""
    if not settings.discord.token:
        raise SettingsError(NOTHING_TO_RUN)

    async def asked() -> Findings:
        opened = connection(settings.discord)
        try:
            return await check(opened, settings.discord.token)
        finally:
            await opened.close()

    observability.set_up(settings.log_level)
    return asyncio.run(asked())


def connection(settings: DiscordSettings) -> Connection:
    """Return a connection to the server of the settings, not open yet."""
    use_server(settings.api_url)
    return Connection(shard_count=settings.shards, shard_ids=settings.shard_ids)


async def serve(settings: Settings, pause: Pause = asyncio.sleep) -> signal.Signals | None:
    """Serve until a signal comes, which is returned, or the platform cannot go on. What was taken is finished.

    pause: waits for so many seconds.
    """
    catalog, opened = Catalog.load(), connection(settings.discord)
    with _signals() as stopped:
        try:
            # A wrong token is told before anything else is touched.
            platform = await Discord.log_in(opened, settings.discord.token, catalog, {}, pause)
            platforms = {platform.name: platform}
            async with (
                assemble.store(settings, upgrade=settings.database_file is not None) as store,
                assemble.application(store, lambda who: platforms.get(who.partition(":")[0]), Clock(), catalog) as app,
            ):
                await _until(stopped, platform.serve(Hosted(app, store, platform.name)))
        finally:
            # The last, so that what is on its way still arrives.
            await opened.close()
        return stopped.result() if stopped.done() else None


@contextmanager
def _signals() -> Iterator[asyncio.Future[signal.Signals]]:
    """Give a future that has the signal by which somebody asked to stop."""
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[signal.Signals] = loop.create_future()

    def stop(which: signal.Signals) -> None:
        if not stopped.done():
            stopped.set_result(which)

    for which in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(which, stop, which)
    try:
        yield stopped
    finally:
        for which in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(which)


async def _until(stopped: asyncio.Future[signal.Signals], serving: Coroutine[None, None, None]) -> None:
    """Serve until somebody asks to stop. Raises what ends the serving before that."""
    task = asyncio.create_task(serving)
    either: set[asyncio.Future[Any]] = {task, stopped}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
    task.cancel()
    await asyncio.wait({task})
