"""HTTP: the requests of a platform, and what whoever runs it looks at."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web
from prometheus_client.aiohttp import make_aiohttp_handler

from bot.health import Health
from bot.metrics import Metrics
from bot.settings import Settings, SettingsError

UNAVAILABLE = 503
SMALL = 1024
"""The largest body, in bytes, where none is wanted."""

FINISHED_WITHIN = 1.5
"""Seconds that requests are given at the end. What is not answered by then is brought again, to another process."""


@asynccontextmanager
async def served(
    listen: tuple[str, int], setting: str, routes: Sequence[web.RouteDef], largest: int = SMALL
) -> AsyncIterator[int]:
    """Serve until the end of the block, where requests that have begun are finished; give the port.

    listen: host and port, from a setting; port 0 takes any that is free. largest: bytes of a body. Raises SettingsError
    when the address cannot be used.
    """
    app = web.Application(client_max_size=largest)
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=FINISHED_WITHIN)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, *listen).start()
        except OSError as error:
            msg = f"{setting} is {listen[0]}:{listen[1]}, which cannot be used: {error.strerror}."
            raise SettingsError(msg) from None
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def overseen(settings: Settings, health: Health, metrics: Metrics) -> AsyncIterator[None]:
    """Serve until the end of the block what whoever runs it looks at, where the settings say so. Raises SettingsError.

    Where Slack comes in over HTTP, health is served there too, with its requests.
    """
    async with AsyncExitStack() as opened:
        if settings.metrics_listen is not None:
            routes = [*health_routes(health), metrics_route(health, metrics)]
            await opened.enter_async_context(served(settings.metrics_listen, "ONWARD_HTTP__METRICS_LISTEN", routes))
        if settings.listen is not None and not settings.slack.signing_secret:
            await opened.enter_async_context(served(settings.listen, "ONWARD_HTTP__LISTEN", health_routes(health)))
        yield


def health_routes(health: Health) -> list[web.RouteDef]:
    """Return where it is told whether the process lives, and whether it can take work."""

    async def lives(_: web.Request) -> web.Response:
        return _told("ok", [f"the loop '{name}' has ended" for name in health.ended()])

    async def ready(_: web.Request) -> web.Response:
        return _told("ready", (await health.look()).lacks)

    return [web.get("/healthz", lives), web.get("/readyz", ready)]


def metrics_route(health: Health, metrics: Metrics) -> web.RouteDef:
    """Return where everything is told that was counted."""
    handle = make_aiohttp_handler(metrics.registry)

    async def counted(request: web.Request) -> web.StreamResponse:
        metrics.show(await health.look())
        return await handle(request)

    return web.get("/metrics", counted)


def _told(good: str, lacks: Sequence[str]) -> web.Response:
    if not lacks:
        return web.Response(text=f"{good}\n")
    return web.Response(status=UNAVAILABLE, text="".join(f"{one}\n" for one in lacks))
