"""The server: Web API, Socket Mode and signed HTTP, strict where Slack is strict, with faults on request."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import time
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from adapters.slack.declared import SCOPES
from tests.platforms import dates
from tests.platforms.slack import rules
from tests.platforms.slack.deliveries import ACKNOWLEDGED_WITHIN, RETRIES, Delivery, post
from tests.platforms.slack.methods import READS, Methods
from tests.platforms.slack.requests import Fault, asked, failed
from tests.platforms.slack.socket_mode import SocketMode
from tests.platforms.slack.world import URL_LASTS, URL_USES, ApiError, Json, Message, World


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
        self.socket_mode = SocketMode(self.world, self.methods.tickets, self.wrong)
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
        app.router.add_get("/link", self.socket_mode.link)
        app.router.add_post("/upload/{name}", self._upload)
        dates.tell(app, self)
        self._runner = web.AppRunner(app, keepalive_timeout=75, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.methods.url = f"{self.url}/link".replace("http", "ws", 1)
        self.methods.files.url = f"{self.url}/upload"
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        for task in self._tasks:
            task.cancel()
        await self.socket_mode.close()
        assert self._runner is not None
        assert self._session is not None
        await self._session.close()
        await self._runner.cleanup()

    # The Web API

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body, token = await asked(request, reads=method in READS)
        self.requests.append((method, body))
        fault = next((one for one in self.faults if one.path in f"/{method}"), None)
        if fault is not None:
            fault.times -= 1
            if not fault.times:
                self.faults.remove(fault)
            if not fault.after:
                await self.world.notify()
                if fault.kind != "hold":
                    return await failed(request, fault)
                await fault.released.wait()
                fault = None
        found, status, headers = self._answer(method, token, body)
        await self.world.notify()
        if fault is not None:
            return await failed(request, fault)
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
            return await failed(request, fault)
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
                return await failed(request, fault)
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
            return await failed(request, fault)
        return web.Response(text="ok")

    # Bringing things to the bot

    def bring(self, kind: str, payload: Json, *, retried: bool = False) -> Delivery:
        """Begin to bring something ("events_api", "interactive", "slash_commands"); events are brought again."""
        delivery = Delivery(self.world.name("E"), kind, payload)
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
                await self.socket_mode.send(delivery, number, self.patience)
            if delivery.acknowledged:
                delivery.after = asyncio.get_running_loop().time() - begun
                break
        delivery.done.set()
        await self.world.notify()

    async def _post(self, delivery: Delivery, number: int) -> None:
        assert self._session is not None
        urls = self.balanced or [self.bot_url]
        url = urls[self._turn % len(urls)]
        self._turn += 1
        await post(self._session, url, delivery, number, self.patience, self.world.now())


@asynccontextmanager
async def served() -> AsyncIterator[Server]:
    """Serve, and find nothing wrong with what was sent at the end."""
    async with Server() as server:
        yield server
        assert not server.wrong, server.wrong
