"""The requests that are sent to Discord, through the library's own client: it knows the limits and waits for them."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from json import JSONDecodeError
from typing import Any

import aiohttp
import discord
from discord.http import Route

from adapters.discord.address import Pressed
from adapters.discord.components import EPHEMERAL, Payload
from adapters.discord.render import File, attached
from adapters.port import Trouble, TryLaterError, UndeliverableError

PATIENCE = aiohttp.ClientTimeout(total=30)
"""After so long without an answer, a request counts as failed for now. It is given to the request itself: cancelled
from outside while the library waits for a global limit to pass, it would leave every later request waiting."""

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, MODAL = 4, 5, 6, 9
"""Answers to an interaction: https://docs.discord.com/developers/interactions/receiving-and-responding"""

PRIVATE_THREAD, A_WEEK = 12, 10080
"""A kind of channel, and the minutes of silence after which it is archived by itself."""

LATEST = 50
"""Messages that are read at once."""

UNREACHABLE: Mapping[int, str] = {
    10003: "the channel is gone",
    10004: "the server is gone",
    10007: "somebody has left the server",
    10013: "the account is gone",
    50001: "the channel cannot be seen",
    50024: "there are no private threads in such a channel",
    50007: "direct messages are closed",
    50013: "a permission is missing there",
    50083: "the room is archived",
    50278: "direct messages are closed: there is no common server",
    160005: "the room is locked",
    160006: "the server has as many open threads as it can have",
}
"""Error codes that no waiting mends: https://docs.discord.com/developers/topics/opcodes-and-status-codes"""

SHUT = frozenset({50007, 50278})
"""Those of them with which somebody lets nothing in."""

ACKNOWLEDGED, EXPIRED = 40060, 10062
TOO_MANY, UNAUTHORIZED, NOT_FOUND = 429, 401, 404
MALFORMED, TOO_LARGE, FAULT = 400, 413, 500
MISSING_PERMISSIONS = 50013
PASSING: Mapping[int, Trouble] = {TOO_MANY: Trouble.LIMIT, UNAUTHORIZED: Trouble.ACCESS}
"""Answers that do not stay as they are: somebody mends the token, or the limit passes. So do all from FAULT on."""

TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError, JSONDecodeError)
"""Everything that a request can fail with; the last one is an answer that is cut off or not Discord's."""


