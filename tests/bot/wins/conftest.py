"""A town with a wins channel."""

from collections.abc import AsyncIterator

import pytest

from tests.bot.square import TOWN, Square, square
from tests.databases import Database


@pytest.fixture
async def here(database: Database) -> AsyncIterator[Square]:
    """Give a town with a wins channel."""
    async with square(database) as place:
        await place.set_up(TOWN)
        yield place
