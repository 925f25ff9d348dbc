"""Deliveries through everything that Discord and the network do to requests: nothing is lost, nothing said twice."""

from collections.abc import Sequence

import pytest

from adapters.discord.client import TRIES
from dialogs.replies import Reply
from storage.store import Posted
from tests.platforms.discord.people import Person
from tests.platforms.discord.running import Bot
from tests.platforms.discord.server import Fault, Server
from tests.platforms.discord.world import Channel, Message

MESSAGES = "/messages"


def contents(messages: Sequence[Message]) -> list[str]:
    """Return what the messages say."""
    return [message.content for message in messages]


async def post(bot: Bot, ann: Person, *texts: str, address: str = "") -> list[Posted]:
    """Put letters into the outbox and have them delivered."""
    who = f"discord:{ann.user.id}"
    async with bot.store.begin() as unit:
        await unit.journeys([who])
        letters = [(who, address or f"dm/{ann.direct.id}", Reply(text=text, keys=("x",))) for text in texts]
        posted = await unit.post(letters)
    bot.app.dispatcher.post(posted)
    return posted


@pytest.mark.parametrize(
    "fault",
    [
        Fault("429", 2, MESSAGES),
        Fault("429", 2, MESSAGES, everywhere=True),
        Fault("500", 1, MESSAGES),
        Fault("502", 1, MESSAGES),
        Fault("503", 2, MESSAGES),
        Fault("503", 1, MESSAGES, after=True),
        Fault("reset", 2, MESSAGES),
        Fault("reset", 2, MESSAGES, after=True),
        Fault("429", 8, "/typing"),
        Fault("401", 2, MESSAGES),
    ],
    ids=lambda fault: (
        f"{fault.kind}{'-after' * fault.after}{'-everywhere' * fault.everywhere}{fault.path.replace('/', '-')}"
    ),
)
async def test_what_fails_for_now_is_sent_again_in_order_and_once(
    bot: Bot, ann: Person, server: Server, fault: Fault
) -> None:
    """Also when the request had been carried out and only its answer was lost."""
    server.faults.append(fault)
    await post(bot, ann, "one", "two", "three")
    await bot.app.dispatcher.settled()
    assert contents(ann.sees()) == ["one", "two", "three"]
    assert await bot.store.pending() == []
    assert not server.faults


async def test_a_request_without_an_answer_is_given_up_after_a_while(
    bot: Bot, ann: Person, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had been carried out: the resend is dropped by its nonce."""
    import aiohttp  # noqa: PLC0415

    monkeypatch.setattr("adapters.discord.rest.PATIENCE", aiohttp.ClientTimeout(total=0.2))
    server.faults.append(Fault("hang", 1, MESSAGES, after=True))
    await post(bot, ann, "one", "two")
    await bot.app.dispatcher.settled()
    assert contents(ann.sees()) == ["one", "two"]


async def test_a_permanent_failure_is_recorded_and_holds_up_nobody(
    bot: Bot, ann: Person, ben: Person, server: Server
) -> None:
    """The letter leaves the outbox; other people's letters arrive."""
    ann.user.reachable = False
    await post(bot, ann, "one", "two")
    await post(bot, ben, "three")
    await bot.app.dispatcher.settled()
    assert contents(ben.sees()) == ["three"]
    assert await bot.store.pending() == []
    tries = [path for method, path, _ in server.requests if method == "POST" and path.endswith(MESSAGES)]
    assert len(tries) == 3


async def test_a_channel_that_is_gone_is_a_permanent_failure(bot: Bot, ann: Person) -> None:
    """There is nothing to wait for."""
    await post(bot, ann, "one", address="dm/12345")
    await bot.app.dispatcher.settled()
    assert await bot.store.pending() == []


async def test_what_was_sent_but_not_cleared_away_is_not_said_twice(bot: Bot, ann: Person) -> None:
    """A crash between the two looks like this to the next start."""
    posted = await post(bot, ann, "one", "two")
    await bot.app.dispatcher.settled()
    bot.app.dispatcher.post(posted)
    await bot.app.dispatcher.settled()
    assert contents(ann.sees()) == ["one", "two"]


async def test_the_numbers_of_a_new_database_swallow_nothing(bot: Bot, ann: Person) -> None:
    """A nonce is made of what is said too: letter 1 of today is not letter 1 of a minute ago."""
    (posted,) = await post(bot, ann, "one")
    await bot.app.dispatcher.settled()
    other = Posted(id=posted.id, person=posted.person, address=posted.address, reply=Reply(text="other", keys=("x",)))
    bot.app.dispatcher.post([other])
    await bot.app.dispatcher.settled()
    assert contents(ann.sees()) == ["one", "other"]


async def test_the_same_words_are_said_twice_when_they_are_meant_twice(bot: Bot, ann: Person) -> None:
    """Two letters are two letters."""
    await post(bot, ann, "one", "one")
    await bot.app.dispatcher.settled()
    assert contents(ann.sees()) == ["one", "one"]


@pytest.mark.parametrize("kind", ["reset", "503"])
async def test_an_answer_in_a_server_is_added_once(
    bot: Bot, ann: Person, town: Channel, server: Server, kind: str
) -> None:
    """Webhooks know no nonce: the message itself tells which letter was the last."""
    server.faults += [Fault(kind, 2, "@original", after=True) for _ in range(2)]
    used = await ann.uses("rejected", town, employer="Stark")
    await bot.took(used)
    (shown,) = ann.sees(town)
    assert shown.content.count("Stark") == 1
    assert await bot.store.pending() == []
    server.faults += [Fault(kind, 1, "@original", after=True) for _ in range(2)]
    await bot.took(await ann.presses("straight_on", town))
    (shown,) = ann.sees(town)
    assert shown.content.count("> Straight on") == 1
    assert shown.content.count("how much does it sting") + shown.content.count("sting") >= 1


async def test_typing_is_shown_before_an_answer_and_never_for_silence(bot: Bot, ann: Person, server: Server) -> None:
    """While somebody vents, nothing pretends that an answer is coming."""
    await bot.took(await ann.writes("rejected by Stark"))
    await bot.took(await ann.presses("evening"))
    await bot.took(await ann.writes("the recruiter said soon for three weeks"))
    seen, typed = len(ann.sees()), len(server.world.typed)
    assert typed >= seen
    await bot.took(await ann.writes("three weeks"))
    assert (len(ann.sees()) - seen == 0) == (len(server.world.typed) == typed)


async def test_a_turn_that_the_database_refuses_is_told_and_loses_nothing(
    bot: Bot, ann: Person, town: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is asked to say it again; what was there stays, and its buttons too."""
    await bot.took(await ann.writes("rejected by Stark"))
    message = ann.last()
    refused = 0

    async def refuse(_arrival: object) -> None:
        nonlocal refused
        refused += 1
        await bot.server.world.notify()
        raise RuntimeError

    monkeypatch.setattr(bot.app.turns, "take", refuse)
    for act in (ann.writes("evening"), ann.presses("evening"), ann.uses("plan"), ann.uses("plan", town)):
        before, tried = len([*ann.sees(), *ann.sees(town)]), refused
        await act
        await bot.server.world.until(lambda least=tried + TRIES: refused >= least)  # type: ignore[misc] # a lambda in a loop
        await bot.settled()
        assert "wrong on my side" in ([*ann.sees(), *ann.sees(town)][before:] or [ann.sees()[-1]])[-1].content
    assert not any(button.get("disabled") for button in message.buttons)
    monkeypatch.undo()
    await bot.took(await ann.presses("evening", message=message))
    assert all(button["disabled"] for button in message.buttons)
