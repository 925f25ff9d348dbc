"""A workspace is set up by its admins and owners, and by nobody else; what members do there stays theirs."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import panel
from adapters.slack.admins import manages
from adapters.slack.elements import Payload
from adapters.slack.setup_form import SetupForm
from dialogs import community
from dialogs.catalog import Catalog
from dialogs.community import Choices, Community, Panel, chosen
from dialogs.helplines import countries
from tests.platforms.slack import rules
from tests.platforms.slack.people import Person
from tests.platforms.slack.running import HTTP, MANY, SOCKET, Bot, running
from tests.platforms.slack.server import ACKNOWLEDGED_WITHIN, Fault, Server
from tests.platforms.slack.world import Channel, Message, Team

CATALOG = Catalog.load()
PRESSES, AT_ONCE = 300, 100


@pytest.fixture
def ada(server: Server, town: Channel) -> Person:
    """Give an admin of the workspace."""
    return admin_of(server, town)


def admin_of(server: Server, channel: Channel, *, owner: bool = False) -> Person:
    """Return an admin or owner who is in a channel."""
    person = Person.new(server, "ada", server.world.teams[channel.team])
    person.user.admin, person.user.owner = not owner, owner
    channel.members.add(person.user.id)
    return person


async def kept(bot: Bot, team: Team) -> Community | None:
    """Return what is kept of a workspace."""
    return await bot.host.communities.read(f"slack:{team.id}")


async def now(bot: Bot, team: Team) -> Choices:
    """Return what is chosen in a workspace."""
    found = await kept(bot, team)
    assert found is not None
    return found.now


async def with_panel(bot: Bot, ada: Person, town: Channel) -> Message:
    """Set a workspace up with nothing but a panel, and return that."""
    await bot.took(await ada.uses("onward", "setup", town))
    await bot.took(ada.chooses("panel_channel", town.id))
    await bot.took(ada.chooses("Post the panel"))
    return panel_in(ada, town)


def panel_in(person: Person, channel: Channel) -> Message:
    """Return the one panel that stands in a channel."""
    (found,) = [one for one in person.sees(channel) if not one.only_for]
    return found


@pytest.mark.parametrize("mode", [SOCKET, HTTP, MANY])
async def test_a_workspace_is_set_up_step_by_step(
    server: Server, tmp_path: Path, town: Channel, ben: Person, mode: str
) -> None:
    """Each choice is kept at once and shown; the last one can be undone; nothing of it shows in public."""
    ada = admin_of(server, town, owner=mode == HTTP)
    team, bot_user = server.team, server.team.bot_user
    wins = server.world.add_channel(team, {ada.user.id, bot_user})
    mentors = server.world.add_channel(team, {ada.user.id, bot_user}, "private")
    moderators = server.world.add_channel(team, {ada.user.id, bot_user}, "private")
    async with running(server, tmp_path, mode) as bot:
        await bot.took(await ada.uses("onward", " Setup ", town))
        assert await kept(bot, team) is None
        assert "Every choice is kept at once" in ada.window_text
        await bot.took(ada.chooses("Post the panel"))
        assert "Choose the channel of the panel first" in ada.window_text
        for what, channel in (
            ("panel_channel", town),
            ("wins_channel", wins),
            ("mentors", mentors),
            ("moderators_channel", moderators),
        ):
            await bot.took(ada.chooses(what, channel.id))
            assert "Kept." in ada.window_text
            assert ada.element(what)["initial_conversation"] == channel.id
        await bot.took(ada.chooses("country", "GB"))
        await bot.took(ada.chooses("language", "en"))
        await bot.took(ada.chooses("features", "pulse", "mentors"))
        assert ada.element("country")["initial_option"]["text"]["text"] == "United Kingdom"
        assert await now(bot, team) == Choices(
            panel_channel=town.id,
            wins_channel=wins.id,
            moderators_channel=moderators.id,
            mentors=mentors.id,
            country="GB",
            features=("mentors", "pulse"),
        )
        await bot.took(ada.chooses("Undo"))
        assert "The last change is undone" in ada.window_text
        assert (await now(bot, team)).features == ()
        await bot.took(ada.chooses("country", "none"))
        assert (await now(bot, team)).country == ""
        await bot.took(ada.chooses("Post the panel"))
        assert "The panel is in its channel" in ada.window_text
        stands = panel_in(ben, town)
        assert [one["text"]["text"] for one in stands.elements] == ["I got rejected", "How does this work?"]
        assert ben.sees(town) == [stands], "of the set-up nobody else sees anything"
        assert server.wrong == []


async def test_admins_find_it_on_their_home_tab_and_nobody_else_does(
    bot: Bot, server: Server, ada: Person, ben: Person
) -> None:
    """And a copied press of theirs is refused."""
    await bot.took(await ben.opens_home())
    assert "Set Onward up" not in str(ben.home)
    await bot.took(await ada.opens_home())
    assert "Set Onward up" in str(ada.home)
    await bot.took(await ada.presses_home("Set Onward up"))
    assert "Every choice is kept at once" in ada.window_text
    await bot.took(ben.acts_at_home({"type": "button", "action_id": "o:setup:open"}))
    assert "Only admins and owners" in ben.window_text
    ada.user.admin = False
    server.faults.append(Fault("fatal_error", 1, "/users.info"))
    await bot.took(await ada.opens_home())
    assert "Set Onward up" not in str(ada.home)
    await bot.took(await ada.opens_home())
    assert "Set Onward up" not in str(ada.home)


async def test_the_panel_is_posted_again_and_there_is_one_only(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """In another channel too; one that somebody deleted does not matter."""
    first = await with_panel(bot, ada, town)
    await bot.took(ada.chooses("Post it again"))
    second = panel_in(ada, town)
    assert second.ts != first.ts
    other = server.world.add_channel(server.team, {ada.user.id, server.team.bot_user})
    await bot.took(ada.chooses("panel_channel", other.id))
    assert "still in the old channel" in ada.window_text
    del town.messages[second.ts]
    await bot.took(ada.chooses("Post it again"))
    assert [one for one in ada.sees(town) if not one.only_for] == []
    assert panel_in(ada, other).elements


@pytest.mark.parametrize(
    ("refuses", "told"),
    [
        ("", "write /invite @Onward there"),
        ("is_archived", "archived"),
        ("restricted_action", "only some may write"),
        ("fatal_error", "could not be posted just now"),
        ("missing_scope", "I lack a permission"),
    ],
)
async def test_what_the_bot_lacks_is_named_with_what_to_do(
    bot: Bot, server: Server, ada: Person, refuses: str, told: str
) -> None:
    """When a channel is chosen, and when the panel is to be posted; then it works."""
    bot_user = server.team.bot_user
    place = server.world.add_channel(server.team, {ada.user.id, bot_user} if refuses else {ada.user.id})
    place.refuses = refuses
    await bot.took(await ada.uses("onward", "setup"))
    await bot.took(ada.chooses("panel_channel", place.id))
    assert told in ada.window_text
    await bot.took(ada.chooses("Post the panel"))
    assert told in ada.window_text
    assert place.messages == {}
    place.members.add(bot_user)
    place.refuses = ""
    await bot.took(ada.chooses("Post the panel"))
    assert panel_in(ada, place)


async def test_a_channel_in_which_the_admin_is_not_can_be_chosen(bot: Bot, server: Server, ada: Person) -> None:
    """Nothing can be shown to them there, so posting tells whether it works."""
    place = server.world.add_channel(server.team, {server.team.bot_user})
    await bot.took(await ada.uses("onward", "setup"))
    await bot.took(ada.chooses("panel_channel", place.id))
    assert "Kept." in ada.window_text


async def test_reports_go_into_no_channel_that_everybody_can_read(bot: Bot, server: Server, ada: Person) -> None:
    """The window offers private ones only; another one is refused, and one that the bot cannot see yet is told."""
    bot_user = server.team.bot_user
    await bot.took(await ada.uses("onward", "setup"))
    assert ada.element("moderators_channel")["filter"]["include"] == ["private"]
    shown = server.world.add_channel(server.team, {ada.user.id, bot_user})
    await bot.took(ada.chooses("moderators_channel", shown.id))
    assert "Choose a private one" in ada.window_text
    assert await kept(bot, server.team) is None
    private = server.world.add_channel(server.team, {ada.user.id}, "private")
    await bot.took(ada.chooses("moderators_channel", private.id))
    assert "I'm not in that channel yet" in ada.window_text
    assert (await now(bot, server.team)).moderators_channel == private.id
    assert "Choose a private one" not in ada.window_text
    private.members.add(bot_user)
    server.faults.append(Fault("fatal_error", 1, "/conversations.info"))
    await bot.took(ada.chooses("moderators_channel", private.id))
    assert "could not be kept just now" in ada.window_text


async def test_nobody_becomes_a_mentor_by_joining_a_channel(bot: Bot, server: Server, ada: Person) -> None:
    """The window offers private ones only, and another one is refused."""
    await bot.took(await ada.uses("onward", "setup"))
    assert ada.element("mentors")["filter"]["include"] == ["private"]
    for members in ({ada.user.id, server.team.bot_user}, {ada.user.id}):
        shown = server.world.add_channel(server.team, members)
        await bot.took(ada.chooses("mentors", shown.id))
        assert "anybody could make themselves a mentor" in ada.window_text
        assert await kept(bot, server.team) is None


async def test_how_the_workspace_is_called_is_kept_with_the_set_up(bot: Bot, server: Server, ada: Person) -> None:
    """For members of more than one, who choose between them."""
    await bot.took(await ada.uses("onward", "setup"))
    await bot.took(ada.chooses("country", "GB"))
    found = await kept(bot, server.team)
    assert found is not None
    assert found.name == server.team.name
    server.faults.append(Fault("fatal_error", 1, "/conversations.members"))
    mentors = server.world.add_channel(server.team, {ada.user.id, server.team.bot_user}, "private")
    await bot.took(ada.chooses("mentors", mentors.id))
    assert "could not be kept just now" in ada.window_text
    assert (await now(bot, server.team)).mentors == ""
    await bot.took(await ada.uses("onward", "setup"))
    await bot.took(ada.chooses("mentors", mentors.id))
    assert "Kept." in ada.window_text


async def test_everything_is_removed_after_one_question(bot: Bot, server: Server, ada: Person, town: Channel) -> None:
    """Slack asks it, beside the button; the panel goes too; somebody's own journey stays."""
    stands = await with_panel(bot, ada, town)
    await bot.took(await ada.presses("rejected", town, stands))
    confirm = ada.element("Remove everything")["confirm"]
    assert confirm["text"]["text"].startswith("Sure?")
    await bot.took(ada.chooses("Remove everything"))
    assert "Everything is removed" in ada.window_text
    assert await kept(bot, server.team) is None
    assert stands.ts not in town.messages
    assert (await bot.store.journey(ada.known_as)).applications


