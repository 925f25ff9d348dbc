"""Pictures on their way: beside the text, which says the same; and never instead of it."""

from dialogs.pictures import Lines, Picture
from dialogs.replies import Reply
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot
from tests.platforms.discord.server import Fault, Server
from tests.platforms.discord.test_delivery import MESSAGES
from tests.platforms.discord.world import Channel, Message

PNG = b"\x89PNG"


async def post(bot: Bot, ann: Person, line: str = "a line") -> None:
    """Have a page with a picture delivered, twice, as after a crash."""
    who = f"discord:{ann.user.id}"
    picture = Picture(title="Yours", panels=(Lines(title="Lines", lines=(line,)),))
    async with bot.store.begin() as unit:
        await unit.journeys([who])
        posted = await unit.post([(who, f"dm/{ann.direct.id}", Reply(text="The page", keys=("x",), picture=picture))])
    for _ in range(2):
        bot.app.dispatcher.post(posted)
        await bot.app.dispatcher.settled()


def files(server: Server, message: Message) -> list[tuple[str, str, bytes]]:
    """Return what is under a message: names, descriptions, and the first bytes."""
    return [(one["filename"], one["description"], server.world.files[one["id"]][:4]) for one in message.attachments]


async def test_a_page_comes_with_its_picture_and_the_text_describes_it(bot: Bot, ann: Person, server: Server) -> None:
    """Once, also when it is sent a second time."""
    await post(bot, ann)
    (message,) = ann.sees()
    assert message.content == "The page"
    assert files(server, message) == [("onward.png", "The page", PNG)]


async def test_a_picture_that_fails_for_now_is_sent_again_whole(bot: Bot, ann: Person, server: Server) -> None:
    """The file is read from its beginning each time."""
    server.faults += [Fault("503", 1, MESSAGES), Fault("reset", 1, MESSAGES)]
    await post(bot, ann)
    (message,) = ann.sees()
    assert files(server, message) == [("onward.png", "The page", PNG)]


async def test_where_the_picture_is_refused_or_cannot_be_drawn_the_text_arrives_alone(
    bot: Bot, ann: Person, server: Server
) -> None:
    """Nobody waits for a page because of a picture."""
    server.messages.largest = 100
    await post(bot, ann)
    await post(bot, ann, "我做汤")
    assert [(message.content, message.attachments) for message in ann.sees()] == [("The page", [])] * 2


async def test_in_a_server_the_picture_is_added_to_what_only_one_person_sees(
    bot: Bot, ann: Person, server: Server, town: Channel
) -> None:
    """A refusal there leaves the text, too."""
    await bot.took(await ann.writes("rejected by Stark"))
    await bot.took(await ann.uses("progress", town))
    (shown,) = ann.sees(town)
    assert [name for name, _, data in files(server, shown) if data == PNG] == ["onward.png"]
    server.messages.largest = 100
    await bot.took(await ann.uses("progress", town))
    assert [len(message.attachments) for message in ann.sees(town)] == [1, 0]
