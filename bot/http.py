"""The one HTTP server of the process: a platform's requests, and what whoever runs it looks at."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from bot.metrics import Metrics
from bot.settings import SettingsError
from storage.errors import StorageError
from storage.store import Store

UNAVAILABLE = 503


@asynccontextmanager
async def served(
    listen: tuple[str, int], routes: Sequence[web.RouteDef], store: Store, metrics: Metrics, largest: int
) -> AsyncIterator[int]:
    """Serve until the end of the block, where requests that have begun are finished; give the port.

    listen: host and port; port 0 takes any that is free. largest: bytes of a body. Raises SettingsError when the
    address cannot be used.
    """

    async def health(_: web.Request) -> web.Response:
        try:
            await store.next_wake()
        except StorageError:
            return web.Response(status=UNAVAILABLE, text="the database cannot be used\n")
        return web.Response(text="ok\n")

    async def counted(_: web.Request) -> web.Response:
        return web.Response(text=metrics.text())

    app = web.Application(client_max_size=largest)
    app.add_routes([web.get("/healthz", health), web.get("/metrics", counted), *routes])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=10)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, *listen).start()
        except OSError as error:
            msg = f"ONWARD_HTTP__LISTEN is {listen[0]}:{listen[1]}, which cannot be used: {error.strerror}."
            raise SettingsError(msg) from None
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