@pytest.mark.parametrize("what", ["the command", "a copied press", "a press on the panel's message"])
async def test_nobody_else_can_set_a_workspace_up(
    bot: Bot, server: Server, ada: Person, ben: Person, town: Channel, what: str
) -> None:
    """Whoever is no admin is told so, in a window that only they see, and nothing changes."""
    stands = await with_panel(bot, ada, town)
    before, public = await kept(bot, server.team), str(stands.blocks)
    for copied in ("remove", "post", "undo", "wins_channel"):
        action = {"type": "button", "action_id": f"o:setup:{copied}", "selected_conversation": town.id}
        if what == "the command":
            await bot.took(await ben.uses("onward", "setup", town))
        elif "panel" in what:
            await bot.took(await ben.acts(action, stands))
        else:
            await bot.took(ben.acts_at_home(action))
            await bot.took(ben.acts_in_window(action))
        assert "Only admins and owners" in ben.window_text
    assert await kept(bot, server.team) == before
    assert (str(stands.blocks), ben.sees(town)) == (public, [stands])


async def test_an_admin_of_one_workspace_changes_nothing_in_another(server: Server, tmp_path: Path) -> None:
    """Which workspace it is stands in no id; in a channel of another one the bot cannot even write."""
    other = server.world.add_team("Others", set(server.team.scopes))
    town, theirs = (server.world.add_channel(team, {team.bot_user}) for team in (server.team, other))
    ada, eve = admin_of(server, town), admin_of(server, theirs)
    async with running(server, tmp_path, MANY) as bot:
        stands = await with_panel(bot, ada, town)
        before = await kept(bot, server.team)
        await bot.took(await eve.uses("onward", "setup", theirs))
        await bot.took(eve.chooses("panel_channel", town.id))
        assert "I'm not in that channel" in eve.window_text
        await bot.took(eve.chooses("Post the panel"))
        assert "I'm not in that channel" in eve.window_text
        await bot.took(eve.acts_in_window({"type": "conversations_select", "action_id": "o:setup:panel_channel"}))
        assert (await now(bot, other)).panel_channel == ""
        for what, value in (("panel_channel", "U0123"), ("no such thing", "C0123")):
            action = {"type": "conversations_select", "action_id": f"o:setup:{what}", "selected_conversation": value}
            await bot.took(eve.acts_in_window(action))
            assert "can't be chosen here" in eve.window_text
        await bot.took(eve.chooses("Remove everything"))
        assert await kept(bot, other) is None
        assert await kept(bot, server.team) == before
        assert panel_in(ada, town) == stands
        gone = eve.event({"type": "app_uninstalled"})
        await bot.took(await ada.uses("onward", "setup", town))
        await bot.took(await eve.uses("onward", "setup", theirs))
        await bot.took(eve.chooses("country", "FR"))
        await bot.took(server.bring("events_api", gone))
        assert await kept(bot, other) is None, "a workspace that removes the app is forgotten"
        assert await kept(bot, server.team) == before


