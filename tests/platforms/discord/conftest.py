"""A server, a bot that runs on it, and somebody who uses it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Server, served
from tests.platforms.discord.world import Channel


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """Give a server with one community on it."""
    async with served() as server:
        server.world.guilds[server.world.snowflake()] = "Job seekers"
        yield server


@pytest.fixture
async def bot(server: Server, tmp_path: Path) -> AsyncIterator[Bot]:
    """Give a running bot."""
    async with running(server, tmp_path) as bot:
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
    """Give a channel of the community, in which both are."""
    return server.world.server_channel(next(iter(server.world.guilds)), {ann.user.id, ben.user.id})
