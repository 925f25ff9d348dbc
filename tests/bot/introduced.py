"""Several people in communities, who press what they were shown, and everything that reaches them."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count

from msgspec.structs import replace

from bot.clock import Clock
from bot.members import Letters, Members
from bot.mentor.part import Mentors
from dialogs import acts
from dialogs.acts import Member
from dialogs.catalog import Catalog
from dialogs.community import Choices, Community
from dialogs.replies import Pick, Press, Reply
from storage.store import Posted, Store
from tests.bot.conftest import NOON

HERE, THERE = "discord:1", "discord:2"
ROOMS, REPORTS = "11", "12"
ANN, BEN, CAT, DAN, EVE = (f"discord:{number}" for number in range(101, 106))
MENTORS = frozenset((BEN, CAT))
MODERATORS = frozenset((EVE,))
SERVES = ("discord:",)

SET_UP = Community(
    now=Choices(panel_channel=ROOMS, moderators_channel=REPORTS, mentors="13", features=("mentors",)),
    name="Job seekers",
)


class People:
    """The people of the tests, on one database. Nothing is delivered unless `deliver` is called."""

    def __init__(self, store: Store, moved: timedelta = timedelta()) -> None:
        """Take a database."""
        self.moved = moved
        self.catalog = Catalog.load()
        self.mentors = set(MENTORS)
        self.moderators = set(MODERATORS)
        self.store = store
        self.members = Members(
            store,
            {"mentor": Mentors(self.catalog, SERVES)},
            self.catalog,
            Clock(lambda: NOON + self.moved),
            lambda posted, _: self.posted.extend(posted),
            self._recover,
        )
        self.posted: list[Posted] = []
        self._events = count()

    async def _recover(self) -> None:
        pass

    async def set_up(self, *communities: str) -> None:
        """Set communities up, with mentors on."""
        for community in communities or (HERE,):
            await self.store.communities(lambda: NOON).change(community, lambda _: SET_UP)

    async def choose(self, community: str, name: str | None = None, **choices: object) -> None:
        """Change how a community has set the bot up."""

        def changed(before: Community) -> Community:
            return replace(before, now=replace(before.now, **choices), name=before.name if name is None else name)

        await self.store.communities(lambda: NOON).change(community, changed)

    async def told_of(self, about: str, person: str, receipt: str | None) -> Letters:
        """Return what is sent when something is told of a letter."""
        async with self.store.begin() as unit:
            part = Mentors(self.catalog, SERVES)
            return await part.told(unit, acts.read(about), person, receipt, NOON + self.moved)

    async def due(self, serves: Sequence[str]) -> Letters:
        """Return what a process would send that delivers for some platforms only."""
        async with self.store.begin() as unit:
            return await Mentors(self.catalog, serves).due(unit, NOON + self.moved)

    async def does(self, person: str, act: str, *values: str, here: str = HERE) -> Reply:
        """Return what somebody is shown who does something."""
        read = acts.read(act, values)
        place = read.about.partition("/")[0] or here
        member = Member(
            person=person, community=place, mentor=person in self.mentors, moderator=person in self.moderators
        )
        shown = await self.members.act(member, read, f"event{next(self._events)}-{id(self)}")
        assert shown is not None
        return shown

    async def presses(self, person: str, reply: Reply, name: str, *values: str) -> Reply:
        """Return what somebody is shown who uses the control of a reply whose act has this name."""
        return await self.does(person, control(reply, name), *values)

    async def offers(self, person: str, *topics: str, here: str = HERE) -> Reply:
        """Have somebody offer to mentor in topics."""
        page = await self.does(person, f"mentor.offer:{here}")
        page = await self.presses(person, page, "mentor.topics", *(topics or ("cv",)))
        return await self.does(person, f"mentor.open:{control(page, 'mentor.topics').partition(':')[2]}")

    async def seeks(self, person: str, topic: str = "cv", here: str = HERE) -> Reply:
        """Have somebody look for a mentor."""
        page = await self.does(person, f"mentor.find:{here}")
        page = await self.does(person, next(act for act in pressable(page) if act.endswith(f"/{topic}")))
        return await self.presses(person, page, "mentor.seek")

    def told(self, person: str) -> list[Reply]:
        """Return, and forget, what was posted for somebody since the last time."""
        found = [one.reply for one in self.posted if one.person == person]
        self.posted = [one for one in self.posted if one.person != person]
        return found

    async def deliver(self, *, never: Sequence[str] = ()) -> None:
        """Tell what became of every letter that is waited for; those to some people can never be delivered."""
        for one in await self.store.pending():
            if one.reply.about:
                await self.members.told(one, None if one.person in never else f"receipt{one.id}")
            await self.store.delivered([one.id])


def pressable(reply: Reply) -> list[str]:
    """Return the acts of a reply's controls."""
    return [one.act for one in reply.controls]


def control(reply: Reply, name: str) -> str:
    """Return the act of the one control of this name."""
    (act,) = [one.act for one in reply.controls if acts.read(one.act).name == name]
    return act


def labels(reply: Reply) -> list[str]:
    """Return the labels of a reply's buttons and menus."""
    return [one.label for one in reply.controls if isinstance(one, Press | Pick)]
