"""Messages as the API sends, shows and changes them, with the files under them.

https://docs.discord.com/developers/resources/message
"""

from collections.abc import Sequence

from aiohttp import web

from tests.platforms.discord import rules
from tests.platforms.discord.gateway import DIRECT_MESSAGES, Gateway
from tests.platforms.discord.requests import FILES, Route, Value, channel_of, may_write, refuse
from tests.platforms.discord.world import ApiError, Json, Message, World

NONCE_KNOWN_FOR = 180.0
"""Seconds. The documentation says "the past few minutes"."""


class Messages:
    """The requests about messages and the channels that they are in."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        """Serve what there is, and tell the gateway of what is sent."""
        self._world = world
        self._gateway = gateway
        self.largest = 10 * 1024 * 1024
        self.files_url = ""

    def routes(self) -> list[Route]:
        """Return what is served."""
        return [
            ("POST", "/users/@me/channels", self._open),
            ("POST", "/channels/{channel}/messages", self._send),
            ("GET", "/channels/{channel}/messages", self._history),
            ("DELETE", "/channels/{channel}/messages/{message}", self._delete),
            ("PATCH", "/channels/{channel}/messages/{message}", self._edit),
            ("POST", "/channels/{channel}/typing", self._typing),
            ("PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", self._react),
        ]

    async def _open(self, _request: web.Request, body: Value) -> Json:
        user = int(body["recipient_id"])
        if user not in self._world.users:
            raise ApiError(400, 50033, "Invalid Recipient(s)")
        return self._world.direct(user).payload(self._world)

    async def _send(self, request: web.Request, body: Value) -> Json:
        channel = channel_of(self._world, request)
        if not may_write(self._world, channel):
            raise ApiError(403, 50013, "Missing Permissions")
        if channel.locked:
            raise ApiError(400, 160005, "Thread is locked")
        refuse(rules.message(body, new=True))
        others = [self._world.users[one] for one in channel.members if one != self._world.bot.id]
        if channel.guild is None and not all(user.reachable for user in others):
            raise ApiError(403, 50007, "Cannot send messages to this user")
        nonce = str(body.get("nonce", ""))
        known = self._world.nonces.get((channel.id, nonce))
        if nonce and body.get("enforce_nonce") and known and self._world.now() - known[0] < NONCE_KNOWN_FOR:
            return channel.messages[known[1]].payload(self._world)
        message = self.written(channel.id, body)
        if "attachments" in body:
            message.attachments = self._attached(request, body)
        message.mentions = [
            int(one) for one in body["allowed_mentions"].get("users", ()) if f"<@{one}>" in message.content
        ]
        channel.messages[message.id] = message
        channel.archived = False
        if nonce:
            self._world.nonces[channel.id, nonce] = (self._world.now(), message.id)
        await self._gateway.dispatch(
            "MESSAGE_CREATE", message.payload(self._world), guild=channel.guild, intent=DIRECT_MESSAGES
        )
        return message.payload(self._world)

    def written(self, channel: int, body: Json) -> Message:
        """Return a new message of the bot's, which is nowhere yet."""
        return Message(
            id=self._world.snowflake(),
            channel=channel,
            author=self._world.bot.id,
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
        number = str(self._world.snowflake())
        self._world.files[number] = data
        url = f"{self.files_url}/{number}"
        told = {"size": len(data), "url": url, "proxy_url": url, "description": one.get("description")}
        return {"id": number, "filename": one["filename"], **told}

    async def _history(self, request: web.Request, _body: Value) -> list[Json]:
        channel = channel_of(self._world, request)
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        found = sorted(one.id for one in self._world.visible(channel, self._world.bot.id) if one.id > after)
        found = found[:limit] if after else found[-limit:]
        return [channel.messages[number].payload(self._world) for number in reversed(found)]

    def _own(self, request: web.Request) -> Message:
        """Return a message of the bot's."""
        found = channel_of(self._world, request).messages.get(int(request.match_info["message"]))
        if found is None or found.only_for is not None:
            raise ApiError(404, 10008, "Unknown Message")
        if found.author != self._world.bot.id:
            raise ApiError(403, 50013, "Missing Permissions")
        return found

    async def _delete(self, request: web.Request, _body: Value) -> None:
        found = self._own(request)
        del self._world.channels[found.channel].messages[found.id]

    async def _edit(self, request: web.Request, body: Value) -> Json:
        found = self._own(request)
        refuse(rules.message(body, new=False))
        self.change(request, found, body)
        return found.payload(self._world)

    def change(self, request: web.Request, message: Message, body: Json) -> None:
        """Change a message as a request says."""
        message.content = body.get("content", message.content)
        if "components" in body:
            message.components = _numbered(body["components"])
        if "attachments" in body:
            message.attachments = self._attached(request, body, message.attachments)

    async def _typing(self, request: web.Request, _body: Value) -> None:
        self._world.typed.append(channel_of(self._world, request).id)

    async def _react(self, request: web.Request, _body: Value) -> None:
        message = channel_of(self._world, request).messages.get(int(request.match_info["message"]))
        if message is None:
            raise ApiError(404, 10008, "Unknown Message")
        if request.match_info["emoji"] not in message.reactions:
            message.reactions.append(request.match_info["emoji"])


def _numbered(rows: list[Json]) -> list[Json]:
    """Return components as Discord gives them back: each has got a number."""
    number = iter(range(1, 100))
    return [
        {**row, "id": next(number), "components": [{**one, "id": next(number)} for one in row["components"]]}
        for row in rows
    ]
