"""Two processes share a shard and a PostgreSQL: both hear everything, each thing is answered once, one may die."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.clock import real_time
from dialogs.replies import Reply
from tests.databases import Database, says
from tests.platforms import crowd
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import TOKEN, Fault, Server, served
from tests.platforms.discord.world import Channel, Interaction, Message

LEASE = "1.5"
"""Seconds after which one takes over from another that is gone."""

NOTHING_WAITS = "SELECT count(*) = 0 FROM outbox"
EVENING = ("rejected by Stark", "tonight", "those jerks", "nobody explained it", "enough", "4")

pytestmark = pytest.mark.databases("postgresql")


@asynccontextmanager
async def several(server: Server, database: Database, count: int = 2) -> AsyncIterator[list[Bot]]:
    """Run bots that hear the same, all of which begin at the same moment."""
    begun = server.gateway.identified
    async with AsyncExitStack() as stack:
        bots = [stack.enter_async_context(running(server, database)) for _ in range(count)]
        entered = await asyncio.gather(*bots)
        await server.world.until(lambda: server.gateway.identified == begun + count)
        yield entered


@asynccontextmanager
async def process(server: Server, database: Database) -> AsyncIterator[Process]:
    """Run a bot in a process of its own."""
    environ = {"ONWARD_DISCORD__TOKEN": TOKEN, "ONWARD_DISCORD__API_URL": server.api_url, "ONWARD_TEST_LEASE": LEASE}
    begun = server.gateway.identified
    started = await crowd.worker("tests.platforms.discord.worker", database, environ)
    try:
        await server.world.until(lambda: server.gateway.identified > begun)
        yield started
    finally:
        with suppress(ProcessLookupError):
            started.kill()
        await started.wait()


async def took(both: Sequence[Bot], event: Message | Interaction, database: Database) -> None:
    """Return when all have dealt with an event, and everything that came of it has arrived."""
    for bot in both:
        await bot.took(event)
    await says(database, NOTHING_WAITS)
    for bot in both:
        await bot.settled()


async def taken(database: Database, number: int) -> None:
    """Return when so many events are committed."""
    await says(database, f"SELECT count(*) = {number} FROM events")  # noqa: S608 - a number


def told(person: Person, channel: Channel | None = None) -> list[str]:
    """Return what somebody was told, in order."""
    return [message.content for message in person.sees(channel)]


async def told_in_peace(folder: Path) -> list[str]:
    """Return what somebody is told of an evening in which nothing goes wrong."""
    async with served() as server, running(server, folder, now=real_time) as bot:
        somebody = Person.new(server, "somebody")
        for line in EVENING:
            await bot.took(await somebody.writes(line))
        return told(somebody)


async def test_each_thing_is_answered_once(server: Server, ann: Person, town: Channel, database: Database) -> None:
    """Messages, presses, commands and forms, in the direct messages and in a server."""
    async with several(server, database) as both:
        await took(both, await ann.writes("rejected by Stark"), database)
        await took(both, await ann.presses("evening"), database)
        await took(both, await ann.uses("progress"), database)
        await took(both, await ann.uses("progress", town), database)
        opened = await ann.presses("In my own words", town)
        await server.world.until(lambda: opened.modal is not None)
        await took(both, await ann.fills(opened, text="those jerks"), database)
        await took(both, await ann.presses("ready", town), database)
        await took(both, await ann.writes("@onward help", town), database)
        assert both[0].host.taken == both[1].host.taken
    texts = told(ann)
    assert len(texts) == len(set(texts)), "something was said twice"
    (shown,) = ann.sees(town)
    assert shown.content.count("> ") == 1
    assert "sting" in shown.content
    assert await database.sql("SELECT count(*) FROM events") == [(7,)]


async def test_what_was_written_while_nobody_was_there_is_answered_once(
    server: Server, ann: Person, database: Database, tmp_path: Path
) -> None:
    """Both read it, from the same place on; each line is answered by whoever comes first, in order."""
    async with several(server, database, 1) as one:
        await took(one, await ann.writes(EVENING[0]), database)
    lines = [await ann.writes(line) for line in EVENING[1:]]
    async with several(server, database) as both:
        await taken(database, len(EVENING))
        await says(database, NOTHING_WAITS)
        ids = [f"discord/{line.id}" for line in lines]
        for bot in both:
            await bot.settled()
            # Whoever comes later reads on behind what the other one has taken by then.
            assert bot.host.taken == ids[len(ids) - len(bot.host.taken) :]
    assert told(ann) == await told_in_peace(tmp_path)


@pytest.mark.no_cover  # what is killed is another process
async def test_when_one_is_killed_the_other_goes_on(
    server: Server, ann: Person, database: Database, tmp_path: Path
) -> None:
    """What it had not delivered arrives after its lease, in order; what had arrived unheard is not said again."""
    async with process(server, database) as first:
        server.faults.append(Fault("hang", 1, "/messages", after=True))
        await ann.writes(EVENING[0])
        await server.world.until(lambda: len(ann.sees()) == 1)
        await says(database, "SELECT count(*) = 2 FROM outbox")
        async with process(server, database):
            await ann.writes(EVENING[1])
            await taken(database, 2)
            first.kill()
            await says(database, NOTHING_WAITS)
            for number, line in enumerate(EVENING[2:], 3):
                await ann.writes(line)
                await taken(database, number)
            await says(database, NOTHING_WAITS)
    assert told(ann) == await told_in_peace(tmp_path)


async def test_a_letter_waits_for_another_process_that_shows_what_was_chosen(
    server: Server, ann: Person, town: Channel, database: Database
) -> None:
    """Both would change the same message. Who shows it itself knows when that is done, and waits for nothing."""
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    async with running(server, database, pause=pause) as bot:
        await bot.took(await ann.uses("progress", town))
        assert max(waits, default=0) < 2
        # As if another process had taken it: the bot is not told of it.
        server.gateway.sessions.clear()
        used = await ann.uses("help", town)
        used.answered, used.original = 5, ann.sees(town)[0].id
        who, address = f"discord:{ann.user.id}", f"i/{used.id}/{used.token}"
        async with bot.store.begin() as unit:
            await unit.journeys([who])
            posted = await unit.post([(who, address, Reply(text="later", keys=("x",)))])
        bot.app.dispatcher.post(posted)
        await bot.app.dispatcher.settled()
        assert max(waits) > 2
    assert "later" in told(ann, town)[0]
