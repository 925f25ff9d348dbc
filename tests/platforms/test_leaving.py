"""What leaves the host, and what stays on it: the real command, watched from inside its Python and in its files."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogs.codec import encode
from storage.keyfile import keys_beside
from storage.sealing import Seal
from storage.store import Store
from tests.bot.running import onward
from tests.platforms import commands
from tests.platforms.commands import ended
from tests.platforms.discord import server as discord
from tests.platforms.discord.people import Person as DiscordPerson
from tests.platforms.slack import server as slack
from tests.platforms.slack.people import Person as SlackPerson
from tests.platforms.slack.running import SOCKET, environment

WATCH = """
import os, sys
PLACES = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
def watch(event, args):
    if event in PLACES:
        place = args[PLACES[event]]
        with open(os.environ["WATCHED"], "a") as file:
            print(place[0] if isinstance(place, tuple) else place, file=file)
sys.addaudithook(watch)
"""
"""Runs before anything else in a process, and writes down every address that it connects to or looks up."""

HERE = {"127.0.0.1"}
"""Where the servers of the tests are, which the settings name in the place of Discord and Slack."""

KEPT = "canary-employer"
NEVER = ("canary-vent", "canary-more", "canary-danger")
TOLD = (f"i got rejected by {KEPT}", "a day", f"those jerks, {NEVER[0]}", NEVER[1], f"i want to die {NEVER[2]}")
DANGER_ANSWERED, SURE, RECEIPT = "findahelpline", "This deletes everything", "Not mine to erase"


@dataclass
class Talk:
    """Somebody on a platform, and how the real command is told where that is."""

    environ: Mapping[str, str]
    server: Any
    person: Any
    known_as: str
    is_served: Callable[[], bool]

    def shown(self) -> str:
        """Return everything that the bot wrote."""
        return "\n".join(getattr(one, "shown", "") or getattr(one, "content", "") for one in self.person.sees())

    async def tell(self, lines: Sequence[str], answer: str) -> None:
        """Write some lines, and return when the answer to the last of them is there."""
        for line in lines:
            await self.person.writes(line)
        await self.server.world.until(lambda: answer in self.shown())


@asynccontextmanager
async def on(platform: str) -> AsyncIterator[Talk]:
    """Give somebody on a platform."""
    if platform == "discord":
        async with discord.served() as server:
            environ = {"ONWARD_DISCORD__TOKEN": discord.TOKEN, "ONWARD_DISCORD__API_URL": server.api_url}
            ann = DiscordPerson.new(server, "ann")
            yield Talk(environ, server, ann, f"discord:{ann.user.id}", lambda: bool(server.gateway.sessions))
    else:
        async with slack.served() as workspace:
            anna = SlackPerson.new(workspace, "ann")
            yield Talk(
                environment(workspace, SOCKET),
                workspace,
                anna,
                anna.known_as,
                lambda: len(workspace.socket_mode.sockets) == 2,
            )


def watching(folder: Path) -> dict[str, str]:
    """Return the environment in which every address is written down."""
    (folder / "watch").mkdir(exist_ok=True)
    (folder / "watch" / "sitecustomize.py").write_text(WATCH)
    return {"PYTHONPATH": str(folder / "watch"), "WATCHED": str(folder / "watch" / "addresses")}


def reached(folder: Path) -> set[str]:
    """Return the addresses that were written down."""
    file = folder / "watch" / "addresses"
    return set(file.read_text().split()) if file.exists() else set()


def files_in(folder: Path) -> bytes:
    """Return what is in every file that the bot made."""
    return b"".join(path.read_bytes() for path in (folder / ".local").rglob("*") if path.is_file())


async def state_of(folder: Path, person: str) -> str:
    """Return what is remembered of somebody, opened with the key."""
    database = folder / ".local" / "share" / "onward" / "onward.db"
    store = await Store.open(f"sqlite+aiosqlite:///{database}", Seal(keys_beside(database)[0]), upgrade=False)
    try:
        return encode(await store.journey(person)).decode()
    finally:
        await store.close()


async def test_only_the_chat_leaves_and_what_is_vented_stays_nowhere(tmp_path: Path) -> None:
    """No address but the platforms' is reached; after erasing, not even an account's number is left in a file.

    Both are served by one process and talked on at the same time: each takes its time between two messages.
    """
    async with on("discord") as one, on("slack") as other:
        talks = one, other
        watched = {**watching(tmp_path), "ONWARD_LOG_LEVEL": "debug"}
        process = await commands.start(tmp_path, "run", **{**one.environ, **other.environ, **watched})
        for talk in talks:
            await talk.server.world.until(talk.is_served)
        await asyncio.gather(*(talk.tell(TOLD, DANGER_ANSWERED) for talk in talks))
        states = [await state_of(tmp_path, talk.known_as) for talk in talks]
        files = files_in(tmp_path)
        await asyncio.gather(*(talk.tell(["erase"], SURE) for talk in talks))
        await asyncio.gather(*(talk.tell(["yes"], RECEIPT) for talk in talks))
        process.terminate()
        status, _, logged = await ended(process)
        assert status == 0
        assert not [word for word in NEVER if any(word in talk.shown() for talk in talks)]
    assert b"canary" not in files
    assert "canary" not in logged
    for talk, state in zip(talks, states, strict=True):
        account = talk.known_as.rpartition("/")[2].rpartition(":")[2]
        assert KEPT in state
        assert not [word for word in NEVER if word in state]
        assert account.encode() in files
        assert account.encode() not in files_in(tmp_path)
        assert account not in logged
    assert reached(tmp_path) == HERE


def test_in_the_terminal_nothing_leaves_at_all(tmp_path: Path) -> None:
    """No address is reached or looked up, whatever is said."""
    environ = {**os.environ, **watching(tmp_path)}
    typed = "".join(f"{line}\n" for line in TOLD)
    command = onward("chat", "--plain", "--db", str(tmp_path / "onward.db"))
    ran = subprocess.run(command, input=typed, capture_output=True, text=True, timeout=60, check=True, env=environ)
    assert DANGER_ANSWERED in ran.stdout or "emergency" in ran.stdout.lower()
    assert reached(tmp_path) == set()


def test_an_address_that_is_reached_would_be_seen(tmp_path: Path) -> None:
    """So that the tests above say something."""
    program = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))"
    subprocess.run([sys.executable, "-c", program], env={**os.environ, **watching(tmp_path)}, check=True)
    assert reached(tmp_path) == HERE
