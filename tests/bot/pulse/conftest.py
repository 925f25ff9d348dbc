"""A community with the pulse on."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import Clock
from bot.turns import Turns
from dialogs.catalog import Catalog
from dialogs.understanding import Understanding
from storage.store import Store
from tests.bot.pulse.places import Place, members_of, switch


@pytest.fixture
async def place(store: Store, understanding: Understanding, catalog: Catalog, clock: Clock) -> AsyncIterator[Place]:
    """Give a community with the pulse on, at noon on the fifth of January."""
    await switch(store, "pulse")
    async with Turns(store, understanding, catalog, clock, lambda _posted, _at: None) as turns:
        yield Place(store, turns, members_of(store, catalog, clock), clock)
