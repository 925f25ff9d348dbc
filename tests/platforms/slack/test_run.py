"""`onward run` and `onward check slack` as a host starts them: what they say, and how they end."""

import signal
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from tests.platforms import commands
from tests.platforms.commands import database_in, ended
from tests.platforms.discord import server as discord
from tests.platforms.discord.people import Person as DiscordPerson
from tests.platforms.slack.methods import APP_TOKEN
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import HTTP, SOCKET, environment
from tests.platforms.slack.server import Server


async def start(server: Server, folder: Path, *command: str, mode: str = SOCKET, **environ: str) -> Process:
    """Start the real command with nothing but the tokens, and where the server is."""
    return await commands.start(folder, *command, **{**environment(server, mode), **environ})


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
async def test_with_two_tokens_it_serves_slack_until_it_is_told_to_stop(
    server: Server, ann: Person, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    """What was taken is finished, and neither words nor names are in the log, even at its most talkative."""
    process = await start(server, tmp_path, "run", ONWARD_LOG_LEVEL="debug")
    await server.world.until(lambda: len(server.socket_mode.sockets) == 2)
    await ann.writes("I got rejected by Stark, those canaries")
    await server.world.until(lambda: len(ann.sees()) == 2)
    process.send_signal(sent)
    status, out, err = await ended(process)
    assert (status, out) == (code, "")
    assert "Traceback" not in err
    for secret in ("canaries", ann.user.id, ann.direct.id, server.team.token, APP_TOKEN):
        assert secret not in err
    assert database_in(tmp_path)


async def test_one_process_serves_both_platforms_and_keeps_them_apart(
    server: Server, ann: Person, tmp_path: Path
) -> None:
    """What somebody said on the one is never shown on the other, even to an account with the same name."""
    async with discord.served() as other:
        told = {"ONWARD_DISCORD__TOKEN": discord.TOKEN, "ONWARD_DISCORD__API_URL": other.api_url}
        process = await start(server, tmp_path, "run", **told)
        await server.world.until(lambda: len(server.socket_mode.sockets) == 2)
        await other.world.until(lambda: bool(other.gateway.sessions))
        same = DiscordPerson.new(other, "ann")
        await ann.writes("I got rejected by Stark")
        await same.writes("I got rejected by Wayne")
        await server.world.until(lambda: len(ann.sees()) == 2)
        await other.world.until(lambda: len(same.sees()) == 2)
        await ann.uses("onward", "export")
        await same.uses("export")
        await server.world.until(
            lambda: any("What is kept" in one.shown or "Stark" in one.shown for one in ann.sees()[2:])
        )
        await other.world.until(lambda: any("Wayne" in message.content for message in same.sees()[2:]))
        process.terminate()
        assert (await ended(process))[0] == 0
        assert not any("Wayne" in message.shown for message in ann.sees())
        assert not any("Stark" in message.content for message in same.sees())
        assert not any("export direct messages" in message.content for message in same.sees())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ONWARD_SLACK__TOKEN": "xoxb-wrong"}, "does not accept the token in ONWARD_SLACK__TOKEN (invalid_auth)"),
        ({"ONWARD_SLACK__APP_TOKEN": "xapp-wrong"}, "does not accept the token in ONWARD_SLACK__APP_TOKEN"),
        ({"ONWARD_SLACK__APP_TOKEN": "xoxb-wrong"}, "is of another kind: it has to begin with xapp-."),
        ({"ONWARD_SLACK__TOKEN": APP_TOKEN}, "is of another kind: it has to begin with xoxb-."),
        ({"ONWARD_SLACK__API_URL": "http://127.0.0.1:9/api"}, "Slack cannot be reached"),
    ],
)
async def test_what_cannot_work_is_told_in_one_sentence(
    server: Server, tmp_path: Path, wrong: dict[str, str], told: str
) -> None:
    """Before anything else is touched; `check` does what `run` begins with."""
    command = ("check", "slack") if "APP_TOKEN" in str(wrong) else ("run",)
    status, out, err = await ended(await start(server, tmp_path, *command, **wrong))
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert told in err
    assert not any(value in err for name, value in wrong.items() if name.endswith("TOKEN"))
    assert not database_in(tmp_path)


async def test_settings_that_do_not_fit_are_named(server: Server, tmp_path: Path) -> None:
    """Exit code 2, one sentence, and nothing was touched."""
    status, out, err = await ended(await start(server, tmp_path, "run", ONWARD_SLACK__APP_TOKEN=""))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "alone brings nothing in" in err
    assert not server.requests


async def test_an_address_that_is_taken_is_told(server: Server, tmp_path: Path) -> None:
    """In one sentence, with exit code 2."""
    taken = server.url.removeprefix("http://")
    process = await start(server, tmp_path, "run", mode=HTTP, ONWARD_HTTP__LISTEN=taken)
    status, _, err = await ended(process)
    assert (status, err.count("\n")) == (2, 1)
    assert f"ONWARD_HTTP__LISTEN is {taken}, which cannot be used" in err


async def test_the_check_says_that_all_is_well(server: Server, tmp_path: Path) -> None:
    """Whose token it is, and that it has what it needs."""
    status, out, err = await ended(await start(server, tmp_path, "check", "slack"))
    assert (status, err) == (0, "")
    assert "it is onward in the workspace Job seekers" in out
    assert "all 9 scopes" in out
    assert "Slack gives it a connection" in out


async def test_the_check_names_what_is_missing_and_what_is_too_much(server: Server, tmp_path: Path) -> None:
    """Each with what to do, and exit code 1."""
    server.team.scopes = (server.team.scopes - {"im:history"}) | {"channels:history"}
    status, out, _ = await ended(await start(server, tmp_path, "check", "slack", mode=HTTP))
    assert status == 1
    assert "lacks the scopes im:history" in out
    assert "does not need the scopes channels:history" in out
    assert "only a request from Slack can tell" in out


async def test_a_refusal_at_the_start_is_told_in_one_sentence(server: Server, tmp_path: Path) -> None:
    """Whatever Slack answers, there is no traceback."""
    server.faults.append(Fault("503", 1, "/auth.test"))
    status, _, err = await ended(await start(server, tmp_path, "run"))
    assert (status, err.count("\n")) == (1, 1)
    assert "503" in err
