"""Servers of communities as the API shows and changes them: who is in them, and private threads.

https://docs.discord.com/developers/topics/threads
"""

from aiohttp import web

from tests.platforms.discord import rules
from tests.platforms.discord.gateway import GUILDS, Gateway
from tests.platforms.discord.requests import Route, Value, channel_of, may_write, refuse
from tests.platforms.discord.world import (
    ANNOUNCEMENTS,
    CREATE_PRIVATE_THREADS,
    PRIVATE_THREAD,
    ApiError,
    Channel,
    Json,
    Message,
    World,
)

SOMEBODY_JOINED = 1
"""The type of a message that says so."""


class Guilds:
    """The requests about servers and their threads."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        """Serve what there is, and tell the gateway of what changes."""
        self._world = world
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """Return what is served."""
        return [
            ("GET", "/guilds/{guild}", self._guild),
            ("GET", "/guilds/{guild}/members/{user}", self._member),
            ("GET", "/guilds/{guild}/threads/active", self._active),
            ("POST", "/channels/{channel}/threads", self._open),
            ("PATCH", "/channels/{channel}", self._change),
            ("PUT", "/channels/{channel}/thread-members/{user}", self._let_in),
            ("DELETE", "/channels/{channel}/thread-members/{user}", self._take_out),
        ]

    def _number(self, request: web.Request) -> int:
        """Return the server of a request, if the bot is in it."""
        guild = int(request.match_info["guild"])
        if guild not in self._world.guilds:
            known = any(one.guild == guild for one in self._world.channels.values())
            raise ApiError(403, 50001, "Missing Access") if known else ApiError(404, 10004, "Unknown Guild")
        return guild

    async def _guild(self, request: web.Request, _body: Value) -> Json:
        guild = self._number(request)
        return self._gateway.described(guild)

    async def _member(self, request: web.Request, _body: Value) -> Json:
        guild, user = self._number(request), int(request.match_info["user"])
        if user not in self._world.users:
            raise ApiError(404, 10013, "Unknown User")
        if not self._world.is_in(guild, user):
            raise ApiError(404, 10007, "Unknown Member")
        return self._world.member(guild, user)

    async def _active(self, request: web.Request, _body: Value) -> Json:
        guild, me = self._number(request), self._world.bot.id
        threads = [one for one in self._world.channels.values() if one.guild == guild and one.type == PRIVATE_THREAD]
        mine = [one for one in threads if me in one.members and not one.archived]
        return {"threads": [one.payload(self._world) for one in mine], "members": [], "has_more": False}

    async def _open(self, request: web.Request, body: Value) -> Json:
        channel = channel_of(self._world, request)
        refuse(rules.thread(body))
        if channel.type == ANNOUNCEMENTS:
            raise ApiError(403, 50024, "Cannot execute action on this channel type")
        if channel.denied & CREATE_PRIVATE_THREADS:
            raise ApiError(403, 50013, "Missing Permissions")
        open_ones = [one for one in self._world.channels.values() if one.parent and not one.archived]
        if len(open_ones) >= self._world.most_threads:
            raise ApiError(400, 160006, "Maximum number of active threads reached")
        thread = self._world.private_thread(channel, body["name"])
        await self._tell("THREAD_CREATE", thread)
        return thread.payload(self._world)

    async def _change(self, request: web.Request, body: Value) -> Json:
        thread = self._thread(request)
        if body.keys() - {"archived"}:
            raise ApiError(403, 50013, "Missing Permissions")
        thread.archived = body["archived"]
        await self._tell("THREAD_UPDATE", thread)
        return thread.payload(self._world)

    def _thread(self, request: web.Request) -> Channel:
        thread = channel_of(self._world, request)
        if thread.type != PRIVATE_THREAD:
            raise ApiError(403, 50024, "Cannot execute action on this channel type")
        return thread

    async def _let_in(self, request: web.Request, _body: Value) -> None:
        thread, user = self._thread(request), int(request.match_info["user"])
        assert thread.guild is not None
        if thread.archived:
            raise ApiError(400, 50083, "Thread is archived")
        if not may_write(self._world, thread):
            raise ApiError(403, 50013, "Missing Permissions")
        if not self._world.is_in(thread.guild, user):
            raise ApiError(404, 10007, "Unknown Member")
        if user not in thread.members:
            thread.members.add(user)
            number, me = self._world.snowflake(), self._world.bot.id
            thread.messages[number] = Message(number, thread.id, me, type=SOMEBODY_JOINED, mentions=[user])

    async def _take_out(self, request: web.Request, _body: Value) -> None:
        thread, user = self._thread(request), int(request.match_info["user"])
        if thread.archived:
            raise ApiError(400, 50083, "Thread is archived")
        if user not in thread.members:
            raise ApiError(404, 10007, "Unknown Member")
        thread.members.discard(user)

    async def _tell(self, event: str, thread: Channel) -> None:
        await self._gateway.dispatch(event, thread.payload(self._world), guild=thread.guild, intent=GUILDS)
