"""Sockets drop: sessions resume, begin anew, and end; nothing that was written is lost or answered twice."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from adapters.discord.connection import Connection
from adapters.discord.errors import DiscordError
from storage.communities import Communities
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Fault, Server
from tests.platforms.discord.world import Channel


async def test_a_cut_connection_is_resumed_and_nothing_is_missed(bot: Bot, ann: Person, server: Server) -> None:
    """What was written meanwhile comes with the resumed session."""
    await bot.took(await ann.writes("rejected by Stark"))
    server.gateway.drop()
    await server.world.until(lambda: all(one.socket is None for one in server.gateway.sessions.values()))
    line = await ann.writes("tonight")
    await bot.took(line)
    assert server.gateway.resumed == 1
    assert server.gateway.identified == 1
    assert ann.last().content.count("?") >= 0
    assert bot.host.taken[-1] == f"discord/{line.id}"


async def test_a_request_to_reconnect_is_followed(bot: Bot, ann: Person, server: Server) -> None:
    """Op 7: Discord moves connections when it likes."""
    await server.gateway.ask_to_reconnect()
    await server.world.until(lambda: server.gateway.resumed == 1)
    await bot.took(await ann.writes("rejected by Stark"))
    assert len(ann.sees()) == 2


async def test_a_session_that_is_declared_invalid_begins_anew_and_reads_what_it_missed(
    bot: Bot, ann: Person, server: Server
) -> None:
    """Op 9: nothing of before is sent again, so the direct messages are read."""
    await bot.took(await ann.writes("rejected by Stark"))
    await server.gateway.invalidate()
    line = await ann.writes("tonight")
    await bot.took(line)
    assert server.gateway.identified == 2
    assert bot.host.taken.count(f"discord/{line.id}") == 1


async def test_a_connection_without_heartbeats_is_left(ann: Person, server: Server, tmp_path: Path) -> None:
    """A server that no longer answers is noticed, and the session resumed over a new connection."""
    server.gateway.heartbeat_ms = 100
    async with running(server, tmp_path, connection=Connection(identify_pause=0, heartbeat_timeout=0.5)) as bot:
        await server.world.until(lambda: server.gateway.beats >= 2)
        server.gateway.acknowledges = False
        await server.world.until(lambda: server.gateway.resumed >= 1)
        server.gateway.acknowledges = True
        await bot.took(await ann.writes("rejected by Stark"))


async def test_what_is_looked_through_at_the_start_is_finished_before_the_end(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it asks the database when that is closed already."""
    looks, released = asyncio.Event(), asyncio.Event()
    known = Communities.known

    async def slowly(communities: Communities, platform: str) -> list[str]:
        looks.set()
        await released.wait()
        return await known(communities, platform)

    monkeypatch.setattr(Communities, "known", slowly)
    async with running(server, tmp_path) as bot:
        await looks.wait()
        bot.serving.cancel()
        asyncio.get_running_loop().call_later(0.1, released.set)
        await asyncio.wait({bot.serving})
        assert released.is_set()


async def test_a_token_that_is_revoked_ends_it_with_one_sentence(bot: Bot, server: Server) -> None:
    """There is no use in trying again."""
    await server.gateway.revoke()
    await asyncio.wait({bot.serving})
    with pytest.raises(DiscordError, match="no longer accepts the bot's token"):
        await bot.serving


@pytest.mark.parametrize("code", [4010, 4011, 4013])
async def test_a_connection_that_is_closed_for_good_says_why(bot: Bot, server: Server, code: int) -> None:
    """Wrong shards are named as such."""
    await server.gateway.close(code)
    await asyncio.wait({bot.serving})
    with pytest.raises(DiscordError, match="shards" if code != 4013 else "code 4013"):
        await bot.serving


async def test_shards_share_the_servers_and_the_first_one_has_the_direct_messages(
    server: Server, ann: Person, tmp_path: Path
) -> None:
    """One process with all of three shards hears everything once."""
    server.gateway.shards = 3
    guilds: list[int] = []
    while {(guild >> 22) % 3 for guild in guilds} != {0, 1, 2}:
        guilds.append(server.world.snowflake())
        await asyncio.sleep(0.001)
    server.world.guilds = dict.fromkeys(guilds, "Town")
    channels = [server.world.server_channel(guild, {ann.user.id}) for guild in guilds]
    async with running(server, tmp_path) as bot:
        await server.world.until(lambda: len(server.gateway.sessions) == 3)
        assert sorted(one.shard for one in server.gateway.sessions.values()) == [(0, 3), (1, 3), (2, 3)]
        for channel in channels:
            await bot.took(await ann.uses("help", channel))
        await bot.took(await ann.writes("rejected by Stark"))
        assert len(bot.host.taken) == len(set(bot.host.taken)) == len(channels) + 1