async def test_the_panel_leads_many_people_to_a_talk_of_their_own(bot: Bot, server: Server, town: Channel) -> None:
    """Each sees their own answer and nothing of the others; the panel stays. 100 come at the same moment."""
    ada = admin_of(server, town)
    stands = await with_panel(bot, ada, town)
    public = str(stands.blocks)
    crowd = [Person.new(server, f"person {number}") for number in range(PRESSES)]
    for number, person in enumerate(crowd):
        town.members.add(person.user.id)
        person.user.reachable = number % 2 == 0
    for first in range(0, PRESSES, AT_ONCE):
        some = crowd[first : first + AT_ONCE]
        pressed = await asyncio.gather(
            *(one.presses("rejected" if n % 3 else "about", town, stands) for n, one in enumerate(some))
        )
        for press in pressed:
            await bot.took(press)
            assert (press.after or 0) < ACKNOWLEDGED_WITHIN
    for person in crowd:
        seen = [one for one in person.sees(town) if one.only_for]
        assert seen
        assert {one.only_for for one in seen} == {person.user.id}
        assert seen[-1].elements
    assert str(stands.blocks) == public


async def test_a_press_is_what_the_command_is(bot: Bot, ada: Person, ben: Person, town: Channel) -> None:
    """/rejected in that channel, and `about` of the other button."""
    stands = await with_panel(bot, ada, town)
    await bot.took(await ada.presses("rejected", town, stands))
    await bot.took(await ben.uses("rejected", "", town))
    assert ada.sees(town)[-1].shown == ben.sees(town)[-1].shown
    cleo = Person.new(bot.server, "cleo")
    town.members.add(cleo.user.id)
    await bot.took(await cleo.presses("about", town, stands))
    assert any("not a therapist" in one.shown for one in cleo.sees(town))


