"""Files on their way: shared behind the page that they belong to, and never in its way."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.port import Letter
from dialogs.replies import File, Reply
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import SOCKET, Bot, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.test_pictures import COMPLETE, UPLOAD_URL

REPLY = Reply(text="The page", keys=("x",), file=File(name="onward-1.json", text='{"soup": 1}'))
BOTH = ["The page", "onward-1.json"]


async def post(bot: Bot, ann: Person, thread: str = "") -> None:
    """Have a page with a file delivered."""
    async with bot.store.begin() as unit:
        await unit.journeys([ann.known_as])
        posted = await unit.post([(ann.known_as, f"dm/{ann.direct.id}/{thread}", REPLY)])
    bot.app.dispatcher.post(posted)
    await bot.app.dispatcher.settled()


def shown(ann: Person) -> list[str]:
    """Return what is in the direct messages: what is said, or the name of a file."""
    return [message.shown or "".join(file["name"] for file in message.files) for message in ann.sees()]


def content(server: Server) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what is in the one file that was shared."""
    (file,) = (one for one in server.world.files.values() if one.name.endswith(".json"))
    return json.loads(file.data)


async def test_the_export_is_a_file_in_the_chat(bot: Bot, ann: Person, server: Server) -> None:
    """Right behind the page."""
    await bot.took(await ann.writes("rejected by St\u00e4rk"))
    before = len(ann.sees())
    await bot.took(await ann.uses("onward", "export"))
    page, file, *_ = shown(ann)[before:]
    assert "St\u00e4rk" in page
    assert file == "onward-2026-11-23-180000.json"
    assert content(server)["format"] == "onward-export"
    assert content(server)["applications"][0]["employer"] == "St\u00e4rk"


async def test_the_bot_does_not_hear_its_own_file(bot: Bot, ann: Person) -> None:
    """Slack tells it of everything in the direct messages."""
    await post(bot, ann)
    number = len(ann.sees())
    await bot.took(ann.tell(ann.sees()[-1]))
    assert len(ann.sees()) == number


@pytest.mark.parametrize(
    ("kind", "path", "after"),
    [
        ("500", COMPLETE, True),
        ("reset", COMPLETE, True),
        ("reset", COMPLETE, False),
        ("429", UPLOAD_URL, False),
        ("500", "conversations.history", False),
    ],
)
@pytest.mark.parametrize("thread", ["", "1.000001"])
async def test_what_fails_for_now_is_tried_again_and_comes_once(
    bot: Bot, ann: Person, server: Server, kind: str, path: str, thread: str, *, after: bool
) -> None:
    """Also when it was shared, and only the answer was lost; the page is not sent again because of it."""
    server.faults += [Fault(kind, 1, path, after=after), Fault("500", 1, COMPLETE, after=True)]
    await post(bot, ann, thread)
    assert shown(ann) == BOTH
    assert {message.thread for message in ann.sees()} == {thread}


async def test_a_letter_of_which_nobody_knows_whether_it_arrived_comes_once(bot: Bot, ann: Person) -> None:
    """The page and the file, each for itself: the program may have ended between the two."""
    await post(bot, ann)
    number, address = 1, f"dm/{ann.direct.id}/"
    again = Letter(id=number, person=ann.known_as, address=address, reply=REPLY, again=True)
    await bot.platform.deliver(again)
    assert shown(ann) == BOTH
    del ann.direct.messages[ann.sees()[-1].ts]
    await bot.platform.deliver(again)
    assert shown(ann) == BOTH


async def test_without_the_scope_the_page_comes_alone(server: Server, ann: Person, tmp_path: Path) -> None:
    """In a workspace that has not granted it yet; it is not asked for twice, and nothing waits behind it."""
    server.team.scopes.discard("files:write")
    async with running(server, tmp_path, SOCKET) as bot:
        await post(bot, ann)
        assert shown(ann) == ["The page"]
        assert [method for method, _ in server.requests].count(UPLOAD_URL) == 1
        assert await bot.store.pending() == []


@pytest.mark.parametrize(
    ("kind", "path", "tries"), [("500", UPLOAD_URL, 3), ("413", "/upload", 1), ("channel_not_found", COMPLETE, 1)]
)
async def test_where_the_file_cannot_go_the_page_goes_alone(
    bot: Bot, ann: Person, server: Server, kind: str, path: str, tries: int
) -> None:
    """A refusal is taken at once; what fails for long is given up."""
    server.faults.append(Fault(kind, 20, path))
    await post(bot, ann)
    assert shown(ann) == ["The page"]
    assert [method for method, _ in server.requests].count(UPLOAD_URL) == tries
    assert await bot.store.pending() == []


async def test_elsewhere_the_file_goes_to_the_direct_messages(bot: Bot, ann: Person, server: Server) -> None:
    """Only the person sees the page in the channel, and nobody else gets the file."""
    town = server.world.add_channel(server.team, {ann.user.id, server.team.bot_user})
    await bot.took(await ann.writes("rejected by Stark"))
    before = len(ann.sees())
    await bot.took(await ann.uses("onward", "export", town))
    assert all(message.only_for == ann.user.id and not message.files for message in ann.sees(town))
    assert any("Stark" in message.shown for message in ann.sees(town))
    assert shown(ann)[before:] == ["onward-2026-11-23-180000.json"]


async def test_somebody_without_direct_messages_gets_the_page(bot: Bot, ann: Person, server: Server) -> None:
    """There is nowhere to share a file that only they see."""
    town = server.world.add_channel(server.team, {ann.user.id, server.team.bot_user})
    ann.user.reachable = False
    await bot.took(await ann.uses("onward", "export", town))
    assert ann.sees(town)
    assert shown(ann) == []
    assert await bot.store.pending() == []
