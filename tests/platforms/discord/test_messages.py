"""What somebody may send besides plain text, and who sends what is no talk: each has an answer, or none on purpose."""

import json

import pytest

from tests.platforms.discord.people import Person
from tests.platforms.discord.requests import Value
from tests.platforms.discord.running import Bot
from tests.platforms.discord.server import Server
from tests.platforms.discord.world import Json, Message

PICTURE = {"id": "1", "filename": "a.png", "size": 10, "content_type": "image/png", "url": "", "proxy_url": ""}
MAIL = (
    "Dear Ann,\n\nthank you for applying at Stark. Unfortunately we will not be moving forward with your application. "
    "Your portfolio was the strongest we saw, but we needed more experience with welding. "
    "Please apply again in spring.\n\nKind regards,\nStark"
)


def pasted(server: Server, name: str, text: str, **more: object) -> Json:
    """Return an attachment of text, as Discord makes one of a paste that is too long."""
    server.world.files[name] = text.encode()
    url = f"{server.messages.files_url}/{name}"
    kind = "text/plain; charset=utf-8"
    return {"id": "1", "filename": name, "size": len(text), "content_type": kind, "url": url, "proxy_url": url, **more}


async def said(bot: Bot, ann: Person, text: str, **more: Value) -> list[str]:
    """Write something, and return what comes back."""
    seen = len(ann.sees())
    await bot.took(await ann.writes(text, None, **more))
    return [message.content for message in ann.sees()[seen:]]


async def ignored(bot: Bot, ann: Person, ben: Person, message: Message) -> None:
    """Hold that a message is not even taken: what somebody else writes after it is, and it is not."""
    await bot.took(await ben.writes("hello"))
    assert f"discord/{message.id}" not in bot.host.taken
    assert not ann.sees()


async def test_files_voice_messages_and_stickers_are_explained(bot: Bot, ann: Person) -> None:
    """One sentence each: what cannot be read, and what can."""
    assert "can't open" in (await said(bot, ann, "", attachments=[PICTURE]))[0]
    voice = {
        **PICTURE,
        "filename": "voice-message.ogg",
        "content_type": "audio/ogg",
        "duration_secs": 3,
        "waveform": "AA==",
    }
    assert "can't listen" in (await said(bot, ann, "", attachments=[voice], flags=1 << 13))[0]
    assert "sticker" in (await said(bot, ann, "", stickers=[{"id": "1", "name": "sad", "format_type": 1}]))[0]


async def test_text_beside_a_file_is_what_counts(bot: Bot, ann: Person) -> None:
    """The line is taken as if the file were not there."""
    assert "Stark" in (await said(bot, ann, "I got rejected by Stark", attachments=[PICTURE]))[0]


async def test_a_forwarded_message_is_read_like_a_pasted_one(bot: Bot, ann: Person) -> None:
    """That is how people show a rejection."""
    snapshot: Json = {
        "message": {
            "content": "I got rejected by Stark",
            "embeds": [],
            "attachments": [],
            "timestamp": "2026-11-23T18:00:00+00:00",
            "edited_timestamp": None,
            "flags": 0,
            "mentions": [],
            "mention_roles": [],
            "type": 0,
        }
    }
    assert "Stark" in (await said(bot, ann, "", snapshots=[snapshot]))[0]
    picture = {"message": {**snapshot["message"], "content": "", "attachments": [PICTURE]}}
    assert "can't open" in (await said(bot, ann, "", snapshots=[picture]))[0]


async def test_a_paste_that_discord_has_made_a_file_of_is_read(bot: Bot, ann: Person, server: Server) -> None:
    """A rejection e-mail of more than 2,000 characters arrives as message.txt."""
    told = await said(bot, ann, "", attachments=[pasted(server, "message.txt", MAIL + "\n" * 2000)])
    assert "sorry" in told[0]
    longer = await said(bot, ann, "", attachments=[pasted(server, "message.txt", "no reply came and so on. " * 400)])
    assert "first part" in longer[0] or "beginning" in longer[0]


