"""What all requests have in common: what came with them, what fails on request, and which channel they are about."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.platforms.slack.world import Channel, Json, Team, World, refuse

Method = Callable[[Team, Json], Json]
"""Answers what a workspace asks. Raises ApiError."""


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


async def asked(request: web.Request, *, reads: bool) -> tuple[Json, str]:
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


async def failed(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Answer as a fault has it, or not at all."""
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


def channel_of(world: World, team: Team, name: str) -> Channel:
    """Return a channel that the bot of a workspace is in. Raises ApiError."""
    channel = world.channels.get(name)
    if channel is None or channel.team != team.id:
        refuse("channel_not_found")
    if team.bot_user not in channel.members:
        refuse("not_in_channel" if channel.kind in {"channel", "private"} else "channel_not_found")
    if channel.refuses:
        refuse(channel.refuses)
    return channel


def check_scope(team: Team, scope: str) -> None:
    """Refuse what a workspace has not allowed."""
    if scope not in team.scopes:
        refuse("missing_scope", needed=scope)
