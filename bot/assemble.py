"""The composition root: the only place that knows everything."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from bot import expiry, stopping
from bot.clock import Clock
from bot.dispatcher import FIRST_WAIT, Dispatcher, Route
from bot.flood import Flood
from bot.members import Members, Part
from bot.mentor.part import Mentors
from bot.metrics import Metrics
from bot.pulse import Pulse
from bot.scheduler import Scheduler
from bot.settings import KEEP_DAYS, Settings
from bot.sharing import Sharing
from bot.turns import Turns
from bot.wins import Winning
from dialogs.catalog import Catalog
from dialogs.understanding import Understanding
from storage.errors import StorageError
from storage.keyfile import keys_beside
from storage.lease import LEASE
from storage.sealing import Seal, read_key
from storage.store import Posted, Store


@dataclass(frozen=True)
class Application:
    """The loops that run, for whoever feeds and watches them."""

    turns: Turns
    dispatcher: Dispatcher
    scheduler: Scheduler
    members: Members
    loops: Sequence[asyncio.Task[None]]
    """What runs for as long as the application does."""


@asynccontextmanager
async def store(settings: Settings, *, upgrade: bool, lease: float = LEASE) -> AsyncIterator[Store]:
    """Open the database of the settings, and close it at the end. Raises StorageError, and OSError for the folder.

    upgrade: bring it to this version first. A SQLite file is upgraded by itself, a server's database when it is asked.
    lease: seconds after which others take over from this process when it says nothing.
    """
    if settings.folder is not None:
        settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = await Store.open(settings.database_url, seal(settings), upgrade=upgrade, lease=lease)
    try:
        yield opened
    finally:
        await stopping.at_most(stopping.CLOSING, opened.close())


def seal(settings: Settings) -> Seal:
    """Return the seal with the keys of the settings, or of the file beside the database. Raises StorageError."""
    file = settings.database_file
    if settings.key or file is None:
        return Seal(read_key(settings.key), [read_key(one, "Each key in ONWARD_OLD_KEYS") for one in settings.old_keys])
    newest, *older = keys_beside(file)
    return Seal(newest, older, again=lambda: keys_beside(file))


@asynccontextmanager
async def application(
    store: Store,
    route: Route,
    clock: Clock,
    catalog: Catalog,
    serves: Sequence[str],
    keep_days: int = KEEP_DAYS,
    metrics: Metrics | None = None,
    first_wait: float = FIRST_WAIT,
) -> AsyncIterator[Application]:
    """Run the application; at the end, finish what was taken.

    route: returns the platform of a person. serves: for whom, by name or by the beginning of the name up to a colon.
    first_wait: in seconds, before a letter is tried again.
    """
    metrics = metrics or Metrics()

    async def tell(letter: Posted, receipt: str | None) -> None:
        await members.told(letter, receipt)

    dispatcher = Dispatcher(
        store, route, clock, jitter=random.random, first_wait=first_wait, metrics=metrics, tell=tell
    )

    def committed(posted: Sequence[Posted], wake_at: datetime | None) -> None:
        dispatcher.post(posted)
        if wake_at is not None:
            scheduler.nudge(wake_at)

    flood, understanding = Flood(), Understanding.load(catalog)
    turns = Turns(store, understanding, catalog, clock, committed, keep_days, flood, dispatcher.recover, metrics)
    parts: dict[str, Part] = {
        "mentor": Mentors(catalog, serves),
        "wins": Winning(catalog, understanding, serves),
        "pulse": Pulse(catalog, serves),
    }
    members = Members(store, parts, catalog, clock, committed, dispatcher.recover, flood)
    scheduler = Scheduler(store, turns, clock, serves)
    running = {"scheduler": scheduler.run(), "members": members.run(), "expiry": expiry.run(store, clock, keep_days)}
    if store.replica is not None:
        await store.replica.renew()
        running["sharing"] = Sharing(store.replica, dispatcher, scheduler, serves).run()
    await dispatcher.start()
    try:
        async with turns:
            loops = {asyncio.create_task(loop, name=name) for name, loop in running.items()}
            try:
                yield Application(turns, dispatcher, scheduler, members, [turns.lane, *loops])
            finally:
                await stopping.cancelled(loops, stopping.CLOSING)
    finally:
        await dispatcher.close()
        if store.replica is not None:
            with suppress(StorageError):  # the others take over without a word, only a little later
                await stopping.at_most(stopping.LETTING_GO, store.replica.release())