async def test_the_panel_works_after_a_restart_and_without_a_set_up(
    server: Server, tmp_path: Path, ada: Person, ben: Person, town: Channel
) -> None:
    """Its buttons say by themselves what they are."""
    async with running(server, tmp_path) as bot:
        stands = await with_panel(bot, ada, town)
    async with running(server, tmp_path) as bot:
        assert await kept(bot, server.team) is not None
        await bot.host.communities.remove(f"slack:{server.team.id}")
        await bot.took(await ben.presses("rejected", town, stands))
        assert ben.last(town).only_for == ben.user.id


async def test_whose_country_is_not_known_is_shown_the_helplines_of_the_community(
    bot: Bot, ada: Person, ben: Person, town: Channel
) -> None:
    """Whoever has said where they live keeps that."""
    await bot.took(await ada.uses("onward", "settings US", town))
    assert (await bot.store.journey(ada.known_as)).settings.country == "US"
    await bot.took(await ada.uses("onward", "setup", town))
    await bot.took(ada.chooses("country", "GB"))
    for person, country in ((ada, "US"), (ben, "GB")):
        await bot.took(await person.writes("I got rejected"))
        assert (await bot.store.journey(person.known_as)).settings.country == country


async def test_a_set_up_that_cannot_be_kept_is_told(
    bot: Bot, server: Server, ada: Person, ben: Person, town: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever presses the panel meanwhile is served without it."""
    stands = await with_panel(bot, ada, town)

    async def broken(*_: object) -> Community:
        raise OSError

    async def damaged(*_: object) -> Community:
        raise ValueError

    for failing in (broken, damaged):
        await bot.took(await ada.uses("onward", "setup", town))
        with monkeypatch.context() as patch:
            patch.setattr(bot.host.communities, "read", failing)
            patch.setattr(bot.host.communities, "change", failing)
            await bot.took(ada.chooses("country", "GB"))
            assert "could not be kept just now" in ada.window_text
            await bot.took(await ben.presses("rejected", town, stands))
            assert ben.last(town).elements
    server.faults.append(Fault("fatal_error", 1, "/users.info"))
    await bot.took(await ada.uses("onward", "setup", town))
    assert "could not be kept just now" in ada.window_text


@pytest.mark.parametrize(
    ("user", "workspace", "expected"),
    [
        ({"team_id": "T1", "is_admin": True}, "T1", True),
        ({"team_id": "T1", "is_owner": True}, "T1", True),
        ({"team_id": "T1"}, "T1", False),
        ({"team_id": "T2", "is_admin": True}, "T1", False),
        ({"team_id": "E1", "is_admin": True, "enterprise_user": {"teams": ["T1"]}}, "T1", True),
        ({"team_id": "T1", "is_admin": True}, "E1", False),
        ({"team_id": "T1", "enterprise_user": {"is_owner": True}}, "E1", True),
    ],
)
def test_an_admin_is_one_of_this_very_workspace(user: Payload, workspace: str, *, expected: bool) -> None:
    """Not of another one that shares a channel with it; of an organisation, whoever manages all of it."""
    assert manages(user, workspace) is expected


PLACES = st.sampled_from(["", "C0123ABCD"])


@given(
    now=st.builds(
        Choices,
        panel_channel=PLACES,
        wins_channel=PLACES,
        moderators_channel=PLACES,
        mentors=PLACES,
        country=st.sampled_from(["", "ZZ", *countries()]),
        language=st.sampled_from(["xx", *community.languages()]),
        features=st.sampled_from([(), community.FEATURES]),
    ),
    posted=st.sampled_from([None, Panel(channel="C1", message="2")]),
    before=st.sampled_from([None, Choices()]),
    notes=st.lists(st.sampled_from(["kept", "not_posted"]), max_size=2),
)
def test_every_window_is_one_that_slack_takes(
    now: Choices, posted: Panel | None, before: Choices | None, notes: Sequence[str]
) -> None:
    """Whatever is chosen; a country or language that is no longer listed is not shown as chosen."""
    form = SetupForm(CATALOG)
    view = form.view(Community(now=now, panel=posted, before=before), [form.words(note) for note in notes])
    assert [*rules.view(view)] == []
    assert [*rules.message(panel.rendered(CATALOG))] == []
    assert chosen(Community(), "country", ["GB"]).now.country == "GB"
