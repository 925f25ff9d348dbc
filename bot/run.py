"""`onward run`: serves every platform that is set up, until it is told to stop."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from adapters.communities import Communities
from adapters.members import Members
from adapters.port import Arrival, Outcome, Platform
from bot import assemble, observability, stopping
from bot.assemble import Application
from bot.clock import Clock, real_time
from bot.health import Health
from bot.http import overseen
from bot.metrics import Metrics
from bot.observability import errors_counted
from bot.settings import DiscordSettings, Settings, SettingsError
from dialogs.catalog import Catalog
from dialogs.home import Home, home
from storage.lease import LEASE
from storage.store import Store

if TYPE_CHECKING:
    from adapters.discord.client import Discord
    from adapters.discord.connection import Connection
    from bot.slack import SlackService

Pause = Callable[[float], Awaitable[object]]
"""Waits for so many seconds."""

NOTHING_TO_RUN = (
    "There is nothing to run: set ONWARD_DISCORD__TOKEN, or ONWARD_SLACK__TOKEN and ONWARD_SLACK__APP_TOKEN; "
    "docs/hosting.md says where they are."
)


CODES: Mapping[signal.Signals, int] = {signal.SIGTERM: 0, signal.SIGINT: 128 + signal.SIGINT}
"""How a process ends that was asked to stop."""


class Hosted:
    """The application, as a platform sees it."""

    def __init__(self, app: Application, store: Store, platform: str, metrics: Metrics) -> None:
        """Serve the people of one platform."""
        self._app = app
        self._store = store
        self._platform = platform
        self._metrics = metrics
        self.communities: Communities = store.communities(real_time)
        self.members: Members = app.members

    async def take(self, arrival: Arrival) -> Outcome:
        """Return when the arrival's turn is committed, and what became of it."""
        return await self._metrics.turn(self._platform, self._app.turns.take(arrival))

    @property
    def shared(self) -> bool:
        """Whether other processes may serve the same people: on a server's database they may."""
        return self._store.replica is not None

    async def cursors(self) -> Mapping[str, str]:
        """Return where reading goes on for each person."""
        return await self._store.cursors(self._platform)

    def connected(self) -> None:
        """Take note of a new connection."""
        self._metrics.connected(self._platform)

    def caught_up(self, lines: int, *, whole: bool) -> None:
        """Take note of a channel that was read on: how many new lines were in it, and whether it was read whole."""
        self._metrics.caught_up(self._platform, lines, whole=whole)

    async def home(self, person: str) -> Home:
        """Return what is on somebody's page."""
        return home(await self._store.journey(person), Catalog.load())

    async def purge(self, workspace: str) -> None:
        """Erase everything of a workspace, and of everybody in it."""
        await self._store.purge(f"{self._platform}:{workspace}/")
        await self.communities.remove(f"{self._platform}:{workspace}")


def run(settings: Settings) -> None:
    """Run the command. Raises SettingsError, StorageError, DiscordError, SlackError, and KeyboardInterrupt."""
    observability.set_up(settings.log_level, form=settings.log_format)
    if not settings.platforms:
        raise SettingsError(NOTHING_TO_RUN)
    if asyncio.run(serve(settings)) is signal.SIGINT:
        raise KeyboardInterrupt


async def serve(settings: Settings, pause: Pause = asyncio.sleep, lease: float = LEASE) -> signal.Signals | None:
    """Serve until a signal comes, which is returned, or a platform cannot go on. What was taken is finished.

    pause: waits for so many seconds. lease: seconds after which others take over from this process when it says
    nothing.
    """
    with _signals() as stopped:
        serving = asyncio.create_task(_serve(settings, pause, lease, stopped.done))
        either: set[asyncio.Future[Any]] = {serving, stopped}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if stopped.done():
            serving.cancel()
        await asyncio.wait({serving})
        if not serving.cancelled():
            serving.result()
        return stopped.result() if stopped.done() else None


async def _serve(settings: Settings, pause: Pause, lease: float, is_stopping: Callable[[], bool]) -> None:
    """Serve until cancelled. What was taken is finished then, as far as it ends soon."""
    catalog, metrics = Catalog.load(), Metrics(settings.platforms)
    platforms: dict[str, Platform] = {}
    # The connections are closed last, so that what is on its way still arrives.
    async with AsyncExitStack() as opened:
        health = Health(settings.platforms, is_stopping)
        opened.enter_context(errors_counted(metrics.erred))
        await opened.enter_async_context(overseen(settings, health, metrics))
        # A wrong token is told before anything else is touched.
        discord = await _discord(settings, catalog, pause, opened) if settings.discord.token else None
        slack = await _slack(settings, pause, opened) if settings.slack.wanted else None
        store = await opened.enter_async_context(
            assemble.store(settings, upgrade=settings.database_file is not None, lease=lease)
        )
        await opened.enter_async_context(health.asking(store.outbox_state))
        if discord is not None:
            platforms[discord.name] = discord
            health.connects(discord.name, discord.connected)
        if slack is not None:
            platforms[slack.name] = slack.connect(store, catalog)
            health.connects(slack.name, slack.connected)
        app = await opened.enter_async_context(
            assemble.application(
                store,
                lambda who: platforms.get(who.partition(":")[0]),
                Clock(),
                catalog,
                [f"{name}:" for name in platforms],
                settings.keep_days,
                metrics,
            )
        )
        health.watch(app.loops)
        serving: list[Coroutine[Any, Any, None]] = []
        if discord is not None:
            serving.append(discord.serve(Hosted(app, store, discord.name, metrics)))
        if slack is not None:
            serving.append(slack.serve(Hosted(app, store, slack.name, metrics), store, metrics, health))
        await _all_of(serving)


async def _discord(settings: Settings, catalog: Catalog, pause: Pause, opened: AsyncExitStack) -> "Discord":
    from adapters.discord.client import Discord  # noqa: PLC0415 - the library takes long, and may not be needed

    connected = connection(settings.discord)
    opened.push_async_callback(_closed, connected.close)
    return await Discord.log_in(connected, settings.discord.token, catalog, {}, pause)


def connection(settings: DiscordSettings) -> "Connection":
    """Return a connection to the server of the settings, not open yet."""
    from adapters.discord.connection import Connection, use_server  # noqa: PLC0415 - as above

    use_server(settings.api_url)
    return Connection(shard_count=settings.shards, shard_ids=settings.shard_ids)


async def _slack(settings: Settings, pause: Pause, opened: AsyncExitStack) -> "SlackService":
    from bot.slack import SlackService  # noqa: PLC0415 - as above

    service = SlackService(settings.slack, settings.listen, pause)
    opened.push_async_callback(_closed, service.close)
    await service.log_in()
    return service


@contextmanager
def _signals() -> Iterator[asyncio.Future[signal.Signals]]:
    """Give a future that has the signal by which somebody asked to stop."""
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[signal.Signals] = loop.create_future()

    def stop(which: signal.Signals) -> None:
        if not stopped.done():
            stopped.set_result(which)
            stopping.end_at_last(CODES[which])

    for which in CODES:
        loop.add_signal_handler(which, stop, which)
    try:
        yield stopped
    finally:
        for which in CODES:
            loop.remove_signal_handler(which)


async def _all_of(serving: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Serve until cancelled. Raises what ends one of them before that; the others are ended with it."""
    tasks = {asyncio.create_task(one) for one in serving}
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await stopping.cancelled(tasks, stopping.TAKING)
    for task in ended:
        task.result()


async def _closed(close: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Close a connection, and don't wait for another side that says nothing."""
    await stopping.at_most(stopping.CLOSING, close())
