"""A server is set up by those who manage it, and by nobody else; what members do there stays theirs."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.discord import setup_form
from adapters.discord.setup_form import SetupForm
from dialogs import community
from dialogs.catalog import Catalog
from dialogs.community import Choices, Community, Panel
from dialogs.helplines import countries
from tests.platforms.discord import rules
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import (
    ANNOUNCEMENTS,
    CREATE_PRIVATE_THREADS,
    EPHEMERAL,
    GUILD_TEXT,
    SEND_IN_THREADS,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    Channel,
    Interaction,
    Message,
)

CATALOG = Catalog.load()


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


def guild_of(channel: Channel) -> int:
    """Return the server of a channel."""
    assert channel.guild is not None
    return channel.guild


async def done(bot: Bot, interaction: Interaction) -> Interaction:
    """Return when an interaction has its first answer, and everything that came of it has arrived."""
    await bot.server.world.until(lambda: interaction.answered is not None)
    await bot.settled()
    return interaction


async def kept(bot: Bot, channel: Channel) -> Community | None:
    """Return what is kept of the server of a channel."""
    return await bot.host.communities.read(f"discord:{guild_of(channel)}")


async def now(bot: Bot, channel: Channel) -> Choices:
    """Return what is chosen in the server of a channel."""
    found = await kept(bot, channel)
    assert found is not None
    return found.now


async def with_panel(bot: Bot, ada: Person, town: Channel) -> Message:
    """Set a server up with nothing but a panel, and return that."""
    await done(bot, await ada.sets_up(town))
    await done(bot, await ada.chooses("panel_channel", town.id, channel=town))
    await done(bot, await ada.presses("Post the panel", town))
    return panel_in(ada, town)


def panel_in(person: Person, channel: Channel) -> Message:
    """Return the one panel that stands in a channel."""
    (panel,) = [one for one in person.sees(channel) if not one.flags & EPHEMERAL]
    return panel


async def test_a_server_is_set_up_step_by_step(server: Server, tmp_path: Path, ada: Person, town: Channel) -> None:
    """Each choice is kept at once and shown; the last one can be undone; nothing of it shows in public."""
    guild = guild_of(town)
    wins = server.world.server_channel(guild, {ada.user.id})
    reports = server.world.server_channel(guild, {ada.user.id})
    reports.private = True
    mentors = server.world.add_role(guild, "mentors")
    ben = Person.new(server, "ben")
    town.members.add(ben.user.id)
    async with running(server, tmp_path) as bot:
        await done(bot, await ada.sets_up(town))
        (form,) = ada.sees(town)
        assert form.flags & EPHEMERAL
        assert "Channel of the panel: nothing yet" in form.content
        assert await kept(bot, town) is None
        undo = next(one for one in form.buttons if one.get("label") == "Undo")
        assert undo["disabled"], "there is nothing to undo yet"
        await done(bot, await ada.presses("Post the panel", town))
        assert "Choose the channel of the panel first" in form.content
        places = {
            "panel_channel": town.id,
            "wins_channel": wins.id,
            "moderators_channel": reports.id,
            "mentors": mentors,
        }
        for what, value in places.items():
            await done(bot, await ada.chooses(what, value, channel=town))
            assert "Kept." in form.content
            menu = next(one for one in form.buttons if one["custom_id"].endswith(what))
            assert menu["default_values"][0]["id"] == str(value)
        assert f"Channel for wins: <#{wins.id}>" in form.content
        assert f"Role of mentors: <@&{mentors}>" in form.content
        await done(bot, await ada.presses("More choices", town))
        await done(bot, await ada.chooses("country", "GB", channel=town))
        await done(bot, await ada.chooses("language", "en", channel=town))
        await done(bot, await ada.chooses("features", "pulse", "mentors", channel=town))
        assert "Country for helplines: United Kingdom" in form.content
        assert "Parts that are on: Mentors, Pulse" in form.content
        assert await now(bot, town) == Choices(
            panel_channel=str(town.id),
            wins_channel=str(wins.id),
            moderators_channel=str(reports.id),
            mentors=str(mentors),
            country="GB",
            features=("mentors", "pulse"),
        )
        await done(bot, await ada.presses("Undo", town))
        assert "The last change is undone" in form.content
        assert (await now(bot, town)).features == ()
        await done(bot, await ada.chooses("country", channel=town))
        assert (await now(bot, town)).country == ""
        await done(bot, await ada.presses("Undo", town))
        assert (await now(bot, town)).country == "GB"
        await done(bot, await ada.presses("Back", town))
        await done(bot, await ada.presses("Post the panel", town))
        assert "The panel is in its channel" in form.content
        panel = panel_in(ben, town)
        assert [one["label"] for one in panel.buttons] == ["I got rejected", "How does this work?"]
        assert ben.sees(town) == [panel], "of the set-up nobody else sees anything"


async def test_the_panel_is_posted_again_and_there_is_one_only(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """In another channel too; one that somebody deleted does not matter."""
    first = await with_panel(bot, ada, town)
    form = next(one for one in ada.sees(town) if one.flags & EPHEMERAL)
    await done(bot, await ada.presses("Post it again", town, form))
    second = panel_in(ada, town)
    assert second.id != first.id
    other = server.world.server_channel(guild_of(town), {ada.user.id})
    await server.gateway.dispatch("CHANNEL_CREATE", other.payload(server.world), guild=other.guild, intent=1)
    await done(bot, await ada.chooses("panel_channel", other.id, channel=town, message=form))
    assert "still in the old channel" in form.content
    del town.messages[second.id]
    await done(bot, await ada.presses("Post it again", town, form))
    assert [one for one in ada.sees(town) if not one.flags & EPHEMERAL] == []
    assert panel_in(ada, other).buttons


async def test_what_the_bot_lacks_is_named_with_what_to_do(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """When a channel is chosen, when the panel is to be posted, and when a channel is gone."""
    place = server.world.server_channel(guild_of(town), {ada.user.id})
    await server.gateway.dispatch("CHANNEL_CREATE", place.payload(server.world), guild=place.guild, intent=1)
    await server.gateway.forbid(place, SEND_MESSAGES)
    await done(bot, await ada.sets_up(town))
    await done(bot, await ada.chooses("panel_channel", place.id, channel=town))
    form = ada.last(town)
    assert f"I can't write in <#{place.id}>: I lack the permission Send Messages" in form.content
    assert "I can't see" not in form.content
    await done(bot, await ada.presses("Post the panel", town))
    assert "I lack the permission Send Messages" in form.content
    assert place.messages == {}
    await server.gateway.forbid(place, VIEW_CHANNEL | SEND_MESSAGES)
    await done(bot, await ada.presses("Post the panel", town))
    assert f"I can't see <#{place.id}>: I lack the permission View Channel" in form.content
    await server.gateway.forbid(place, 0)
    place.denied = SEND_MESSAGES  # and the gateway has not told it yet
    await done(bot, await ada.presses("Post the panel", town))
    place.denied = 0
    assert "could not be posted just now" in form.content
    await done(bot, await ada.presses("Post the panel", town))
    assert panel_in(ada, place)
    await server.gateway.delete_channel(place)
    await done(bot, await ada.sets_up(town))
    assert f"I can't find <#{place.id}> any more" in ada.last(town).content


async def test_where_the_bot_sees_nothing_the_form_says_so(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """Of each channel what comes first, so that all of it has room in one message."""
    guild = guild_of(town)
    places = {
        what: server.world.server_channel(guild, {ada.user.id}) for what in ("wins_channel", "moderators_channel")
    }
    places["moderators_channel"].private = True
    for place in places.values():
        await server.gateway.dispatch("CHANNEL_CREATE", place.payload(server.world), guild=guild, intent=1)
    role = next(iter(server.world.roles[guild]))
    await done(bot, await ada.sets_up(town))
    (form,) = ada.sees(town)
    for what, place in {"panel_channel": town, **places}.items():
        await done(bot, await ada.chooses(what, place.id, channel=town))
    await done(bot, await ada.chooses("mentors", role, channel=town))
    await done(bot, await ada.presses("More choices", town))
    await done(bot, await ada.chooses("features", "mentors", channel=town))
    for place in (town, *places.values()):
        await server.gateway.forbid(place, VIEW_CHANNEL | SEND_MESSAGES)
    await done(bot, await ada.presses("Back", town))
    for place in (town, *places.values()):
        assert f"I can't see <#{place.id}>" in form.content
    assert "I can't write" not in form.content


async def test_what_is_for_some_is_not_given_to_everybody(bot: Bot, ada: Person, town: Channel) -> None:
    """Reports go into no channel that everybody in the server sees, and nobody mentors by being there."""
    await done(bot, await ada.sets_up(town))
    (form,) = ada.sees(town)
    await done(bot, await ada.chooses("moderators_channel", town.id, channel=town))
    assert "reports are not for everybody" in form.content
    await done(bot, await ada.chooses("mentors", guild_of(town), channel=town))
    assert "everybody here could make themselves a mentor" in form.content
    assert await kept(bot, town) is None


async def test_everything_is_removed_after_one_question(bot: Bot, server: Server, ada: Person, town: Channel) -> None:
    """The panel goes too; somebody's own journey stays."""
    panel = await with_panel(bot, ada, town)
    await bot.took(await ada.presses("rejected", town, panel))
    form = next(one for one in ada.sees(town) if "Set Onward up" in one.content)
    await done(bot, await ada.presses("Remove everything", town, form))
    assert await kept(bot, town) is not None
    await done(bot, await ada.presses("Keep it", town, form))
    assert "Channel of the panel" in form.content
    await done(bot, await ada.presses("Remove everything", town, form))
    await done(bot, await ada.presses("Yes, remove everything", town, form))
    assert "Everything is removed" in form.content
    assert form.buttons == []
    assert await kept(bot, town) is None
    assert panel.id not in town.messages
    assert (await bot.store.journey(f"discord:{ada.user.id}")).applications
    assert server.wrong == []


