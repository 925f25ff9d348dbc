"""Slack, put together: the tokens, the workspaces, and over what it comes in."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from time import monotonic, time
from urllib.parse import urlsplit

import aiohttp
from aiohttp.web import RouteDef
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from adapters.findings import Findings
from adapters.slack.api import PATIENCE
from adapters.slack.app import app_for
from adapters.slack.check import check
from adapters.slack.client import Listening, Slack
from adapters.slack.declared import INSTALL_PATH, REDIRECT_PATH, SCOPES
from adapters.slack.delivery import Pause
from adapters.slack.errors import explained
from adapters.slack.host import Host
from adapters.slack.socket import Sockets
from adapters.slack.web import LARGEST, Requests
from adapters.slack.workspaces import Many, One, Workspaces
from bot.health import Health
from bot.http import health_routes, served
from bot.metrics import Metrics
from bot.settings import SlackSettings
from dialogs.catalog import Catalog
from storage.store import Store

STATE_LASTS = 600
"""Seconds that somebody has to finish adding the app to a workspace."""

library = logging.getLogger("slack_sdk")


class SlackService:
    """Slack from the first look at the tokens to the end."""

    name = Slack.name

    def __init__(
        self,
        settings: SlackSettings,
        listen: tuple[str, int] | None,
        pause: Pause,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        """Use these settings. listen: host and port, where it is served over HTTP. pause: waits for so many seconds."""
        self._settings = settings
        self._listen = listen
        self._pause = pause
        self._ticks = ticks
        self._session = aiohttp.ClientSession(timeout=PATIENCE)
        # Without the library's own retries: they would send a message again without looking whether it has arrived.
        self.client = AsyncWebClient(
            base_url=f"{settings.api_url}/", session=self._session, logger=library, retry_handlers=[]
        )
        self._one: One | None = None
        self._sockets: Sockets | None = None
        self.platform: Slack | None = None
        self.listening: Listening | None = None
        self.listens = asyncio.Event()
        """Is set when HTTP is served, at `port`."""
        self.port = 0

    async def log_in(self) -> None:
        """Ask Slack about the tokens, before anything else is touched. Raises SlackError."""
        if self._settings.token:
            with explained("ONWARD_SLACK__TOKEN"):
                self._one = await One.signed_in(self.client, self._settings.token)
        if self._settings.app_token:
            with explained("ONWARD_SLACK__APP_TOKEN"):
                await self.client.apps_connections_open(app_token=self._settings.app_token)

    async def check(self) -> Findings:
        """Ask Slack whether the app is set up as it needs to be. Raises SlackError."""
        settings = self._settings
        client = (settings.client_id, settings.client_secret) if settings.client_id else None
        return await check(self.client, settings.token, settings.app_token, client, settings.signing_secret)

    def connect(self, store: Store, catalog: Catalog) -> Slack:
        """Return the platform, for whoever delivers letters."""
        workspaces = self._one or self._many(store)
        self.platform = Slack(self.client, workspaces, catalog, self._pause, self._ticks)
        return self.platform

    def _many(self, store: Store) -> Workspaces:
        settings = self._settings
        rotator = AsyncTokenRotator(
            client_id=settings.client_id, client_secret=settings.client_secret, client=self.client
        )
        return Many(store.installations(settings.client_id), rotator, self._ticks)

    def connected(self) -> bool:
        """Say whether it comes in by every way that is set up: over a socket, over HTTP, or both."""
        over_socket = self._sockets is not None and self._sockets.connected()
        over_http = self.listens.is_set()
        settings = self._settings
        return (over_socket or not settings.app_token) and (over_http or not settings.signing_secret)

    async def serve(self, host: Host, store: Store, metrics: Metrics, health: Health) -> None:
        """Take what comes in until cancelled. Raises SlackError and SettingsError."""
        assert self.platform is not None, "connect comes first"  # noqa: S101 - for the types
        self.listening = listening = self.platform.listening(host)
        app = app_for(self.platform, listening, self._oauth(store))
        settings = self._settings
        try:
            async with asyncio.TaskGroup() as group:
                if settings.app_token:
                    begin, token = listening.catch_up.begin, settings.app_token
                    self._sockets = Sockets(app, self.client, token, begin, self._pause, noted=host.connected)
                    group.create_task(self._sockets.serve())
                else:
                    listening.catch_up.begin()
                if settings.signing_secret:
                    requests = Requests(app, settings.signing_secret, time, metrics.requested)
                    group.create_task(self._serve_http([*requests.routes(), *health_routes(health)]))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            await listening.close()

    async def _serve_http(self, routes: Sequence[RouteDef]) -> None:
        assert self._listen is not None, "the settings have it for HTTP"  # noqa: S101 - for the types
        async with served(self._listen, "ONWARD_HTTP__LISTEN", routes, LARGEST) as port:
            self.port = port
            self.listens.set()
            await asyncio.Event().wait()

    def _oauth(self, store: Store) -> AsyncOAuthFlow | None:
        """Return the pages with which a workspace adds the app, when it may be in many."""
        settings = self._settings
        if not settings.client_id:
            return None
        parts = urlsplit(settings.api_url)
        return AsyncOAuthFlow(
            client=self.client,
            logger=library,
            settings=AsyncOAuthSettings(
                client_id=settings.client_id,
                client_secret=settings.client_secret,
                scopes=sorted(SCOPES),
                user_scopes=[],
                install_path=INSTALL_PATH,
                redirect_uri_path=REDIRECT_PATH,
                authorization_url=f"{parts.scheme}://{parts.netloc}/oauth/v2/authorize",
                installation_store=store.installations(settings.client_id),
                installation_store_bot_only=True,
                state_store=store.oauth_states(STATE_LASTS),
                state_expiration_seconds=STATE_LASTS,
                logger=library,
            ),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()
