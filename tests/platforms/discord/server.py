"""The server: REST as documented, strict where Discord is strict, with faults on request."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import time
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.platforms import dates
from tests.platforms.discord import contract, rules
from tests.platforms.discord.gateway import DIRECT_MESSAGES, Gateway
from tests.platforms.discord.guilds import Guilds, channel_of, may_write, refuse
from tests.platforms.discord.world import (
    EPHEMERAL,
    LOADING,
    ApiError,
    Interaction,
    Json,
    Message,
    World,
)

TOKEN = "bot.token.of-the-tests"
FIRST_ANSWER_WITHIN, OPEN_FOR = 3.0, 15 * 60.0
"""Seconds: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object"""
NONCE_KNOWN_FOR = 180.0
"""Seconds. The documentation says "the past few minutes"."""

Value = Any
"""Whatever JSON holds."""
Handler = Callable[[web.Request, Any], Awaitable[Any]]

FILES = web.RequestKey("files", dict[str, bytes])
"""The files that came with a request, by their numbers."""


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
        self.requests: list[tuple[str, str, Any]] = []
        self.wrong: list[str] = []
        self.faults: deque[Fault] = deque()
        self.under_way = 0
        self.limit = 1000
        self.largest = 10 * 1024 * 1024
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
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.gateway.close()
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def files_url(self) -> str:
        """Where attachments are."""
        return f"{self.api_url.removesuffix('/api')}/files"

    def _routes(self) -> list[tuple[str, str, Handler]]:
        original = "/webhooks/{application}/{token}/messages/@original"
        return [
            ("GET", "/users/@me", self._me),
            ("GET", "/users/@me/guilds", self._guilds),
            ("GET", "/applications/@me", self._application),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/gateway/bot", self._gateway),
            ("PUT", "/applications/{application}/commands", self._commands),
            ("GET", "/applications/{application}/guilds/{guild}/commands", self._guild_commands),
            ("POST", "/users/@me/channels", self._open),
            ("POST", "/channels/{channel}/messages", self._send),
            ("GET", "/channels/{channel}/messages", self._history),
            ("DELETE", "/channels/{channel}/messages/{message}", self._delete),
            ("PATCH", "/channels/{channel}/messages/{message}", self._edit),
            ("POST", "/channels/{channel}/typing", self._typing),
            ("PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", self._react),
            ("POST", "/interactions/{interaction}/{token}/callback", self._callback),
            ("GET", original, self._original),
            ("PATCH", original, self._edit_original),
            ("DELETE", original, self._delete_original),
            ("POST", "/webhooks/{application}/{token}", self._follow_up),
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
        body = await _body(request)
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

    # Messages

    async def _open(self, _request: web.Request, body: Value) -> Json:
        user = int(body["recipient_id"])
        if user not in self.world.users:
            raise ApiError(400, 50033, "Invalid Recipient(s)")
        return self.world.direct(user).payload(self.world)

    async def _send(self, request: web.Request, body: Value) -> Json:
        channel = channel_of(self.world, request)
        if not may_write(self.world, channel):
            raise ApiError(403, 50013, "Missing Permissions")
        if channel.locked:
            raise ApiError(400, 160005, "Thread is locked")
        refuse(rules.message(body, new=True))
        others = [self.world.users[one] for one in channel.members if one != self.world.bot.id]
        if channel.guild is None and not all(user.reachable for user in others):
            raise ApiError(403, 50007, "Cannot send messages to this user")
        nonce = str(body.get("nonce", ""))
        known = self.world.nonces.get((channel.id, nonce))
        if nonce and body.get("enforce_nonce") and known and self.world.now() - known[0] < NONCE_KNOWN_FOR:
            return channel.messages[known[1]].payload(self.world)
        message = self._written(channel.id, body)
        if "attachments" in body:
            message.attachments = self._attached(request, body)
        message.mentions = [
            int(one) for one in body["allowed_mentions"].get("users", ()) if f"<@{one}>" in message.content
        ]
        channel.messages[message.id] = message
        channel.archived = False
        if nonce:
            self.world.nonces[channel.id, nonce] = (self.world.now(), message.id)
        await self.gateway.dispatch(
            "MESSAGE_CREATE", message.payload(self.world), guild=channel.guild, intent=DIRECT_MESSAGES
        )
        return message.payload(self.world)

    def _written(self, channel: int, body: Json) -> Message:
        return Message(
            id=self.world.snowflake(),
            channel=channel,
            author=self.world.bot.id,
            content=body.get("content") or "",
            components=_numbered(body.get("components") or []),
            flags=body.get("flags", 0),
            nonce=body.get("nonce"),
        )

    def _attached(self, request: web.Request, body: Json, before: Sequence[Json] = ()) -> list[Json]:
        """Return the files under a message: those that stay, and those that came with the request."""
        kept = {one["id"]: one for one in before}
        files: dict[str, bytes] = request[FILES]
        if sum(map(len, files.values())) > self.largest:
            raise ApiError(413, 40005, "Request entity too large")
        refuse(rules.attachments(body["attachments"], kept.keys(), files))
        return [kept.get(one["id"]) or self._kept(one, files[one["id"]]) for one in body["attachments"]]

    def _kept(self, one: Json, data: bytes) -> Json:
        number = str(self.world.snowflake())
        self.world.files[number] = data
        url = f"{self.files_url}/{number}"
        told = {"size": len(data), "url": url, "proxy_url": url, "description": one.get("description")}
        return {"id": number, "filename": one["filename"], **told}

    async def _history(self, request: web.Request, _body: Value) -> list[Json]:
        channel = channel_of(self.world, request)
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        found = sorted(one.id for one in self.world.visible(channel, self.world.bot.id) if one.id > after)
        found = found[:limit] if after else found[-limit:]
        return [channel.messages[number].payload(self.world) for number in reversed(found)]

    def _own(self, request: web.Request) -> Message:
        """Return a message of the bot's."""
        found = channel_of(self.world, request).messages.get(int(request.match_info["message"]))
        if found is None or found.only_for is not None:
            raise ApiError(404, 10008, "Unknown Message")
        if found.author != self.world.bot.id:
            raise ApiError(403, 50013, "Missing Permissions")
        return found

    async def _delete(self, request: web.Request, _body: Value) -> None:
        found = self._own(request)
        del self.world.channels[found.channel].messages[found.id]

    async def _edit(self, request: web.Request, body: Value) -> Json:
        found = self._own(request)
        refuse(rules.message(body, new=False))
        self._change(request, found, body)
        return found.payload(self.world)

    def _change(self, request: web.Request, message: Message, body: Json) -> None:
        message.content = body.get("content", message.content)
        if "components" in body:
            message.components = _numbered(body["components"])
        if "attachments" in body:
            message.attachments = self._attached(request, body, message.attachments)

    async def _typing(self, request: web.Request, _body: Value) -> None:
        self.world.typed.append(channel_of(self.world, request).id)

    async def _react(self, request: web.Request, _body: Value) -> None:
        message = channel_of(self.world, request).messages.get(int(request.match_info["message"]))
        if message is None:
            raise ApiError(404, 10008, "Unknown Message")
        if request.match_info["emoji"] not in message.reactions:
            message.reactions.append(request.match_info["emoji"])

    # Interactions

    async def _callback(self, request: web.Request, body: Value) -> None:
        found = self.world.interactions.get(request.match_info["token"])
        age = self.world.now() - found.began if found else 0
        if found is None or str(found.id) != request.match_info["interaction"]:
            raise ApiError(404, 10062, "Unknown interaction")
        if found.answered is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if age > FIRST_ANSWER_WITHIN:
            raise ApiError(404, 10062, "Unknown interaction")
        kind, data = int(body["type"]), body.get("data") or {}
        refuse(rules.callback(kind, data, of=found.kind, on_message=found.source is not None))
        found.answered, found.acknowledged_after = kind, age
        if kind == 9:
            found.modal = data
        elif kind in {6, 7}:
            found.original = found.source
        else:
            message = self._written(found.channel, data)
            message.flags = data.get("flags", 0) | (LOADING if kind == 5 else 0)
            message.only_for = found.user if message.flags & EPHEMERAL else None
            self.world.channels[found.channel].messages[message.id] = message
            found.original = message.id

    def _answered(self, request: web.Request) -> Interaction:
        """Return an interaction that has its first answer and takes others."""
        found = self.world.interactions.get(request.match_info["token"])
        if int(request.match_info["application"]) != self.world.bot.id or found is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        if self.world.now() - found.began > OPEN_FOR:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if found.answered is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        return found

    def _open_interaction(self, request: web.Request) -> tuple[Interaction, Message]:
        found = self._answered(request)
        message = self.world.channels[found.channel].messages.get(found.original or 0)
        if message is None:
            raise ApiError(404, 10008, "Unknown Message")
        return found, message

    async def _original(self, request: web.Request, _body: Value) -> Json:
        return self._open_interaction(request)[1].payload(self.world)

    async def _edit_original(self, request: web.Request, body: Value) -> Json:
        _, message = self._open_interaction(request)
        refuse(rules.message(body, new=False))
        message.flags &= ~LOADING
        self._change(request, message, body)
        return message.payload(self.world)

    async def _delete_original(self, request: web.Request, _body: Value) -> None:
        found, message = self._open_interaction(request)
        del self.world.channels[found.channel].messages[message.id]

    async def _follow_up(self, request: web.Request, body: Value) -> Json:
        found = self._answered(request)
        refuse(rules.message(body, new=True))
        message = self._written(found.channel, body)
        message.only_for = found.user if message.flags & EPHEMERAL else None
        self.world.channels[found.channel].messages[message.id] = message
        return message.payload(self.world)


async def _body(request: web.Request) -> Value:
    request[FILES] = {}
    if request.content_type == "multipart/form-data":
        form = await request.post()
        for name, field in form.items():
            if isinstance(field, web.FileField):
                request[FILES][name.removeprefix("files[").removesuffix("]")] = field.file.read()
        return json.loads(str(form["payload_json"]))
    text = await request.text()
    return json.loads(text) if text else None


def _numbered(rows: list[Json]) -> list[Json]:
    """Return components as Discord gives them back: each has got a number."""
    number = iter(range(1, 100))
    return [
        {**row, "id": next(number), "components": [{**one, "id": next(number)} for one in row["components"]]}
        for row in rows
    ]


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
