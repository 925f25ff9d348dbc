"""What happens on Slack is counted by its kind, and whether it is connected is known."""

from pathlib import Path

import aiohttp
import pytest

from tests.platforms.conditions import until
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import HTTP, Bot, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.test_delivery import POST, post


def counted(bot: Bot, name: str, **labels: str) -> float | None:
    """Return what is counted of Slack."""
    return bot.host.metrics.registry.get_sample_value(f"onward_{name}_total", {"platform": "slack", **labels})


async def readiness(bot: Bot) -> tuple[int, str]:
    """Return what is told of whether it can take work."""
    async with aiohttp.ClientSession() as session, session.get(f"{bot.watched_url}/readyz") as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("fault", "outcome", "kind"),
    [
        ("429", "later", "limit"),
        ("ratelimited", "later", "limit"),
        ("503", "later", "fault"),
        ("fatal_error", "later", "fault"),
        ("reset", "later", "network"),
        ("missing_scope", "later", "access"),
        ("is_archived", "undeliverable", "gone"),
        ("restricted_action", "undeliverable", "shut"),
        ("msg_too_long", "broken", "none"),
    ],
)
async def test_a_delivery_that_fails_is_counted_by_its_kind(
    bot: Bot, ann: Person, server: Server, fault: str, outcome: str, kind: str
) -> None:
    """Whoever looks after it sees whose fault it is, and nothing of what was said."""
    server.faults.append(Fault(fault, 1, POST))
    await post(bot, ann, "one")
    await bot.app.dispatcher.settled()
    assert counted(bot, "deliveries", outcome=outcome, kind=kind) == 1
    delivered = counted(bot, "deliveries", outcome="delivered", kind="none")
    assert delivered == (0 if outcome == "undeliverable" else 1)


async def test_connections_are_counted_and_without_one_it_is_not_ready(bot: Bot, server: Server) -> None:
    """Until Slack says hello again; then it can take work."""
    assert await readiness(bot) == (200, "ready\n")
    before = counted(bot, "connections")
    assert before == 2
    server.socket_mode.refuses = 1_000_000
    await server.socket_mode.cut()
    await until(lambda: not bot.service.connected())
    assert await readiness(bot) == (503, "slack is not connected\n")
    server.socket_mode.refuses = 0
    await until(lambda: len(server.socket_mode.sockets) == 2)
    await until(bot.service.connected)
    assert await readiness(bot) == (200, "ready\n")
    assert counted(bot, "connections") == before + 2


async def test_what_was_read_on_is_counted(server: Server, ann: Person, tmp_path: Path) -> None:
    """Channels and new lines; and a channel that could not be read."""
    async with running(server, tmp_path) as bot:
        await bot.took(await ann.writes("I got rejected by Stark"))
    ann.put("tonight")
    ann.put("those jerks")
    async with running(server, tmp_path) as bot:
        await until(lambda: counted(bot, "catch_up_channels", outcome="whole") == 1)
        assert counted(bot, "catch_up_lines") == 2
    server.faults.append(Fault("internal_error", 1, "/conversations.history"))
    async with running(server, tmp_path, HTTP) as bot:
        await until(lambda: counted(bot, "catch_up_channels", outcome="broken_off") == 1)
        assert counted(bot, "catch_up_lines") == 0
