"""A community, and a bot in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.platforms.discord.community import Neighbourhood
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Server


@pytest.fixture
def here(server: Server) -> Neighbourhood:
    """Give a community."""
    return Neighbourhood.built(server)


@pytest.fixture
async def bot(server: Server, tmp_path: Path, here: Neighbourhood) -> AsyncIterator[Bot]:
    """Give a bot in it that starts when everything is there."""
    async with running(server, tmp_path) as bot:
        await here.set_up(bot)
        yield bot