class Rest:
    """Requests of one bot."""

    def __init__(self, http: discord.http.HTTPClient, application: int) -> None:
        """Send requests with a client that is logged in."""
        self._http = http
        self._application = application

    async def send(self, channel: int, payload: Payload, files: Sequence[File] = ()) -> int:
        """Send a message, with the files that it names, and return its id."""
        sent = await self._write(Route("POST", "/channels/{channel_id}/messages", channel_id=channel), payload, files)
        return int(sent["id"])

    async def latest(self, channel: int) -> Sequence[Mapping[str, Any]]:
        """Return the latest messages of a channel, the last one first."""
        return await self._messages(channel)

    async def earliest(self, channel: int) -> Sequence[Mapping[str, Any]]:
        """Return the first messages of a channel."""
        return await self._messages(channel, after=1)

    async def _messages(self, channel: int, **where: int) -> Sequence[Mapping[str, Any]]:
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel)
        found: Sequence[Mapping[str, Any]] = await self._request(route, params={"limit": LATEST, **where})
        return found

    async def edit(self, channel: int, message: int, payload: Payload, files: Sequence[File] = ()) -> None:
        """Change a message of the bot's."""
        path = "/channels/{channel_id}/messages/{message_id}"
        await self._write(Route("PATCH", path, channel_id=channel, message_id=message), payload, files)

    async def delete(self, channel: int, message: int) -> None:
        """Take a message of the bot's back."""
        path = "/channels/{channel_id}/messages/{message_id}"
        await self._request(Route("DELETE", path, channel_id=channel, message_id=message))

    async def typing(self, channel: int) -> None:
        """Show for some seconds that the bot is writing."""
        await self._request(Route("POST", "/channels/{channel_id}/typing", channel_id=channel))

    async def open_direct(self, user: int) -> int:
        """Return the channel of the direct messages with somebody; it is made when there was none."""
        channel = await self._request(Route("POST", "/users/@me/channels"), json={"recipient_id": str(user)})
        return int(channel["id"])

    async def react(self, channel: int, message: int, emoji: str) -> None:
        """Put a reaction under a message."""
        path = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me"
        await self._request(Route("PUT", path, channel_id=channel, message_id=message, emoji=emoji))

    async def guild(self, guild: int) -> Mapping[str, Any]:
        """Return a server that the bot is in, with its roles."""
        found: Mapping[str, Any] = await self._request(Route("GET", "/guilds/{guild_id}", guild_id=guild))
        return found

    async def member(self, guild: int, user: int) -> Mapping[str, Any]:
        """Return somebody in a server."""
        route = Route("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild, user_id=user)
        found: Mapping[str, Any] = await self._request(route)
        return found

    # Threads: https://docs.discord.com/developers/topics/threads

    async def open_private(self, channel: int, name: str) -> int:
        """Open a private thread in a channel, into which nobody but the bot lets people, and return its id."""
        told = {"name": name, "type": PRIVATE_THREAD, "invitable": False, "auto_archive_duration": A_WEEK}
        made = await self._request(Route("POST", "/channels/{channel_id}/threads", channel_id=channel), json=told)
        return int(made["id"])

    async def open_threads(self, guild: int) -> Sequence[Mapping[str, Any]]:
        """Return the threads of a server that are open and that the bot sees."""
        found: Mapping[str, Any] = await self._request(
            Route("GET", "/guilds/{guild_id}/threads/active", guild_id=guild)
        )
        threads: Sequence[Mapping[str, Any]] = found["threads"]
        return threads

    async def let_in(self, thread: int, user: int) -> None:
        """Let somebody into a thread."""
        path = "/channels/{channel_id}/thread-members/{user_id}"
        await self._request(Route("PUT", path, channel_id=thread, user_id=user))

    async def archive(self, thread: int) -> None:
        """Archive a thread of the bot's."""
        await self._request(Route("PATCH", "/channels/{channel_id}", channel_id=thread), json={"archived": True})

    # Interactions

    async def describe_commands(self, commands: Sequence[Payload]) -> None:
        """Have these slash commands, and no others."""
        await self._http.bulk_upsert_global_commands(self._application, list(commands))

    async def acknowledge(self, interaction: Pressed, kind: int, data: Payload | None = None) -> None:
        """Give the first answer to an interaction."""
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        route = Route("POST", path, webhook_id=interaction.id, webhook_token=interaction.token)
        await self._request(route, json={"type": kind, **({"data": data} if data else {})})

    async def acknowledge_unseen(self, interaction: Pressed) -> None:
        """Say that an answer is on its way, which only the person who asked will see."""
        await self.acknowledge(interaction, DEFERRED_MESSAGE, {"flags": EPHEMERAL})

    async def original(self, interaction: Pressed) -> Mapping[str, Any]:
        """Return the message that answers an interaction, or on which it happened."""
        found: Mapping[str, Any] = await self._request(self._original("GET", interaction))
        return found

    async def edit_original(self, interaction: Pressed, payload: Payload, files: Sequence[File] = ()) -> None:
        """Change the message that answers an interaction, or on which it happened; the files are those it names."""
        await self._write(self._original("PATCH", interaction), payload, files)

    async def follow_up(self, interaction: Pressed, payload: Payload, files: Sequence[File] = ()) -> None:
        """Add a message to the answer of an interaction, which only the person who asked sees."""
        path = "/webhooks/{webhook_id}/{webhook_token}"
        route = Route("POST", path, webhook_id=self._application, webhook_token=interaction.token)
        await self._write(route, {**payload, "flags": payload["flags"] | EPHEMERAL}, files)

    async def delete_original(self, interaction: Pressed) -> None:
        """Take the message back that was to answer an interaction."""
        await self._request(self._original("DELETE", interaction))

    def _original(self, method: str, interaction: Pressed) -> Route:
        path = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
        return Route(method, path, webhook_id=self._application, webhook_token=interaction.token)

    async def _write(self, route: Route, payload: Payload, files: Sequence[File]) -> Mapping[str, Any]:
        written: Mapping[str, Any]
        if not files:
            written = await self._request(route, json=payload)
            return written
        opened = [discord.File(BytesIO(one.data), filename=one.name) for one in files]
        form: list[dict[str, Any]] = [
            {"name": "payload_json", "value": discord.utils._to_json(attached(payload, files))},  # noqa: SLF001 - as the library does
            *(
                {"name": f"files[{number}]", "value": file.fp, "filename": one.name, "content_type": one.kind}
                for number, (one, file) in enumerate(zip(files, opened, strict=True))
            ),
        ]
        written = await self._request(route, form=form, files=opened)
        return written

    async def _request(self, route: Route, **options: Any) -> Any:  # noqa: ANN401 - whatever Discord answers
        return await self._http.request(route, timeout=PATIENCE, **options)


def refuses_files(error: discord.HTTPException) -> bool:
    """Say whether a message could arrive if it had no files: they are too large, malformed, or not allowed there."""
    return error.status in {MALFORMED, TOO_LARGE} or error.code == MISSING_PERMISSIONS


def gone(error: Exception) -> bool:
    """Say whether an interaction can no longer be answered: its time is over, or it was never acknowledged."""
    return isinstance(error, discord.HTTPException) and error.status in {UNAUTHORIZED, NOT_FOUND}


def translated(error: Exception) -> Exception:
    """Return what the dispatcher is to do about a request that failed: try later, never again, or be surprised."""
    match error:
        case discord.RateLimited(retry_after=after):
            return TryLaterError("a rate limit", after, Trouble.LIMIT)
        case discord.HTTPException(code=code) if code in UNREACHABLE:
            return UndeliverableError(UNREACHABLE[code], Trouble.SHUT if code in SHUT else Trouble.GONE)
        case discord.HTTPException(status=status) if status in PASSING or status >= FAULT:
            kind = PASSING.get(status, Trouble.FAULT)
            return TryLaterError(f"the answer was {status}", _wait(error.response), kind)
        case discord.HTTPException():
            return error
        case _:
            return TryLaterError(type(error).__name__, kind=Trouble.NETWORK)


def _wait(response: Any) -> float | None:  # noqa: ANN401 - of one of two libraries
    told = response.headers.get("Retry-After", "")
    return float(told) if told.replace(".", "", 1).isdecimal() else None
