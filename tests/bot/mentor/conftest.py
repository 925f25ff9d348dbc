"""The people of two communities."""

import pytest

from storage.store import Store
from tests.bot.introduced import HERE, THERE, People


@pytest.fixture
async def people(store: Store) -> People:
    """Give the people of a community that has mentors switched on."""
    people = People(store)
    await people.set_up(HERE, THERE)
    return people
