"""The requests that are sent to Slack, through the library's own client, and what their failures mean."""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.port import Trouble, TryLaterError, UndeliverableError
from adapters.slack.elements import Payload
from adapters.slack.workspaces import Workspaces

PATIENCE = aiohttp.ClientTimeout(total=30)
"""After so long without an answer, a request counts as failed for now."""

GONE: Mapping[str, str] = {
    "channel_not_found": "the channel is gone",
    "not_in_channel": "the bot is not in the channel",
    "is_archived": "the channel is archived",
    "user_not_found": "the account is gone",
    "users_not_found": "the account is gone",
    "user_not_visible": "the account cannot be seen",
    "user_disabled": "the account is deactivated",
    "cannot_dm_bot": "the account is a bot",
    "user_is_bot": "the account is a bot",
    "invalid_user_combination": "these people cannot be brought together",
    "not_enough_users": "there are not enough people left",
    "method_not_supported_for_channel_type": "it is no channel of that kind",
    "cant_delete_message": "the workspace does not let apps take messages away",
    "compliance_exports_prevent_deletion": "the workspace does not let messages be taken away",
    "restricted_action": "the workspace does not let apps write there",
    "restricted_action_read_only_channel": "the channel takes no messages",
    "ekm_access_denied": "the workspace's administrators have shut this conversation",
    "messages_tab_disabled": "the app's Messages tab is switched off",
}
"""Errors that no waiting mends. https://docs.slack.dev/reference/methods/chat.postMessage#errors"""

SHUT = frozenset(
    {
        "restricted_action",
        "restricted_action_read_only_channel",
        "ekm_access_denied",
        "messages_tab_disabled",
        "cant_delete_message",
        "compliance_exports_prevent_deletion",
    }
)
"""Those of them with which somebody lets nothing in."""

LOCKED_OUT: Mapping[str, str] = {
    "account_inactive": "the bot's account or its workspace is deactivated",
    "invalid_auth": "the token is not valid",
    "not_authed": "there is no token",
    "token_revoked": "the token is revoked",
    "token_expired": "the token is expired",
    "missing_scope": "a scope is missing: add the app again with the manifest of this release",
    "not_allowed_token_type": "it is not a bot token",
    "access_denied": "access is denied",
    "org_login_required": "the workspace is being moved",
    "team_access_not_granted": "the organisation does not let the app into this workspace",
}
"""Errors that somebody has to mend: what is to be sent waits for that."""

LIMITED = frozenset({"ratelimited", "rate_limited"})
BUSY = LIMITED | {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
TOO_MANY, NOT_FOUND, FAULT = 429, 404, 500

NAME, UNKNOWN = re.compile(r"[a-z][a-z0-9_]{0,63}"), "unknown_error"
"""What Slack's names of errors look like, and what stands for any other."""

TROUBLE = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError)
"""Everything that a request can fail with."""


