"""Nothing of what is said in Slack, and of who says it, is in logs, metrics or debug output, whatever fails."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from tests.leaks import CANARY, Told, debugged, everything_in, watched
from tests.platforms import commands
from tests.platforms.commands import ended
from tests.platforms.slack.deliveries import SECRET, over_http
from tests.platforms.slack.methods import APP_TOKEN
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import HTTP, SOCKET, Bot, environment, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel

POST, RESPOND = "/chat.postMessage", "/respond"


@pytest.fixture
def cy(server: Server) -> Person:
    """Give somebody whose name can be found anywhere, in a workspace with such a name."""
    server.team.name = f"{CANARY} seekers"
    return Person.new(server, f"{CANARY}-cy")


@pytest.fixture
def square(server: Server, cy: Person) -> Channel:
    """Give a channel of the workspace."""
    return server.world.add_channel(server.team, {cy.user.id, server.team.bot_user})


def found(told: str, server: Server) -> list[str]:
    """Return what was found that nobody may find: words and names, ids of people and places, tokens."""
    world = server.world
    messages = {one for channel in world.channels.values() for one in channel.messages}
    ids = {*world.users, *world.teams, *world.channels, *world.urls, *world.triggers, *messages}
    secrets = [CANARY, APP_TOKEN, SECRET, server.team.token, *ids]
    lines = told.replace("test_canary.py", "").splitlines()
    return [line for line in lines if any(secret in line for secret in secrets)]


async def says_all(bot: Bot, cy: Person, square: Channel) -> None:
    """Say canaries while venting, in danger, in windows, in commands and in a shortcut; everything arrives."""
    await bot.took(await cy.writes("i got rejected by canary-employer"))
    await bot.took(await cy.presses("evening"))
    for line in ("those jerks, canary-vent", "i want to die canary-danger", "i meant something else"):
        await bot.took(await cy.writes(line))
    await bot.took(await cy.uses("rejected", "canary-argument", square))
    await bot.took(await cy.mentions("canary-mention", square))
    await bot.took(await cy.shortcut("Dear canary-mail, unfortunately we went with somebody else.", square))
    opened = await bot.took(await cy.presses("In my own words", square))
    await bot.took(await cy.fills(opened, text="canary-window"))
    await bot.took(await cy.opens_home())


async def fails_all(bot: Bot, cy: Person, square: Channel, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Go through what the platform, the network, the database and this program can do to what is said."""
    server = bot.server
    patch.setattr("bot.dispatcher.MOST_SURPRISES", 2)
    for kind in ("429", "500", "reset", "internal_error", "garbled", "quotes"):
        server.faults.append(Fault(kind, 2 if kind == "quotes" else 1, POST, after=kind == "reset"))
        server.faults.append(Fault(kind, 1, "/views."))
        server.faults.append(Fault(kind, 1, RESPOND))
        await bot.took(await cy.writes("log"))
        await bot.took(await cy.uses("onward", "log", square))
        await bot.took(await cy.opens_home())
        server.faults.clear()
    if not server.bot_url:
        server.faults.append(Fault("garbled", 1, "/apps.connections.open"))
        server.faults.append(Fault("quotes", 1, "/apps.connections.open"))
        await server.socket_mode.cut()
        await server.world.until(lambda: len(server.socket_mode.sockets) == 2)
    # The database is full, and held by another program.
    server.retrying = False
    async with bot.store._transaction() as connection:  # noqa: SLF001 - as a disk would say it
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        await connection.exec_driver_sql("PRAGMA busy_timeout = 1")
    full = await cy.writes(f"rejected by canary-{'full' * 300}, " * 3)
    await server.world.until(full.done.is_set)
    with closing(sqlite3.connect(folder / "onward.db", isolation_level=None)) as other:
        async with bot.store._turn:  # noqa: SLF001 - between two of its transactions
            other.execute("BEGIN IMMEDIATE")
        await refused(bot, cy, "canary-locked")
        other.execute("ROLLBACK")
    async with bot.store._transaction() as connection:  # noqa: SLF001 - as above
        await connection.exec_driver_sql("PRAGMA max_page_count = 4294967294")
    # A turn breaks, finding its meaning does, and what nobody thought of.
    for where in ("bot.batch.advance", "dialogs.understanding.Understanding.understand"):
        with patch.context() as broken:
            broken.setattr(where, _breaks)
            await bot.took(await cy.writes("canary-broken"))
    with patch.context() as broken:
        broken.setattr("adapters.slack.parse.said", _breaks)
        await refused(bot, cy, "canary-listener")
    with patch.context() as broken:
        broken.setattr("adapters.slack.workspaces.One.find", _breaks)
        await refused(bot, cy, "canary-authorize")


