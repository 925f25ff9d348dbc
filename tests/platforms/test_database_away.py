"""`onward run` and a PostgreSQL that is not as it should be: at the start it is told, later on people only wait."""

import asyncio
from asyncio.subprocess import Process
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.engine import make_url

from tests import postgres
from tests.databases import Database, says
from tests.gate import gate_to
from tests.platforms import commands
from tests.platforms.commands import ended
from tests.platforms.databases import environment_of
from tests.platforms.discord import running as discord
from tests.platforms.discord import server as discord_server
from tests.platforms.discord.people import Person as DiscordPerson
from tests.platforms.slack import running as slack
from tests.platforms.slack import server as slack_server
from tests.platforms.slack.people import Person as SlackPerson

AWAY = "the database does not say where to begin"
LINES = ("I got rejected by Stark", "tonight", "enough")

pytestmark = pytest.mark.databases("postgresql")


async def start(server: discord_server.Server, folder: Path, url: str) -> Process:
    """Start the real command on a database."""
    environ = {"ONWARD_DISCORD__TOKEN": discord_server.TOKEN, "ONWARD_DISCORD__API_URL": server.api_url}
    return await commands.start(folder, "run", **environ, **environment_of(Database(url)))


async def test_what_is_wrong_at_the_start_is_told_in_one_sentence(
    database: Database, postgres_server: postgres.Server, tmp_path: Path
) -> None:
    """A server that is not there, a database that was never set up, a wrong password; the password is never shown."""
    right = make_url(database.url)
    wrong = {
        right.set(port=9): "does not answer: check that it runs",
        make_url(postgres_server.create_database(uuid4().hex)): "has no tables yet: run 'onward db upgrade' first",
        right.set(password="wrong-canary"): "refuses the user or the password: check ONWARD_DATABASE_URL",
    }
    async with discord_server.served() as server:
        urls = [url.render_as_string(hide_password=False) for url in wrong]
        processes = [await start(server, tmp_path, url) for url in urls]
        for process, sentence in zip(processes, wrong.values(), strict=True):
            status, out, err = await ended(process)
            assert (status, out, err.count("\n")) == (1, "", 1)
            assert sentence in err
            assert "canary" not in err
            assert str(right.password) not in err


async def logged(caplog: pytest.LogCaptureFixture, words: str) -> None:
    """Return when something was logged."""
    async with asyncio.timeout(20):
        while words not in caplog.text:  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(0.01)


async def test_in_discord_nothing_is_missed_while_it_is_away(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither what was written between two sessions, of which it would have to tell, nor what comes meanwhile."""
    async with (
        discord_server.served() as server,
        gate_to(database.url) as gate,
        discord.running(server, Database(gate.on(database.url))) as bot,
    ):
        ann = DiscordPerson.new(server, "ann")
        await bot.took(await ann.writes(LINES[0]))
        await gate.close()
        await server.gateway.invalidate()
        missed = await ann.writes(LINES[1])
        await server.world.until(lambda: server.gateway.identified == 2)
        now = await ann.writes(LINES[2])
        await logged(caplog, AWAY)
        await gate.open()
        await bot.took(missed)
        await bot.took(now)
        await says(database, "SELECT count(*) = 0 FROM outbox")
        assert bot.host.taken[1:3] == [f"discord/{missed.id}", f"discord/{now.id}"]
    async with discord_server.served() as server, discord.running(server, tmp_path) as bot:
        ben = DiscordPerson.new(server, "ben")
        for line in LINES:
            await bot.took(await ben.writes(line))
    assert [message.content for message in ann.sees()] == [message.content for message in ben.sees()]


async def test_in_slack_nothing_is_missed_while_it_is_away(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As above; what comes meanwhile is not acknowledged, and comes again."""
    async with (
        slack_server.served() as server,
        gate_to(database.url) as gate,
        slack.running(server, Database(gate.on(database.url))) as bot,
    ):
        ann = SlackPerson.new(server, "ann")
        await bot.took(await ann.writes(LINES[0]))
        await gate.close()
        await server.socket_mode.cut()
        missed = ann.put(LINES[1])
        await server.world.until(lambda: bool(server.socket_mode.sockets))
        now = await ann.writes(LINES[2])
        await logged(caplog, AWAY)
        await gate.open()
        await bot.took(now)
        await says(database, "SELECT count(*) = 0 FROM outbox")
        assert [one.rpartition("/")[2] for one in bot.host.taken[1:3]] == [missed.ts, now.payload["event"]["ts"]]
    async with slack_server.served() as server, slack.running(server, tmp_path) as bot:
        ben = SlackPerson.new(server, "ben")
        for line in LINES:
            await bot.took(await ben.writes(line))
    assert [message.told for message in ann.sees()] == [message.told for message in ben.sees()]
