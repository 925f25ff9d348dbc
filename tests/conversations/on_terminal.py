"""Plays a transcript on the whole application: the terminal's parser, the lane, a real database, the dispatcher.

Only the glass is missing: replies are taken where the terminal would show them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.port import Arrival, Letter
from adapters.terminal.parse import Open, parse
from bot import assemble
from bot.assemble import Application
from bot.clock import Clock
from bot.settings import Settings
from dialogs.catalog import Catalog
from dialogs.events import Commanded, Event, Said, Tapped
from dialogs.replies import Reply
from tests.conversations.on_engine import BEGINS
from tests.conversations.script import Beat, duration
from tests.databases import KEY, Database

PERSON = "terminal:ann"


class Glass:
    """The platform: what the terminal would show."""

    name = "terminal"

    def __init__(self) -> None:
        """Begin with nothing on it."""
        self.shown: list[Reply] = []
        self.open = Open()

    async def deliver(self, letter: Letter) -> str:
        """Take a letter, and remember the question that it asks."""
        self.shown.append(letter.reply)
        if letter.reply.buttons:
            self.open = Open(asked=letter.reply.asked, buttons=letter.reply.buttons)
        return ""


class Player:
    """One person's conversation with the application."""

    def __init__(self, app: Application, clock: Clock, glass: Glass) -> None:
        """Begin with a stranger."""
        self._app = app
        self._clock = clock
        self._glass = glass
        self._count = 0

    async def play(self, beat: Beat) -> list[str]:
        """Let one beat happen, and return the keys of the lines that come back."""
        self._glass.shown.clear()
        if beat.kind == "~":
            await self._travel(self._clock.now() + duration(beat.text))
        else:
            self._count += 1
            arrival = Arrival(id=f"e{self._count}", person=PERSON, event=self._event(beat), address="here")
            await self._app.turns.take(arrival)
            await self._app.turns.take(arrival)  # every event is delivered twice, and counts once
        await self._app.dispatcher.settled()
        return [key for reply in self._glass.shown for key in reply.keys]

    def _event(self, beat: Beat) -> Event:
        if beat.kind == "*":
            ids = [button.id for button in self._glass.open.buttons]
            if beat.text not in ids:
                return Tapped(asked=self._glass.open.asked, choice=beat.text)
            event = parse(str(ids.index(beat.text) + 1), self._glass.open)
        elif beat.kind == "/":
            event = parse(f"/{beat.text}", self._glass.open)
        else:
            event = Said(text=beat.text)
        assert isinstance(event, Said | Tapped | Commanded)
        return event

    async def _travel(self, until: datetime) -> None:
        while due := await self._app.scheduler.next_due(until):
            self._clock.move_to(due)
            await self._app.scheduler.fire_due(self._clock.now())
        self._clock.move_to(until)


@asynccontextmanager
async def player(database: Database) -> AsyncIterator[Player]:
    """Run the application on a database, on a Monday evening that only moves when it is told to."""
    settings = Settings.read({"ONWARD_KEY": KEY.hex(), "ONWARD_DATABASE_URL": database.url})
    clock, glass = Clock(lambda: BEGINS), Glass()
    async with (
        assemble.store(settings, upgrade=False) as store,
        assemble.application(store, {PERSON: glass}.get, clock, Catalog.load(), [PERSON]) as app,
    ):
        yield Player(app, clock, glass)
        assert await store.pending() == [], "everything that was said was delivered"
