"""Deliveries through everything that Slack and the network do to requests: nothing is lost, nothing said twice."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import pytest

from dialogs.replies import Reply
from storage.store import Posted
from tests.platforms.slack.people import Person
from tests.platforms.slack.requests import Fault
from tests.platforms.slack.running import Bot, running
from tests.platforms.slack.server import Server
from tests.platforms.slack.world import Channel, Message

POST, RESPOND = "/chat.postMessage", "/respond"


def texts(messages: Sequence[Message]) -> list[str]:
    """Return what the messages say."""
    return [message.shown for message in messages]


async def post(bot: Bot, ann: Person, *said: str, address: str = "") -> list[Posted]:
    """Put letters into the outbox and have them delivered."""
    async with bot.store.begin() as unit:
        await unit.journeys([ann.known_as])
        letters = [(ann.known_as, address or f"dm/{ann.direct.id}", Reply(text=text, keys=("x",))) for text in said]
        posted = await unit.post(letters)
    bot.app.dispatcher.post(posted)
    return posted


@pytest.mark.parametrize(
    "fault",
    [
        Fault("429", 2, POST),
        Fault("500", 1, POST),
        Fault("503", 2, POST),
        Fault("503", 1, POST, after=True),
        Fault("reset", 2, POST),
        Fault("reset", 2, POST, after=True),
        Fault("internal_error", 1, POST),
        Fault("fatal_error", 1, POST, after=True),
        Fault("service_unavailable", 1, POST),
    ],
    ids=lambda fault: f"{fault.kind}{'-after' * fault.after}",
)
async def test_what_fails_for_now_is_sent_again_in_order_and_once(
    bot: Bot, ann: Person, server: Server, fault: Fault
) -> None:
    """Also when the request had been carried out and only its answer was lost."""
    server.faults.append(fault)
    await post(bot, ann, "one", "two", "three")
    await bot.app.dispatcher.settled()
    assert texts(ann.sees()) == ["one", "two", "three"]
    assert await bot.store.pending() == []
    assert not server.faults


async def test_a_request_without_an_answer_is_given_up_after_a_while(bot: Bot, ann: Person, server: Server) -> None:
    """It had been carried out: it is found in the history, and not sent again."""
    session = bot.service.client.session
    assert session is not None
    session._timeout = aiohttp.ClientTimeout(total=0.2)  # noqa: SLF001 - instead of the half minute
    server.faults.append(Fault("hang", 1, POST, after=True))
    await post(bot, ann, "one", "two")
    await bot.app.dispatcher.settled()
    assert texts(ann.sees()) == ["one", "two"]


async def test_the_wait_that_slack_asks_for_is_kept(bot: Bot, ann: Person, server: Server) -> None:
    """To the second."""
    server.faults.append(Fault("429", 1, POST, seconds=1))
    begun = asyncio.get_running_loop().time()
    await post(bot, ann, "one")
    await bot.app.dispatcher.settled()
    assert asyncio.get_running_loop().time() - begun >= 1


async def test_a_channel_gets_one_message_a_second(bot: Bot, ann: Person, ben: Person, server: Server) -> None:
    """The server refuses faster ones; each channel has its own second."""
    server.methods.messages.apart = 0.99
    await post(bot, ann, "one", "two", "three")
    await post(bot, ben, "four")
    await bot.app.dispatcher.settled()
    assert texts(ann.sees()) == ["one", "two", "three"]
    assert len([method for method, _ in server.requests if method == "chat.postMessage"]) == 4


@pytest.mark.parametrize("error", ["is_archived", "restricted_action", "user_disabled", "cannot_dm_bot"])
async def test_a_permanent_failure_is_recorded_and_holds_up_nobody(
    bot: Bot, ann: Person, ben: Person, server: Server, error: str
) -> None:
    """The letter leaves the outbox; other people's letters arrive."""
    server.faults.append(Fault(error, 2, POST))
    await post(bot, ann, "one")
    await bot.app.dispatcher.settled()
    await post(bot, ben, "two")
    await bot.app.dispatcher.settled()
    server.faults.clear()
    assert await bot.store.pending() == []


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth", "missing_scope"])
async def test_what_somebody_has_to_mend_first_is_waited_for(
    server: Server, ann: Person, tmp_path: Path, error: str
) -> None:
    """What is to be said stays in the outbox, and is said after the next start."""
    async with running(server, tmp_path) as bot:
        server.team.refused = error
        await post(bot, ann, "one")
        await server.world.until(lambda: any(method == "chat.postMessage" for method, _ in server.requests))
    server.team.refused = ""
    async with running(server, tmp_path) as bot:
        await bot.app.dispatcher.settled()
        assert texts(ann.sees()) == ["one"]


