"""Nothing of what is said in Discord, and of who says it, is in logs, metrics or debug output, whatever fails."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from tests.leaks import CANARY, Told, debugged, everything_in, watched
from tests.platforms import commands
from tests.platforms.commands import ended
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import TOKEN, Fault, Server
from tests.platforms.discord.world import Channel

pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")

MESSAGES = "/messages"


@pytest.fixture
def cy(server: Server) -> Person:
    """Give somebody whose name can be found anywhere."""
    return Person.new(server, f"{CANARY}-cy")


@pytest.fixture
def square(server: Server, cy: Person) -> Channel:
    """Give a channel of a community whose name can be found anywhere."""
    guild = next(iter(server.world.guilds))
    server.world.guilds[guild] = f"{CANARY} seekers"
    return server.world.server_channel(guild, {cy.user.id})


def secrets(server: Server) -> list[str]:
    """Return what nobody may find: words and names, ids of people and places, tokens."""
    world = server.world
    numbers = {*world.users, *world.channels, *world.guilds} - {world.bot.id}
    messages = {one for channel in world.channels.values() for one in channel.messages}
    presses = {text for one in world.interactions.values() for text in (str(one.id), one.token)}
    return [CANARY, TOKEN, *map(str, numbers | messages), *presses]


def found(told: str, server: Server) -> list[str]:
    """Return what was found that nobody may find."""
    lines = told.replace("test_canary.py", "").splitlines()
    return [line for line in lines if any(secret in line for secret in secrets(server))]


async def says_all(bot: Bot, cy: Person, square: Channel) -> None:
    """Say canaries while venting, in danger, in forms and in a command; everything arrives."""
    await bot.took(await cy.writes("i got rejected by canary-employer"))
    await bot.took(await cy.presses("evening"))
    for line in ("those jerks, canary-vent", "i want to die canary-danger", "i meant something else"):
        await bot.took(await cy.writes(line))
    await bot.took(await cy.uses("rejected", square, employer="canary-employer"))
    await bot.took(await cy.writes("@onward canary-mention", square))
    opened = await cy.presses("In my own words", square)
    await bot.server.world.until(lambda: opened.answered is not None)
    await bot.took(await cy.fills(opened, text="canary-form"))


async def fails_all(bot: Bot, cy: Person, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Go through what the platform, the network, the database and this program can do to what is said."""
    patch.setattr("bot.dispatcher.MOST_SURPRISES", 2)
    kinds = ("429", "503", "reset", "garbled", "quotes")
    for kind in kinds:
        bot.server.faults.append(Fault(kind, 2 if kind == "quotes" else 1, MESSAGES, after=kind == "reset"))
        bot.server.faults.append(Fault(kind, 1, "/typing"))
        await bot.took(await cy.writes("log"))
        bot.server.faults.clear()
    for kind in (*kinds, "401"):
        bot.server.faults.append(Fault(kind, 1, "/callback"))
        await bot.took(await cy.uses("plan"))
        bot.server.faults.clear()
    await bot.server.gateway.ask_to_reconnect()
    await bot.server.world.until(lambda: bot.server.gateway.resumed > 0)
    # The database is full, and held by another program.
    async with bot.store._transaction() as connection:  # noqa: SLF001 - as a disk would say it
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        await connection.exec_driver_sql("PRAGMA busy_timeout = 1")
    await says_sorry(bot, cy, f"rejected by canary-{'full' * 300}, " * 3)
    with closing(sqlite3.connect(folder / "onward.db", isolation_level=None)) as other:
        async with bot.store._turn:  # noqa: SLF001 - between two of its transactions
            other.execute("BEGIN IMMEDIATE")
        await says_sorry(bot, cy, "canary-locked")
        other.execute("ROLLBACK")
    async with bot.store._transaction() as connection:  # noqa: SLF001 - as above
        await connection.exec_driver_sql("PRAGMA max_page_count = 4294967294")
    # A turn breaks, finding its meaning does, and what nobody thought of.
    for where in ("bot.batch.advance", "dialogs.understanding.Understanding.understand", "bot.batch.phrase"):
        with patch.context() as broken:
            broken.setattr(where, _breaks)
            await says_sorry(bot, cy, f"canary-broken {where}")
    with patch.context() as broken:
        reached = asyncio.Event()

        def careless(*args: object, **_: object) -> None:
            reached.set()
            _breaks(*args)

        broken.setattr("adapters.discord.parse.said", careless)
        await cy.writes("canary-listener")
        await reached.wait()
        await bot.settled()
    await _nobody_waits()


