"""`onward check` as a host starts it, with the servers of both platforms."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.checked import read
from tests.platforms import commands
from tests.platforms.commands import database_in, ended
from tests.platforms.discord import server as discord
from tests.platforms.ports import free_port, listens
from tests.platforms.slack import server as slack
from tests.platforms.slack.running import HTTP, SOCKET, environment

Shown = tuple[int, dict[str, list[str]]]


class Both:
    """Both platforms."""

    def __init__(self, chat: discord.Server, work: slack.Server) -> None:
        """Take a server of each."""
        self.discord = chat
        self.slack = work

    def environ(self, mode: str = SOCKET) -> dict[str, str]:
        """Return the settings with which both are served."""
        told = {"ONWARD_DISCORD__TOKEN": discord.TOKEN, "ONWARD_DISCORD__API_URL": self.discord.api_url}
        return {**environment(self.slack, mode), **told}


@pytest.fixture
async def both() -> AsyncIterator[Both]:
    """Give servers of both platforms."""
    async with discord.served() as chat, slack.served() as work:
        chat.world.guilds[chat.world.snowflake()] = "Job seekers"
        yield Both(chat, work)


async def checked(folder: Path, **environ: str) -> Shown:
    """Run the command, and return what it shows of each topic."""
    code, out, err = await ended(await commands.start(folder, "check", **environ))
    assert err == ""
    return code, read(out)


async def test_all_is_well(both: Both, tmp_path: Path) -> None:
    """A line for each good thing, the exit code 0, and nothing was made."""
    code, told = await checked(tmp_path, **both.environ())
    assert code == 0
    assert told["discord"][0].startswith("ok The token is good: it is of onward")
    assert told["slack"][0] == "ok The bot's token is good: it is onward in the workspace Job seekers."
    assert told["clock"] == ["ok It goes like Discord's and Slack's."]
    assert "http" not in told
    assert not database_in(tmp_path)


async def test_one_platform_does_not_hide_the_other(both: Both, tmp_path: Path) -> None:
    """A wrong token here, a missing scope there, no network at all: each is told with what to do."""
    both.slack.team.scopes -= {"im:history"}
    code, told = await checked(tmp_path, **{**both.environ(), "ONWARD_DISCORD__TOKEN": "wrong"})
    assert code == 1
    assert "does not accept the token in ONWARD_DISCORD__TOKEN" in told["discord"][0]
    assert told["slack"][-1].startswith("MEND It lacks the scopes im:history")
    both.discord.permissions = 0
    unreachable = {**both.environ(), "ONWARD_SLACK__API_URL": f"http://127.0.0.1:{free_port()}/api"}
    code, told = await checked(tmp_path, **unreachable)
    assert code == 1
    assert "Slack cannot be reached" in told["slack"][0]
    assert "add it again with the first link of 'onward check discord'" in told["discord"][-1]


async def test_a_clock_that_is_wrong(both: Both, tmp_path: Path) -> None:
    """It is told once, by the first platform that shows it."""
    both.discord.behind = both.slack.behind = 200
    code, told = await checked(tmp_path, **both.environ())
    assert code == 1
    (line,) = told["clock"]
    assert line.startswith("MEND This machine's clock is 20")
    assert "seconds ahead of Discord's: have it set over the network" in line


async def test_the_address_of_a_bot_that_runs(both: Both, tmp_path: Path) -> None:
    """It is its own; and what is in its database is read while it runs."""
    port = free_port()
    environ = {**both.environ(HTTP), "ONWARD_HTTP__LISTEN": f"127.0.0.1:{port}"}
    process = await commands.start(tmp_path, "run", **environ)
    await listens(process, port)
    code, told = await checked(tmp_path, **environ)
    process.terminate()
    assert (await ended(process))[0] == 0
    assert code == 0
    assert told["http"] == [f"ok The bot is running, and answers at 127.0.0.1:{port}."]
    assert "is up to date" in told["database"][0]
    assert "ok It opens the database." in told["key"]
