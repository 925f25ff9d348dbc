"""Every kind of message that Slack can bring, and what becomes of it."""

import json

import pytest

from tests.platforms.slack.deliveries import Delivery
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import Bot
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel, Value


async def said(bot: Bot, ann: Person, text: str, **more: Value) -> list[str]:
    """Write, and return what is answered."""
    before = len(ann.sees())
    await bot.took(await ann.writes(text, **more))
    return [message.shown for message in ann.sees()[before:]]


@pytest.mark.parametrize("subtype", ["", "me_message", "thread_broadcast"])
async def test_what_somebody_writes_is_answered(bot: Bot, ann: Person, subtype: str) -> None:
    """Whichever way they say it."""
    assert "sorry" in (await said(bot, ann, "I got rejected by Stark", subtype=subtype))[0].lower()


@pytest.mark.parametrize(
    "message",
    [
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"bot_id": "B1"},
        {"text": ""},
    ],
    ids=lambda message: next(iter(message.values())) or "nothing",
)
async def test_what_is_no_talk_is_left_alone(bot: Bot, ann: Person, ben: Person, message: dict[str, str]) -> None:
    """An edit changes nothing, another bot is not talked to, and a join says nothing."""
    text = message.pop("text", "I got rejected")
    await bot.took(await ann.writes(text, **message))
    await bot.took(await ben.writes("hello"))
    assert ann.sees() == []
    assert len(bot.host.taken) == 1


async def test_its_own_messages_are_left_alone(bot: Bot, ann: Person, server: Server) -> None:
    """Slack tells a bot of what it wrote itself."""
    await said(bot, ann, "hello")
    (own, *_) = ann.sees()
    inner = {**own.payload(), "channel": own.channel, "channel_type": "im"}
    await bot.took(server.bring("events_api", ann.event(inner)))
    assert len(bot.host.taken) == 1


async def test_files_and_voices_are_explained_and_text_beside_a_file_is_read(bot: Bot, ann: Person) -> None:
    """It has no permission to read files, and says what to do instead."""
    picture = {"subtype": "file_share", "files": [{"id": "F1", "mimetype": "image/png"}]}
    voice = {"subtype": "file_share", "files": [{"id": "F1", "mimetype": "audio/mp4"}]}
    assert "can't open" in (await said(bot, ann, "", **picture))[0]
    assert "can't listen" in (await said(bot, ann, "", **voice))[0] or "can't" in ann.sees()[-1].shown
    assert "sorry" in (await said(bot, ann, "I got rejected by Stark", **picture))[0].lower()


async def test_a_talk_in_a_thread_goes_on_in_it(bot: Bot, ann: Person) -> None:
    """Also for what is pressed there."""
    root = ann.put("notes")
    await bot.took(await ann.writes("I got rejected by Stark", thread=root.ts))
    assert {message.thread for message in ann.sees()} == {root.ts}
    seen = len(ann.sees())
    await bot.took(await ann.presses("evening"))
    assert [message.thread for message in ann.sees()[seen:]] == [root.ts]


async def test_a_call_in_a_channel_is_answered_in_private(bot: Bot, ann: Person, ben: Person, town: Channel) -> None:
    """The caller is told where; nobody else sees anything."""
    called = await bot.took(await ann.mentions("I got rejected by Stark", town))
    await bot.took(bot.server.bring("events_api", called.payload))
    assert "Stark" in ann.sees()[0].shown
    (hint,) = ann.sees(town)
    assert "direct messages" in hint.shown
    assert "Stark" not in hint.shown
    assert ben.sees(town) == []
    await bot.took(await ben.mentions("", town))
    assert "bot for the evening after a no" in ben.sees()[0].shown


async def test_somebody_of_another_workspace_is_told_so_and_nothing_of_them_is_kept(
    bot: Bot, ann: Person, town: Channel
) -> None:
    """In a channel that two workspaces share, the bot talks with people of its own."""
    await bot.took(await ann.mentions("I got rejected", town, user_team="T0OTHER"))
    assert ann.sees() == []
    assert "workspace I was added to" in ann.sees(town)[0].shown
    assert bot.host.taken == []


async def test_a_channel_that_the_bot_is_not_in_is_no_trouble(bot: Bot, ann: Person, town: Channel) -> None:
    """The hint cannot be shown there; the answer arrives all the same."""
    town.members.discard(ann.team.bot_user)
    await bot.took(await ann.mentions("I got rejected by Stark", town))
    assert "Stark" in ann.sees()[0].shown


