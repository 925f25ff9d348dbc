"""What the requests have in common: what came with them, whether they are right, and which channel they are about."""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiohttp import web

from tests.platforms.discord.world import SEND_IN_THREADS, SEND_MESSAGES, VIEW_CHANNEL, ApiError, Channel, World

Value = Any
"""Whatever JSON holds."""
Handler = Callable[[web.Request, Any], Awaitable[Any]]
Route = tuple[str, str, Handler]
"""A method, a path, and what serves it."""

FILES = web.RequestKey("files", dict[str, bytes])
"""The files that came with a request, by their numbers."""


async def body_of(request: web.Request) -> Value:
    """Return what a request says, and keep the files that came with it beside it."""
    request[FILES] = {}
    if request.content_type == "multipart/form-data":
        form = await request.post()
        for name, field in form.items():
            if isinstance(field, web.FileField):
                request[FILES][name.removeprefix("files[").removesuffix("]")] = field.file.read()
        return json.loads(str(form["payload_json"]))
    text = await request.text()
    return json.loads(text) if text else None


def refuse(wrong: Iterable[str]) -> None:
    """Refuse a request with which something is wrong."""
    told = list(wrong)
    if told:
        raise ApiError(400, 50035, "Invalid Form Body", {"_errors": told})


def channel_of(world: World, request: web.Request) -> Channel:
    """Return the channel of a request, if the bot sees it."""
    channel = world.channels.get(int(request.match_info["channel"]))
    if channel is None:
        raise ApiError(404, 10003, "Unknown Channel")
    parent = world.channels[channel.parent] if channel.parent else channel
    if world.bot.id not in channel.members or parent.denied & VIEW_CHANNEL:
        raise ApiError(403, 50001, "Missing Access")
    if channel.guild is not None and channel.guild not in world.guilds:
        raise ApiError(403, 50001, "Missing Access")
    return channel


def may_write(world: World, channel: Channel) -> bool:
    """Say whether the bot may write in a channel."""
    if channel.parent:
        return not world.channels[channel.parent].denied & SEND_IN_THREADS
    return not channel.denied & SEND_MESSAGES