@pytest.mark.parametrize("why", ["gone", "too large"])
async def test_a_text_file_that_cannot_be_read_is_explained(bot: Bot, ann: Person, server: Server, why: str) -> None:
    """Nothing is guessed of it."""
    file = pasted(server, "message.txt", MAIL, **({"size": 10**6} if why == "too large" else {}))
    server.world.files.clear() if why == "gone" else None
    assert "can't open" in (await said(bot, ann, "", attachments=[file]))[0]


async def test_other_bots_webhooks_and_system_messages_are_left_alone(bot: Bot, ann: Person, ben: Person) -> None:
    """Two bots would otherwise talk to each other for ever."""
    await ignored(bot, ann, ben, await ann.writes("I got rejected", webhook=5))
    await ignored(bot, ann, ben, await ann.writes("I got rejected", type=6))
    ann.user.bot = True
    await ignored(bot, ann, ben, await ann.writes("I got rejected"))


async def test_its_own_messages_are_left_alone(bot: Bot, ann: Person) -> None:
    """Discord tells a bot of what it wrote itself."""
    await said(bot, ann, "hello")
    assert len(bot.host.taken) == 1


async def test_edits_and_deletions_change_nothing(bot: Bot, ann: Person, ben: Person, server: Server) -> None:
    """What was said was said; "change" and "erase" are how it is corrected."""
    message = await ann.writes("I got rejected by Stark")
    await bot.took(message)
    seen = len(ann.sees())
    message.content = "I got rejected by Wayne"
    edited = message.payload(server.world) | {"edited_timestamp": "2026-11-23T18:01:00+00:00"}
    await server.gateway.dispatch("MESSAGE_UPDATE", edited, guild=None, intent=1 << 12)
    gone = {"id": str(message.id), "channel_id": str(message.channel)}
    await server.gateway.dispatch("MESSAGE_DELETE", gone, guild=None, intent=1 << 12)
    await bot.took(await ben.writes("hello"))
    assert len(ann.sees()) == seen
    assert len(bot.host.taken) == 2


async def test_a_message_that_is_told_twice_is_answered_once(bot: Bot, ann: Person, ben: Person) -> None:
    """Gateways repeat themselves after a resume."""
    message = await ann.writes("I got rejected by Stark")
    await bot.took(message)
    seen = len(ann.sees())
    await ann.tell(message)
    await bot.took(await ben.writes("hello"))
    assert len(ann.sees()) == seen


async def test_lines_of_one_person_are_taken_in_their_order(bot: Bot, ann: Person) -> None:
    """However fast they come."""
    lines = [await ann.writes(text) for text in ("I got rejected by Stark", "tonight", "those jerks", "enough", "4")]
    for line in lines:
        await bot.took(line)
    assert bot.host.taken == [f"discord/{line.id}" for line in lines]


async def test_what_people_write_cannot_ping_link_or_break_the_markup(bot: Bot, ann: Person, server: Server) -> None:
    """Quoted back, every character of it is just a character."""
    nasty = "@everyone **x** <@1> [click](https://evil.example) ||y|| `z` <#5> <t:1:R>"
    await said(bot, ann, "rejected by Stark")
    await said(bot, ann, "straight on")
    await said(bot, ann, "4")
    await said(bot, ann, f"say it: {nasty}")
    await bot.took(await ann.uses("export"))
    texts = json.dumps([message.content for message in ann.sees()])
    for live in ("@everyone", " <@1>", "**x**", "[click](", " ||y", " `z`", " <#5>", " <t:1:R>"):
        assert live not in texts
    sent = [body for method, path, body in server.requests if method == "POST" and path.endswith("/messages")]
    assert all(body["allowed_mentions"] == {"parse": []} and body["flags"] & 4 for body in sent)
