"""The server: Web API, Socket Mode and signed HTTP, strict where Slack is strict, with faults on request."""

import asyncio
import hmac
import json
from base64 import b64decode
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from time import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from adapters.slack.declared import EVENTS_PATH, SCOPES
from tests.platforms import dates
from tests.platforms.slack import rules
from tests.platforms.slack.methods import READS, Methods
from tests.platforms.slack.world import URL_LASTS, URL_USES, ApiError, Json, Message, World

SECRET = "c0ffee00" * 4
ACKNOWLEDGED_WITHIN = 3.0
"""Seconds: https://docs.slack.dev/apis/events-api/#responding, also for interactivity."""
RETRIES = 3
"""An event is brought again so often: at once, after a minute, after five. Here the waits are left out."""


@dataclass
class Fault:
    """What happens to the next requests that fit, instead of what they ask for, or after it.

    "hold" answers as asked, when `released` is set.
    """

    kind: str
    times: int
    path: str = ""
    after: bool = False
    seconds: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Delivery:
    """Something that is brought to the bot, and what came of it."""

    envelope: str
    kind: str
    payload: Json
    tries: int = 0
    acknowledged: int = 0
    after: float | None = None
    answer: Json | None = None
    status: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Server:
    """A server on loopback. Use it as a context. `bot_url` is where the bot takes HTTP, "" for Socket Mode.

    balanced: where several processes take HTTP, one after another; a retry comes to the next one.
    """

    def __init__(self) -> None:
        """Begin with one workspace."""
        self.world = World(time)
        self.methods = Methods(self.world)
        self.team = self.world.add_team("Job seekers", set(SCOPES))
        self.bot_url = ""
        self.balanced: list[str] = []
        self.requests: list[tuple[str, Any]] = []
        self.wrong: list[str] = []
        self.faults: deque[Fault] = deque()
        self.sockets: list[web.WebSocketResponse] = []
        self.greeted = 0
        self.refuse_sockets = 0
        self.deliveries: dict[str, Delivery] = {}
        self.retrying = True
        self.patience = ACKNOWLEDGED_WITHIN
        self.behind = 0.0
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self.url = ""

    @property
    def api_url(self) -> str:
        """Where the Web API is."""
        return f"{self.url}/api"

    async def __aenter__(self) -> Self:
        """Start."""
        app = web.Application(client_max_size=2**22)
        app.router.add_post("/api/{method}", self._call)
        app.router.add_get("/api/{method}", self._call)
        app.router.add_post("/respond/{name}", self._respond)
        app.router.add_get("/link", self._link)
        app.router.add_post("/upload/{name}", self._upload)
        dates.tell(app, self)
        self._runner = web.AppRunner(app, keepalive_timeout=75, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.methods.url = f"{self.url}/link".replace("http", "ws", 1)
        self.methods.upload_url = f"{self.url}/upload"
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        for task in self._tasks:
            task.cancel()
        for socket in list(self.sockets):
            await socket.close()
        assert self._runner is not None
        assert self._session is not None
        await self._session.close()
        await self._runner.cleanup()

    # The Web API

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body, token = await _asked(request, reads=method in READS)
        self.requests.append((method, body))
        fault = next((one for one in self.faults if one.path in f"/{method}"), None)
        if fault is not None:
            fault.times -= 1
            if not fault.times:
                self.faults.remove(fault)
            if not fault.after:
                await self.world.notify()
                if fault.kind != "hold":
                    return await _failed(request, fault)
                await fault.released.wait()
                fault = None
        found, status, headers = self._answer(method, token, body)
        await self.world.notify()
        if fault is not None:
            return await _failed(request, fault)
        return web.json_response(found, status=status, headers=headers)

    def _answer(self, method: str, token: str, body: Json) -> tuple[Json, int, dict[str, str]]:
        team = self.world.team_of(token)
        headers = {"x-oauth-scopes": ",".join(sorted(team.scopes))} if team else {}
        try:
            return {"ok": True, **self.methods.call(method, token, body)}, 200, headers
        except ApiError as error:
            name = str(error)
            if ": " in name:
                self.wrong.append(f"{method}: {name}")
            if name == "ratelimited":
                return error.body, 429, {"Retry-After": "1", **headers}
            return error.body, 200, headers

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """Take the bytes of a file that was asked for: as many as were said."""
        fault = next((one for one in self.faults if one.path in "/upload"), None)
        if fault is not None:
            return await _failed(request, fault)
        file, data = self.world.files[request.match_info["name"]], await request.read()
        if len(data) != file.length:
            return web.Response(status=400)
        file.data = data
        return web.Response(text=f"OK - {len(data)}")

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(("respond", body))
        fault = next((one for one in self.faults if one.path in "/respond"), None)
        if fault is not None:
            fault.times -= 1
            if not fault.times:
                self.faults.remove(fault)
            if not fault.after:
                await self.world.notify()
                return await _failed(request, fault)
        found = self.world.urls.get(request.match_info["name"])
        if found is None or found.uses >= URL_USES or self.world.now() - found.began > URL_LASTS:
            return web.json_response({"ok": False, "error": "used_url" if found else "no_such_url"}, status=404)
        found.uses += 1
        if wrong := [*rules.message(body)]:
            self.wrong += [f"respond: {one}" for one in wrong]
            return web.json_response({"ok": False, "error": "invalid_blocks"}, status=400)
        channel = self.world.channels[found.channel]
        before = channel.messages.get(found.message)
        if body.get("replace_original") and before is not None:
            before.text, before.blocks = body["text"], body["blocks"]
        else:
            team = self.world.teams[channel.team]
            hidden = body.get("response_type", "ephemeral") == "ephemeral"
            message = Message(
                ts=self.world.ts(),
                channel=channel.id,
                user=team.bot_user,
                bot_id=team.bot_id,
                text=body["text"],
                blocks=body["blocks"],
                only_for=found.user if hidden else "",
            )
            channel.messages[message.ts] = message
        await self.world.notify()
        if fault is not None:
            return await _failed(request, fault)
        return web.Response(text="ok")

    # Bringing things to the bot

    def bring(self, kind: str, payload: Json, *, retried: bool = False) -> Delivery:
        """Begin to bring something ("events_api", "interactive", "slash_commands"); events are brought again."""
        delivery = Delivery(self.world.name("E"), kind, payload)
        self.deliveries[delivery.envelope] = delivery
        task = asyncio.create_task(self._bring(delivery, again=retried or kind == "events_api"))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def _bring(self, delivery: Delivery, *, again: bool) -> None:
        for number in range(RETRIES + 1 if again and self.retrying else 1):
            delivery.tries += 1
            begun = asyncio.get_running_loop().time()
            if self.bot_url or self.balanced:
                await self._post(delivery, number)
            else:
                await self._send(delivery, number)
            if delivery.acknowledged:
                delivery.after = asyncio.get_running_loop().time() - begun
                break
        delivery.done.set()
        await self.world.notify()

    async def _post(self, delivery: Delivery, number: int) -> None:
        assert self._session is not None
        retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_error"} if number else {}
        body, kind = over_http(delivery)
        urls = self.balanced or [self.bot_url]
        url = urls[self._turn % len(urls)]
        self._turn += 1
        headers = {**signed(body, str(int(self.world.now()))), "Content-Type": kind, **retry}
        try:
            async with self._session.post(
                f"{url}{EVENTS_PATH}",
                data=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=self.patience),
            ) as answer:
                delivery.status = answer.status
                text = await answer.text()
                if answer.status == 200:
                    delivery.acknowledged += 1
                    delivery.answer = json.loads(text) if text.startswith("{") else None
        except (aiohttp.ClientError, TimeoutError):
            delivery.status = 0

    async def _send(self, delivery: Delivery, number: int) -> None:
        try:
            await self.world.until(lambda: bool(self.sockets), self.patience)
        except TimeoutError:
            return
        socket = self.sockets[self._turn % len(self.sockets)]
        self._turn += 1
        events = delivery.kind == "events_api"
        frame = {
            "envelope_id": delivery.envelope,
            "type": delivery.kind,
            "accepts_response_payload": not events,
            "payload": delivery.payload,
            **({"retry_attempt": number, "retry_reason": "timeout" if number else ""} if events else {}),
        }
        try:
            await socket.send_json(frame)
            await self.world.until(lambda: bool(delivery.acknowledged) or socket.closed, self.patience)
        except (TimeoutError, ConnectionError):
            return

    # Socket Mode

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.methods.tickets or self.refuse_sockets:
            self.methods.tickets.discard(ticket)
            self.refuse_sockets = max(0, self.refuse_sockets - 1)
            return web.Response(status=403)
        self.methods.tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets) + 1, "connection_info": {}})
        self.sockets.append(socket)
        self.greeted += 1
        await self.world.notify()
        try:
            async for message in socket:
                await self._heard(json.loads(message.data))
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
            await self.world.notify()
        return socket

    async def _heard(self, frame: Json) -> None:
        delivery = self.deliveries[frame["envelope_id"]]
        delivery.acknowledged += 1
        if delivery.acknowledged > delivery.tries:
            self.wrong.append("an envelope was acknowledged twice")
        delivery.answer = frame.get("payload")
        await self.world.notify()

    async def refresh(self, reason: str = "refresh_requested", *, close: bool = True) -> None:
        """Have the bot replace the connections that there are now."""
        old = list(self.sockets)
        for socket in old:
            self.sockets.remove(socket)
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
        if close:
            for socket in old:
                await socket.close()

    async def cut(self) -> None:
        """Cut all connections without a word."""
        for socket in list(self.sockets):
            assert socket._req is not None  # noqa: SLF001 - there is no other way to its transport
            assert socket._req.transport is not None  # noqa: SLF001
            socket._req.transport.abort()  # noqa: SLF001
        await self.world.until(lambda: not self.sockets)


