"""Many workspaces: each adds the app by itself, sees nothing of another, and takes everything along when it leaves."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from adapters.slack.declared import INSTALL_PATH, REDIRECT_PATH, SCOPES
from tests.platforms.slack.methods import CLIENT_ID
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import MANY, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Team


async def add(
    server: Server, team: Team, *, state: str = "", code: str = "code", cookie: str = "", times: int = 1, back: str = ""
) -> tuple[int, str]:
    """Add the app to a workspace as an admin's browser does; return the last page.

    times: how often the browser returns with the same address. back: where it returns to, if it is another process.
    """
    server.methods.codes["code"] = team
    # The browser of an admin talks HTTPS; its cookie is carried along by hand here.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        async with browser.get(f"{server.bot_url}{INSTALL_PATH}") as page:
            assert page.status == 200
            link = next(one for one in re.findall('href="([^"]+)"', await page.text()) if "authorize" in one)
            link = link.replace("&amp;", "&")
            cookie = cookie or page.cookies["slack-app-oauth-state"].value
        query = parse_qs(urlsplit(link).query)
        assert link.startswith(f"{server.url}/oauth/v2/authorize?")
        assert query["client_id"] == [CLIENT_ID]
        assert set(query["scope"][0].split(",")) == set(SCOPES)
        headers = {"Cookie": f"slack-app-oauth-state={cookie}"}
        params = {"code": code, "state": state or query["state"][0]}
        for _ in range(times):
            server.methods.codes["code"] = team
            async with browser.get(f"{back or server.bot_url}{REDIRECT_PATH}", params=params, headers=headers) as page:
                answer = page.status, await page.text()
    return answer


def everything_in(folder: Path) -> bytes:
    """Return what is in the files of a folder."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_a_workspace_adds_the_app_by_itself(server: Server, ann: Person, tmp_path: Path) -> None:
    """From the page with the button to the first answer; the token is nowhere to be read."""
    async with running(server, tmp_path, MANY, install=False) as bot:
        refused = await ann.writes("hello")
        await server.world.until(refused.done.is_set)
        assert bot.host.taken == []
        status, _ = await add(server, server.team)
        assert status == 200
        await bot.took(await ann.writes("I got rejected by Stark"))
        assert "Stark" in ann.sees()[0].shown
    kept = everything_in(tmp_path)
    assert server.team.token.encode() not in kept
    assert b"Job seekers" in kept


@pytest.mark.parametrize("wrong", ["state", "code"])
async def test_a_forged_return_adds_nothing(server: Server, tmp_path: Path, wrong: str) -> None:
    """A state that was never given out, or a code that Slack does not know."""
    async with running(server, tmp_path, MANY, install=False) as bot:
        told = {"state": "", "code": "code"} | {wrong: "forged"}
        status, _ = await add(server, server.team, state=told["state"], code=told["code"])
        assert status in {400, 401}
        assert await bot.platform.workspaces.find(server.team.id) is None


async def test_a_return_to_another_browser_or_a_second_time_adds_nothing(server: Server, tmp_path: Path) -> None:
    """The state is also in a cookie of the browser that began, and it is good once."""
    async with running(server, tmp_path, MANY, install=False) as bot:
        status, _ = await add(server, server.team, cookie="of-another-browser")
        assert status in {400, 401}
        assert await bot.platform.workspaces.find(server.team.id) is None
        status, _ = await add(server, server.team, times=2)
        assert status in {400, 401}
        assert await bot.platform.workspaces.find(server.team.id) is not None, "the first time it was good"


async def test_two_workspaces_see_nothing_of_each_other(server: Server, ann: Person, tmp_path: Path) -> None:
    """The same bot, two tokens; each is answered with its own, and nobody's page shows up at another's."""
    other = server.world.add_team("Elsewhere", set(SCOPES))
    eve = Person.new(server, "eve", other)
    async with running(server, tmp_path, MANY) as bot:
        await bot.took(await ann.writes("I got rejected by Stark"))
        await bot.took(await eve.writes("I got rejected by Wayne"))
        await bot.took(await eve.uses("onward", "export"))
        assert "Wayne" in eve.sees()[0].shown
        assert not any("Stark" in message.shown for message in eve.sees())
        assert "Stark" not in str(server.world.homes[eve.user.id])


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U1"]}}])
async def test_a_workspace_that_leaves_takes_everything_with_it(
    server: Server, ann: Person, tmp_path: Path, event: dict[str, object]
) -> None:
    """Its people, its letters, its token; not those of others."""
    other = server.world.add_team("Elsewhere", set(SCOPES))
    eve = Person.new(server, "eve", other)
    async with running(server, tmp_path, MANY) as bot:
        await bot.took(await ann.writes("I got rejected by Stark"))
        await bot.took(await eve.writes("I got rejected by Wayne"))
        users_only = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}
        await bot.took(server.bring("events_api", ann.event(users_only)))
        assert (await bot.store.journey(ann.known_as)).seen_at is not None
        await bot.took(server.bring("events_api", ann.event(event)))
        assert (await bot.store.journey(ann.known_as)).seen_at is None
        assert (await bot.store.journey(eve.known_as)).seen_at is not None
        assert await bot.platform.workspaces.find(server.team.id) is None
        gone = await ann.writes("hello?")
        await server.world.until(gone.done.is_set)
        assert len(bot.host.taken) == 2
        await bot.took(await eve.writes("tonight"))
    kept = everything_in(tmp_path)
    assert ann.user.id.encode() not in kept
    assert server.team.id.encode() not in kept
    assert eve.user.id.encode() in kept


