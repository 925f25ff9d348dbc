"""What comes in over HTTP, and who is turned away: forged, stale, oversized and malformed requests."""

import asyncio
import json
import logging
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp
import pytest

from adapters.slack.declared import EVENTS_PATH
from adapters.slack.web import LARGEST
from tests.platforms.slack.deliveries import over_http, signed
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import Bot
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel, Json

CANARY = "canaryinthebody"
JSON_KIND, FORM_KIND = "application/json", "application/x-www-form-urlencoded"


async def send(server: Server, body: bytes, headers: dict[str, str], kind: str = JSON_KIND) -> tuple[int, str]:
    """Send a request to the bot, and return status and body of the answer."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.bot_url}{EVENTS_PATH}", data=body, headers={"Content-Type": kind, **headers}) as answer,
    ):
        return answer.status, await answer.text()


def event(ann: Person) -> bytes:
    """Return the body of an event."""
    message = ann.put(f"I got rejected by {CANARY}")
    inner = {"channel": message.channel, "channel_type": "im", **message.payload()}
    return json.dumps(ann.event(inner)).encode()


@pytest.mark.parametrize(
    "forge",
    [
        lambda _body, _at: {},
        lambda _body, at: {"X-Slack-Request-Timestamp": at},
        lambda _body, _at: {"X-Slack-Signature": "v0=abc"},
        lambda body, at: signed(body, at, "another-secret"),
        lambda body, at: signed(body + b" ", at),
        lambda body, at: signed(body, str(int(at) - 301)),
        lambda body, at: signed(body, str(int(at) + 301)),
        lambda body, at: {**signed(body, at), "X-Slack-Request-Timestamp": "soon"},
        lambda body, at: {**signed(body, at), "X-Slack-Request-Timestamp": "9" * 400},
        lambda body, at: {**signed(body, at), "X-Slack-Signature": "v0=\u00e4"},
        lambda body, at: {**signed(body, at), "X-Slack-Signature": ""},
    ],
    ids=range(11),
)
async def test_a_request_of_nobody_we_know_is_refused(
    web_bot: Bot,
    ann: Person,
    server: Server,
    caplog: pytest.LogCaptureFixture,
    forge: Callable[[bytes, str], dict[str, str]],
) -> None:
    """Nothing of it is taken, and nothing of it is in the log."""
    caplog.set_level(logging.DEBUG)
    body = event(ann)
    status, text = await send(server, body, forge(body, str(int(server.world.now()))))
    assert (status, text) == (401, "")
    assert web_bot.host.taken == []
    assert CANARY not in caplog.text
    assert "a request was refused" in caplog.text


async def test_a_request_that_is_sent_again_does_nothing(web_bot: Bot, ann: Person, server: Server) -> None:
    """Within five minutes it is known by its id, after that its signature is too old."""
    body = event(ann)
    headers = signed(body, str(int(server.world.now())))
    assert (await send(server, body, headers))[0] == 200
    await web_bot.settled()
    seen = len(ann.sees())
    assert (await send(server, body, headers))[0] == 200
    await web_bot.settled()
    assert len(ann.sees()) == seen


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", JSON_KIND, 400),
        (b"{", JSON_KIND, 400),
        (b"[]", JSON_KIND, 400),
        (b"null", JSON_KIND, 400),
        (b"\xff\xfe", JSON_KIND, 400),
        (b"[" * 100_000, JSON_KIND, 400),
        (b"payload=%7B", FORM_KIND, 400),
        (b"payload=[]", FORM_KIND, 400),
        (b"&".join([b"a=1"] * 1000), FORM_KIND, 400),
        (b" " * (LARGEST + 1), JSON_KIND, 413),
    ],
    ids=range(10),
)
async def test_a_malformed_body_is_refused(
    web_bot: Bot, ann: Person, server: Server, body: bytes, kind: str, status: int
) -> None:
    """Even with a good signature, and the next request is taken."""
    assert await send(server, body, signed(body, str(int(server.world.now()))), kind) == (status, "")
    await web_bot.took(await ann.writes("hello"))
    assert len(web_bot.host.taken) == 1


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "event_callback"},
        {"type": "event_callback", "team_id": "T", "event": {}},
        {"type": "event_callback", "event": {"type": "message", "channel_type": "im", "user": "U1", "text": "x"}},
        {"type": "block_actions"},
        {"type": "view_submission", "view": {}},
        {"type": "unheard_of"},
        {},
    ],
    ids=range(7),
)
async def test_a_signed_request_with_something_missing_touches_nothing(
    web_bot: Bot, ann: Person, server: Server, payload: Json
) -> None:
    """Whatever it is answered, nothing breaks."""
    if payload.get("type") == "event_callback" or not payload:
        whole = {**payload, "team_id": server.team.id, "authorizations": [{"team_id": server.team.id}]}
        body, kind = json.dumps(whole).encode(), JSON_KIND
    else:
        whole = {**payload, "team": {"id": server.team.id}}
        body, kind = urlencode({"payload": json.dumps(whole)}).encode(), FORM_KIND
    status, _ = await send(server, body, signed(body, str(int(server.world.now()))), kind)
    assert status in {200, 400, 404}
    assert web_bot.host.taken == []
    await web_bot.took(await ann.writes("hello"))


async def test_a_workspace_that_has_not_added_the_app_is_refused(web_bot: Bot, server: Server) -> None:
    """A signature is good for every workspace of the app: the installation decides."""
    other = server.world.add_team("Elsewhere", set())
    eve = Person.new(server, "eve", other)
    for delivery in (await eve.writes("I got rejected"), await eve.uses("plan"), await eve.opens_home()):
        await server.world.until(delivery.done.is_set)
    assert web_bot.host.taken == []
    assert not any(method == "chat.postMessage" for method, _ in server.requests)


async def test_slack_is_told_that_the_address_is_ours(web_bot: Bot, server: Server) -> None:
    """As the portal asks when the address is entered."""
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
    status, text = await send(server, body, signed(body, str(int(server.world.now()))))
    assert status == 200
    assert web_bot.host.taken == []
    assert json.loads(text) == {"challenge": "abc"}


async def test_the_host_sees_counters_where_no_request_of_slack_comes_in(
    web_bot: Bot, ann: Person, server: Server
) -> None:
    """How often, and never who or what; and nothing of it at the address that Slack knows."""
    await web_bot.took(await ann.writes(f"I got rejected by {CANARY}"))
    status, text = await got(f"{web_bot.watched_url}/metrics")
    assert status == 200
    for line in (
        'onward_requests_total{result="taken"} 1.0',
        'onward_turns_total{fresh="true",platform="slack"} 1.0',
        'onward_turn_seconds_count{platform="slack"} 1.0',
        'onward_deliveries_total{kind="none",outcome="delivered",platform="slack"} 2.0',
        'onward_delivery_seconds_count{platform="slack"} 2.0',
        'onward_batch_events_bucket{le="1.0"} 1.0',
        "onward_outbox_letters 0.0",
        'onward_ready{part="slack"} 1.0',
    ):
        assert f"\n{line}\n" in text, line
    assert CANARY not in text
    assert ann.user.id not in text
    assert (await got(f"{server.bot_url}/metrics"))[0] == 404


async def test_whoever_passes_requests_on_sees_beside_them_whether_it_is_ready(web_bot: Bot, server: Server) -> None:
    """A balancer asks where it sends requests to."""
    for address in (server.bot_url, web_bot.watched_url):
        assert await got(f"{address}/healthz") == (200, "ok\n")
        assert await got(f"{address}/readyz") == (200, "ready\n")


async def got(url: str) -> tuple[int, str]:
    """Return the status and the text of a page."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def test_people_who_write_and_press_at_once_are_all_acknowledged_in_time(
    web_bot: Bot, server: Server, town: Channel
) -> None:
    """The server takes three seconds for too long, as Slack does."""
    crowd = [Person.new(server, f"person {number}") for number in range(100)]
    written = await asyncio.gather(*(person.writes("I got rejected") for person in crowd))
    for delivery in written:
        await web_bot.took(delivery)
    pressed = await asyncio.gather(*(person.presses("straight_on") for person in crowd))
    for delivery in pressed:
        await web_bot.took(delivery)
    assert all(delivery.tries == 1 for delivery in (*written, *pressed))
    assert town.messages == {}


def test_the_form_of_a_command_is_the_one_that_slack_sends() -> None:
    """The server of the tests encodes as a browser does."""
    from tests.platforms.slack.deliveries import Delivery  # noqa: PLC0415

    body, kind = over_http(Delivery("E", "slash_commands", {"command": "/plan", "text": "a b&c"}))
    assert (body, kind) == (b"command=%2Fplan&text=a+b%26c", FORM_KIND)
