"""What becomes of an act that makes no sense, comes too late or too fast, or fails on the way."""

from datetime import timedelta

import pytest

from dialogs.replies import Press, Reply
from tests.databases import Database, says
from tests.platforms.discord.community import Neighbourhood, done, letter, offers, pressable, seeks, shown
from tests.platforms.discord.interactions import FIRST_ANSWER_WITHIN
from tests.platforms.discord.running import Bot, running
from tests.platforms.discord.server import Fault, Server
from tests.platforms.discord.world import LOADING, Interaction


@pytest.mark.parametrize(
    "custom_id", ["o:do:mentor", "o:do:MENTOR.find", "o:do:mentor.find:\u202e", "o:do:" + "x" * 90]
)
async def test_an_id_that_is_none_is_explained_like_every_old_one(
    bot: Bot, here: Neighbourhood, custom_id: str
) -> None:
    """Nothing breaks, and it is no act."""
    await bot.took(await here.ben.writes("rejected by Stark"))
    before = len(here.ben.sees())
    await bot.took(await here.ben.presses_id(custom_id, here.ben.last()))
    assert len(here.ben.sees()) > before


@pytest.mark.parametrize(
    "act", ["mentor.nothing", "wins.nothing:x", "pulse.nothing", "other.part:1", "mentor.accept:x/y"]
)
async def test_an_act_that_is_none_ends_politely(bot: Bot, here: Neighbourhood, act: str) -> None:
    """Whatever somebody makes up: one line, and nothing to press that does not work."""
    await done(bot, await here.ben.uses("mentor mine", here.start))
    await done(bot, await here.ben.presses_id(f"o:do:{act}", here.ben.sees(here.start)[-1]))
    assert here.ben.sees(here.start)[-1].content


async def test_what_the_database_refuses_is_told_and_can_be_pressed_again(
    bot: Bot, here: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was shown stays, with its buttons."""
    page = shown(bot, await done(bot, await here.mia.uses("mentor find", here.start)))
    message = await letter(
        bot, here.mia, Reply(text="Ask", keys=("x",), controls=(Press(act="wins.share", label="Go"),))
    )

    async def broken(*_: object) -> Reply:
        raise OSError

    monkeypatch.setattr(bot.app.members, "act", broken)
    for _ in range(2):
        await done(bot, await here.mia.presses("Salary", here.start, page))
        await done(bot, await here.mia.presses("Go", message=message))
    used = await done(bot, await here.mia.uses("mentor mine", here.start))
    assert "could not be kept just now" in shown(bot, used).content
    for one in (page, message):
        assert one.content.count("could not be kept just now") == 1
        assert one.buttons
    monkeypatch.undo()
    await done(bot, await here.mia.presses("Salary", here.start, page))
    assert "I ask members who offered" in page.content
    assert "could not be kept" not in page.content


@pytest.mark.parametrize("kind", ["503", "reset"])
@pytest.mark.parametrize("path", ["@original", "/callback", "/members/"])
async def test_what_fails_for_now_is_tried_again(
    bot: Bot, here: Neighbourhood, server: Server, kind: str, path: str
) -> None:
    """Also when the request had been carried out; what came of an act is shown in the end."""
    await done(bot, await here.mia.uses("mentor mine", here.start))
    for after in (False, True) if path != "/callback" else (True,):
        server.faults.append(Fault(kind, 1, path, after=after))
        used = await done(bot, await here.mia.uses("mentor find"))
        assert not server.faults
        assert "What would you like" in shown(bot, used).content


async def test_who_sends_too_fast_is_told_once_and_nothing_is_left_waiting(
    bot: Bot, here: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was shown stays; the promise of an answer that will not come is taken back."""
    monkeypatch.setattr("bot.flood.BURST", 2)
    monkeypatch.setattr("bot.flood.EACH", timedelta(hours=1))
    page = shown(bot, await done(bot, await here.mia.uses("mentor find", here.start)))
    await done(bot, await here.mia.presses("Salary", here.start, page))
    before = page.content
    for _ in range(3):
        await done(bot, await here.mia.presses(pressable(page)[0], here.start, page))
    for _ in range(2):
        await done(bot, await here.mia.uses("mentor mine", here.start))
    assert page.content == before
    assert page.buttons
    told = [one for one in here.mia.sees(here.start) if one is not page]
    assert ["more at once than I can take in" in one.content for one in told] == [True]
    assert not any(one.flags & LOADING for one in here.mia.sees(here.start))


async def test_what_came_too_late_is_not_done(bot: Bot, here: Neighbourhood, server: Server) -> None:
    """Discord has shown that it failed, so it is pressed again."""
    page = await offers(bot, here.mia, here.start)
    await seeks(bot, here.ben, here.start)
    request = here.mia.last()
    server.world.moved -= FIRST_ANSWER_WITHIN + 1
    late = await here.mia.presses("Yes, I can", message=request)
    server.world.moved += FIRST_ANSWER_WITHIN + 1
    await server.world.until(lambda: any(str(late.id) in path for _, path, _ in server.requests))
    await bot.settled()
    assert late.answered is None
    assert here.ben.sees() == []
    assert page.buttons


async def test_what_cannot_be_shown_is_done_all_the_same(bot: Bot, here: Neighbourhood, server: Server) -> None:
    """The message is gone, or Discord stays away: nothing breaks."""
    page = shown(bot, await done(bot, await here.mia.uses("mentor find", here.start)))
    for fault in (Fault("404", 1, "@original"), Fault("503", 9, "@original")):
        server.faults.append(fault)
        await done(bot, await here.mia.presses("Salary", here.start, page))
        server.faults.clear()
    assert "What would you like" in page.content


@pytest.mark.databases("postgresql")
async def test_two_processes_on_one_shard_answer_once(server: Server, here: Neighbourhood, database: Database) -> None:
    """Both hear of it, one does it, and whoever that is shows it."""
    async with running(server, database) as one, running(server, database) as other:
        await here.set_up(one)

        async def both(interaction: Interaction) -> Interaction:
            for bot in (one, other):
                await done(bot, interaction)
            await says(database, "SELECT count(*) = 0 FROM outbox")
            for bot in (one, other):
                await bot.settled()
            return interaction

        page = shown(one, await both(await here.mia.uses("mentor offer", here.start)))
        await both(await here.mia.picks("What you can help with", "Salary", channel=here.start, message=page))
        await both(await here.mia.presses("I'm 18 or older: offer", here.start, page))
        find = shown(one, await both(await here.ben.uses("mentor find", here.start)))
        await both(await here.ben.presses("Salary", here.start, find))
        await both(await here.ben.presses("I'm 18 or older: look", here.start, find))
        assert "I've asked somebody" in find.content
        assert len(here.mia.sees()) == 1
        await both(await here.mia.presses("Yes, I can", message=here.mia.last()))
        await both(await here.ben.presses("Yes, open a room", message=here.ben.last()))
        (room,) = here.ben.threads()
        assert len(here.ben.sees(room)) == 1
    assert await database.sql("SELECT count(*) FROM events") == [(8,)]
