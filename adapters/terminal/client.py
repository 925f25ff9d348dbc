"""The terminal as a platform: one person at a keyboard, who sees every reply before the next prompt."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from adapters.incoming import cleaned, shortened
from adapters.port import Letter, TryLaterError
from adapters.terminal import saving, waiting
from adapters.terminal.keyboard import Keyboard
from adapters.terminal.parse import Leave, Nothing, Open, Parsed, Wait, parse
from adapters.terminal.screen import Screen
from dialogs.catalog import Catalog
from dialogs.events import Event
from dialogs.replies import File, Params

WORTH_TELLING = timedelta(minutes=1)
"""Less time than this goes by without a remark."""


class Host(Protocol):
    """What the terminal needs of the application. `zone` is the person's time zone."""

    zone: str

    def now(self) -> datetime:
        """Return the time of this conversation."""
        ...

    async def catch_up(self) -> None:
        """Deliver what has come due while nobody was here."""
        ...

    async def greet(self) -> None:
        """Say hello, or show the question that the person left at."""
        ...

    async def take(self, event: Event) -> None:
        """Take an event; return when everything that came of it was delivered."""
        ...

    async def travel(self, moment: datetime) -> None:
        """Move this conversation's clock to a moment, and do on the way what comes due."""
        ...


class Terminal:
    """One person's terminal."""

    name = "terminal"

    def __init__(self, keyboard: Keyboard, screen: Screen, catalog: Catalog, folder: Path = Path()) -> None:
        """Read from a keyboard and write to a screen. folder: where files are saved."""
        self._folder = folder
        self._keyboard = keyboard
        self._screen = screen
        self._catalog = catalog
        self._open = Open()
        self._hinted = False
        self._prompted = False
        self._host: Host | None = None
        self._told: datetime | None = None
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def deliver(self, letter: Letter) -> str:
        """Show a letter. Raises TryLaterError when there is nobody to show it to any more."""
        try:
            self._tell_time()
            # Nothing may hold up the first prompt.
            await self._screen.reply(letter.reply, self._keyboard.typed if self._prompted else None)
            if letter.reply.file is not None:
                self._save(letter.reply.file)
        except OSError as error:
            if not self._gone.done():
                self._gone.set_exception(error)
            reason = "the terminal is closed"
            raise TryLaterError(reason) from None
        self._open = Open(asked=letter.reply.asked, buttons=letter.reply.buttons)
        return ""

    async def talk(self, host: Host) -> None:
        """Talk until the person leaves. Raises OSError when the output was closed under it."""
        self._host = host
        talking = asyncio.create_task(self._talk(host), name="terminal")
        try:
            await asyncio.wait({talking, self._gone}, return_when=asyncio.FIRST_COMPLETED)
            await (self._gone if self._gone.done() else talking)
        finally:
            talking.cancel()
            self._gone.cancel()
            await asyncio.wait({talking})

    async def _talk(self, host: Host) -> None:
        await host.catch_up()
        if not self._open.buttons:
            await host.greet()
        while True:
            self._screen.prompt()
            self._prompted = True
            line = await self._keyboard.line()
            self._screen.entered()
            if line is None or not await self._heard(host, line):
                break
        self._remark("terminal.goodbye")

    async def _heard(self, host: Host, line: str) -> bool:
        """Take one line; say whether the person stays."""
        text, cut = shortened(cleaned(line))
        if cut:
            self._remark("anywhere.too_long")
        parsed: Parsed = parse(text, self._open)
        match parsed:
            case Leave():
                return False
            case Nothing():
                self._hint()
            case Wait(until=until):
                await self._wait(host, until)
            case _:
                await host.take(parsed)
        return True

    def _hint(self) -> None:
        """Say once what can be done here; an empty line is no answer, and no mistake either."""
        if not self._hinted:
            self._hinted = True
            self._remark("terminal.hint")

    async def _wait(self, host: Host, until: str) -> None:
        now = host.now()
        try:
            moment = waiting.target(until, now, host.zone)
        except waiting.WaitError as error:
            self._remark(error.key)
            return
        self._told = now
        await host.travel(moment)
        self._tell_time()
        self._told = None

    def _tell_time(self) -> None:
        """While time travels, say how much of it went by since that was last said."""
        if self._host is None or self._told is None:
            return
        now = self._host.now()
        if now - self._told >= WORTH_TELLING:
            self._screen.remark(waiting.later(now - self._told, now, self._host.zone, self._catalog))
            self._told = now

    def _save(self, file: File) -> None:
        try:
            where = saving.saved(file, self._folder)
        except saving.SavingError:
            self._remark("terminal.not_saved")
        else:
            self._remark("terminal.saved", {"where": cleaned(str(where))})

    def _remark(self, key: str, params: Params | None = None) -> None:
        self._screen.remark(waiting.line(key, self._catalog, params))