@pytest.mark.parametrize("what", ["the command", "a copied press", "a press on the panel's message"])
async def test_nobody_else_can_set_a_server_up(bot: Bot, ada: Person, ben: Person, town: Channel, what: str) -> None:
    """Whoever does not manage it is told so, in a message that only they see, and nothing changes."""
    panel = await with_panel(bot, ada, town)
    form = next(one for one in ada.sees(town) if "Set Onward up" in one.content)
    before, public = await kept(bot, town), panel.content
    if what == "the command":
        await done(bot, await ben.sets_up(town))
    else:
        for what_else in ("remove_yes", "post", "undo", "wins_channel"):
            source = panel if "panel" in what else form
            await done(bot, await ben.presses_id(f"o:setup:1:{what_else}", source, [str(town.id)]))
    told = [one for one in ben.sees(town) if one.flags & EPHEMERAL]
    assert told
    assert all("Only members with the permission Manage Server" in one.content for one in told)
    assert await kept(bot, town) == before
    assert (panel.content, len(panel.buttons)) == (public, 2)


async def test_an_admin_who_presses_a_copied_id_on_the_panel_does_not_change_the_panel(
    bot: Bot, ada: Person, town: Channel
) -> None:
    """The form comes as a message of its own."""
    panel = await with_panel(bot, ada, town)
    public = panel.content
    await done(bot, await ada.presses_id("o:setup:2:country", panel, ["GB"]))
    assert panel.content == public
    assert "United Kingdom" in ada.last(town).content
    assert ada.last(town).flags & EPHEMERAL


