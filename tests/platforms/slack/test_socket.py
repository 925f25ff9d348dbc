"""Connections come and go; no line is lost with them."""

import asyncio
from pathlib import Path

import pytest

from adapters.slack.errors import SlackError
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import Bot, running
from tests.platforms.slack.server import Server


async def test_two_connections_share_the_work(bot: Bot, ann: Person, server: Server) -> None:
    """Slack brings each thing over one of them."""
    assert len(server.socket_mode.sockets) == 2
    for line in ("I got rejected by Stark", "tonight", "those jerks", "enough"):
        await bot.took(await ann.writes(line))
    assert len(bot.host.taken) == 4


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets"])
async def test_a_refresh_loses_nothing(bot: Bot, ann: Person, server: Server, reason: str) -> None:
    """What comes meanwhile is taken over a new connection."""
    await bot.took(await ann.writes("I got rejected by Stark"))
    await server.socket_mode.refresh(reason)
    await bot.took(await ann.writes("tonight"))
    await server.world.until(lambda: len(server.socket_mode.sockets) == 2)
    assert len(set(bot.host.taken)) == 2


async def test_a_connection_that_is_replaced_is_listened_to_until_it_ends(
    bot: Bot, ann: Person, server: Server
) -> None:
    """The new one is there before the old one is gone."""
    old = list(server.socket_mode.sockets)
    await server.socket_mode.refresh(close=False)
    await server.world.until(lambda: len(server.socket_mode.sockets) == 2)
    server.socket_mode.sockets = old
    await bot.took(await ann.writes("I got rejected by Stark"))
    assert len(bot.host.taken) == 1


async def test_after_a_cut_it_connects_again_with_a_new_address_each_time(
    bot: Bot, ann: Person, server: Server
) -> None:
    """An address is good for one try; the waits between the tries grow."""
    await bot.took(await ann.writes("I got rejected by Stark"))
    server.socket_mode.refuses = 3
    server.faults.append(Fault("500", 2, "/apps.connections.open"))
    await server.socket_mode.cut()
    await server.world.until(lambda: len(server.socket_mode.sockets) == 2)
    asked = [method for method, _ in server.requests if method == "apps.connections.open"]
    assert len(asked) >= 1 + 2 + 2 + 3 + 2
    await bot.took(await ann.writes("tonight"))
    assert len(set(bot.host.taken)) == 2


async def test_what_was_written_meanwhile_is_read_in_its_order(server: Server, ann: Person, tmp_path: Path) -> None:
    """After a restart and after a cut, in the channel and in the thread in which the talk was."""
    async with running(server, tmp_path) as bot:
        await bot.took(await ann.writes("I got rejected by Stark"))
    for line in ("tonight", "those jerks", "enough"):
        ann.put(line)
    async with running(server, tmp_path) as bot:
        await server.world.until(lambda: len(bot.host.taken) == 3)
        await bot.settled()
        assert (await bot.store.journey(ann.known_as)).step == "sting_before"
        root = ann.put("notes")
        await bot.took(await ann.writes("4", thread=root.ts))
        taken = len(bot.host.taken)
    ann.put("repeat", root.ts)
    async with running(server, tmp_path) as bot:
        await server.world.until(lambda: len(bot.host.taken) >= 1)
        await bot.settled()
        assert ann.sees()[-1].thread == root.ts
        assert taken > 0


async def test_what_comes_while_reading_waits_for_what_was_before(server: Server, ann: Person, tmp_path: Path) -> None:
    """Nothing is answered out of order."""
    async with running(server, tmp_path) as bot:
        await bot.took(await ann.writes("I got rejected by Stark"))
    missed = ann.put("tonight")
    async with running(server, tmp_path) as bot:
        now = await ann.writes("those jerks")
        await bot.took(now)
        assert [one.rpartition("/")[2] for one in bot.host.taken][:2] == [missed.ts, now.payload["event"]["ts"]]


@pytest.mark.parametrize("error", ["channel_not_found", "internal_error", "500"])
async def test_a_channel_that_cannot_be_read_stops_nothing(
    server: Server, ann: Person, ben: Person, tmp_path: Path, error: str
) -> None:
    """Others are read, and what comes is taken."""
    async with running(server, tmp_path) as bot:
        await bot.took(await ann.writes("hello"))
        await bot.took(await ben.writes("hello"))
    server.faults.append(Fault(error, 1, "/conversations.history"))
    ann.put("I got rejected")
    async with running(server, tmp_path) as bot:
        await bot.took(await ben.writes("I got rejected by Stark"))
        assert any("Stark" in message.shown for message in ben.sees())


async def test_what_is_not_acknowledged_comes_again_and_is_taken_once(bot: Bot, ann: Person, server: Server) -> None:
    """The connection was cut after the commit."""
    server.patience = 0.3
    message = ann.put("I got rejected by Stark")
    delivery = ann.tell(message)
    await server.world.until(lambda: bool(bot.host.taken))
    await server.socket_mode.cut()
    await server.world.until(delivery.done.is_set)
    assert delivery.acknowledged >= 1
    await bot.settled()
    assert len([one for one in ann.sees() if one.elements]) == 1


async def test_socket_mode_that_is_switched_off_ends_it_with_one_sentence(bot: Bot, server: Server) -> None:
    """No connection will come: somebody has to switch it on."""
    await server.socket_mode.refresh("link_disabled", close=False)
    await asyncio.wait({bot.serving}, timeout=5)
    with pytest.raises(SlackError, match="switched off"):
        bot.serving.result()


async def test_a_token_that_is_revoked_at_run_time_ends_it_with_one_sentence(bot: Bot, server: Server) -> None:
    """Nothing that was to be sent is lost."""
    server.faults.append(Fault("token_revoked", 2, "/apps.connections.open"))
    await server.socket_mode.cut()
    await asyncio.wait({bot.serving}, timeout=5)
    with pytest.raises(SlackError, match="does not accept the token in ONWARD_SLACK__APP_TOKEN"):
        bot.serving.result()
    server.faults.clear()


@pytest.mark.parametrize("frame", ["", "[]", "nonsense", '{"type":"x"}', '{"envelope_id":"1","type":"events_api"}'])
async def test_frames_that_make_no_sense_are_left_alone(bot: Bot, ann: Person, server: Server, frame: str) -> None:
    """And the next one is taken."""
    for socket in server.socket_mode.sockets:
        await socket.send_str(frame)
    await bot.took(await ann.writes("hello"))
    assert len(bot.host.taken) == 1
