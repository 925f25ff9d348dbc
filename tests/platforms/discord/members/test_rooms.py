"""Letters of a community: delivered once, and told of, also when an earlier try has left them half done."""

import pytest

from adapters.port import Letter, UndeliverableError
from dialogs.replies import Closing, Effect, Removal, Reply, Room
from storage.store import Posted
from tests.platforms.discord.community import Neighbourhood
from tests.platforms.discord.running import Bot
from tests.platforms.discord.server import Fault, Server
from tests.platforms.discord.world import PRIVATE_THREAD, VIEW_CHANNEL, Channel


class Forgetful(dict[tuple[int, str], tuple[float, int]]):
    """What Discord remembers of messages that it was sent, some minutes later."""

    def get(self, *_: object) -> None:  # type: ignore[override] # nothing is left of it
        """Return nothing."""


def of(here: Neighbourhood, text: str, effect: Effect | None = None, address: str | None = None) -> Posted:
    """Return a letter of a community."""
    reply = Reply(text=text, keys=("x",), effect=effect)
    where = str(here.start.id) if address is None else address
    return Posted(id=7, person=f"{here.id}/community", address=where, reply=reply)


async def deliver(bot: Bot, *letters: Posted, again: bool = False) -> None:
    """Have letters delivered. again: an earlier run has left them, whether they have arrived or not."""
    if again:
        bot.app.dispatcher.take_up(letters)
    else:
        bot.app.dispatcher.post(letters)
    await bot.app.dispatcher.settled()


def rooms(server: Server) -> list[Channel]:
    """Return every thread on the server."""
    return [one for one in server.world.channels.values() if one.type == PRIVATE_THREAD]


def people(here: Neighbourhood) -> tuple[str, str]:
    """Return two members."""
    return f"discord:{here.ben.user.id}", f"discord:{here.mia.user.id}"


@pytest.mark.parametrize("minutes", ["at once", "much later"])
async def test_a_room_and_its_end_come_once_however_often_they_are_left_over(
    bot: Bot, here: Neighbourhood, server: Server, minutes: str
) -> None:
    """Discord forgets after some minutes what it was sent: the room itself tells."""
    if minutes == "much later":
        server.world.nonces = Forgetful()
    opening = of(here, "Hello *you*", Room(number=4, people=people(here)))
    await deliver(bot, opening)
    await deliver(bot, opening, again=True)
    (room,) = rooms(server)
    (first,) = here.ben.sees(room)
    closing = of(here, "That was it", Closing(receipt=f"{room.id}/{first.id}"))
    await deliver(bot, closing)
    await deliver(bot, closing, again=True)
    assert [one.content for one in here.mia.sees(room)][1:] == ["That was it"]
    assert room.archived


async def test_a_room_that_was_made_twice_is_used_once(bot: Bot, here: Neighbourhood, server: Server) -> None:
    """The library asks again by itself when an answer is lost; the first one counts, the other is put away empty."""
    server.faults.append(Fault("502", 1, "/threads", after=True))
    await deliver(bot, of(here, "Hello", Room(number=4, people=people(here))))
    first, second = rooms(server)
    assert here.ben.threads() == here.mia.threads() == [first]
    assert (first.archived, second.archived, len(second.members)) == (False, True, 1)


async def test_rooms_of_that_name_that_are_not_the_bots_own_do_not_count(
    bot: Bot, here: Neighbourhood, server: Server
) -> None:
    """Somebody may call a thread of theirs so, and another channel may have one."""
    for name, parent in (("Mentor talk 5", here.start), ("Mentor talk 4", here.wins)):
        server.world.private_thread(parent, name)
    await deliver(bot, of(here, "Hello", Room(number=4, people=people(here))), again=True)
    (room,) = here.ben.threads()
    assert (room.name, room.parent) == ("Mentor talk 4", here.start.id)