async def test_two_processes_on_the_same_shard_answer_once(
    server: Server, ann: Person, town: Channel, tmp_path: Path
) -> None:
    """A hot standby: both get every event, and the database decides who answers it."""
    async with AsyncExitStack() as stack:
        both = [await stack.enter_async_context(running(server, tmp_path)) for _ in range(2)]
        for act in (
            lambda: ann.writes("rejected by Stark"),
            lambda: ann.presses("evening"),
            lambda: ann.uses("progress"),
            lambda: ann.uses("progress", town),
            lambda: ann.presses("ready", town),
        ):
            done = await act()
            for bot in both:
                await bot.took(done)
        first, second = (bot.host.taken for bot in both)
        assert first == second
    texts = [message.content for message in ann.sees()]
    assert len(texts) == len(set(texts)), "nothing is said twice"
    (shown,) = ann.sees(town)
    assert shown.content.count("> ") == 1


async def test_what_was_written_while_nobody_was_there_is_answered_in_order_after_the_start(
    server: Server, ann: Person, ben: Person, tmp_path: Path
) -> None:
    """Each known channel is read on from where reading stopped."""
    async with running(server, tmp_path) as bot:
        await bot.took(await ann.writes("rejected by Stark"))
        await bot.took(await ben.writes("hello"))
    lines = [await ann.writes(text) for text in ("tonight", "those jerks", "nobody explained it", "enough")]
    greeting = await ben.writes("I got rejected by Wayne")
    async with running(server, tmp_path) as bot:
        for line in (*lines, greeting):
            await bot.took(line)
        of_ann = [one for one in bot.host.taken if one != f"discord/{greeting.id}"]
        assert of_ann == [f"discord/{line.id}" for line in lines]
        assert "sting" in ann.last().content
        assert "Wayne" in " ".join(message.content for message in ben.sees())


async def test_a_message_that_comes_during_catching_up_waits_for_the_older_ones(
    server: Server, ann: Person, tmp_path: Path
) -> None:
    """Nobody's lines are taken out of order."""
    async with running(server, tmp_path) as bot:
        await bot.took(await ann.writes("rejected by Stark"))
    older = await ann.writes("tonight")
    server.faults.append(Fault("500", 1, f"/channels/{ann.direct.id}/messages"))
    async with running(server, tmp_path) as bot:
        newer = await ann.writes("those jerks")
        await bot.took(newer)
        assert bot.host.taken[:2] == [f"discord/{older.id}", f"discord/{newer.id}"]


async def test_catching_up_answers_nothing_twice_and_reads_more_than_one_page(
    server: Server, ann: Person, ben: Person, tmp_path: Path
) -> None:
    """Discord gives a hundred messages at a time; a second start reads nothing anew."""
    async with running(server, tmp_path) as bot:
        await bot.took(await ann.writes("rejected by Stark"))
        await bot.took(await ann.writes("tonight"))
    lines = [await ann.writes(f"and letter {n}") for n in range(103)]
    async with running(server, tmp_path) as bot:
        await bot.took(lines[-1])
        assert bot.host.taken == [f"discord/{line.id}" for line in lines]
    async with running(server, tmp_path) as bot:
        await bot.took(await ben.writes("hello"))
        assert len(bot.host.taken) == 1


async def test_a_channel_that_cannot_be_read_keeps_nobody_from_being_answered(
    server: Server, ann: Person, ben: Person, tmp_path: Path
) -> None:
    """One that is gone, and one that Discord refuses for now."""
    async with running(server, tmp_path) as bot:
        await bot.took(await ann.writes("rejected by Stark"))
        await bot.took(await ben.writes("rejected by Wayne"))
        async with bot.store.begin() as unit:
            await unit.journeys(["discord:5"])
            await unit.heard([("discord:5", "dm/77", "77/78")])
    server.faults.append(Fault("403", 1, f"/channels/{ann.direct.id}/messages"))
    line = await ben.writes("tonight")
    async with running(server, tmp_path) as bot:
        await bot.took(line)
        await bot.took(await ann.writes("tonight"))