async def test_an_admin_of_one_server_changes_nothing_in_another(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """Which server it is stands in no id; a channel or role of another one is not taken."""
    await with_panel(bot, ada, town)
    eve = Person.new(server, "eve")
    theirs = server.world.server_channel(server.world.add_guild("Others"), {eve.user.id})
    await server.gateway.add_bot(guild_of(theirs))
    eve.manages(theirs)
    before = await kept(bot, town)
    await done(bot, await eve.sets_up(theirs))
    await done(bot, await eve.presses_id("o:setup:1:panel_channel", eve.last(theirs), [str(town.id)]))
    assert "can't be chosen here" in eve.last(theirs).content
    await done(bot, await eve.presses_id("o:setup:2:country", eve.last(theirs), ["XX"]))
    assert "can't be chosen here" in eve.last(theirs).content
    await done(bot, await eve.presses_id("o:setup:1:no such thing", eve.last(theirs), ["1"]))
    assert "can't be chosen here" in eve.last(theirs).content
    await done(bot, await eve.chooses("panel_channel", theirs.id, channel=theirs))
    await done(bot, await eve.presses("Remove everything", theirs))
    await done(bot, await eve.presses("Yes, remove everything", theirs))
    assert await kept(bot, town) == before
    assert await kept(bot, theirs) is None


async def test_it_is_for_servers_that_the_bot_is_in(bot: Bot, server: Server, ada: Person, ben: Person) -> None:
    """In direct messages, and where somebody only has the bot as their own app, it says so."""
    told = await done(bot, await ada.sets_up(ada.direct))
    assert told.answered == 4
    assert "server that I was added to" in ada.sees()[-1].content
    elsewhere = server.world.server_channel(server.world.snowflake(), {ben.user.id})
    ben.manages(elsewhere)
    await done(bot, await ben.sets_up(elsewhere))
    assert "server that I was added to" in ben.sees(elsewhere)[-1].content


async def test_the_panel_leads_many_people_to_a_talk_of_their_own(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """Each sees their own answer and nothing of the others; with closed direct messages too; the panel stays."""
    panel = await with_panel(bot, ada, town)
    before = (panel.content, str(panel.components))
    crowd = [Person.new(server, f"person {number}") for number in range(12)]
    for number, person in enumerate(crowd):
        town.members.add(person.user.id)
        person.user.reachable = number % 2 == 0
    for number, person in enumerate(crowd):
        pressed = await person.presses("about" if number % 3 == 0 else "rejected", town, panel)
        await bot.took(pressed)
        assert pressed.answered == 5
        _, shown = person.sees(town)
        assert shown.flags & EPHEMERAL
        assert ("a bot, not a therapist" in shown.content) == bool(shown.content)
        assert shown.buttons
    for person in crowd[:2]:
        await bot.took(await person.presses("evening" if person is not crowd[0] else "rejected", town))
        assert len(person.sees(town)) == 2
    assert (panel.content, str(panel.components)) == before
    assert not panel.reactions
    assert ada.sees(town)[-1].only_for in {None, ada.user.id}


async def test_a_press_is_what_the_command_is(bot: Bot, ada: Person, ben: Person, town: Channel) -> None:
    """/rejected in that server, and what it says about itself."""
    panel = await with_panel(bot, ada, town)
    await bot.took(await ada.presses("rejected", town, panel))
    await bot.took(await ben.uses("rejected", town))
    assert ada.last(town).content == ben.last(town).content


async def test_the_panel_works_after_a_restart_and_without_a_set_up(
    server: Server, tmp_path: Path, ada: Person, ben: Person, town: Channel
) -> None:
    """Its buttons say by themselves what they are."""
    async with running(server, tmp_path) as bot:
        panel = await with_panel(bot, ada, town)
    async with running(server, tmp_path) as bot:
        assert await kept(bot, town) is not None, "a restart removes nothing"
        await bot.took(await ben.presses("rejected", town, panel))
        assert ben.last(town).buttons
        await bot.host.communities.remove(f"discord:{guild_of(town)}")
        await bot.took(await ben.presses("about", town, panel))
        assert "not a therapist" in ben.last(town).content


async def test_whose_country_is_not_known_is_shown_the_helplines_of_the_community(
    bot: Bot, ada: Person, ben: Person, town: Channel
) -> None:
    """Whoever has said where they live keeps that."""
    panel = await with_panel(bot, ada, town)
    form = ada.last(town)
    await done(bot, await ada.presses_id("o:setup:2:country", form, ["GB"]))
    await bot.took(await ada.uses("settings", town, country="US"))
    await bot.took(await ada.presses("rejected", town, panel))
    assert (await bot.store.journey(f"discord:{ada.user.id}")).settings.country == "US"
    await bot.took(await ben.presses("rejected", town, panel))
    assert (await bot.store.journey(f"discord:{ben.user.id}")).settings.country == "GB"
    await bot.took(await ben.uses("helpline", town))
    assert "Samaritans" in ben.sees(town)[-1].content


async def test_a_mention_counts_as_being_there(bot: Bot, ada: Person, ben: Person, town: Channel) -> None:
    """The answer comes in the direct messages, with the community's country."""
    await done(bot, await ada.sets_up(town))
    await done(bot, await ada.presses_id("o:setup:2:country", ada.last(town), ["FR"]))
    await bot.took(await ben.writes("@onward I got rejected", town))
    assert (await bot.store.journey(f"discord:{ben.user.id}")).settings.country == "FR"


async def forgotten(bot: Bot, channel: Channel) -> None:
    """Return when the server of a channel is forgotten. Nothing on the wire tells of it."""
    async with asyncio.timeout(20):
        while await kept(bot, channel) is not None:  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0)


async def test_a_server_that_removes_the_bot_is_forgotten_and_no_other(
    server: Server, tmp_path: Path, ada: Person, town: Channel
) -> None:
    """At once; and at the next start, when it was down meanwhile."""
    others = [server.world.server_channel(server.world.add_guild("Others"), {ada.user.id}) for _ in range(2)]
    async with running(server, tmp_path) as bot:
        for channel in (town, *others):
            ada.manages(channel)
            await done(bot, await ada.sets_up(channel))
            await done(bot, await ada.chooses("panel_channel", channel.id, channel=channel))
        await server.gateway.remove_bot(guild_of(town))
        await forgotten(bot, town)
        assert await kept(bot, others[0]) is not None
    del server.world.guilds[guild_of(others[0])]
    async with running(server, tmp_path) as bot:
        await forgotten(bot, others[0])
        assert await kept(bot, others[1]) is not None


async def test_a_set_up_that_cannot_be_kept_is_told(
    bot: Bot, ada: Person, ben: Person, town: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever presses the panel meanwhile is served without it."""
    panel = await with_panel(bot, ada, town)
    form = next(one for one in ada.sees(town) if one.flags & EPHEMERAL)

    async def broken(*_: object) -> Community:
        raise OSError

    monkeypatch.setattr(bot.host.communities, "read", broken)
    await done(bot, await ada.presses("Undo", town, form))
    assert "could not be kept just now" in form.content
    assert form.buttons, "what was pressed can be pressed again"
    await done(bot, await ada.sets_up(town))
    assert "could not be kept just now" in ada.sees(town)[-1].content
    await bot.took(await ben.presses("rejected", town, panel))
    assert ben.last(town).buttons


@pytest.mark.parametrize(
    ("denied", "told"),
    [
        (CREATE_PRIVATE_THREADS, "Create Private Threads"),
        (SEND_IN_THREADS, "Send Messages in Threads"),
        (CREATE_PRIVATE_THREADS | SEND_IN_THREADS, "Create Private Threads"),
        (0, "channel for announcements"),
    ],
)
async def test_what_rooms_take_is_named_where_mentors_are_on(
    bot: Bot, server: Server, ada: Person, town: Channel, denied: int, told: str
) -> None:
    """And only there: a panel needs none of it."""
    if not denied:
        town.type = ANNOUNCEMENTS
    await server.gateway.forbid(town, denied)
    await with_panel(bot, ada, town)
    form = next(one for one in ada.sees(town) if one.flags & EPHEMERAL)
    role = next(iter(server.world.roles[guild_of(town)]))
    await done(bot, await ada.chooses("mentors", role, channel=town, message=form))
    assert told not in form.content
    await done(bot, await ada.presses("More choices", town, form))
    await done(bot, await ada.chooses("features", "mentors", channel=town, message=form))
    assert told in form.content
    town.type = GUILD_TEXT
    await server.gateway.forbid(town, 0)
    await done(bot, await ada.presses("Back", town, form))
    assert told not in form.content


async def test_what_a_server_is_called_is_known_from_its_set_up(
    bot: Bot, server: Server, ada: Person, town: Channel
) -> None:
    """As it is called then; nothing is kept of a server in which nobody has chosen anything."""
    form = await done(bot, await ada.sets_up(town))
    assert form.answered == 5
    assert await kept(bot, town) is None
    await done(bot, await ada.chooses("panel_channel", town.id, channel=town))
    found = await kept(bot, town)
    assert found is not None
    assert (found.name, found.before is not None) == ("Job seekers", True)
    await server.gateway.rename(guild_of(town), "Seekers")
    await done(bot, await ada.sets_up(town))
    found = await kept(bot, town)
    assert found is not None
    assert (found.name, found.before is not None) == ("Seekers", True)


PLACES = st.sampled_from(["", "1442154013958742016"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    now=st.builds(
        Choices,
        panel_channel=PLACES,
        wins_channel=PLACES,
        moderators_channel=PLACES,
        mentors=PLACES,
        country=st.sampled_from(["", "ZZ", *countries()]),
        language=st.sampled_from(community.languages()),
        features=st.sampled_from([(), community.FEATURES]),
    ),
    panel=st.sampled_from([None, Panel(channel="1", message="2")]),
    page=st.sampled_from(setup_form.PAGES),
    notes=st.lists(st.sampled_from(["kept", "missing_create_private_threads"]), max_size=5),
)
def test_every_page_of_the_form_is_one_that_discord_takes(
    now: Choices, panel: Panel | None, page: int, notes: Sequence[str]
) -> None:
    """Whatever is chosen; a country that is no longer listed is shown by its code."""
    form = SetupForm(CATALOG)
    told = form.page(Community(now=now, panel=panel), page, (), [form.words(note) for note in notes])
    assert [*rules.message(told, new=True)] == []
    assert len(told["content"]) <= 2000


def test_everything_that_can_be_chosen_has_words() -> None:
    """A country or a language that is added needs its name in community.toml."""
    names = [f"country_{one}" for one in countries()] + [f"language_{one}" for one in community.languages()]
    assert [name for name in names if f"community.{name}" not in CATALOG.lines] == []
    assert len(countries()) <= 25, "a menu of Discord has no more"
