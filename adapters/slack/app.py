"""The library's app: it knows what kind of thing comes in, and acknowledges only when the turn is committed."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.client import Listening, Slack
from adapters.slack.parse import RefusedError
from adapters.slack.workspaces import authorized

ALL = re.compile(".*", re.DOTALL)
REFUSED = 400

log = logging.getLogger(__name__)
library = logging.getLogger("slack_bolt")

Handler = Callable[..., Awaitable[Any]]


def app_for(slack: Slack, listening: Listening, oauth: AsyncOAuthFlow | None = None) -> AsyncApp:
    """Return the app of a platform. Signatures are checked before it: see `adapters.slack.web`."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> Any:  # noqa: ANN401 - None is taken too
        return await authorized(slack.workspaces, enterprise_id, team_id)

    app = AsyncApp(
        name="onward",
        logger=library,
        # Otherwise events would be acknowledged before they are committed.
        process_before_response=True,
        authorize=authorize,
        client=slack.client,
        request_verification_enabled=False,
        user_facing_authorize_error_message=slack.catalog.plain("slack.not_installed"),
    )
    if oauth is not None:
        app._async_oauth_flow = oauth  # noqa: SLF001 - it refuses the flow together with an `authorize` of one's own
    _listen(app, listening)
    return app


def _listen(app: AsyncApp, listening: Listening) -> None:
    presses = listening.presses

    async def event(context: AsyncBoltContext, body: dict[str, Any], request: AsyncBoltRequest) -> None:
        retry = str((request.headers.get("x-slack-retry-num") or ["0"])[0])
        await listening.event(body, _workspace(context), int(retry) if retry.isdecimal() else 0)

    async def command(context: AsyncBoltContext, body: dict[str, Any], ack: AsyncAck) -> BoltResponse:
        await presses.command(body, _workspace(context))
        return await ack()

    async def shortcut(context: AsyncBoltContext, body: dict[str, Any], ack: AsyncAck) -> BoltResponse:
        await presses.shortcut(body, _workspace(context))
        return await ack()

    async def press(context: AsyncBoltContext, body: dict[str, Any], ack: AsyncAck) -> BoltResponse:
        await presses.press(body, _workspace(context))
        return await ack()

    async def submit(context: AsyncBoltContext, body: dict[str, Any], ack: AsyncAck) -> BoltResponse:
        return await ack(**await presses.submit(body, _workspace(context)))

    async def refused(error: Exception) -> BoltResponse:
        """Answer what cannot be taken; Slack brings an event again then."""
        if isinstance(error, RefusedError):
            log.warning("refused: %s", error)
            return BoltResponse(status=REFUSED, body="")
        log.error("something that came in could not be taken", exc_info=error)
        return BoltResponse(status=500, body="")

    # The library asks one after another: what comes most often is asked first.
    app.event(ALL)(event)
    app.action(ALL)(press)
    app.view(ALL)(submit)
    app.command(ALL)(command)
    app.shortcut(ALL)(shortcut)
    app.error(refused)


def _workspace(context: AsyncBoltContext) -> str:
    """Return the id by which a workspace is known here."""
    found = context.authorize_result
    return str((found.team_id if found else None) or context.team_id or context.enterprise_id or "")
