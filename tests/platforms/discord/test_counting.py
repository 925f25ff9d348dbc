"""What happens on Discord is counted by its kind, and whether it is connected is known."""

from pathlib import Path

import pytest

from adapters.discord.client import _Listening
from tests.platforms.conditions import until
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Fault, Server
from tests.platforms.discord.test_delivery import MESSAGES, post


def counted(bot: Bot, name: str, **labels: str) -> float | None:
    """Return what is counted of Discord."""
    return bot.host.metrics.registry.get_sample_value(f"onward_{name}_total", {"platform": "discord", **labels})


@pytest.mark.parametrize(("fault", "kind"), [("503", "fault"), ("401", "access"), ("reset", "network")])
async def test_a_delivery_that_fails_for_now_is_counted_by_its_kind(
    bot: Bot, ann: Person, server: Server, fault: str, kind: str
) -> None:
    """Whoever looks after it sees whose fault it is, and nothing of what was said."""
    server.faults.append(Fault(fault, 1, MESSAGES))
    await post(bot, ann, "one")
    await bot.app.dispatcher.settled()
    assert counted(bot, "deliveries", outcome="later", kind=kind) == 1
    assert counted(bot, "deliveries", outcome="delivered", kind="none") == 1


async def test_a_delivery_that_can_never_be_is_counted_by_its_kind(bot: Bot, ann: Person, ben: Person) -> None:
    """Somebody who lets nothing in is no fault of anybody's; a channel that is gone is another thing."""
    ann.user.reachable = False
    await post(bot, ann, "one")
    await post(bot, ben, "two", address="dm/12345")
    await bot.app.dispatcher.settled()
    assert counted(bot, "deliveries", outcome="undeliverable", kind="shut") == 1
    assert counted(bot, "deliveries", outcome="undeliverable", kind="gone") == 1


async def test_sessions_are_counted(bot: Bot, server: Server) -> None:
    """Also one that goes on over a new connection, as happens every few hours."""
    await until(bot.platform.connected)
    assert counted(bot, "connections") == 1
    server.gateway.drop()
    await until(lambda: counted(bot, "connections") == 2)
    assert server.gateway.resumed == 1
    assert bot.platform.connected()


async def test_without_all_of_its_shards_it_is_not_connected(server: Server, tmp_path: Path) -> None:
    """Somebody's messages would not be heard."""
    server.gateway.shards = 2
    async with running(server, tmp_path) as bot:
        await until(bot.platform.connected)
        await _Listening(bot.platform, bot.host).on_shard_disconnect(1)
        assert not bot.platform.connected()


async def test_what_was_read_on_is_counted(server: Server, ann: Person, tmp_path: Path) -> None:
    """Channels and new lines; and a channel that could not be read."""
    async with running(server, tmp_path) as bot:
        await bot.took(await ann.writes("rejected by Stark"))
    await ann.writes("tonight")
    await ann.writes("those jerks")
    async with running(server, tmp_path) as bot:
        await until(lambda: counted(bot, "catch_up_channels", outcome="whole") == 1)
        assert counted(bot, "catch_up_lines") == 2
    server.faults.append(Fault("403", 1, f"/channels/{ann.direct.id}/messages"))
    async with running(server, tmp_path) as bot:
        await until(lambda: counted(bot, "catch_up_channels", outcome="broken_off") == 1)
        assert counted(bot, "catch_up_lines") == 0
