"""What members of a community do with each other: one durable transaction for each act, as for turns."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import NamedTuple, Protocol
from weakref import WeakValueDictionary

from msgspec.structs import replace

from adapters.members import TooManyError
from bot.clock import Clock
from bot.flood import Flood, Verdict
from dialogs import acts, waits
from dialogs.acts import Act, Member
from dialogs.catalog import Catalog
from dialogs.community import RECIPIENT, Community
from dialogs.journey import Journey
from dialogs.place import placed
from dialogs.replies import Reply
from storage.errors import UnavailableError
from storage.store import Posted, Store, Unit

EVERY = 60.0
"""Seconds between two looks for what is due."""

Letters = Sequence[tuple[str, str, Reply]]
"""Replies, each with the person and the address ("" is where they were last heard)."""

Committed = Callable[[Sequence[Posted], datetime | None], None]
Recover = Callable[[], Awaitable[None]]
"""See bot/turns.py."""

log = logging.getLogger(__name__)


class Done(NamedTuple):
    """What an act brings about: what the member is shown, what others are sent, what is remembered of the member."""

    shown: Reply
    letters: Letters = ()
    journey: Journey | None = None


class Deed(NamedTuple):
    """An act on its way: who did it, where, when, and what is known of them."""

    member: Member
    act: Act
    community: Community
    journey: Journey
    now: datetime


class _ToldBeforeError(Exception):
    """What became of a letter was told before, here or by another process: nothing of it is to happen again."""


class Part(Protocol):
    """One part of the bot that communities can switch on; its acts have names that begin with its own."""

    async def act(self, unit: Unit, deed: Deed) -> Done:
        """Do what a member asks for, or say why not."""
        ...

    async def told(self, unit: Unit, about: Act, person: str, receipt: str | None, now: datetime) -> Letters:
        """Take note of a letter that was delivered, or never can be (None); return what is to be sent then."""
        ...

    async def due(self, unit: Unit, now: datetime) -> Letters:
        """Return what is to be sent because its time has come. More than one process may look at the same moment."""
        ...


class Members:
    """Takes acts, and looks after what comes of them later."""

    def __init__(
        self,
        store: Store,
        parts: Mapping[str, Part],
        catalog: Catalog,
        clock: Clock,
        committed: Committed,
        recover: Recover,
        flood: Flood | None = None,
    ) -> None:
        """Use these parts by the names that acts begin with. committed, recover, flood: as for turns."""
        self._store = store
        self._communities = store.communities(clock.now)
        self._parts = parts
        self._catalog = catalog
        self._clock = clock
        self._committed = committed
        self._recover = recover
        self._flood = flood
        self._unsure = False
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def community_of(self, person: str, act: Act) -> str:
        """Return the community that an act is about when it was not done there, "" when there is none."""
        if named := acts.community(act, person.partition(":")[0]):
            return named
        communities = (await self._store.journey(person)).settings.communities
        return communities[-1].community if communities else ""

    async def act(self, member: Member, act: Act, event: str) -> Reply | None:
        """Return what a member is shown after an act; None when the event was taken before.

        Raises TooManyError for one of a flood, and StorageError.
        """
        now = self._clock.now()
        verdict = self._flood.verdict(member.person, now) if self._flood is not None else Verdict.TAKEN
        if verdict is Verdict.TOO_MANY:
            raise TooManyError
        if verdict is Verdict.FIRST_TOO_MANY:
            return replace(self._plain("anywhere.too_fast"), aside=True)
        part = self._parts.get(act.part)
        if part is None:
            return self._plain("anywhere.unknown_command")
        community = await self._communities.read(member.community)
        async with self._lane(member.community), self._transaction() as (unit, letters):
            if not await unit.first_seen([(member.person, event)], now):
                return None
            before = (await unit.journeys([member.person]))[member.person]
            known = None if member.left else community
            here = {} if known is None else {"community": member.community, "features": " ".join(known.on)}
            journey = replace(placed(before, here), heard_at=now, forget_on=None)
            done = await part.act(unit, Deed(member, act, community or Community(), journey, now))
            journey = done.journey or journey
            await unit.keep([(member.person, journey, waits.next_wake(journey, now))])
            letters.extend(done.letters)
        return done.shown

    async def told(self, posted: Posted, receipt: str | None) -> None:
        """Take note of what became of a letter, and take it out of the outbox: of each, once. Raises StorageError."""
        about, now = acts.read(posted.reply.about), self._clock.now()
        with suppress(_ToldBeforeError):
            async with self._lane(about.about.partition("/")[0]), self._transaction() as (unit, letters):
                letters.extend(await self._parts[about.part].told(unit, about, posted.person, receipt, now))
                # Last of all: others have introductions, and those who letters are for, before they come to letters.
                await _begin(unit, letters)
                if not await unit.take_out(posted.id, now if receipt is None else None):
                    raise _ToldBeforeError

    async def run(self) -> None:
        """Look for what is due for as long as the process lives; not at once, when there is enough to begin with."""
        while True:
            await asyncio.sleep(EVERY)
            await self.look()

    async def look(self) -> None:
        """Do what is due now."""
        for name, part in self._parts.items():
            try:
                async with self._transaction() as (unit, letters):
                    letters.extend(await part.due(unit, self._clock.now()))
            except Exception:
                log.exception("what is due among members waits", extra={"fields": {"part": name}})

    def _lane(self, community: str) -> asyncio.Lock:
        """Return what lets in one at a time.

        They would wait for each other anyway, each with one of the few connections that turns and other communities
        need: for seconds, when a process that stands still has the community.
        """
        return self._lanes.setdefault(community, asyncio.Lock())

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[tuple[Unit, list[tuple[str, str, Reply]]]]:
        """Begin a transaction, and post at its end what was put into the list."""
        if self._unsure:
            await self._recover()
        self._unsure = False
        letters: list[tuple[str, str, Reply]] = []
        try:
            async with self._store.begin() as unit:
                yield unit, letters
                await _begin(unit, letters)
                posted = await unit.post(letters, self._clock.now())
        except UnavailableError:
            self._unsure = True  # whether it was kept, nobody knows
            raise
        self._committed(posted, unit.wake_at)

    def _plain(self, key: str) -> Reply:
        return Reply(text=self._catalog.plain(key), keys=(key,))


async def _begin(unit: Unit, letters: Letters) -> None:
    """Lock the channels of communities that get letters: they are nobody, and begin with every letter."""
    if channels := [person for person, _, _ in letters if person.endswith(RECIPIENT)]:
        await unit.journeys(channels)