async def says_sorry(bot: Bot, cy: Person, text: str) -> None:
    """Write something, and be told that it did not work."""
    before = len(cy.sees())
    await cy.writes(text)
    await bot.server.world.until(lambda: len(cy.sees()) > before)
    await bot.settled()


def _breaks(*args: object, **_: object) -> None:
    raise ValueError(f"canary {args}")  # noqa: EM102, TRY003 - a careless error


async def _nobody_waits() -> None:
    """Leave a task, a callback and a future behind, each with an error that has words."""

    async def breaks() -> None:
        _breaks()

    loop = asyncio.get_running_loop()
    await asyncio.wait({asyncio.create_task(breaks(), name="canary-task")})
    loop.call_soon(_breaks, "canary-callback")
    loop.create_future().set_exception(ValueError("canary-future"))
    loop.call_exception_handler({"message": "canary-message", "canary-context": "canary-context"})
    await asyncio.sleep(0)


@pytest.fixture(params=["as set up", "talkative"])
async def told(request: pytest.FixtureRequest) -> AsyncIterator[Told]:
    """Watch what is told; also when somebody lets all libraries talk."""
    with watched("debug", talkative=request.param == "talkative") as told, debugged():
        yield told


async def test_nothing_of_it_is_in_logs_and_metrics(
    server: Server, cy: Person, square: Channel, tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails meanwhile, and although the libraries, if they were let, would tell nearly all of it."""
    async with running(server, tmp_path) as bot:
        await says_all(bot, cy, square)
        await fails_all(bot, cy, tmp_path, monkeypatch)
        assert found(generate_latest(bot.host.metrics.registry).decode(), server) == []
    assert found(told.text, server) == []
    if told.libraries.getvalue():
        heard = told.libraries.getvalue()
        assert all(word in heard for word in ("canary-vent", "canary-danger", "canary-form", str(cy.user.id)))
    else:
        assert {line.split()[1] for line in told.of_libraries()} <= {"warning", "error"}
        quiet = {line.split()[1] for line in told.of_libraries() if line.split()[2].startswith("discord")}
        assert quiet == {"error"}
    for broke in ("a turn broke", "understanding broke", "a turn could not be kept", "a delivery broke"):
        assert broke in told.text
    assert any(line.split()[2] == "asyncio:" for line in told.of_libraries())
    # Whose letter could not be delivered is told by a name that only the key could explain.
    (alias,) = set(re.findall(r"a letter cannot be delivered person=([0-9a-f]{12}) reason=", told.text))
    assert alias.encode() not in everything_in(tmp_path)


async def test_nothing_leaves_the_host_but_the_chat(server: Server, cy: Person, tmp_path: Path) -> None:
    """The whole program connects to the platform and to nothing else, and its output names nobody."""
    told = {"ONWARD_DISCORD__TOKEN": TOKEN, "ONWARD_DISCORD__API_URL": server.api_url, "ONWARD_LOG_LEVEL": "debug"}
    address = server.api_url.removeprefix("http://").removesuffix("/api")
    process = await commands.alone(tmp_path, address, **told)
    await server.world.until(lambda: bool(server.gateway.sessions))
    await cy.writes("I got rejected by canary-employer")
    await server.world.until(lambda: len(cy.sees()) == 2)
    await cy.uses("progress")
    await server.world.until(lambda: len(cy.sees()) == 3)
    process.terminate()
    status, out, err = await ended(process)
    assert (status, out) == (0, "")
    assert not (tmp_path / "report").exists()
    assert found(err, server) == []