async def test_a_message_that_is_told_twice_is_answered_once(bot: Bot, ann: Person) -> None:
    """With another event id even: the message is the same."""
    message = ann.put("I got rejected by Stark")
    await bot.took(ann.tell(message))
    seen = len(ann.sees())
    await bot.took(ann.tell(message))
    assert len(ann.sees()) == seen


async def test_repetitions_at_the_same_moment_and_out_of_order_are_taken_once(bot: Bot, ann: Person) -> None:
    """Whichever comes first counts, and all are acknowledged."""
    message = ann.put("I got rejected by Stark")
    tellings: list[Delivery] = [ann.tell(message) for _ in range(5)]
    for telling in tellings:
        await bot.took(telling)
    assert len([one for one in ann.sees() if one.elements]) == 1


async def test_a_long_line_is_read_in_part_and_that_is_said(bot: Bot, ann: Person) -> None:
    """Nobody is left to wonder."""
    assert (
        "first part" in (await said(bot, ann, "no reply came and so on. " * 400))[0]
        or "beginning" in ann.sees()[0].shown
    )


async def test_what_people_write_cannot_ping_link_or_break_the_markup(bot: Bot, ann: Person, server: Server) -> None:
    """Quoted back, every character of it is just a character."""
    nasty = "<!channel> <@U1> *x* _y_ ~z~ `code` <https://evil.example|click> :smile: https://evil.example &amp;"
    for line in ("rejected by Stark", "straight on", "4", f"say it: {nasty}"):
        await said(bot, ann, line)
    await bot.took(await ann.uses("onward", "export"))
    assert any(nasty in message.shown for message in ann.sees()), "not a character is lost"
    sent = [body for method, body in server.requests if method == "chat.postMessage"]
    assert not any("<!" in body["text"] or "<@" in body["text"] or "<http" in body["text"] for body in sent)
    told = json.dumps([body["blocks"] for body in sent])
    assert '"type": "mrkdwn"' not in told
    assert '"type": "link"' not in told
    assert all(body["unfurl_links"] is False for body in sent)


async def test_marks_of_slack_are_read_as_what_was_typed(bot: Bot, ann: Person) -> None:
    """A company that Slack took for a link is a company."""
    message = ann.put("x")
    message.text = "I got rejected by <http://stark.com|stark.com> &amp; friends"
    await bot.took(ann.tell(message))
    assert not any("<http" in one.shown for one in ann.sees())


async def test_the_profile_tells_the_time_zone_and_a_silent_one_holds_nothing_up(
    bot: Bot, ann: Person, ben: Person, server: Server
) -> None:
    """What the person has set themselves is not set back."""
    ann.user.zone = "Europe/Berlin"
    await said(bot, ann, "hello")
    assert (await bot.store.journey(ann.known_as)).settings.zone == "Europe/Berlin"
    await bot.took(await ann.uses("onward", "settings zone=Asia/Tokyo"))
    await said(bot, ann, "hello")
    assert (await bot.store.journey(ann.known_as)).settings.zone == "Asia/Tokyo"
    server.faults.append(Fault("500", 1, "/users.info"))
    ben.user.zone = "Europe/Berlin"
    await said(bot, ben, "hello")
    assert (await bot.store.journey(ben.known_as)).settings.zone == "UTC"
    await said(bot, ben, "hello")
    assert (await bot.store.journey(ben.known_as)).settings.zone == "Europe/Berlin"


async def test_people_are_told_once_who_may_read_along(bot: Bot, ann: Person) -> None:
    """Before they vent, and not again after."""
    await said(bot, ann, "I got rejected by Stark")
    assert sum("export direct messages" in message.shown for message in ann.sees()) == 1
    for line in ("straight on", "another no, from Wayne"):
        await said(bot, ann, line)
    assert sum("export direct messages" in message.shown for message in ann.sees()) == 1


async def test_a_turn_that_cannot_be_kept_comes_again_and_the_last_time_it_is_said(bot: Bot, ann: Person) -> None:
    """Slack brings an event three more times; only then is the person asked to say it again."""
    bot.server.patience = 0.3
    bot.host.fails = 2
    await bot.took(await ann.writes("I got rejected by Stark"))
    assert not any("wrong on my side" in message.shown for message in ann.sees())
    bot.host.fails = 4
    lost = await ann.writes("tonight")
    await bot.server.world.until(lost.done.is_set)
    assert lost.acknowledged == 0
    assert "wrong on my side" in ann.sees()[-1].shown