def over_http(delivery: Delivery) -> tuple[bytes, str]:
    """Return the body and content type of a delivery over HTTP."""
    form = "application/x-www-form-urlencoded"
    match delivery.kind:
        case "events_api":
            return json.dumps(delivery.payload).encode(), "application/json"
        case "interactive":
            return aiohttp.FormData({"payload": json.dumps(delivery.payload)})()._value, form  # noqa: SLF001
        case _:
            return aiohttp.FormData(delivery.payload)()._value, form  # noqa: SLF001


def signed(body: bytes, at: str, secret: str = SECRET) -> dict[str, str]:
    """Return the headers of a signed request.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    signature = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}


async def _asked(request: web.Request, *, reads: bool) -> tuple[Json, str]:
    """Return what is asked, and with which token. Methods that read take no JSON, as Slack's do not."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found: Mapping[str, Any] = dict(request.query)
    if kind == "Basic":
        name, _, secret = b64decode(token).decode().partition(":")
        found = {**found, "client_id": name, "client_secret": secret}
    raw = await request.read()
    if request.content_type == "application/json":
        found = {**found, **({} if reads or not raw else json.loads(raw))}
    elif raw:
        found = {**found, **dict(parse_qsl(raw.decode()))}
    return dict(found), token


async def _failed(request: web.Request, fault: Fault) -> web.StreamResponse:
    match fault.kind:
        case "429":
            headers = {"Retry-After": str(fault.seconds)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        case "reset":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        case "hang":
            await asyncio.sleep(3600)
            return web.Response()
        case "quotes" | "garbled":
            # As no Slack answers: what was sent comes back, as the name of the error or as no JSON at all.
            sent = f"{request.path} {await request.text()}"
            text = json.dumps({"ok": False, "error": sent}) if fault.kind == "quotes" else f"{{{sent}"
            return web.Response(text=text, content_type="application/json")
        case kind if kind.isdecimal():
            return web.Response(status=int(kind), text="<html>a fault</html>", content_type="text/html")
        case name:
            return web.json_response({"ok": False, "error": name})


@asynccontextmanager
async def served() -> AsyncIterator[Server]:
    """Serve, and find nothing wrong with what was sent at the end."""
    async with Server() as server:
        yield server
        assert not server.wrong, server.wrong
