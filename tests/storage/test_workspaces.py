"""Workspaces that add the app to Slack, renew its tokens, and remove it with everybody in it."""

from datetime import timedelta

from slack_sdk.oauth.installation_store import Installation

from dialogs.journey import Journey
from storage.store import Store
from tests.databases import Database
from tests.storage.test_store import NOW, keep, kept, reply


def added(team: str, token: str, days: int) -> Installation:
    """Return an installation with a token that expires, after so many days."""
    moment = (NOW + timedelta(days=days)).timestamp()
    return Installation(
        app_id="A1",
        team_id=team,
        team_name="Job seekers",
        bot_token=token,
        bot_id="B1",
        bot_user_id="U1",
        bot_scopes="chat:write,im:history",
        bot_refresh_token=f"{token}-refresh",
        bot_token_expires_at=int(moment) + 43_200,
        user_id="U2",
        installed_at=moment,
    )


async def test_the_newest_token_of_a_workspace_counts_until_it_removes_the_app(
    store: Store, database: Database
) -> None:
    """Added, added again, renewed: what is found is the last of them, and no token lies there in the clear."""
    installations = store.installations("client")
    await installations.async_save(added("T1", "xoxe-first", 0))
    await installations.async_save(added("T2", "xoxe-other", 0))
    await installations.async_save(added("T1", "xoxe-second", 1))
    found = await installations.find("T1")
    assert found is not None
    assert (found.bot_token, found.bot_refresh_token) == ("xoxe-second", "xoxe-second-refresh")
    assert found.bot_token_expires_at == int((NOW + timedelta(days=1)).timestamp()) + 43_200
    found.bot_token, found.installed_at = "xoxe-renewed", found.installed_at + 60
    await installations.async_save_bot(found)
    for again in (await installations.find("T1"), await installations.async_find_bot(enterprise_id=None, team_id="T1")):
        assert again is not None
        assert again.bot_token == "xoxe-renewed"
    whole = await installations.async_find_installation(enterprise_id=None, team_id="T1")
    assert whole is not None
    assert whole.bot_token == "xoxe-second"
    assert b"xoxe" not in await database.content()
    await installations.remove("T1")
    assert await installations.find("T1") is None
    assert await installations.find("T2") is not None


async def test_a_workspace_takes_its_people_along_and_nobody_else(store: Store, database: Database) -> None:
    """Journeys, letters and events go, of those whose names begin so to the letter."""
    gone, stays = ["slack:T_1/U1", "slack:T_1/U2"], ["slack:TX1/U1", "slack:T_2/U1", "slack:T_11/U1", "terminal:ann"]
    for person in (*gone, *stays):
        await keep(store, person, Journey(asked=1), NOW)
    async with store.begin() as unit:
        await unit.first_seen([(person, "event") for person in (*gone, *stays)], NOW)
        await unit.post([(person, "here", reply("x")) for person in (*gone, *stays)])
    assert await store.purge("slack:T_1/") == len(gone)
    assert sorted(one.person for one in await store.pending()) == sorted(stays)
    assert [(await kept(store, person)).asked for person in stays] == [1] * 4
    assert await database.sql("SELECT count(*) FROM events") == [(len(stays),)]
    assert [(await kept(store, person)).asked for person in gone] == [0, 0]
