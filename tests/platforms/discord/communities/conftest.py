"""Somebody who manages the community, and a bot in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import Channel


@pytest.fixture
def ada(server: Server, town: Channel) -> Person:
    """Give somebody who manages the community."""
    person = Person.new(server, "ada").manages(town)
    town.members.add(person.user.id)
    return person


@pytest.fixture
async def bot(server: Server, tmp_path: Path, ada: Person) -> AsyncIterator[Bot]:
    """Give a bot that starts when everything is there."""
    assert ada
    async with running(server, tmp_path) as bot:
        yield bot
