"""Is the bot set up as it needs to be? What Discord itself says about it, line by line."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import discord
from discord.http import Route

from adapters.discord.connection import Connection
from adapters.discord.errors import explained
from adapters.discord.rest import UNREACHABLE
from adapters.findings import Findings, seconds_ahead

PERMISSIONS = discord.Permissions(view_channel=True, add_reactions=True, read_message_history=True)
"""What the bot needs in a server: to see where it is mentioned, and to leave a reaction there. It writes in private.

What the panel of a community takes beside that, its set-up tells where it is missing (adapters/discord/permissions.py).
"""

SCOPES = ("bot", "applications.commands")
TO_SERVER, TO_PERSON = "0", "1"
FEW_SESSIONS = 50


def invitation(application: int) -> str:
    """Return the link with which somebody who may manage a server adds the bot to it."""
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}"
        f"&scope={'+'.join(SCOPES)}&permissions={PERMISSIONS.value}"
    )


def own_invitation(application: int) -> str:
    """Return the link with which a person adds the bot for themselves, without a server."""
    link = f"https://discord.com/oauth2/authorize?client_id={application}"
    return f"{link}&integration_type={TO_PERSON}&scope=applications.commands"


async def check(connection: Connection, token: str) -> Findings:
    """Ask Discord about the bot that this token is of. Raises DiscordError."""
    with explained():
        return await _check(connection, token)


async def _check(connection: Connection, token: str) -> Findings:
    dates: list[float | None] = []
    connection.http.http_trace = _watching(dates)
    await connection.login(token)
    http = connection.http
    application: Mapping[str, Any] = await http.request(Route("GET", "/applications/@me"))
    shards, _, limit = await http.get_bot_gateway()
    number = int(application["id"])
    name = connection.user.name if connection.user else ""
    told = [
        f"The token is good: it is of {name} (application {number}).",
        f"Sessions left today: {limit['remaining']} of {limit['total']}; shards that Discord suggests: {shards}.",
    ]
    links = (f"Add it to a server: {invitation(number)}", f"Add it for yourself: {own_invitation(number)}")
    wrong = [*_settings(application)]
    guilds: list[Mapping[str, Any]] = await http.request(Route("GET", "/users/@me/guilds"))
    lacking: list[str] = []
    for guild in guilds:
        missing = [*_missing(guild), *(await _without_commands(connection, number, guild))]
        if missing:
            lacking.append(
                f"In the server {guild['name']} it lacks {', '.join(missing)}: add it again with the first link of "
                "'onward check discord'."
            )
    told.append(f"Servers: {len(guilds)}{', each with everything that is needed' if not lacking else ''}.")
    wrong += lacking
    if limit["remaining"] < FEW_SESSIONS:
        wrong.append("Hardly any sessions are left today: something starts the bot again and again.")
    return Findings(told=tuple(told), links=links, wrong=tuple(wrong), ahead=dates[-1] if dates else None)


def _watching(dates: list[float | None]) -> aiohttp.TraceConfig:
    """Return what notes with each answer how far the clocks are apart; the library itself keeps no headers."""

    async def note(_session: object, _context: object, ended: aiohttp.TraceRequestEndParams) -> None:
        dates.append(seconds_ahead(ended.response.headers.get("Date"), datetime.now(UTC)))

    watching = aiohttp.TraceConfig()
    watching.on_request_end.append(note)
    return watching


def _settings(application: Mapping[str, Any]) -> list[str]:
    wrong = []
    if application.get("interactions_endpoint_url"):
        wrong.append(
            "The portal has an Interactions Endpoint URL (General Information): empty it, or no press arrives."
        )
    installs = application.get("integration_types_config") or {}
    wrong += [
        f"{who} cannot be chosen: tick it in the portal under Installation."
        for kind, who in ((TO_SERVER, "Guild Install"), (TO_PERSON, "User Install"))
        if kind not in installs
    ]
    return wrong


def _missing(guild: Mapping[str, Any]) -> list[str]:
    has = discord.Permissions(int(guild["permissions"]))
    if has.administrator:
        return []
    return [f"the permission {name}" for name, needed in PERMISSIONS if needed and not getattr(has, name)]


async def _without_commands(connection: Connection, application: int, guild: Mapping[str, Any]) -> list[str]:
    """Return the scope of slash commands when the bot was added without it: Discord then refuses to list them."""
    try:
        await connection.http.get_guild_commands(application, int(guild["id"]))
    except discord.Forbidden as error:
        if error.code in UNREACHABLE:
            return ["the scope applications.commands"]
        raise
    return []
