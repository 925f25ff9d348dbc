"""The gateway: sessions that can be resumed, with everything that goes wrong in them on request.

https://docs.discord.com/developers/events/gateway and .../gateway-events
"""

import json
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.platforms.discord.world import EVERYBODY_MAY, MANAGE_SERVER, TIME_OUT_MEMBERS, Channel, Json, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
BAD_TOKEN, BAD_SEQUENCE, TIMED_OUT, BAD_SHARD, SHARDING_NEEDED, BAD_INTENTS = 4004, 4007, 4009, 4010, 4011, 4014
PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12


MANAGERS, MODERATORS = "managers", "moderators"
"""Roles that every server has here: of those who manage it, and of those who may time members out."""


@dataclass
class Session:
    """What the gateway remembers of a session, so that it can be resumed."""

    id: str
    shard: tuple[int, int]
    intents: int
    socket: "Socket | None" = None
    sequence: int = 0
    events: list[Json] = field(default_factory=list)


class Socket:
    """One connection, compressed as the client asked for."""

    def __init__(self, socket: web.WebSocketResponse, *, compressed: bool) -> None:
        """Wrap a connection."""
        self._socket = socket
        self._deflate = zlib.compressobj() if compressed else None

    async def send(self, payload: Json) -> None:
        """Send one payload, if there is still somebody there."""
        text = json.dumps(payload)
        with suppress(ConnectionError):
            if self._deflate is None:
                await self._socket.send_str(text)
            else:
                packed = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                await self._socket.send_bytes(packed)

    async def close(self, code: int) -> None:
        """Close the connection."""
        await self._socket.close(code=code)

    def drop(self) -> None:
        """Cut the connection without a word, as a network does."""
        transport = self._socket._req.transport if self._socket._req else None  # noqa: SLF001
        if transport is not None:
            transport.abort()


