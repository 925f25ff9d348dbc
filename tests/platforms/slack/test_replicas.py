"""Several processes behind one balancer, or each with connections of its own, on one PostgreSQL: answered once."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from signal import SIGSTOP

import pytest

from storage.errors import UnavailableError
from tests.databases import Database, says
from tests.gate import gate_to
from tests.platforms import crowd
from tests.platforms.slack.deliveries import Delivery
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import HTTP, MANY, SOCKET, Bot, environment, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.test_workspaces import add
from tests.platforms.slack.world import Channel, Json

NOTHING_WAITS = "SELECT count(*) = 0 FROM outbox"
RENEWED = "oauth.v2.access"

pytestmark = pytest.mark.databases("postgresql")


@asynccontextmanager
async def balanced(server: Server, database: Database, mode: str = HTTP, count: int = 3) -> AsyncIterator[list[Bot]]:
    """Run bots behind a balancer that gives each of them the next request."""
    async with AsyncExitStack() as stack:
        bots = []
        for _ in range(count):
            bots.append(await stack.enter_async_context(running(server, database, mode, install=False)))
            server.balanced.append(server.bot_url)
        yield bots
        server.balanced.clear()


async def took(bots: Sequence[Bot], delivery: Delivery, database: Database) -> Delivery:
    """Return when something is acknowledged, and everything that came of it has arrived, whoever brought it."""
    await bots[0].took(delivery)
    for bot in bots:
        await bot.settled()
    await says(database, NOTHING_WAITS)
    for bot in bots:
        await bot.settled()
    return delivery


def once(texts: Sequence[str]) -> bool:
    """Say whether nothing was said twice."""
    return len(texts) == len(set(texts))


async def test_requests_that_are_spread_over_all_are_answered_once(
    server: Server, ann: Person, town: Channel, database: Database
) -> None:
    """Messages, presses, commands, and a window that one opens and another takes."""
    async with balanced(server, database) as bots:
        for line in ("I got rejected by Stark", "tonight", "those jerks", "enough"):
            await took(bots, await ann.writes(line), database)
        await took(bots, await ann.presses("4"), database)
        await took(bots, await ann.uses("onward", "progress"), database)
        await took(bots, await ann.uses("onward", "progress", town), database)
        opened = await took(bots, await ann.presses("In my own words", town), database)
        await took(bots, await ann.fills(opened, text="it is not who i am"), database)
        assert all(len(bot.host.taken) >= 2 for bot in bots)
        assert once([event for bot in bots for event in bot.host.taken])
    assert once([message.told for message in ann.sees()])


async def test_what_is_brought_again_to_another_one_is_known(server: Server, ann: Person, database: Database) -> None:
    """One could not keep it, or was too slow: the next one does. Or all get it at the same moment."""
    async with balanced(server, database) as bots:
        bots[0].host.fails = 1
        refused = await took(bots, await ann.writes("I got rejected by Stark"), database)
        assert refused.tries == 2
        payload: Json = ann.event({"channel": ann.direct.id, "channel_type": "im", **ann.put("tonight").payload()})
        for delivery in [server.bring("events_api", payload) for _ in bots]:
            await took(bots, delivery, database)
    assert once([message.told for message in ann.sees()])
    assert await database.sql("SELECT count(*) FROM events") == [(2,)]


async def test_the_home_tab_shows_what_the_last_one_has_made(server: Server, ann: Person, database: Database) -> None:
    """A page that one of them has published before is published again, when another one was in between."""
    async with balanced(server, database, count=2) as bots:
        await took(bots, await ann.opens_home(), database)
        shown = []
        for zone in ("Asia/Kolkata", "Europe/Berlin", "Asia/Kolkata", "Europe/Berlin"):
            await took(bots, await ann.uses("onward", f"settings zone={zone}"), database)
            shown.append(zone in str(ann.home))
        assert shown == [True] * 4


async def test_the_home_tab_ends_up_with_the_latest(server: Server, ann: Person, database: Database) -> None:
    """One is slow to publish what it has seen, and meanwhile another one publishes what came later."""
    async with balanced(server, database, count=2) as bots:
        await took(bots, await ann.writes("I got rejected by Stark"), database)
        slow = Fault("hold", 1, "/views.publish")
        server.faults.append(slow)
        await bots[0].server.world.until((await ann.opens_home()).done.is_set)
        await server.world.until(lambda: slow not in server.faults)
        await server.world.until((await ann.uses("onward", "settings zone=Asia/Kolkata")).done.is_set)
        await server.world.until(lambda: "Asia/Kolkata" in str(ann.home))
        slow.released.set()
        for bot in bots:
            await bot.settled()
        assert "Asia/Kolkata" in str(ann.home)


async def test_a_workspace_begins_to_add_the_app_at_one_and_returns_to_another(
    server: Server, ann: Person, database: Database
) -> None:
    """Who is just adding it is in the database, and so is what comes of it."""
    async with balanced(server, database, MANY) as bots:
        status, _ = await add(server, server.team, back=server.balanced[0])
        assert status == 200
        for line in ("I got rejected by Stark", "tonight", "enough"):
            await took(bots, await ann.writes(line), database)
        assert all(bot.host.taken for bot in bots)


async def test_a_token_that_several_want_to_renew_is_renewed_once(server: Server, database: Database) -> None:
    """The others wait for it, and find the new one."""
    server.methods.rotating, server.methods.lasts = True, 3600
    async with balanced(server, database, MANY) as bots:
        await add(server, server.team)
        server.methods.lasts = 12 * 3600
        found = await asyncio.gather(*(bot.platform.workspaces.find(server.team.id) for bot in bots for _ in range(3)))
        assert {one.token for one in found if one is not None} == {server.team.token}
        assert [method for method, _ in server.requests].count(RENEWED) == 2
    assert await database.sql("SELECT count(*) FROM slack_bots") == [(1,)]


async def test_a_token_that_slack_takes_long_to_renew_holds_nobody_up(server: Server, database: Database) -> None:
    """The old one is still good for some time, and the others go on with it."""
    server.methods.rotating, server.methods.lasts = True, 3600
    async with balanced(server, database, MANY, 2) as (first, second):
        await add(server, server.team)
        old, server.methods.lasts = server.team.token, 12 * 3600
        slow = Fault("hold", 1, f"/{RENEWED}")
        server.faults.append(slow)
        renewing = asyncio.create_task(first.platform.workspaces.find(server.team.id))
        await server.world.until(lambda: slow not in server.faults)
        meanwhile = await second.platform.workspaces.find(server.team.id)
        assert meanwhile is not None
        assert meanwhile.token == old
        slow.released.set()
        renewed = await renewing
        assert renewed is not None
        assert renewed.token == server.team.token != old
        second.platform.workspaces.refused(server.team.id)
        assert await second.platform.workspaces.find(server.team.id) == renewed


async def test_a_new_token_outlives_a_database_that_is_away_just_then(server: Server, database: Database) -> None:
    """Slack gives it once: it is kept when the database is back, and nobody asks for another."""
    server.methods.rotating, server.methods.lasts = True, 3600
    async with (
        gate_to(database.url) as gate,
        running(server, Database(gate.on(database.url)), MANY, install=False) as bot,
    ):
        await add(server, server.team)
        server.methods.lasts = 12 * 3600
        slow = Fault("hold", 1, f"/{RENEWED}")
        server.faults.append(slow)
        renewing = asyncio.create_task(bot.platform.workspaces.find(server.team.id))
        await server.world.until(lambda: slow not in server.faults)
        await gate.close()
        slow.released.set()
        with pytest.raises(UnavailableError):
            await renewing
        await gate.open()
        found = await bot.platform.workspaces.find(server.team.id)
        assert found is not None
        assert found.token == server.team.token
        assert [method for method, _ in server.requests].count(RENEWED) == 2
        async with running(server, database, MANY, install=False) as other:
            assert await other.platform.workspaces.find(server.team.id) == found


@asynccontextmanager
async def process(server: Server, database: Database) -> AsyncIterator[Process]:
    """Run a bot in a process of its own, with two connections."""
    environ = {**environment(server, SOCKET), "ONWARD_TEST_LEASE": "1.5"}
    greeted = server.socket_mode.greeted
    started = await crowd.worker("tests.platforms.slack.worker", database, environ)
    try:
        await server.world.until(lambda: server.socket_mode.greeted >= greeted + 2)
        yield started
    finally:
        with suppress(ProcessLookupError):
            started.kill()
        await started.wait()


@pytest.mark.no_cover  # what is killed is another process
async def test_what_a_dead_process_has_not_acknowledged_comes_to_another_one(
    server: Server, database: Database
) -> None:
    """Four connections of two processes; one stands still with what it was brought, and is killed."""
    crowd_of_people = [Person.new(server, f"person {number}") for number in range(8)]
    async with process(server, database) as first, process(server, database):
        first.send_signal(SIGSTOP)
        deliveries = [await person.writes("I got rejected by Stark") for person in crowd_of_people]
        await server.world.until(lambda: sum(bool(one.acknowledged) for one in deliveries) >= len(deliveries) / 2)
        first.kill()
        for delivery in deliveries:
            await server.world.until(delivery.done.is_set)
        assert all(delivery.acknowledged == 1 for delivery in deliveries)
        assert any(delivery.tries > 1 for delivery in deliveries)
        await says(database, NOTHING_WAITS)
    assert {len(person.sees()) for person in crowd_of_people} == {2}
    assert all(once([message.told for message in person.sees()]) for person in crowd_of_people)
