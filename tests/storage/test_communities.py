"""The set-up of communities: kept, changed by one after the other, and gone when it is to go."""

import asyncio

import pytest

from dialogs import community
from dialogs.community import ChoiceError, Choices, Community
from storage.communities import Communities
from storage.errors import StorageError
from storage.store import Store
from storage.tables import to_moment
from tests.databases import Database
from tests.storage.test_store import NOW


@pytest.fixture
def communities(store: Store) -> Communities:
    """Give the communities of a database."""
    return store.communities(lambda: NOW)


async def choose(communities: Communities, one: str, what: str, *values: str) -> Community:
    """Choose something for a community."""
    return await communities.change(one, lambda before: community.chosen(before, what, values))


async def test_each_community_keeps_its_own(communities: Communities, database: Database) -> None:
    """Reading, changing and removing one touches no other, however alike their names are."""
    assert await communities.read("discord:1") is None
    await choose(communities, "discord:1", "country", "GB")
    await choose(communities, "discord:11", "country", "FR")
    changed = await choose(communities, "discord:1", "mentors", "7")
    assert changed.now == Choices(country="GB", mentors="7")
    assert await communities.read("discord:1") == changed
    assert await communities.change("discord:1", community.undone) == Community(now=Choices(country="GB"))
    await choose(communities, "slack:T1", "wins_channel", "C1")
    assert sorted(await communities.known("discord")) == ["discord:1", "discord:11"]
    await communities.remove("discord:1")
    assert await communities.read("discord:1") is None
    assert (await communities.change("discord:11", lambda one: one)).now.country == "FR"
    await communities.remove("discord:1")
    assert await communities.known("slack") == ["slack:T1"]
    ((updated,),) = await database.sql("SELECT updated_at FROM communities WHERE id = 'slack:T1'")
    assert to_moment(updated) == NOW


async def test_what_is_refused_changes_nothing(communities: Communities) -> None:
    """Neither is a community made by it."""
    with pytest.raises(ChoiceError):
        await choose(communities, "discord:1", "country", "nowhere")
    assert await communities.read("discord:1") is None


async def test_admins_who_choose_at_the_same_moment_lose_nothing(database: Database) -> None:
    """Two programs on one database, five things at once."""
    choices = {"panel_channel": "1", "wins_channel": "2", "mentors": "3", "country": "GB", "features": "pulse"}
    async with database.store() as one, database.store() as other:
        both = [store.communities(lambda: NOW) for store in (one, other)]
        await asyncio.gather(
            *(choose(both[number % 2], "discord:1", *choice) for number, choice in enumerate(choices.items()))
        )
        found = await both[0].read("discord:1")
    assert found is not None
    assert found.now == Choices(panel_channel="1", wins_channel="2", mentors="3", country="GB", features=("pulse",))


async def test_a_damaged_set_up_is_told_as_such(communities: Communities, database: Database) -> None:
    """In a sentence that says what to do, and that repeats nothing of it."""
    await database.sql("INSERT INTO communities VALUES ('discord:1', :damaged, 0)", damaged="{ann")
    with pytest.raises(StorageError, match="set it up again"):
        await communities.read("discord:1")
