"""`onward run` as whoever looks after it sees it: health, readiness, metrics and logs of the real process."""

import json
import sys
from asyncio.subprocess import Process
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.platforms import commands
from tests.platforms.commands import ended
from tests.platforms.conditions import until_found
from tests.platforms.discord import server as discord
from tests.platforms.discord.people import Person as DiscordPerson
from tests.platforms.ports import free_port
from tests.platforms.slack import server as slack
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import HTTP, environment

LISTENS = "0A"
"""The state of a socket that listens, in /proc/net/tcp."""


async def seen(url: str) -> tuple[int, str]:
    """Return the status and the text of a page; 0 where nobody answers."""
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status, await answer.text()
    except aiohttp.ClientConnectionError:
        return 0, ""


async def shows(url: str, status: int, text: str) -> None:
    """Return when a page shows something. Raises TimeoutError."""

    async def found() -> bool:
        return await seen(url) == (status, text)

    await until_found(found)


async def test_one_process_with_both_platforms_tells_how_it_does(tmp_path: Path) -> None:
    """From the start, when it is not ready yet, until a platform goes away; and who said what is nowhere."""
    watched, public = free_port(), free_port()
    async with AsyncExitStack() as opened:
        workspace = await opened.enter_async_context(slack.served())
        async with discord.served() as other:
            told = {
                **environment(workspace, HTTP),
                "ONWARD_DISCORD__TOKEN": discord.TOKEN,
                "ONWARD_DISCORD__API_URL": other.api_url,
                "ONWARD_HTTP__LISTEN": f"127.0.0.1:{public}",
                "ONWARD_HTTP__METRICS_LISTEN": f"127.0.0.1:{watched}",
                "ONWARD_LOG_LEVEL": "debug",
                "ONWARD_LOG_FORMAT": "json",
            }
            process = await commands.start(tmp_path, "run", **told)
            for port in (watched, public):
                await shows(f"http://127.0.0.1:{port}/readyz", 200, "ready\n")
                assert await seen(f"http://127.0.0.1:{port}/healthz") == (200, "ok\n")
            assert (await seen(f"http://127.0.0.1:{public}/metrics"))[0] == 404
            assert sys.platform != "linux" or len(listening(process)) == 2
            ann, same = Person.new(workspace, "ann"), DiscordPerson.new(other, "ann")
            workspace.bot_url = f"http://127.0.0.1:{public}"
            await ann.writes("I got rejected by canary-employer")
            await same.writes("I got rejected by canary-employer")
            await workspace.world.until(lambda: len(ann.sees()) == 2)
            await other.world.until(lambda: len(same.sees()) == 2)

            async def all_cleared() -> bool:
                return "\nonward_outbox_letters 0.0\n" in (await seen(f"http://127.0.0.1:{watched}/metrics"))[1]

            await until_found(all_cleared)
            _, text = await seen(f"http://127.0.0.1:{watched}/metrics")
            found = {
                (one.name, *sorted(one.labels.values())): one.value
                for family in text_string_to_metric_families(text)
                for one in family.samples
            }
            for platform in ("discord", "slack"):
                assert found["onward_turns_total", *sorted((platform, "true"))] == 1
                assert found["onward_deliveries_total", *sorted((platform, "delivered", "none"))] == 2
                assert found["onward_ready", platform] == 1
            assert found["onward_connections_total", "discord"] == 1
            assert found["onward_requests_total", "taken"] == 1
            assert found["process_resident_memory_bytes",] > 1_000_000
        await shows(f"http://127.0.0.1:{watched}/readyz", 503, "discord is not connected\n")
        assert await seen(f"http://127.0.0.1:{watched}/healthz") == (200, "ok\n")
        process.terminate()
        status, _, err = await ended(process)
    assert status == 0
    lines = [json.loads(line) for line in err.splitlines()]
    assert lines
    assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)
    for secret in ("canary", ann.user.id, str(same.user.id), workspace.team.id):
        assert secret not in text
        assert secret not in err


def listening(process: Process) -> list[str]:
    """Return the addresses on which a process listens, as Linux tells them."""
    sockets = set()
    for file in Path(f"/proc/{process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # the process goes on meanwhile, and closes what it does not need
            sockets.add(str(file.readlink()))
    tables = [table for table in map(Path, ("/proc/net/tcp", "/proc/net/tcp6")) if table.exists()]
    rows = [line.split() for table in tables for line in table.read_text().splitlines()[1:]]
    return [row[1] for row in rows if row[3] == LISTENS and f"socket:[{row[9]}]" in sockets]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is not told in files")
async def test_without_a_setting_nothing_is_served(tmp_path: Path) -> None:
    """Over Socket Mode and Discord the process has no way in at all."""
    async with discord.served() as other:
        told = {"ONWARD_DISCORD__TOKEN": discord.TOKEN, "ONWARD_DISCORD__API_URL": other.api_url}
        process = await commands.start(tmp_path, "run", **told)
        await other.world.until(lambda: bool(other.gateway.sessions))
        assert listening(process) == []
        process.terminate()
        assert (await ended(process))[0] == 0