async def test_a_token_that_expires_is_renewed_in_time(server: Server, ann: Person, tmp_path: Path) -> None:
    """And the new one is kept, sealed like the old one."""
    server.methods.rotating, server.methods.lasts = True, 3600
    async with running(server, tmp_path, MANY, install=False) as bot:
        await add(server, server.team)
        first = server.team.token
        await bot.took(await ann.writes("I got rejected by Stark"))
        assert server.team.token != first, "it had less than two hours left"
        renewed = server.team.token
        server.methods.lasts = 12 * 3600
    async with running(server, tmp_path, MANY, install=False) as bot:
        await bot.took(await ann.writes("tonight"))
        await bot.took(await ann.writes("those jerks"))
    assert server.team.token.startswith("xoxe.")
    assert renewed.startswith("xoxe.")
    kept = everything_in(tmp_path)
    assert server.team.token.encode() not in kept


async def test_a_token_is_renewed_once_however_many_need_it(server: Server, tmp_path: Path) -> None:
    """The one that was renewed first would no longer be good; one that was renewed elsewhere is looked up."""
    server.methods.rotating, server.methods.lasts = True, 3600
    async with running(server, tmp_path, MANY, install=False) as bot:
        await add(server, server.team)
        server.methods.lasts = 12 * 3600
        crowd = [Person.new(server, f"person {number}") for number in range(10)]
        for delivery in [await one.writes("I got rejected") for one in crowd]:
            await bot.took(delivery)
        assert sum(method == "oauth.v2.access" for method, _ in server.requests) == 2
        server.team.token = "xoxe.another"
        kept = await bot.store.installations(CLIENT_ID).find(server.team.id)
        assert kept is not None
        kept.bot_token = server.team.token
        await bot.store.installations(CLIENT_ID).async_save_bot(kept)
        await bot.took(await crowd[0].writes("straight on"))
        assert "sting" in crowd[0].sees()[-1].shown


async def test_letters_of_a_workspace_that_left_are_given_up(server: Server, ann: Person, tmp_path: Path) -> None:
    """Nothing waits for somebody who cannot be written to any more."""
    async with running(server, tmp_path, MANY) as bot:
        await bot.took(await ann.writes("I got rejected by Stark"))
        await bot.took(await ann.writes("tonight"))
        await bot.store.installations(CLIENT_ID).remove(server.team.id)
        # It is looked up again after a minute.
        server.world.moved += 61
        await bot.wakes()
        assert await bot.store.pending() == []


async def test_a_workspace_of_an_organisation_is_found_by_its_own_id(server: Server, tmp_path: Path) -> None:
    """Also when the app was added to the whole organisation."""
    from slack_sdk.oauth.installation_store import Installation  # noqa: PLC0415

    async with running(server, tmp_path, MANY, install=False) as bot:

        def added(team: str | None) -> Installation:
            return Installation(
                app_id="A1",
                enterprise_id="E1",
                team_id=team,
                is_enterprise_install=team is None,
                bot_token="xoxb-1",
                bot_id="B1",
                bot_user_id="U1",
                user_id="U2",
            )

        installations = bot.store.installations(CLIENT_ID)
        await installations.async_save(added(None))
        await installations.async_save(added("T9"))
        whole, one = await bot.platform.workspaces.find("E1"), await bot.platform.workspaces.find("T9")
        assert whole is not None
        assert one is not None
        assert (whole.id, one.id) == ("E1", "T9")
        found = await installations.async_find_installation(enterprise_id="E1", team_id="T9")
        assert found is not None
        assert found.bot_token == "xoxb-1"
        assert await installations.async_find_bot(enterprise_id="E1", team_id="T8") is None
        assert await installations.async_find_installation(enterprise_id="E1", team_id="T8") is None
