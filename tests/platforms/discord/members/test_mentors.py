"""Two members who have never met: introduced when both agree, whatever gets in between."""

from contextlib import suppress
from pathlib import Path

import pytest

from tests.platforms import crowd
from tests.platforms.databases import KEY
from tests.platforms.discord.community import Neighbourhood, done, introduced, offers, seeks, shown
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import TOKEN, Fault, Server
from tests.platforms.discord.world import (
    ANNOUNCEMENTS,
    CREATE_PRIVATE_THREADS,
    EPHEMERAL,
    PRIVATE_THREAD,
    SEND_IN_THREADS,
    VIEW_CHANNEL,
    Channel,
)

THREADS = "/threads"


def rooms(server: Server) -> list[Channel]:
    """Return every thread on the server."""
    return [one for one in server.world.channels.values() if one.type == PRIVATE_THREAD]


def told(person: Person) -> str:
    """Return the last thing that somebody was told in their direct messages."""
    return person.sees()[-1].content


async def found(bot: Bot, here: Neighbourhood) -> None:
    """Have somebody found who says yes."""
    await offers(bot, here.mia, here.start)
    await seeks(bot, here.ben, here.start)
    await done(bot, await here.mia.presses("Yes, I can", message=here.mia.last()))


async def agree(bot: Bot, here: Neighbourhood) -> None:
    """Have the one who looked for somebody say yes, too."""
    await done(bot, await here.ben.presses("Yes, open a room", message=here.ben.last()))


async def test_two_who_both_say_yes_get_a_room_of_their_own(bot: Bot, here: Neighbourhood) -> None:
    """Only the two are in it, both are mentioned and pinged, and nothing of it shows anywhere else."""
    cleo = here.joins("Cleo")
    await found(bot, here)
    for one in (here.mia, here.ben):
        names = {other.user.name for other in (here.mia, here.ben)} | {str(here.mia.user.id), str(here.ben.user.id)}
        assert not any(name in message.content for message in one.sees() for name in names)
    await agree(bot, here)
    (room,) = here.ben.threads()
    assert here.mia.threads() == [room]
    assert room.members == {here.mia.user.id, here.ben.user.id, bot.server.world.bot.id}
    assert room.parent == here.start.id
    assert room.name == "Mentor talk 1"
    (first,) = here.ben.sees(room)
    assert set(first.mentions) == {here.mia.user.id, here.ben.user.id}
    assert first.content.endswith(f"<@{here.ben.user.id}> <@{here.mia.user.id}>")
    assert "Interview practice" in first.content
    assert cleo.threads() == []
    assert cleo.sees(here.start) == cleo.sees() == []


async def test_what_comes_of_it_is_told_in_the_direct_messages(bot: Bot, here: Neighbourhood) -> None:
    """Also right after somebody has talked in an answer that is gone with the next start of their Discord."""
    await seeks(bot, here.ben, here.start)
    await done(bot, await here.mia.uses("rejected", here.start))
    await offers(bot, here.mia, here.start)
    assert "Somebody here would like help" in told(here.mia)
    assert not any("Somebody here" in one.content for one in here.mia.sees(here.start))


async def test_either_ends_it_and_the_room_is_closed(bot: Bot, here: Neighbourhood) -> None:
    """With a last message, which is the same whoever has ended it and why."""
    room = await introduced(bot, here)
    used = await done(bot, await here.ben.uses("mentor mine", here.start))
    page = shown(bot, used)
    await done(bot, await here.ben.presses("Open: Interview practice", here.start, page))
    await done(bot, await here.ben.presses("End it", here.start, page))
    assert "It's ended" in page.content
    assert here.mia.sees(room)[-1].content.startswith("This introduction has ended")
    assert room.archived


@pytest.mark.parametrize(
    "fault",
    [
        Fault("429", 2, THREADS),
        Fault("500", 1, THREADS, after=True),
        Fault("503", 1, THREADS),
        Fault("503", 1, THREADS, after=True),
        Fault("reset", 2, THREADS, after=True),
        Fault("503", 1, "/thread-members"),
        Fault("reset", 1, "/thread-members", after=True),
        Fault("503", 2, "/messages", after=True),
        Fault("503", 1, "/members/"),
    ],
    ids=lambda fault: f"{fault.kind}{'-after' * fault.after}{fault.path.replace('/', '-')}",
)
async def test_there_is_one_room_whatever_fails_in_between(
    bot: Bot, here: Neighbourhood, server: Server, fault: Fault
) -> None:
    """Also when the request was carried out and only its answer was lost."""
    await found(bot, here)
    server.faults.append(fault)
    await agree(bot, here)
    assert not server.faults
    open_ones = [one for one in rooms(server) if not one.archived]
    assert here.ben.threads() == here.mia.threads() == open_ones
    assert len(open_ones) == 1
    assert len(here.ben.sees(open_ones[0])) == 1
    assert await bot.store.pending() == []


