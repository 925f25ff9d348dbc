"""What is brought to the bot, and how it goes over HTTP: signed, as Slack signs it."""

import asyncio
import hmac
import json
from dataclasses import dataclass, field
from hashlib import sha256

import aiohttp

from adapters.slack.declared import EVENTS_PATH
from tests.platforms.slack.world import Json

SECRET = "c0ffee00" * 4
ACKNOWLEDGED_WITHIN = 3.0
"""Seconds: https://docs.slack.dev/apis/events-api/#responding, also for interactivity."""
RETRIES = 3
"""An event is brought again so often: at once, after a minute, after five. Here the waits are left out."""


@dataclass
class Delivery:
    """Something that is brought to the bot, and what came of it."""

    envelope: str
    kind: str
    payload: Json
    tries: int = 0
    acknowledged: int = 0
    after: float | None = None
    answer: Json | None = None
    status: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)


async def post(
    session: aiohttp.ClientSession, url: str, delivery: Delivery, number: int, patience: float, at: float
) -> None:
    """Bring something to an address, and note what came of it. number: how often it was brought before."""
    retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_error"} if number else {}
    body, kind = over_http(delivery)
    headers = {**signed(body, str(int(at))), "Content-Type": kind, **retry}
    try:
        async with session.post(
            f"{url}{EVENTS_PATH}",
            data=body,
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=patience),
        ) as answer:
            delivery.status = answer.status
            text = await answer.text()
            if answer.status == 200:
                delivery.acknowledged += 1
                delivery.answer = json.loads(text) if text.startswith("{") else None
    except (aiohttp.ClientError, TimeoutError):
        delivery.status = 0


def over_http(delivery: Delivery) -> tuple[bytes, str]:
    """Return the body and content type of a delivery over HTTP."""
    form = "application/x-www-form-urlencoded"
    match delivery.kind:
        case "events_api":
            return json.dumps(delivery.payload).encode(), "application/json"
        case "interactive":
            return aiohttp.FormData({"payload": json.dumps(delivery.payload)})()._value, form  # noqa: SLF001
        case _:
            return aiohttp.FormData(delivery.payload)()._value, form  # noqa: SLF001


def signed(body: bytes, at: str, secret: str = SECRET) -> dict[str, str]:
    """Return the headers of a signed request.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    signature = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}
