"""`onward chat`: one person, one terminal, and a clock that can be moved."""

import asyncio
import getpass
import os
import sys
from collections.abc import Callable
from datetime import datetime
from io import TextIOWrapper
from uuid import uuid4

from adapters.incoming import cleaned
from adapters.port import Arrival
from adapters.terminal.client import Terminal
from adapters.terminal.keyboard import Keyboard
from adapters.terminal.screen import Screen
from adapters.terminal.waiting import line
from bot import assemble, observability, place
from bot.assemble import Application
from bot.clock import Clock
from bot.settings import Settings
from dialogs.catalog import Catalog
from dialogs.events import Commanded, Event
from dialogs.journey import Journey
from storage.store import Store


class Conversation:
    """One person's conversation, as the terminal sees it."""

    def __init__(
        self, app: Application, clock: Clock, person: str, zone: str, *, known: bool, ids: Callable[[], str]
    ) -> None:
        """Lead the conversation of `person`, `known` or new; `ids` makes ids that are never the same again."""
        self.zone = zone
        self._app = app
        self._clock = clock
        self._person = person
        self._known = known
        self._ids = ids

    def now(self) -> datetime:
        """Return the time of this conversation."""
        return self._clock.now()

    async def take(self, event: Event) -> None:
        """Take an event; return when everything that came of it was delivered."""
        await self._app.turns.take(Arrival(id=f"terminal:{self._ids()}", person=self._person, event=event))
        await self._app.dispatcher.settled()

    async def greet(self) -> None:
        """Greet a new person, or show a known one the question that they left at."""
        if self._known:
            await self.take(Commanded(name="hello"))
            return
        where = {"zone": self.zone, "country": place.country(os.environ)}
        told = " ".join(f"{name}={value}" for name, value in where.items() if value)
        await self.take(Commanded(name="place", argument=told))
        await self.take(Commanded(name="start"))

    async def catch_up(self) -> None:
        """Do what has come due while nobody was here."""
        await self._app.scheduler.fire_due(self.now())
        await self._app.dispatcher.settled()

    async def travel(self, moment: datetime) -> None:
        """Move the clock to a moment; what comes due on the way happens at its own time, in order."""
        while due := await self._app.scheduler.next_due(moment):
            self._clock.move_to(due)
            await self.catch_up()
        self._clock.move_to(moment)


def run(settings: Settings, who: str | None, *, new: bool, plain: bool) -> None:
    """Run the command. Raises what `chat` raises, and KeyboardInterrupt."""
    observability.set_up(settings.log_level, form=settings.log_format)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that cannot show a character gets a question mark, not a traceback.
            stream.reconfigure(errors="replace")
    plain = plain or not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())
    asyncio.run(chat(settings, who or login(), new=new, plain=plain))


def login() -> str:
    """Return the name of who is logged in; in a container there may be nobody."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "you"


async def chat(settings: Settings, who: str, *, new: bool, plain: bool) -> None:
    """Talk to one person at the keyboard until they leave. Raises StorageError, CatalogError, OSError."""
    clock, catalog = Clock(), Catalog.load()
    person = f"{Terminal.name}:{cleaned(who)}"
    async with assemble.store(settings, upgrade=settings.database_file is not None) as store:
        journey = await _journey(store, person, new=new)
        known = journey.seen_at is not None
        if journey.seen_at is not None:
            clock.move_to(journey.seen_at)
        zone = journey.settings.zone if known else place.zone(os.environ)
        terminal = _terminal(catalog, plain=plain)
        async with assemble.application(
            store, {person: terminal}.get, clock, catalog, [person], settings.keep_days
        ) as app:
            await terminal.talk(Conversation(app, clock, person, zone, known=known, ids=lambda: uuid4().hex))


def _terminal(catalog: Catalog, *, plain: bool) -> Terminal:
    screen = Screen(sys.stdout, line("terminal.prompt", catalog), line("terminal.typing", catalog), person=not plain)
    # A standard input that was closed before the start is one that has nothing to say.
    descriptor = sys.stdin.fileno() if sys.stdin else os.open(os.devnull, os.O_RDONLY)
    return Terminal(Keyboard(descriptor, person=not plain), screen, catalog)


async def _journey(store: Store, person: str, *, new: bool) -> Journey:
    if new:
        # By itself, without a look at the journey: this also helps when that cannot be read any more.
        async with store.begin() as unit:
            await unit.erase([person])
    async with store.begin() as unit:
        return (await unit.journeys([person]))[person]
