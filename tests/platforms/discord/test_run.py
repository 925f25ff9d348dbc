"""`onward run` and `onward check discord` as a host starts them: what they say, and how they end."""

import signal
import subprocess
import sys
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from tests.platforms import commands
from tests.platforms.commands import database_in, ended
from tests.platforms.discord.people import Person
from tests.platforms.discord.server import TOKEN, Fault, Server
from tests.platforms.discord.world import Json

WRONG = {"ONWARD_DISCORD__TOKEN": "wrong"}


async def start(server: Server, folder: Path, *command: str, **environ: str) -> Process:
    """Start the real command with nothing but a token, and where the server is."""
    settings = {"ONWARD_DISCORD__TOKEN": TOKEN, "ONWARD_DISCORD__API_URL": server.api_url, **environ}
    return await commands.start(folder, *command, **settings)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
async def test_with_only_a_token_it_serves_discord_until_it_is_told_to_stop(
    server: Server, ann: Person, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    """The database is made by itself; what was taken is finished, and nothing is complained about."""
    process = await start(server, tmp_path, "run", ONWARD_LOG_LEVEL="debug")
    await server.world.until(lambda: bool(server.gateway.sessions))
    await ann.writes("I got rejected by Stark, those canaries")
    await server.world.until(lambda: len(ann.sees()) == 2)
    process.send_signal(sent)
    status, out, err = await ended(process)
    assert (status, out) == (code, "")
    assert "Traceback" not in err
    assert "canaries" not in err
    assert str(ann.user.id) not in err
    assert database_in(tmp_path)
    assert {command["name"] for command in server.world.commands} >= {"rejected", "helpline", "erase"}


@pytest.mark.parametrize("command", [("run",), ("check", "discord")])
async def test_a_wrong_token_is_told_in_one_sentence(server: Server, tmp_path: Path, command: tuple[str, ...]) -> None:
    """It says where a new one comes from."""
    status, out, err = await ended(await start(server, tmp_path, *command, **WRONG))
    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert "does not accept the token" in err
    assert "wrong" not in err
    assert not database_in(tmp_path)


@pytest.mark.parametrize("command", [("run",), ("check", "discord")])
async def test_no_network_is_told_in_one_sentence(server: Server, tmp_path: Path, command: tuple[str, ...]) -> None:
    """A server that is not there at the start ends it; later on it is waited for."""
    process = await start(server, tmp_path, *command, ONWARD_DISCORD__API_URL="http://127.0.0.1:9/api")
    status, out, err = await ended(process)
    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert "cannot be reached" in err


async def test_a_refusal_at_the_start_is_told_in_one_sentence(server: Server, tmp_path: Path) -> None:
    """Whatever Discord answers, there is no traceback."""
    server.faults.append(Fault("403", 1, "/users/@me"))
    status, _, err = await ended(await start(server, tmp_path, "run"))
    assert status == 1
    assert err.count("\n") == 1
    assert "403" in err


@pytest.mark.parametrize(
    ("environ", "told"),
    [({"ONWARD_DISCORD__TOKEN": ""}, "nothing to run"), ({"ONWARD_DISCORD__TOKE": "x"}, "no setting of Onward")],
)
async def test_a_wrong_setting_is_named(server: Server, tmp_path: Path, environ: dict[str, str], told: str) -> None:
    """Exit code 2, one sentence, and nothing was touched."""
    status, out, err = await ended(await start(server, tmp_path, "run", **environ))
    assert (status, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1
    assert not server.requests


async def test_a_token_that_is_revoked_at_run_time_ends_it_with_one_sentence(server: Server, tmp_path: Path) -> None:
    """Nothing that was to be sent is lost: it stays in the outbox."""
    process = await start(server, tmp_path, "run")
    await server.world.until(lambda: bool(server.gateway.sessions))
    await server.gateway.revoke()
    status, _, err = await ended(process)
    assert status == 1
    assert "Traceback" not in err
    assert "it was reset" in err


async def test_the_check_names_the_bot_and_prints_the_links(server: Server, tmp_path: Path) -> None:
    """The links have the exact scopes and permissions."""
    status, out, err = await ended(await start(server, tmp_path, "check", "discord"))
    number = server.world.bot.id
    assert (status, err) == (0, "")
    assert f"onward (application {number})" in out
    assert f"client_id={number}&scope=bot+applications.commands&permissions=66624" in out
    assert f"client_id={number}&integration_type=1&scope=applications.commands" in out
    assert "Servers: 1, each with everything" in out


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            {"permissions": 1 << 10},
            "In the server Job seekers it lacks the permission add_reactions, the permission read_",
        ),
        ({"without_commands": True}, "lacks the scope applications.commands"),
        ({"application": {"interactions_endpoint_url": "https://x.example"}}, "Interactions Endpoint URL"),
        ({"application": {"integration_types_config": {"0": {}}}}, "User Install cannot be chosen"),
    ],
)
async def test_the_check_says_what_is_missing(server: Server, tmp_path: Path, wrong: Json, told: str) -> None:
    """Each with what to do, and exit code 1."""
    for name, value in wrong.items():
        setattr(server, name, value)
    status, out, _ = await ended(await start(server, tmp_path, "check", "discord"))
    assert status == 1
    assert told in out


async def test_an_administrator_lacks_nothing(server: Server, tmp_path: Path) -> None:
    """That permission has all the others in it."""
    server.permissions = 1 << 3
    assert (await ended(await start(server, tmp_path, "check", "discord")))[0] == 0


def test_nothing_of_the_platform_is_imported_before_it_is_needed() -> None:
    """The terminal and the help are as quick as before."""
    program = "import sys, bot.__main__, bot.chat; print('discord' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