@pytest.mark.no_cover  # what is killed is another process
async def test_a_room_is_opened_once_though_the_process_dies_right_after(
    server: Server, tmp_path: Path, here: Neighbourhood
) -> None:
    """The next start finds the thread that nobody was let into yet."""
    file = tmp_path / "onward.db"
    async with running(server, tmp_path) as bot:
        await here.set_up(bot)
        await found(bot, here)
    begun = server.gateway.identified
    environ = {"ONWARD_KEY": KEY, "ONWARD_DISCORD__TOKEN": TOKEN, "ONWARD_DISCORD__API_URL": server.api_url}
    process = await crowd.worker("tests.platforms.discord.worker", file, environ)
    try:
        await server.world.until(lambda: server.gateway.identified > begun)
        server.faults.append(Fault("hang", 1, THREADS, after=True))
        await here.ben.presses("Yes, open a room", message=here.ben.last())
        await server.world.until(lambda: len(rooms(server)) == 1)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    assert here.ben.threads() == []
    async with running(server, tmp_path) as bot:
        await bot.settled()
        assert here.ben.threads() == here.mia.threads() == rooms(server)
        assert len(rooms(server)) == 1
        assert len(here.ben.sees(rooms(server)[0])) == 1


@pytest.mark.parametrize("what", ["threads", "writing", "seeing", "announcements", "left", "no channel"])
async def test_where_no_room_can_be_opened_both_hear_it_and_nobody_was_named(
    bot: Bot, here: Neighbourhood, server: Server, what: str
) -> None:
    """A permission that is missing, a channel that has no threads, somebody who has left meanwhile."""
    await found(bot, here)
    denied = {"threads": CREATE_PRIVATE_THREADS, "writing": SEND_IN_THREADS, "seeing": VIEW_CHANNEL}
    if what in denied:
        await server.gateway.forbid(here.start, denied[what])
    elif what == "announcements":
        here.start.type = ANNOUNCEMENTS
    elif what == "left":
        here.mia.leaves(here.start)
    else:
        await here.set_up(bot, panel_channel="")
    await agree(bot, here)
    assert "couldn't open a room" in told(here.ben)
    assert "couldn't open a room" in told(here.mia)
    assert all(one.archived and one.members == {server.world.bot.id} for one in rooms(server))
    assert not any(here.ben.sees(one) for one in rooms(server))
    assert await bot.store.pending() == []


async def test_a_mentor_whose_direct_messages_are_closed_is_passed_over(bot: Bot, here: Neighbourhood) -> None:
    """Somebody else is asked, and whoever looks for a mentor hears nothing of it."""
    max_ = here.joins("Max").has(here.start, here.role)
    here.mia.user.reachable = False
    await offers(bot, here.mia, here.start)
    await offers(bot, max_, here.start)
    await seeks(bot, here.ben, here.start)
    assert here.mia.sees() == []
    assert "Can you do that?" in told(max_)
    await done(bot, await max_.presses("Yes, I can", message=max_.last()))
    assert "says yes" in told(here.ben)


async def test_the_buttons_of_old_messages_work_after_a_restart(
    server: Server, tmp_path: Path, here: Neighbourhood
) -> None:
    """They say by themselves what they are."""
    async with running(server, tmp_path) as bot:
        await here.set_up(bot)
        await offers(bot, here.mia, here.start)
        page = await seeks(bot, here.ben, here.start)
    async with running(server, tmp_path) as bot:
        await done(bot, await here.mia.presses("Yes, I can", message=here.mia.last()))
    async with running(server, tmp_path) as bot:
        await agree(bot, here)
        assert here.ben.threads()
        await done(bot, await here.ben.presses("My introductions", here.start, page))
        assert "What you have here" in page.content


async def test_who_is_no_mentor_any_more_says_yes_in_vain(bot: Bot, here: Neighbourhood) -> None:
    """The role is looked at with the press, also in the direct messages, where Discord says nothing of it."""
    await offers(bot, here.mia, here.start)
    await seeks(bot, here.ben, here.start)
    here.mia.loses(here.start, here.role)
    message = here.mia.last()
    await done(bot, await here.mia.presses("Yes, I can", message=message))
    assert "Mentors here are named by the admins" in message.content
    assert here.ben.sees() == []


