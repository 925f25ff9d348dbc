"""Socket Mode: Slack brings everything over connections that this process opens, so no public address is needed.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import TROUBLE, error_of
from adapters.slack.delivery import Pause
from adapters.slack.errors import WRONG, SlackError, sentence

CONNECTIONS = 2
"""While one is refreshed, as Slack does every few hours, the other goes on."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
"""Seconds before the second try to connect, and the most; each wait is twice as long as the one before."""

HEARTBEAT = 10.0
"""Seconds of silence after which the other side is asked whether it is there."""

FINISHED_WITHIN = 1.5
"""Seconds that what came in is given at the end. What is not acknowledged by then is brought again."""

OK = 200

log = logging.getLogger(__name__)


class Sockets:
    """Several connections at a time, each replaced when it ends."""

    def __init__(
        self,
        app: AsyncApp,
        client: AsyncWebClient,
        token: str,
        begin: Callable[[], None],
        pause: Pause,
        *,
        noted: Callable[[], None],
        connections: int = CONNECTIONS,
        heartbeat: float = HEARTBEAT,
    ) -> None:
        """Hand what comes in to an app.

        begin: is called when a first connection is there after a time without one. noted: is called for every one.
        """
        self._app = app
        self._client = client
        self._token = token
        self._begin = begin
        self._pause = pause
        self._noted = noted
        self._count = connections
        self._heartbeat = heartbeat
        self._links: set[_Link] = set()
        self._answers: set[asyncio.Task[None]] = set()
        self._stopped = False

    def connected(self) -> bool:
        """Say whether there is a connection over which Slack has said hello."""
        return any(link.greeted for link in self._links)

    async def serve(self) -> None:
        """Serve until cancelled; what was taken is finished. Raises SlackError when it cannot go on."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._count):
                    group.create_task(self._keep_connected())
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            await self._finish()

    async def _keep_connected(self) -> None:
        wait = 0.0
        while True:
            link = await self._connected()
            if link is not None:
                left = asyncio.ensure_future(link.leaving.wait())
                try:
                    await asyncio.wait({link.reading, left}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    left.cancel()
                if link.reading.done():
                    link.reading.result()
            wait = 0.0 if link is not None and link.greeted else min(LONGEST_WAIT, wait * 2 or FIRST_WAIT)
            if wait:
                await self._pause(wait)

    async def _connected(self) -> "_Link | None":
        """Return a new connection, None when there is none yet. Raises SlackError when the token is refused.

        An address is good for one try: each asks for another.
        """
        try:
            answer = await self._client.apps_connections_open(app_token=self._token)
            session = self._client.session
            assert session is not None, "the client is made with a session"  # noqa: S101 - for the types
            connection = await session.ws_connect(str(answer["url"]), heartbeat=self._heartbeat)
        except TROUBLE as error:
            if (name := error_of(error)) in WRONG:
                raise sentence(error, "ONWARD_SLACK__APP_TOKEN") from None
            log.warning("no connection to Slack yet", extra={"fields": {"error": name or type(error).__name__}})
            return None
        link = _Link(connection)
        self._links.add(link)
        link.reading = asyncio.create_task(self._read(link))
        return link

    async def _read(self, link: "_Link") -> None:
        """Read a connection to its end. Raises SlackError when there is to be no other."""
        try:
            async for message in link.connection:
                if message.type is aiohttp.WSMsgType.TEXT and not self._stopped:
                    self._frame(link, _read_json(message.data))
        finally:
            self._links.discard(link)
            await link.connection.close()

    def _frame(self, link: "_Link", frame: dict[str, Any]) -> None:
        match frame.get("type"):
            case "hello":
                if not self.connected():
                    self._begin()
                link.greeted = True
                self._noted()
            case "disconnect" if frame.get("reason") == "link_disabled":
                msg = "Socket Mode is switched off for this app: switch it on at api.slack.com/apps (Socket Mode)."
                raise SlackError(msg)
            case "disconnect":
                # It is replaced first, and listened to until Slack closes it; where there are too many, after a wait.
                link.greeted = frame.get("reason") != "too_many_websockets"
                link.leaving.set()
            case _:
                task = asyncio.create_task(self._answer(link.connection, frame))
                self._answers.add(task)
                task.add_done_callback(self._answers.discard)

    async def _answer(self, connection: aiohttp.ClientWebSocketResponse, frame: dict[str, Any]) -> None:
        """Have an envelope taken, and acknowledge it then; what is not acknowledged comes again."""
        request = SocketModeRequest.from_dict(frame)
        if request is None:
            return
        answer = await run_async_bolt_app(self._app, request)
        if answer.status == OK:
            payload = {"payload": _read_json(answer.body)} if answer.body.startswith("{") else {}
            # When the connection is gone meanwhile, it comes again, and is known.
            with suppress(ConnectionError):
                await connection.send_json({"envelope_id": request.envelope_id, **payload})

    async def _finish(self) -> None:
        """Finish what came in, and close the connections."""
        self._stopped = True
        if self._answers:
            await asyncio.wait(self._answers, timeout=FINISHED_WITHIN)
        readings = {link.reading for link in self._links}
        for reading in readings:
            reading.cancel()
        if readings:
            await asyncio.wait(readings)


class _Link:
    """One connection: whether Slack has said hello on it, and whether it has to be replaced."""

    reading: asyncio.Task[None]

    def __init__(self, connection: aiohttp.ClientWebSocketResponse) -> None:
        self.connection = connection
        self.greeted = False
        self.leaving = asyncio.Event()


def _read_json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
