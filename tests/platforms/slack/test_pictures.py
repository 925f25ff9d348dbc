"""Pictures on their way: above the text, which says the same; and never instead of it."""

import pytest

from dialogs.pictures import Lines, Picture
from dialogs.replies import Reply
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import Bot
from tests.platforms.slack.server import Server

COMPLETE, UPLOAD_URL = "files.completeUploadExternal", "files.getUploadURLExternal"


async def post(bot: Bot, ann: Person, line: str = "a line") -> None:
    """Have a page with a picture delivered."""
    picture = Picture(title="Yours", panels=(Lines(title="Lines", lines=(line,)),))
    async with bot.store.begin() as unit:
        await unit.journeys([ann.known_as])
        reply = Reply(text="The page", keys=("x",), picture=picture)
        posted = await unit.post([(ann.known_as, f"dm/{ann.direct.id}/", reply)])
    bot.app.dispatcher.post(posted)
    await bot.app.dispatcher.settled()


def kinds(ann: Person) -> list[list[str]]:
    """Return the kinds of blocks in each message."""
    return [[block["type"] for block in message.blocks] for message in ann.sees()]


async def test_a_page_comes_with_its_picture_and_the_text_describes_it(bot: Bot, ann: Person, server: Server) -> None:
    """The same picture is uploaded once."""
    await post(bot, ann)
    await post(bot, ann)
    assert kinds(ann) == [["image", "rich_text"]] * 2
    (file,) = server.world.files.values()
    assert file.data.startswith(b"\x89PNG")
    assert [block["alt_text"] for block in ann.sees()[-1].blocks if block["type"] == "image"] == ["The page"]


async def test_a_picture_that_slack_is_still_taking_in_is_waited_for(bot: Bot, ann: Person, server: Server) -> None:
    """For some seconds; then the text goes alone."""
    server.world.slow_files = 2
    await post(bot, ann)
    server.world.slow_files = 100
    await post(bot, ann, "another line")
    assert kinds(ann) == [["image", "rich_text"], ["rich_text"]]


@pytest.mark.parametrize(
    ("kind", "path"),
    [("429", UPLOAD_URL), ("500", COMPLETE), ("missing_scope", UPLOAD_URL), ("reset", "/upload"), ("507", "/upload")],
)
async def test_where_the_picture_cannot_go_the_text_goes_alone(
    bot: Bot, ann: Person, server: Server, kind: str, path: str
) -> None:
    """Whatever happens to it, also in a workspace that has not granted the scope yet."""
    server.faults.append(Fault(kind, 20, path))
    await post(bot, ann)
    assert kinds(ann) == [["rich_text"]]


async def test_a_picture_that_cannot_be_drawn_is_left_out(bot: Bot, ann: Person, server: Server) -> None:
    """Nothing is uploaded."""
    await post(bot, ann, "我做汤")
    assert kinds(ann) == [["rich_text"]]
    assert not server.world.files


async def test_any_other_failure_is_no_matter_of_the_picture(bot: Bot, ann: Person, server: Server) -> None:
    """It is sent again as it was."""
    server.faults.append(Fault("500", 1, "chat.postMessage"))
    await post(bot, ann)
    assert kinds(ann) == [["image", "rich_text"]]


async def test_the_home_tab_shows_the_way_as_a_picture(bot: Bot, ann: Person) -> None:
    """As soon as there is more to see than the path."""
    await bot.took(await ann.writes("rejected by Stark"))
    await bot.took(await ann.presses("straight_on"))
    for _ in range(3):
        await bot.took(await ann.writes("skip"))
    await bot.took(await ann.writes("/checkin"))
    await bot.took(await ann.presses("2"))
    await bot.took(await ann.opens_home())
    images = [block for block in ann.home["blocks"] if block["type"] == "image"]
    assert len(images) == 1
    assert images[0]["alt_text"]
