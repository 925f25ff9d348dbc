"""A server, a bot that runs on it, and somebody who uses it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.slack.people import Person
from tests.platforms.slack.running import HTTP, SOCKET, Bot, running
from tests.platforms.slack.server import Server, served
from tests.platforms.slack.square import Square
from tests.platforms.slack.world import Channel


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """Give a server with one workspace on it."""
    async with served() as server:
        yield server


@pytest.fixture
async def bot(server: Server, tmp_path: Path) -> AsyncIterator[Bot]:
    """Give a bot that runs over Socket Mode."""
    async with running(server, tmp_path, SOCKET) as bot:
        yield bot


@pytest.fixture
async def web_bot(server: Server, tmp_path: Path) -> AsyncIterator[Bot]:
    """Give a bot that runs over HTTP."""
    async with running(server, tmp_path, HTTP) as bot:
        yield bot


@pytest.fixture
def ann(server: Server) -> Person:
    """Give somebody who uses the bot."""
    return Person.new(server, "ann")


@pytest.fixture
def ben(server: Server) -> Person:
    """Give somebody else."""
    return Person.new(server, "ben")


@pytest.fixture
def town(server: Server, ann: Person, ben: Person) -> Channel:
    """Give a channel of the workspace, in which both are, and the bot too."""
    return server.world.add_channel(server.team, {ann.user.id, ben.user.id, server.team.bot_user})


@pytest.fixture
async def square(server: Server, bot: Bot) -> Square:
    """Give a workspace in which an admin has switched everything on."""
    square = Square(server)
    await square.set_up(bot)
    return square