class Gateway:
    """All sessions of the bot."""

    def __init__(self, world: World, token: str) -> None:
        """Accept the sessions of one token."""
        self._world = world
        self.token = token
        self.url = ""
        self.heartbeat_ms = 41250
        self.acknowledges = True
        self.refuses = False
        self.shards = 1
        self.sessions: dict[str, Session] = {}
        self.identified = 0
        self.resumed = 0
        self.beats = 0

    # What happens in the world

    async def dispatch(self, event: str, data: Json, *, guild: int | None, intent: int) -> None:
        """Send an event to each session of its shard that asked for such events; direct messages go to shard 0."""
        for session in list(self.sessions.values()):
            shard, count = session.shard
            if shard == ((guild >> 22) % count if guild else 0) and (session.intents & intent or not intent):
                await self._event(session, event, data)

    async def _event(self, session: Session, event: str, data: Json) -> None:
        session.sequence += 1
        payload = {"op": DISPATCH, "t": event, "s": session.sequence, "d": data}
        session.events.append(payload)
        if session.socket is not None:
            await session.socket.send(payload)

    # What goes wrong

    def drop(self) -> None:
        """Cut all connections without a word. Sessions can be resumed."""
        for socket in self._sockets():
            socket.drop()

    async def ask_to_reconnect(self) -> None:
        """Send op 7 to everybody."""
        for socket in self._sockets():
            await socket.send({"op": RECONNECT, "d": None})

    async def invalidate(self) -> None:
        """End all sessions with op 9: whoever was in them has to begin anew."""
        sockets = self._sockets()
        self.sessions.clear()
        for socket in sockets:
            await socket.send({"op": INVALID, "d": False})

    async def close(self, code: int = WSCloseCode.OK) -> None:
        """Close all connections."""
        for socket in self._sockets():
            await socket.close(code)

    async def revoke(self) -> None:
        """Take the token back."""
        self.token = token_hex()
        await self.close(BAD_TOKEN)

    def _sockets(self) -> list[Socket]:
        return [session.socket for session in self.sessions.values() if session.socket]

    # The protocol

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection."""
        if self.refuses:
            return web.Response(status=503)
        response = web.WebSocketResponse()
        await response.prepare(request)
        socket = Socket(response, compressed=request.query.get("compress") == "zlib-stream")
        await socket.send({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}})
        session: Session | None = None
        async for message in response:
            if message.type is not WSMsgType.TEXT:
                break
            payload: Json = json.loads(message.data)
            match payload["op"]:
                case 1:
                    self.beats += 1
                    if self.acknowledges:
                        await socket.send({"op": ACK})
                case 2:
                    session = await self._identify(socket, payload["d"])
                case 6:
                    session = await self._resume(socket, payload["d"])
            await self._world.notify()
        if session is not None and session.socket is socket:
            session.socket = None
        await self._world.notify()
        return response

    async def _identify(self, socket: Socket, data: Json) -> Session | None:
        if data["token"] != self.token:
            await socket.close(BAD_TOKEN)
            return None
        if data["intents"] & PRIVILEGED:
            await socket.close(BAD_INTENTS)
            return None
        shard, count = data.get("shard", (0, 1))
        if shard >= count:
            await socket.close(BAD_SHARD)
            return None
        if count < self.shards:
            await socket.close(SHARDING_NEEDED)
            return None
        session = Session(token_hex(8), (shard, count), data["intents"], socket)
        self.sessions[session.id] = session
        self.identified += 1
        guilds = [{"id": str(guild), "unavailable": True} for guild in self._guilds(session)]
        ready: dict[str, Any] = {
            "v": 10,
            "user": self._world.bot.payload() | {"verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": guilds,
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [shard, count],
            "application": {"id": str(self._world.bot.id), "flags": 0},
        }
        await self._event(session, "READY", ready)
        for guild in self._guilds(session):
            await self._event(session, "GUILD_CREATE", self.described(guild))
        return session

    def _guilds(self, session: Session) -> list[int]:
        shard, count = session.shard
        return [guild for guild in self._world.guilds if (guild >> 22) % count == shard]

    def roles(self, guild: int) -> list[Json]:
        """Return the roles of a server."""
        world = self._world
        world.role(guild, MANAGERS, MANAGE_SERVER)
        world.role(guild, MODERATORS, TIME_OUT_MEMBERS)
        return [
            _role(guild, "@everyone", EVERYBODY_MAY),
            *(_role(number, name, world.permissions[number]) for number, name in world.roles[guild].items()),
        ]

    def described(self, guild: int) -> Json:
        """Return a server with everything in it."""
        there = [one for one in self._world.channels.values() if one.guild == guild]
        return {
            "id": str(guild),
            "name": self._world.guilds[guild],
            "channels": [one.payload(self._world) for one in there if one.parent is None],
            "roles": self.roles(guild),
            "emojis": [],
            "stickers": [],
            "members": [self._world.member(guild, self._world.bot.id)],
            "threads": [one.payload(self._world) for one in there if one.parent is not None and not one.archived],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "features": [],
            "member_count": 2,
            "large": False,
            "unavailable": False,
            "owner_id": "1",
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "preferred_locale": "en-US",
            "system_channel_flags": 0,
            "premium_progress_bar_enabled": False,
            "afk_timeout": 300,
        }

    async def add_bot(self, guild: int) -> None:
        """Have a server add the bot."""
        await self.dispatch("GUILD_CREATE", self.described(guild), guild=guild, intent=GUILDS)

    async def remove_bot(self, guild: int) -> None:
        """Have a server remove the bot."""
        del self._world.guilds[guild]
        await self.dispatch("GUILD_DELETE", {"id": str(guild)}, guild=guild, intent=GUILDS)

    async def rename(self, guild: int, name: str) -> None:
        """Have a server be called something else."""
        self._world.guilds[guild] = name
        await self.dispatch("GUILD_UPDATE", self.described(guild), guild=guild, intent=GUILDS)

    async def forbid(self, channel: Channel, what: int) -> None:
        """Have nobody in a channel do something any more; 0 allows everything again."""
        channel.denied = what
        await self.dispatch("CHANNEL_UPDATE", channel.payload(self._world), guild=channel.guild, intent=GUILDS)

    async def delete_channel(self, channel: Channel) -> None:
        """Have a server delete a channel."""
        del self._world.channels[channel.id]
        await self.dispatch("CHANNEL_DELETE", channel.payload(self._world), guild=channel.guild, intent=GUILDS)

    async def _resume(self, socket: Socket, data: Json) -> Session | None:
        session = self.sessions.get(data["session_id"] or "")
        if data["token"] != self.token:
            await socket.close(BAD_TOKEN)
            return None
        if session is None:
            await socket.send({"op": INVALID, "d": False})
            return None
        session.socket = socket
        self.resumed += 1
        for event in [event for event in session.events if event["s"] > data["seq"]]:
            await socket.send(event)
        await self._event(session, "RESUMED", {})
        return session


def _role(number: int, name: str, permissions: int) -> Json:
    colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
    told = {"id": str(number), "name": name, "permissions": str(permissions), "color": 0, "colors": colors}
    return told | {"hoist": False, "position": 0, "managed": False, "mentionable": False, "flags": 0}
