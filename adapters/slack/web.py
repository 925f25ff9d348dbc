"""Slack over HTTP: signed requests for everything that comes in, and the pages with which a workspace adds the app."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock, SignatureVerifier

from adapters.slack.declared import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH

LARGEST = 512 * 1024
"""The largest body that is read, in bytes: more than anything that Slack sends."""

FORM, MOST_FIELDS = "application/x-www-form-urlencoded", 100

log = logging.getLogger(__name__)

Page = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
"""A page of the library's, with which a workspace adds the app."""

Count = Callable[[str], None]
"""Counts a request by what became of it."""


class Requests:
    """Checks who sent a request, and hands it to the app.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """

    def __init__(self, app: AsyncApp, secret: str, now: Callable[[], float], count: Count) -> None:
        """Check with the app's signing secret. now: seconds since 1970."""
        self._app = app
        self._verifier = SignatureVerifier(secret, _ClockOf(now))
        self._count = count

    def routes(self) -> list[web.RouteDef]:
        """Return where requests are taken."""
        routes = [web.post(EVENTS_PATH, self._event)]
        if (flow := self._app.oauth_flow) is not None:
            routes += [web.get(INSTALL_PATH, self._page(flow.handle_installation))]
            routes += [web.get(REDIRECT_PATH, self._page(flow.handle_callback))]
        return routes

    async def _event(self, request: web.Request) -> web.StreamResponse:
        try:
            body = (await request.read()).decode()
        except web.HTTPRequestEntityTooLarge:
            return self._refused(413, "it is too large")
        except UnicodeDecodeError:
            return self._refused(400, "it is malformed")
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (timestamp.isascii() and timestamp.isdecimal()) or len(timestamp) > len("1700000000000"):
            return self._refused(401, "it has no time stamp")
        # An old request that is sent again is refused here; a fresh one is known by its id, and does nothing.
        if not signature.isascii() or not self._verifier.is_valid(body, timestamp, signature):
            return self._refused(401, "its signature is wrong or old")
        if (payload := parsed(body, request.content_type)) is None:
            return self._refused(400, "it is malformed")
        # The library is given what is parsed and checked already, as it comes over a socket.
        asked = AsyncBoltRequest(body=payload, headers=_headers(request), mode="socket_mode")
        answer = await self._app.async_dispatch(asked)
        self._count("taken" if answer.status == web.HTTPOk.status_code else "failed")
        return await to_aiohttp_response(answer)

    def _refused(self, status: int, reason: str) -> web.Response:
        """Refuse a request; nothing of it is logged but why."""
        self._count("refused")
        log.warning("a request was refused: %s", reason)
        return web.Response(status=status)

    def _page(self, handle: Page) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def page(request: web.Request) -> web.StreamResponse:
            asked = AsyncBoltRequest(body="", query=request.query_string, headers=_headers(request))
            return await to_aiohttp_response(await handle(asked))

        return page


class _ClockOf(Clock):
    """The verifier's clock, from outside."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now()


def _headers(request: web.Request) -> dict[str, str | Sequence[str]]:
    return dict(request.headers)


def parsed(text: str, kind: str) -> dict[str, Any] | None:
    """Return what a body says: an object in JSON, or a form, whose payload is one; None when it is neither."""
    try:
        if kind != FORM:
            return msgspec.json.decode(text, type=dict[str, Any])
        fields = dict(parse_qsl(text, max_num_fields=MOST_FIELDS))
        if "payload" in fields:
            return msgspec.json.decode(fields["payload"], type=dict[str, Any])
    except (ValueError, RecursionError, msgspec.MsgspecError):
        return None
    return fields or None