@pytest.mark.parametrize("again", [False, True])
async def test_nobody_is_let_into_the_room_of_others(
    bot: Bot, here: Neighbourhood, server: Server, *, again: bool
) -> None:
    """Numbers begin anew with a new database, and rooms that were opened before are still there."""
    cleo, dan = here.joins("Cleo"), here.joins("Dan")
    others = Room(number=4, people=tuple(f"discord:{one.user.id}" for one in (cleo, dan)))
    await deliver(bot, of(here, "Hello", others))
    (before,) = rooms(server)
    server.world.nonces = Forgetful()
    await deliver(bot, of(here, "Hello", Room(number=4, people=people(here))), again=again)
    assert before.members == {cleo.user.id, dan.user.id, server.world.bot.id}
    assert not before.archived
    (room,) = here.ben.threads()
    assert room.members == {here.ben.user.id, here.mia.user.id, server.world.bot.id}
    assert len(here.mia.sees(room)) == 1


async def test_a_message_is_taken_away_once_and_may_be_gone(bot: Bot, here: Neighbourhood, server: Server) -> None:
    """By its receipt; a channel that is gone is gone with what was in it; trouble that passes is waited for."""
    await deliver(bot, of(here, "News", address=str(here.wins.id)))
    (news,) = here.ben.sees(here.wins)
    removal = of(here, "", Removal(receipt=f"{here.wins.id}/{news.id}"))
    server.faults += [Fault("503", 2, f"/messages/{news.id}"), Fault("reset", 1, f"/messages/{news.id}", after=True)]
    await deliver(bot, removal)
    assert here.ben.sees(here.wins) == []
    assert not server.faults
    await deliver(bot, removal, again=True)
    await server.gateway.delete_channel(here.wins)
    await deliver(bot, removal, again=True)
    assert bot.app.dispatcher.held == 0


@pytest.mark.parametrize(
    "letter",
    [
        "no channel",
        "no receipt",
        "unseen",
        "unseen removal",
        "gone",
        "closed room",
        "locked",
        "no room",
        "not a server",
    ],
)
async def test_what_can_never_be_delivered_is_given_up(
    bot: Bot, here: Neighbourhood, server: Server, letter: str
) -> None:
    """The next letter of the community is not held up by it."""
    await server.gateway.forbid(here.wins, VIEW_CHANNEL)
    unseen = str(here.wins.id)
    locked = server.world.private_thread(here.start, "Mentor talk 3")
    locked.locked = True
    server.world.most_threads = 1
    letters = {
        "no channel": of(here, "x", address=""),
        "no receipt": of(here, "", Removal(receipt="")),
        "unseen": of(here, "x", address=unseen),
        "unseen removal": of(here, "", Removal(receipt=f"{unseen}/1")),
        "gone": of(here, "x", address="12"),
        "closed room": of(here, "x", Closing(receipt="12/13")),
        "locked": of(here, "x", Closing(receipt=f"{locked.id}/13")),
        "no room": of(here, "x", Room(number=4, people=people(here))),
        "not a server": Posted(
            id=7,
            person="discord:x/community",
            address="1",
            reply=Reply(text="x", keys=("x",), effect=Room(number=1, people=())),
        ),
    }
    with pytest.raises(UndeliverableError):
        await bot.platform.deliver(letter_of(letters[letter]))
    await deliver(bot, letters[letter], of(here, "The next one"))
    assert [one.content for one in here.ben.sees(here.start)] == ["The next one"] or letter == "not a server"


def letter_of(posted: Posted) -> Letter:
    """Return a letter as the dispatcher hands it over."""
    return Letter(id=posted.id, person=posted.person, address=posted.address, reply=posted.reply)


async def test_the_receipt_tells_where_a_letter_stands(bot: Bot, here: Neighbourhood) -> None:
    """The same one for a second delivery; letters to people have none."""
    news = letter_of(of(here, "News", address=str(here.wins.id)))
    receipts = {await bot.platform.deliver(news) for _ in range(2)}
    (message,) = here.ben.sees(here.wins)
    assert receipts == {f"{here.wins.id}/{message.id}"}
    own = Letter(id=8, person=people(here)[0], address="", reply=Reply(text="x", keys=("x",)))
    assert not await bot.platform.deliver(own)
