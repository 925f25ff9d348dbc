"""The server: REST as documented, strict where Discord is strict, with faults on request."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import time
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.platforms import dates
from tests.platforms.discord import contract, rules
from tests.platforms.discord.gateway import Gateway
from tests.platforms.discord.guilds import Guilds
from tests.platforms.discord.interactions import Interactions
from tests.platforms.discord.messages import Messages
from tests.platforms.discord.requests import Handler, Route, Value, body_of, refuse
from tests.platforms.discord.world import ApiError, Json, World

TOKEN = "bot.token.of-the-tests"


@dataclass
class Fault:
    """What happens to the next requests that fit, instead of what they ask for, or after it."""

    kind: str
    times: int
    path: str = ""
    after: bool = False
    seconds: float = 0.05
    everywhere: bool = False


class Server:
    """A server on loopback. Use it as a context."""

    def __init__(self) -> None:
        """Begin with an empty world."""
        self.world = World(time)
        self.gateway = Gateway(self.world, TOKEN)
        self.messages = Messages(self.world, self.gateway)
        self.requests: list[tuple[str, str, Any]] = []
        self.wrong: list[str] = []
        self.faults: deque[Fault] = deque()
        self.under_way = 0
        self.limit = 1000
        self.permissions = (1 << 10) | (1 << 6) | (1 << 16)
        self.application: Json = {}
        self.without_commands = False
        self.behind = 0.0
        self._used: Counter[str] = Counter()
        self._runner: web.AppRunner | None = None
        self.api_url = ""

    async def __aenter__(self) -> Self:
        """Start."""
        app = web.Application(client_max_size=2**22)
        for method, path, handler in self._routes():
            app.router.add_route(method, f"/api/v10{path}", self._served(handler))
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_get("/files/{name}", self._file)
        dates.tell(app, self)
        # A client keeps idle connections for 15 seconds; a server that closes them earlier would cut requests off.
        self._runner = web.AppRunner(app, keepalive_timeout=75, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.api_url = f"http://127.0.0.1:{port}/api"
        self.gateway.url = f"ws://127.0.0.1:{port}/gateway/"
        self.messages.files_url = f"http://127.0.0.1:{port}/files"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.gateway.close()
        assert self._runner is not None
        await self._runner.cleanup()

    def _routes(self) -> list[Route]:
        return [
            ("GET", "/users/@me", self._me),
            ("GET", "/users/@me/guilds", self._guilds),
            ("GET", "/applications/@me", self._application),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/gateway/bot", self._gateway),
            ("PUT", "/applications/{application}/commands", self._commands),
            ("GET", "/applications/{application}/guilds/{guild}/commands", self._guild_commands),
            *self.messages.routes(),
            *Interactions(self.world, self.messages).routes(),
            *Guilds(self.world, self.gateway).routes(),
        ]

    # Around every request

    def _served(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            self.under_way += 1
            try:
                return await self._answer(request, handler)
            finally:
                self.under_way -= 1
                await self.world.notify()

        return serve

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v10")
        body = await body_of(request)
        self.requests.append((request.method, path, body))
        fault = next((one for one in self.faults if one.path in path), None)
        if fault is not None:
            fault.times -= 1
            if not fault.times:
                self.faults.remove(fault)
            if not fault.after:
                await self.world.notify()
                return await self._fail(request, fault)
        if request.headers.get("Authorization") != f"Bot {self.gateway.token}" and "/interactions/" not in path:
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        self.wrong += [
            f"{request.method} {path}: {told}" for told in contract.wrong(request.method, request.path, body)
        ]
        try:
            status, found = 200, await handler(request, body)
        except ApiError as error:
            status, found = error.status, error.body
        if fault is not None:
            await self.world.notify()
            return await self._fail(request, fault)
        if status == 200 and found is None:
            status = 204
        headers = self._limits(request, path)
        if headers is None:
            return _limited(0.05, everywhere=False)
        return _json(found, status, headers) if status != 204 else web.Response(status=204, headers=headers)

    def _limits(self, request: web.Request, path: str) -> dict[str, str] | None:
        """Return the headers of a bucket. It is so large that tests do not wait; faults make limits felt."""
        bucket = f"{request.method}{path.split('/')[1]}"
        self._used[bucket] += 1
        return {
            "X-RateLimit-Bucket": bucket,
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - 1),
            "X-RateLimit-Reset": str(time() + 1),
            "X-RateLimit-Reset-After": "1",
            "Via": "1.1 loopback",
        }

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        match fault.kind:
            case "429":
                return _limited(fault.seconds, everywhere=fault.everywhere)
            case "reset":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "hang":
                await asyncio.sleep(3600)
                return web.Response()
            case "quotes":
                # As no Discord answers: what was sent comes back, in every place that has text.
                quoted = f"{request.path} {await request.text()}"
                return _json({"message": quoted, "code": quoted, "errors": {"_errors": [{"message": quoted}]}}, 400)
            case "garbled":
                text = f"{{{await request.text()}"
                return web.Response(body=text.encode(), status=502, headers={"Content-Type": "application/json"})
            case status:
                return _json({"message": "fault", "code": 0}, int(status))

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.world.files[request.match_info["name"]])

    # The bot itself

    async def _me(self, _request: web.Request, _body: Value) -> Json:
        return self.world.bot.payload() | {"verified": True, "mfa_enabled": False, "flags": 0, "email": None}

    async def _guilds(self, _request: web.Request, _body: Value) -> list[Json]:
        return [
            {"id": str(guild), "name": name, "icon": None, "owner": False, "permissions": str(self.permissions)}
            for guild, name in self.world.guilds.items()
        ]

    async def _application(self, _request: web.Request, _body: Value) -> Json:
        return {
            "id": str(self.world.bot.id),
            "name": "onward",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "owner": self.world.bot.payload(),
            "team": None,
            "flags": 0,
            "integration_types_config": {"0": {}, "1": {}},
            **self.application,
        }

    async def _gateway(self, _request: web.Request, _body: Value) -> Json:
        limit = {"total": 1000, "remaining": 990, "reset_after": 3600000, "max_concurrency": 1}
        return {"url": self.gateway.url, "shards": self.gateway.shards, "session_start_limit": limit}

    async def _commands(self, _request: web.Request, body: Value) -> list[Json]:
        refuse(rules.commands(body))
        self.world.commands = body
        return [
            {"id": str(number), "application_id": str(self.world.bot.id), "version": "1", **one}
            for number, one in enumerate(body, 1)
        ]

    async def _guild_commands(self, _request: web.Request, _body: Value) -> list[Json]:
        if self.without_commands:
            raise ApiError(403, 50001, "Missing Access")
        return []


def _json(found: Value, status: int, headers: dict[str, str] | None = None) -> web.Response:
    # The library takes nothing but this very content type for JSON.
    told = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(body=json.dumps(found).encode(), status=status, headers=told)


def _limited(seconds: float, *, everywhere: bool) -> web.Response:
    """Return what Discord answers to too many requests: https://docs.discord.com/developers/topics/rate-limits."""
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
    headers = {"Via": "1.1 loopback", "Retry-After": str(seconds)}
    return _json(body, 429, headers)


@asynccontextmanager
async def served() -> AsyncIterator[Server]:
    """Run a server, and see to it at the end that no request was one that Discord's description refuses."""
    async with Server() as server:
        yield server
    assert server.wrong == []
