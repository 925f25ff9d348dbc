"""Letters that are for more than one person: rooms of two, reports, and good news in a channel."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.port import Letter, Trouble, UndeliverableError
from dialogs.replies import Closing, Effect, Removal, Reply, Room
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import HTTP, MANY, SOCKET, Bot, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.square import Square
from tests.platforms.slack.world import ApiError, Channel, Message

WEEK = timedelta(days=7, hours=1)


def letter(square: Square, address: str = "", effect: Effect | None = None, *, again: bool = False) -> Letter:
    """Return a letter for nobody in particular."""
    reply = Reply(text="Hello.", keys=("x",), effect=effect)
    return Letter(id=1, person=f"slack:{square.team.id}/community", address=address, reply=reply, again=again)


def room(*people: Person) -> Room:
    """Return the room of these people."""
    return Room(number=1, people=tuple(one.known_as for one in people))


def said(person: Person, channel: Channel | None = None) -> str:
    """Return everything that somebody was ever told there."""
    return "\n".join(one.told + one.shown for one in person.sees(channel))


def posted(channel: Channel) -> list[Message]:
    """Return what everybody sees who is in a channel."""
    return [one for one in channel.messages.values() if not one.only_for]


async def pass_by(bot: Bot, time: timedelta) -> None:
    """Let time pass, and what is due then happen."""
    bot.clock.move_to(bot.clock.now() + time)
    await bot.app.members.look()
    await bot.settled()


@pytest.mark.parametrize("mode", [SOCKET, HTTP, MANY])
async def test_two_who_have_never_met_are_introduced(server: Server, tmp_path: Path, mode: str) -> None:
    """Neither learns who the other is before both have said yes; nothing of it shows to anybody else."""
    async with running(server, tmp_path, mode) as bot:
        square = Square(server)
        ben, mia = square.ben, square.mia
        await square.set_up(bot)
        await square.offers(bot)
        await square.looks(bot, ben)
        await bot.took(await mia.presses("Yes, I can"))
        for one, other in ((ben, mia), (mia, ben)):
            assert one.groups == []
            assert other.user.id not in said(one)
            assert other.user.name not in said(one)
        await bot.took(await ben.presses("Yes, open a room"))
        (there,) = ben.groups
        assert there.members == {ben.user.id, mia.user.id, server.team.bot_user}
        assert "both said yes" in said(ben, there)
        await pass_by(bot, WEEK)
        assert "help" in ben.last().shown
        await bot.took(await ben.presses("Yes"))
        await bot.took(await mia.presses("We're done"))
        assert len(there.messages) == 2
        assert "has ended" in list(there.messages.values())[-1].shown
        for channel in (square.start, square.wins, square.mentors, square.moderators):
            assert posted(channel) == []


async def test_what_is_written_in_a_room_is_not_the_bots(bot: Bot, server: Server, square: Square) -> None:
    """It has no permission to read there, and gets nothing of it."""
    there = await square.introduced(bot)
    square.mia.put("Send me your CV", channel=there)
    assert {"mpim:history", "mpim:read"}.isdisjoint(server.team.scopes)
    for method in ("conversations.history", "conversations.members", "conversations.info"):
        with pytest.raises(ApiError, match="missing_scope"):
            server.methods.call(method, server.team.token, {"channel": there.id})


async def test_a_report_reaches_the_moderators_and_nobody_else(bot: Bot, square: Square) -> None:
    """They learn whom it is about and what for; what they do about it, all of them see; an admin need not be there."""
    await square.introduced(bot)
    report = await square.reported(bot)
    assert "Rude or hurtful" in report.shown
    assert f"@{square.mia.user.id}" in report.shown
    assert square.ben.user.id not in report.shown
    assert square.ben.sees(square.moderators) == []
    await bot.took(await square.max.presses("No more introductions", square.moderators))
    assert "They get no more introductions here" in report.shown
    assert f"@{square.mia.user.id}" in report.shown
    assert square.max.sees(square.moderators)[-1] == report
    await bot.took(await square.mia.uses("mentor", "offer"))
    assert "Good of you" not in square.mia.sees()[-1].shown
    await bot.took(await square.max.presses("Allow them again", square.moderators))
    assert "They may be introduced again" in report.shown


async def test_a_channel_that_was_opened_to_everybody_makes_nobody_a_moderator(bot: Bot, square: Square) -> None:
    """Whoever has come in since is refused, unseen by the others; an admin is not."""
    await square.introduced(bot)
    report = await square.reported(bot)
    before = report.shown
    square.moderators.kind = "channel"
    square.server.world.moved += 60  # it is looked at again after a moment
    square.moderators.members.add(square.cleo.user.id)
    await bot.took(await square.cleo.presses("No more introductions", message=report))
    assert "Only moderators can do that" in square.cleo.sees(square.moderators)[-1].shown
    assert square.cleo.sees(square.moderators)[-1].only_for == square.cleo.user.id
    assert report.shown == before
    square.moderators.members.add(square.ada.user.id)
    await bot.took(await square.ada.presses("Leave it", message=report))
    assert "seen to" in report.shown


async def test_good_news_is_shared_and_taken_back(bot: Bot, square: Square) -> None:
    """Previewed first, with the name that others see, and gone from the channel at one press."""
    square.ben.user.shown = "Benny"
    await bot.took(await square.ben.uses("win"))
    await bot.took(await square.ben.presses("With my name"))
    assert "Benny" in square.ben.last().shown
    assert posted(square.wins) == []
    await bot.took(await square.ben.presses("Share it"))
    (news,) = posted(square.wins)
    assert "Benny" in news.shown
    await bot.took(await square.ben.presses("Take it back"))
    assert posted(square.wins) == []


@pytest.mark.parametrize("gone", [True, False])
async def test_what_cannot_be_taken_away(bot: Bot, square: Square, *, gone: bool) -> None:
    """What is gone already is taken away; where the workspace lets nothing be deleted, it is given up."""
    await bot.took(await square.ben.uses("win"))
    await bot.took(await square.ben.presses("Without my name"))
    await bot.took(await square.ben.presses("Share it"))
    if gone:
        square.wins.messages.clear()
    else:
        square.wins.refuses = "compliance_exports_prevent_deletion"
    await bot.took(await square.ben.presses("Take it back"))
    assert bot.app.dispatcher.held == 0


# Trouble


@pytest.mark.parametrize("again", [False, True])
async def test_a_room_is_opened_once(bot: Bot, square: Square, *, again: bool) -> None:
    """Slack has one for each set of people, so that it is the same one after whatever went wrong in between."""
    first = await bot.platform.deliver(letter(square, effect=room(square.ben, square.mia)))
    second = await bot.platform.deliver(letter(square, effect=room(square.mia, square.ben), again=again))
    (there,) = square.ben.groups
    assert {one.partition("/")[0] for one in (first, second)} == {there.id}
    assert [f"{there.id}/{ts}" for ts in there.messages] == [first, second]
    last = await bot.platform.deliver(letter(square, effect=Closing(receipt=first)))
    assert last.partition("/")[0] == there.id


@pytest.mark.parametrize("path", ["/conversations.open", "/chat.postMessage"])
@pytest.mark.parametrize("kind", ["429", "503", "reset"])
async def test_a_room_comes_when_slack_can_again(
    bot: Bot, server: Server, square: Square, path: str, kind: str
) -> None:
    """Nobody has to say yes once more."""
    await square.offers(bot)
    await square.looks(bot, square.ben)
    await bot.took(await square.mia.presses("Yes, I can"))
    pressed = await square.ben.presses("Yes, open a room")
    server.faults.append(Fault(kind, 2, path))
    await bot.took(pressed)
    (there,) = square.ben.groups
    assert "both said yes" in said(square.ben, there)


async def test_an_answer_that_was_lost_may_double_a_message(bot: Bot, server: Server, square: Square) -> None:
    """The bot cannot read there whether it arrived; better twice than never, and in the same room."""
    await square.offers(bot)
    await square.looks(bot, square.ben)
    await bot.took(await square.mia.presses("Yes, I can"))
    pressed = await square.ben.presses("Yes, open a room")
    server.faults.append(Fault("reset", 1, "/chat.postMessage", after=True))
    await bot.took(pressed)
    (there,) = square.ben.groups
    assert len(there.messages) == 2
    assert len({one.shown for one in there.messages.values()}) == 1


async def test_a_room_outlives_the_process(server: Server, tmp_path: Path) -> None:
    """What both agreed to is opened after the next start, when the process ended before that."""
    square = Square(server)
    async with running(server, tmp_path) as bot:
        await square.set_up(bot)
        await square.offers(bot)
        await square.looks(bot, square.ben)
        await bot.took(await square.mia.presses("Yes, I can"))
        fault = Fault("hang", 1, "/chat.postMessage")
        server.faults.append(fault)
        pressed = await square.ben.presses("Yes, open a room")
        await server.world.until(lambda: bool(square.ben.groups))
        await server.world.until(pressed.done.is_set)
    server.faults.clear()
    async with running(server, tmp_path) as bot:
        await bot.settled()
        (there,) = square.ben.groups
        assert "both said yes" in said(square.ben, there)
        await bot.took(await square.ben.uses("mentor", "mine"))
        assert "you have a room" in square.ben.sees()[-1].shown


@pytest.mark.parametrize("trouble", ["mpim:write", "deactivated", "restricted_action"])
async def test_where_no_room_can_be_opened_both_are_told(
    bot: Bot, server: Server, square: Square, trouble: str
) -> None:
    """At once, and not only when somebody has mended it."""
    await square.offers(bot)
    await square.looks(bot, square.ben)
    await bot.took(await square.mia.presses("Yes, I can"))
    match trouble:
        case "deactivated":
            square.mia.user.deleted = True
        case "restricted_action":
            server.faults.append(Fault(trouble, 1, "/conversations.open"))
        case scope:
            server.team.scopes.remove(scope)
    await bot.took(await square.ben.presses("Yes, open a room"))
    assert "room" in square.ben.sees()[-1].shown
    assert "could" in square.ben.sees()[-1].shown
    assert square.ben.groups == []
    assert bot.app.dispatcher.held == 0


@pytest.mark.parametrize("refuses", ["is_archived", "not_in_channel", "restricted_action", "missing_scope"])
async def test_news_that_no_channel_takes_is_told_to_whoever_shared_it(bot: Bot, square: Square, refuses: str) -> None:
    """Nothing waits for ever behind it."""
    await bot.took(await square.ben.uses("win"))
    await bot.took(await square.ben.presses("Without my name"))
    square.wins.refuses = refuses
    await bot.took(await square.ben.presses("Share it"))
    assert "couldn't be posted" in square.ben.sees()[-1].shown
    assert bot.app.dispatcher.held == 0


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("missing_scope", Trouble.ACCESS),
        ("is_archived", Trouble.GONE),
        ("channel_not_found", Trouble.GONE),
        ("not_in_channel", Trouble.GONE),
        ("user_disabled", Trouble.GONE),
        ("invalid_user_combination", Trouble.GONE),
        ("restricted_action", Trouble.SHUT),
    ],
)
async def test_what_can_never_be_delivered_is_said_to_be_so(
    bot: Bot, server: Server, square: Square, error: str, kind: Trouble
) -> None:
    """With the kind of trouble, for those who count."""
    for one in (letter(square, square.wins.id), letter(square, effect=room(square.ben, square.mia))):
        server.faults.append(Fault(error, 1, "conversations.open" if one.reply.effect else "/chat.postMessage"))
        with pytest.raises(UndeliverableError) as never:
            await bot.platform.deliver(one)
        assert never.value.kind is kind


async def test_nobody_of_another_workspace_is_brought_together_with_anybody(bot: Bot, square: Square) -> None:
    """Also where two workspaces share a channel."""
    eve = Person.new(square.server, "Eve", square.server.world.add_team("Others", set()))
    with pytest.raises(UndeliverableError, match="another workspace"):
        await bot.platform.deliver(letter(square, effect=room(square.ben, eve)))


async def test_a_long_letter_has_the_receipt_of_its_first_message(bot: Bot, square: Square) -> None:
    """As it is found again by that."""
    long = Letter(
        id=1,
        person=f"slack:{square.team.id}/community",
        address=square.wins.id,
        reply=Reply(text="word " * 1000, keys=("x",)),
    )
    receipt = await bot.platform.deliver(long)
    messages = posted(square.wins)
    assert len(messages) == 2
    assert receipt == f"{square.wins.id}/{messages[0].ts}"
    await bot.platform.deliver(letter(square, effect=Removal(receipt=receipt)))
    assert posted(square.wins) == messages[1:]


async def test_buttons_that_stay_go_where_they_can_stay(bot: Bot, square: Square) -> None:
    """What only one person sees in a channel is gone with the next start of their Slack."""
    await bot.took(await square.ben.uses("onward", "progress", square.start))
    await square.offers(bot)
    await square.looks(bot, square.ben)
    await bot.took(await square.mia.presses("Yes, I can"))
    assert "Shall I open a room" in square.ben.sees()[-1].shown


async def test_a_room_is_for_the_two_of_them_and_a_call_there_is_answered_in_private(bot: Bot, square: Square) -> None:
    """Whoever mentions the bot there is answered in their own direct messages, and the other one sees nothing."""
    there = await square.introduced(bot)
    before = len(square.mia.sees(there))
    await bot.took(await square.ben.mentions("plan", there))
    assert len(square.mia.sees(there)) == before
    assert square.ben.sees(there)[-1].only_for == square.ben.user.id
    await bot.took(await square.ben.uses("mentor", "mine", there))
    assert len(square.mia.sees(there)) == before
    assert "What you have here" in square.ben.sees(there)[-1].shown