class Api:
    """Requests in the name of the bot, in any workspace that it was added to."""

    def __init__(self, client: AsyncWebClient, workspaces: Workspaces) -> None:
        """Send requests with a client; each gets the token of its workspace."""
        self._client = client
        self._workspaces = workspaces

    async def write(self, workspace: str, method: str, payload: Payload) -> Mapping[str, Any]:
        """Call a method that takes JSON. Raises what is in TROUBLE, and UndeliverableError for a workspace left."""
        return await self._call(workspace, method, json={**payload, "token": await self._token(workspace)})

    async def read(self, workspace: str, method: str, **params: str | int | bool) -> Mapping[str, Any]:
        """Call a method that takes parameters. Raises like `write`."""
        return await self._call(workspace, method, params={"token": await self._token(workspace), **params})

    async def _call(self, workspace: str, method: str, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as it is named
        try:
            answer = await self._client.api_call(method, **asked)
        except SlackApiError as error:
            if error_of(error) in LOCKED_OUT:
                self._workspaces.refused(workspace)
            raise
        data: Mapping[str, Any] = answer.data  # type: ignore[assignment] # it is bytes for files only
        return data

    async def respond(self, url: str, payload: Payload) -> None:
        """Send a message to where a command or press is answered. Raises TROUBLE; `closed` says if it is too late."""
        session = self._client.session
        assert session is not None, "the client is made with a session"  # noqa: S101 - for the types
        async with session.post(url, json=payload) as answer:
            answer.raise_for_status()

    async def upload(self, url: str, data: bytes) -> None:
        """Send the bytes of a file to where Slack asked for them. Raises TROUBLE."""
        session = self._client.session
        assert session is not None, "the client is made with a session"  # noqa: S101 - for the types
        async with session.post(url, data=data, headers={"Content-Type": "application/octet-stream"}) as answer:
            answer.raise_for_status()

    async def name_of(self, workspace: str) -> str:
        """Return how a workspace is called, "" where nobody knows."""
        installed = await self._workspaces.find(workspace)
        return installed.name if installed else ""

    async def _token(self, workspace: str) -> str:
        installed = await self._workspaces.find(workspace)
        if installed is None:
            msg = "the workspace has removed the app"
            raise UndeliverableError(msg)
        return installed.token


def error_of(error: BaseException) -> str:
    """Return Slack's name of what went wrong, "" when there is none.

    In an answer that is not Slack's, anything may stand for the name, also what was sent: that is not passed on.
    """
    name = _told(error, "error")
    return name if NAME.fullmatch(name) or not name else UNKNOWN


def lacks(error: BaseException, scope: str) -> bool:
    """Say whether a request was refused for want of this scope."""
    return error_of(error) == "missing_scope" and scope in _told(error, "needed").split(",")


def _told(error: BaseException, what: str) -> str:
    # Of an answer that is no JSON, the library gives another kind of response, without data.
    data = getattr(error.response, "data", None) if isinstance(error, SlackApiError) else None
    return str(data.get(what) or "") if isinstance(data, dict) else ""


def closed(error: Exception) -> bool:
    """Say whether the place where a press is answered takes nothing more: it was too long ago, or used up."""
    return isinstance(error, aiohttp.ClientResponseError) and error.status == NOT_FOUND


def may_pass(error: Exception) -> bool:
    """Say whether a request that failed may succeed when it is sent again."""
    match error:
        case SlackApiError(response=answer):
            name = error_of(error)
            return name in BUSY or not name or status_of(answer) >= FAULT
        case aiohttp.ClientResponseError(status=status):
            return status == TOO_MANY or status >= FAULT
        case _:
            return True


def raise_translated(error: Exception) -> NoReturn:
    """Raise what the dispatcher is to do about a request that failed: try later, never again, or be surprised."""
    name = error_of(error)
    if name in GONE:
        raise UndeliverableError(GONE[name], Trouble.SHUT if name in SHUT else Trouble.GONE) from None
    if name in LOCKED_OUT:
        raise TryLaterError(LOCKED_OUT[name], kind=Trouble.ACCESS) from None
    if not may_pass(error):
        raise error
    match error:
        case SlackApiError(response=answer):
            told = name or f"the answer was {status_of(answer)}"
            raise TryLaterError(told, _wait(answer.headers), _kind(status_of(answer), name)) from None
        case aiohttp.ClientResponseError(status=status):
            told = f"the answer was {status}"
            raise TryLaterError(told, _wait(error.headers or {}), _kind(status)) from None
        case _:
            raise TryLaterError(type(error).__name__, kind=Trouble.NETWORK) from None


def _kind(status: int, name: str = "") -> Trouble:
    return Trouble.LIMIT if status == TOO_MANY or name in LIMITED else Trouble.FAULT


def status_of(answer: Any) -> int:  # noqa: ANN401 - of one of two libraries
    """Return the HTTP status of an answer."""
    return int(answer.status_code if hasattr(answer, "status_code") else answer.status)


def _wait(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds Slack asks to wait.

    https://docs.slack.dev/apis/web-api/rate-limits
    """
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(told) if told.replace(".", "", 1).isdecimal() else None
