"""The real bot with the real app, in this process, against the server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from adapters.port import Arrival, Outcome
from adapters.slack.client import Slack
from adapters.slack.homes import QUIET
from bot import assemble
from bot.assemble import Application
from bot.clock import Clock
from bot.health import Health
from bot.http import overseen
from bot.metrics import Metrics
from bot.observability import errors_counted
from bot.run import Hosted
from bot.slack import SlackService
from dialogs.catalog import Catalog
from storage.store import Store
from tests.databases import Database, next_wake
from tests.platforms.databases import prepared
from tests.platforms.ports import free_port
from tests.platforms.slack.deliveries import SECRET, Delivery
from tests.platforms.slack.methods import APP_TOKEN, CLIENT_ID, CLIENT_SECRET
from tests.platforms.slack.server import Server

MONDAY_EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SOON = 0.01
"""Seconds until a letter is tried again; half a second would be waited for in earnest."""
SOCKET, HTTP, MANY = "socket", "http", "many"


def environment(server: Server, mode: str) -> dict[str, str]:
    """Return the settings of a mode: one workspace over Socket Mode or HTTP, or many."""
    found = {"ONWARD_SLACK__API_URL": server.api_url}
    listens = {"ONWARD_HTTP__LISTEN": "127.0.0.1:0", "ONWARD_SLACK__SIGNING_SECRET": SECRET}
    match mode:
        case "socket":
            return {**found, "ONWARD_SLACK__TOKEN": server.team.token, "ONWARD_SLACK__APP_TOKEN": APP_TOKEN}
        case "http":
            return {**found, **listens, "ONWARD_SLACK__TOKEN": server.team.token}
        case _:
            client = {"ONWARD_SLACK__CLIENT_ID": CLIENT_ID, "ONWARD_SLACK__CLIENT_SECRET": CLIENT_SECRET}
            return {**found, **listens, **client}


class Bot:
    """A running bot."""

    def __init__(
        self,
        server: Server,
        app: Application,
        store: Store,
        clock: Clock,
        host: "Watched",
        service: SlackService,
        calm: asyncio.Event,
    ) -> None:
        """Take what a test may want to look at. calm: is set while pages need not wait for anything else."""
        self.server = server
        self.app = app
        self.store = store
        self.clock = clock
        self.host = host
        self.service = service
        self.watched_url = ""
        """Where whoever hosts it looks."""
        self.calm = calm
        self.serving: asyncio.Task[None]

    @property
    def platform(self) -> Slack:
        """The platform."""
        assert self.service.platform is not None
        return self.service.platform

    async def took(self, delivery: Delivery) -> Delivery:
        """Return when something is acknowledged, and everything that came of it has arrived."""
        await self.server.world.until(delivery.done.is_set)
        assert delivery.acknowledged == 1, "it was not acknowledged once"
        assert delivery.after is not None
        assert delivery.after < 3
        await self.settled()
        return delivery

    async def wakes(self) -> None:
        """Let the next thing happen that waits for its time."""
        due = await next_wake(self.store)
        assert due is not None
        self.clock.move_to(due)
        await self.app.scheduler.fire_due(due)
        await self.settled()

    async def settled(self) -> None:
        """Return when nothing is under way."""
        listening = self.service.listening
        assert listening is not None
        await listening.presses.close()
        await self.app.dispatcher.settled()
        self.calm.set()
        await listening.homes.settled()
        self.calm.clear()


class Watched(Hosted):
    """The application, with a list of what it has taken."""

    def __init__(self, app: Application, store: Store, server: Server, metrics: Metrics) -> None:
        """Watch what the platform hands over."""
        self.metrics = metrics
        super().__init__(app, store, Slack.name, metrics)
        self._server = server
        self.taken: list[str] = []
        self.fails = 0

    async def take(self, arrival: Arrival) -> Outcome:
        """Take an arrival, and note it when it is committed; or fail as the database may."""
        if self.fails:
            self.fails -= 1
            raise OSError
        outcome = await super().take(arrival)
        self.taken.append(arrival.id)
        await self._server.world.notify()
        return outcome


@asynccontextmanager
async def running(
    server: Server,
    place: Path | Database,
    mode: str = SOCKET,
    *,
    now: Callable[[], datetime] = lambda: MONDAY_EVENING,
    install: bool = True,
) -> AsyncIterator[Bot]:
    """Run a bot on a database in a folder, or on a server's, until the end of the block."""
    watched_at = f"127.0.0.1:{free_port()}"
    settings = await prepared(place, {**environment(server, mode), "ONWARD_HTTP__METRICS_LISTEN": watched_at})

    calm = asyncio.Event()

    async def pause(seconds: float) -> None:
        """Wait as little as can be; for the server, the time has passed."""
        server.world.moved += seconds if seconds < 2 else 0
        if seconds != QUIET:
            await asyncio.sleep(0)
            return
        # Pages wait a little in earnest, so that what belongs together is shown at once here, too.
        with suppress(TimeoutError):
            async with asyncio.timeout(0.02):
                await calm.wait()

    service = SlackService(settings.slack, settings.listen, pause, server.world.now)
    metrics, health = Metrics(), Health((Slack.name,))
    greeted = server.socket_mode.greeted
    try:
        await service.log_in()
        clock = Clock(now)
        async with AsyncExitStack() as opened:
            opened.enter_context(errors_counted(metrics.erred))
            await opened.enter_async_context(overseen(settings, health, metrics))
            store = await opened.enter_async_context(assemble.store(settings, upgrade=True))
            await opened.enter_async_context(health.asking(store.outbox_state))
            if mode == MANY and install:
                await install_in(server, store)
            platform = service.connect(store, Catalog.load())
            health.connects(Slack.name, service.connected)
            app = await opened.enter_async_context(
                assemble.application(
                    store, lambda _: platform, clock, Catalog.load(), ["slack:"], metrics=metrics, first_wait=SOON
                )
            )
            health.watch(app.loops)
            host = Watched(app, store, server, metrics)
            bot = Bot(server, app, store, clock, host, service, calm)
            bot.serving = asyncio.create_task(service.serve(host, store, metrics, health))
            bot.watched_url = f"http://{watched_at}"
            await _ready(server, service, bot, greeted, mode)
            try:
                yield bot
            finally:
                bot.serving.cancel()
                await asyncio.wait({bot.serving})
    finally:
        server.bot_url = ""
        await service.close()


async def _ready(server: Server, service: SlackService, bot: Bot, greeted: int, mode: str) -> None:
    if mode == SOCKET:
        await server.world.until(lambda: server.socket_mode.greeted >= greeted + 2 or bot.serving.done())
        return
    listening = asyncio.ensure_future(service.listens.wait())
    await asyncio.wait({listening, bot.serving}, return_when=asyncio.FIRST_COMPLETED)
    listening.cancel()
    server.bot_url = f"http://127.0.0.1:{service.port}"


async def install_in(server: Server, store: Store) -> None:
    """Keep an installation of the app in every workspace of the server."""
    from slack_sdk.oauth.installation_store import Installation  # noqa: PLC0415 - as late as in the store

    for team in server.world.teams.values():
        await store.installations(CLIENT_ID).async_save(
            Installation(
                app_id="A1",
                enterprise_id=team.enterprise,
                team_id=team.id,
                team_name=team.name,
                bot_token=team.token,
                bot_id=team.bot_id,
                bot_user_id=team.bot_user,
                bot_scopes=",".join(sorted(team.scopes)),
                user_id="UADMIN",
            )
        )
