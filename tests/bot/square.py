"""A place with communities, their channels, and members who press buttons: the whole application on a database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from adapters.port import Arrival, Letter, UndeliverableError
from bot import assemble
from bot.assemble import Application
from bot.clock import Clock
from bot.settings import Settings
from dialogs import acts
from dialogs.acts import Member
from dialogs.catalog import Catalog
from dialogs.community import Choices, Community, recipient
from dialogs.events import Commanded, Said
from dialogs.replies import Pick, Press, Removal, Reply
from storage.store import Store
from tests.bot.conftest import NOON
from tests.databases import KEY, Database

TOWN, VILLAGE = "test:town", "test:village"
CHANNELS = {TOWN: "C1", VILLAGE: "C2"}
CALLED = {TOWN: "Town", VILLAGE: "Village"}


def _chosen(chosen: Community, _before: Community) -> Community:
    return chosen


class Post:
    """The platform: what stands in each channel by its receipt, and what each person was sent."""

    name = "test"

    def __init__(self) -> None:
        """Begin with empty channels, all of which can be written in."""
        self.standing: dict[str, dict[str, str]] = {channel: {} for channel in CHANNELS.values()}
        self.sent: dict[str, list[Reply]] = {}
        self.closed: set[str] = set()
        self.open = asyncio.Event()
        self.open.set()
        self.posted = 0

    async def deliver(self, letter: Letter) -> str:
        """Take a letter into a channel, or to a person."""
        if isinstance(letter.reply.effect, Removal):
            channel, _, number = letter.reply.effect.receipt.partition("/")
            self.standing[channel].pop(number, None)
            return ""
        if letter.address not in self.standing:
            self.sent.setdefault(letter.person, []).append(letter.reply)
            return ""
        await self.open.wait()
        if letter.address in self.closed:
            msg = "the channel cannot be written in"
            raise UndeliverableError(msg)
        self.posted += 1
        number = str(self.posted)
        self.standing[letter.address][number] = letter.reply.text
        return f"{letter.address}/{number}"


class Square:
    """Everybody's view of the application."""

    def __init__(self, app: Application, store: Store, clock: Clock, post: Post, database: Database) -> None:
        """Begin with nobody there."""
        self.app = app
        self.store = store
        self.post = post
        self._clock = clock
        self._database = database
        self._communities = store.communities(clock.now)
        self._events = count(1)

    def standing(self, community: str = TOWN) -> list[str]:
        """Return what stands in the wins channel of a community, the oldest first."""
        return list(self.post.standing[CHANNELS[community]].values())

    async def set_up(self, *communities: str, features: Sequence[str] = ("wins",)) -> None:
        """Set communities up, each with its channel and these parts on."""
        for one in communities:
            now = Choices(wins_channel=CHANNELS[one], features=tuple(features))
            await self._communities.change(one, partial(_chosen, Community(now=now, name=CALLED[one])))

    async def remove(self, community: str) -> None:
        """Forget a community, as when the bot was removed from it."""
        await self._communities.remove(community)

    async def says(self, person: str, text: str, *through: str) -> list[Reply]:
        """Let somebody say something in their direct messages, or use a command; return what comes back.

        through: the community through which they come.
        """
        before = len(self.post.sent.get(person, ()))
        event = Commanded(name=text.removeprefix("/")) if text.startswith("/") else Said(text=text)
        place = {"community": through[0], "features": "wins"} if through else {}
        arrival = Arrival(id=f"e{next(self._events)}", person=person, event=event, address="direct", place=place)
        await self.app.turns.take(arrival)
        await self.settled()
        return self.post.sent.get(person, [])[before:]

    async def does(
        self, person: str, act: str, *values: str, at: str = TOWN, name: str = "Ann", left: bool = False
    ) -> Reply:
        """Let a member do something, and return what they are shown; every event is delivered twice.

        at: the community, "" for direct messages. left: whether they are no member there any more.
        """
        reply = await self.begins(person, act, *values, at=at, name=name, left=left)
        await self.settled()
        return reply

    async def begins(
        self, person: str, act: str, *values: str, at: str = TOWN, name: str = "Ann", left: bool = False
    ) -> Reply:
        """Let a member do something, and do not wait for what is sent then."""
        done, event = acts.read(act, values), f"e{next(self._events)}"
        about = await self.app.members.community_of(person, done)
        here = about if not at or done.about.startswith("test:") else at
        member = Member(person=person, community=here, name=name, left=left)
        reply = await self.app.members.act(member, done, event)
        assert await self.app.members.act(member, done, event) is None
        assert reply is not None
        return reply

    async def told(self, number: int, receipt: str | None) -> None:
        """Tell of the delivery of something that was shared."""
        reply = Reply(text="", keys=(), about=f"wins.posted:{number}")
        async with self.store.begin() as unit:
            await unit.journeys([OF_TOWN])
            (posted,) = await unit.post([(OF_TOWN, "", reply)])
        await self.app.members.told(posted, receipt)
        await self.settled()

    async def rows(self) -> list[tuple[Any, ...]]:
        """Return what the database knows of what was shared."""
        return (await self._database.rows())["wins"]

    async def erases(self, person: str) -> None:
        """Let somebody erase everything, and do not wait for what is sent then."""
        async with self.store.begin() as unit:
            await unit.journeys([person])
            await unit.erase([person])

    async def settled(self) -> None:
        """Return when everything that was posted is delivered."""
        await self.app.dispatcher.settled()

    async def passes(self, span: timedelta) -> None:
        """Let time pass, with all that it brings about."""
        until = self._clock.now() + span
        while due := await self.app.scheduler.next_due(until):
            self._clock.move_to(due)
            await self.app.scheduler.fire_due(self._clock.now())
        self._clock.move_to(until)
        await self.app.members.look()
        await self.settled()


@asynccontextmanager
async def square(database: Database) -> AsyncIterator[Square]:
    """Run the application on a database, at noon of a Monday until time passes."""
    settings = Settings.read({"ONWARD_KEY": KEY.hex(), "ONWARD_DATABASE_URL": database.url})
    clock, post = Clock(lambda: NOON), Post()
    async with (
        assemble.store(settings, upgrade=False) as store,
        assemble.application(store, lambda _: post, clock, Catalog.load(), ["test:"]) as app,
    ):
        yield Square(app, store, clock, post, database)


def labels(reply: Reply) -> dict[str, str]:
    """Return the acts of a reply's buttons by their labels."""
    return {one.label: one.act for one in reply.controls if not isinstance(one, Pick)}


def pressed(reply: Reply, label: str) -> str:
    """Return the act of a button."""
    found = labels(reply)
    assert label in found, sorted(found)
    return found[label]


def primary(reply: Reply) -> list[str]:
    """Return the labels of the buttons that stand out."""
    return [one.label for one in reply.controls if isinstance(one, Press) and one.style == "primary"]


OF_TOWN = recipient(TOWN)