async def test_who_has_left_the_server_mentors_nobody_there(bot: Bot, here: Neighbourhood) -> None:
    """The buttons in their direct messages say so, and whoever looks hears nothing of it."""
    await offers(bot, here.mia, here.start)
    await seeks(bot, here.ben, here.start)
    here.mia.leaves(here.start)
    message = here.mia.last()
    await done(bot, await here.mia.presses("Yes, I can", message=message))
    assert "Mentors here are named by the admins" in message.content
    assert not message.buttons
    assert here.ben.sees() == []


async def reported(bot: Bot, here: Neighbourhood) -> None:
    """Have Ben report Mia."""
    await introduced(bot, here)
    page = shown(bot, await done(bot, await here.ben.uses("mentor mine", here.start)))
    for press in ("Open: Interview practice", "Report", "Rude or hurtful"):
        await done(bot, await here.ben.presses(press, here.start, page))
    assert "The moderators have it" in page.content


async def test_moderators_see_to_a_report_where_it_stands(bot: Bot, here: Neighbourhood) -> None:
    """It says whom it is about, and neither who it came from nor what was said; it changes for all moderators."""
    await reported(bot, here)
    (report,) = here.mod.sees(here.moderators)
    assert report.content.endswith(f"<@{here.mia.user.id}>")
    assert report.mentions == [], "nobody is pinged"
    assert str(here.ben.user.id) not in report.content
    assert "Ben" not in report.content
    pressed = await done(bot, await here.mod.presses("No more introductions", here.moderators, report))
    assert "They get no more introductions here" in report.content
    assert here.ada.sees(here.moderators) == here.mod.sees(here.moderators) == [report], "no other message stays"
    assert pressed.answered == 5
    refused = shown(bot, await done(bot, await here.mia.uses("mentor offer", here.start)))
    assert "switched introductions off for you" in refused.content
    for press in ("Allow them again", "Leave it"):
        await done(bot, await here.ada.presses(press, here.moderators, report))
    assert "seen to" in report.content


async def test_nobody_but_moderators_sees_to_reports(bot: Bot, here: Neighbourhood, server: Server) -> None:
    """Somebody who reads the channel is told so alone, and the report stays; so is an admin of another server."""
    await reported(bot, here)
    here.moderators.members.add(here.ben.user.id)
    (report,) = here.mod.sees(here.moderators)
    before = report.content, str(report.components)
    await done(bot, await here.ben.presses("No more introductions", here.moderators, report))
    assert here.ben.sees(here.moderators)[-1].content == "Only moderators can do that."
    assert here.ben.sees(here.moderators)[-1].flags & EPHEMERAL
    eve = Person.new(server, "Eve")
    others = Neighbourhood.built(server, "Others")
    await server.gateway.add_bot(others.guild)
    others.start.members.add(eve.user.id)
    eve.manages(others.start)
    used = await done(bot, await eve.sets_up(others.start))
    copied = report.buttons[0]["custom_id"]
    await done(bot, await eve.presses_id(copied, shown(bot, used)))
    assert "a server that you're not in" in eve.sees(others.start)[-1].content
    assert (report.content, str(report.components)) == before
    assert "switched" not in shown(bot, await done(bot, await here.mia.uses("mentor offer", here.start))).content


async def test_a_moderator_who_presses_a_copied_button_elsewhere_changes_nothing_that_others_see(
    bot: Bot, here: Neighbourhood
) -> None:
    """In a room, or on the panel: the answer is their own."""
    room = await introduced(bot, here)
    (first,) = here.ben.sees(room)
    before = first.content
    room.members.add(here.mod.user.id)
    await done(bot, await here.mod.presses_id(f"o:do:mentor.mine:{here.id}", first))
    assert first.content == before
    assert here.mod.sees(room)[-1].flags & EPHEMERAL
    assert here.ben.sees(room) == [first]


async def test_one_in_two_communities_chooses_which_is_meant(bot: Bot, here: Neighbourhood, server: Server) -> None:
    """And what is pressed then is about that one, wherever it is pressed."""
    others = Neighbourhood.built(server, "Others")
    others.start.members.add(here.ben.user.id)
    await server.gateway.add_bot(others.guild)
    await others.set_up(bot)
    await done(bot, await here.ben.uses("mentor mine", here.start))
    page = shown(bot, await done(bot, await here.ben.uses("mentor mine", others.start)))
    assert "Which community do you mean?" in page.content
    await done(bot, await here.ben.presses("Job seekers", others.start, page))
    assert "What you have here" in page.content
    find = next(one for one in page.buttons if one["label"] == "Find a mentor")
    assert find["custom_id"].endswith(here.id)