async def test_a_channel_that_is_gone_is_looked_up_anew(bot: Bot, ann: Person) -> None:
    """The direct messages with the same person may have another name now."""
    await post(bot, ann, "one", address="dm/D0GONE")
    await bot.app.dispatcher.settled()
    assert texts(ann.sees()) == ["one"]
    ann.user.reachable = False
    await post(bot, ann, "two", address="dm/D0GONE")
    await bot.app.dispatcher.settled()
    assert await bot.store.pending() == []


async def test_what_was_sent_but_not_cleared_away_is_not_said_twice(
    server: Server, ann: Person, tmp_path: Path
) -> None:
    """A crash between the two looks like this to the next start; also in a thread, and for every part of a long one."""
    root = ann.put("notes")
    long = "one two three " * 400
    async with running(server, tmp_path) as bot:
        await post(bot, ann, "one", long)
        await post(bot, ann, "two", address=f"dm/{ann.direct.id}/{root.ts}")
        await bot.app.dispatcher.settled()
        before = texts(ann.sees())
        async with bot.store.begin() as unit:
            await unit.journeys([ann.known_as])
            letters = [(f"dm/{ann.direct.id}", "one"), (f"dm/{ann.direct.id}", long)]
            letters.append((f"dm/{ann.direct.id}/{root.ts}", "two"))
            posted = [(ann.known_as, address, Reply(text=text, keys=("x",))) for address, text in letters]
            again = await unit.post(posted)
    # The same letters as before, by number too: as if they had never been cleared away.
    renumber(tmp_path / "onward.db", [one.id for one in again])
    async with running(server, tmp_path) as bot:
        await bot.app.dispatcher.settled()
        assert texts(ann.sees()) == before
        assert await bot.store.pending() == []


def renumber(database: Path, ids: list[int]) -> None:
    """Give the letters of an outbox the numbers from 1 on."""
    import sqlite3  # noqa: PLC0415
    from contextlib import closing  # noqa: PLC0415

    with closing(sqlite3.connect(database)) as connection, connection:
        for number, old in enumerate(ids, 1):
            connection.execute("UPDATE outbox SET id = ? WHERE id = ?", (number, old))


async def test_the_same_words_are_said_twice_when_they_are_meant_twice(bot: Bot, ann: Person) -> None:
    """Two letters are two letters."""
    await post(bot, ann, "one", "one")
    await bot.app.dispatcher.settled()
    assert texts(ann.sees()) == ["one", "one"]


@pytest.mark.parametrize("kind", ["reset", "503", "429"])
async def test_an_answer_that_one_person_sees_is_sent_again(
    bot: Bot, ann: Person, town: Channel, server: Server, kind: str
) -> None:
    """Before it was carried out, that is: nothing can be looked up there."""
    server.faults.append(Fault(kind, 2, RESPOND))
    await bot.took(await ann.uses("plan", "", town))
    assert len(ann.sees(town)) == 2
    assert await bot.store.pending() == []


async def test_somebody_who_could_not_be_reached_is_told_once(bot: Bot, ann: Person) -> None:
    """When they are there again."""
    await bot.took(await ann.writes("hello"))
    ann.user.reachable = False
    await post(bot, ann, "one")
    await bot.app.dispatcher.settled()
    ann.user.reachable = True
    for _ in range(2):
        await bot.took(await ann.writes("hello"))
    assert sum("didn't arrive" in message.shown for message in ann.sees()) == 1