async def refused(bot: Bot, cy: Person, text: str) -> None:
    """Write something that is not acknowledged."""
    patient, bot.server.patience = bot.server.patience, 0.1
    delivery = await cy.writes(text)
    await bot.server.world.until(delivery.done.is_set)
    bot.server.patience = patient
    assert not delivery.acknowledged


def _breaks(*args: object, **_: object) -> None:
    raise ValueError(f"canary {args}")  # noqa: EM102, TRY003 - a careless error


@pytest.fixture
async def told(request: pytest.FixtureRequest) -> AsyncIterator[Told]:
    """Watch what is told; also when somebody lets all libraries talk."""
    with watched("debug", talkative=request.param == "talkative") as told, debugged():
        yield told


@pytest.mark.parametrize(
    ("told", "mode"), [("as set up", SOCKET), ("as set up", HTTP), ("talkative", HTTP)], indirect=["told"]
)
async def test_nothing_of_it_is_in_logs_and_metrics(
    server: Server,
    cy: Person,
    square: Channel,
    tmp_path: Path,
    told: Told,
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever fails meanwhile, and although the libraries, if they were let, would tell nearly all of it."""
    async with running(server, tmp_path, mode) as bot:
        await says_all(bot, cy, square)
        await fails_all(bot, cy, square, tmp_path, monkeypatch)
        shown = [await get(f"{bot.watched_url}{path}") for path in ("/metrics", "/healthz", "/readyz")]
        if server.bot_url:
            unsigned, kind = over_http(await cy.uses("rejected", "canary-unsigned"))
            shown += [await post(f"{server.bot_url}/slack/events", unsigned[:-1], kind)]
        assert "onward_turns_total" in shown[0]
        assert found("\n".join(shown), server) == []
    assert found(told.text, server) == []
    heard = told.libraries.getvalue()
    if heard:
        assert all(word in heard for word in ("canary-vent", "canary-danger", "canary-employer", cy.user.id))
    else:
        assert {line.split()[1] for line in told.of_libraries()} <= {"warning", "error"}
        quiet = {line.split()[1] for line in told.of_libraries() if line.split()[2].startswith("slack")}
        assert quiet <= {"error"}, quiet
    for broke in ("a turn broke", "understanding broke", "a delivery broke", "could not be taken"):
        assert broke in told.text
    assert any(line.split()[2] == "asyncio:" for line in told.of_libraries())
    # Whose letter could not be delivered is told by a name that only the key could explain.
    (alias,) = set(re.findall(r"a letter cannot be delivered person=([0-9a-f]{12}) reason=", told.text))
    assert alias.encode() not in everything_in(tmp_path)


async def get(url: str) -> str:
    """Return a page."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.text()


async def post(url: str, body: bytes, kind: str) -> str:
    """Return what is answered to a request."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers={"Content-Type": kind}) as answer,
    ):
        return await answer.text()


async def test_nothing_leaves_the_host_but_the_chat(server: Server, cy: Person, tmp_path: Path) -> None:
    """The whole program connects to the platform and to nothing else, and its output names nobody."""
    process = await commands.alone(
        tmp_path, server.url.removeprefix("http://"), ONWARD_LOG_LEVEL="debug", **environment(server, SOCKET)
    )
    await server.world.until(lambda: len(server.socket_mode.sockets) == 2)
    await cy.writes("I got rejected by canary-employer")
    await server.world.until(lambda: len(cy.sees()) == 2)
    process.terminate()
    status, out, err = await ended(process)
    assert (status, out) == (0, "")
    assert not (tmp_path / "report").exists()
    assert found(err, server) == []
