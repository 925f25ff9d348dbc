"""The database of one process: transactions for turns, the outbox, and what waits for its time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from dialogs import codec
from dialogs.journey import Journey
from storage import database, keys, outbox, schema, together
from storage.communities import Communities
from storage.erasing import disown, forget, forget_events_of, lost
from storage.errors import StorageError, translated
from storage.lease import LEASE
from storage.mentoring import Mentoring
from storage.naming import EventNames
from storage.outbox import Posted, served
from storage.replicas import Replica
from storage.sealing import Seal
from storage.tables import EVERYTHING, events, journeys, people, slack_oauth_states, to_moment, to_number
from storage.unit import Unit

if TYPE_CHECKING:
    from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore

    from storage.installations import Installations

__all__ = ["Posted", "Store", "Unit"]

_CURSORS = select(people.c.person, people.c.cursor).where(people.c.cursor != "")
_STATE = select(people.c.key, journeys.c.state).join(journeys).where(people.c.person == bindparam("person"))
_OLD = delete(events).where(events.c.seen_at < bindparam("before"))


@cache
def _next(serves: tuple[str, ...]) -> Select[Any]:
    return (
        select(journeys.c.wake_at)
        .join(people)
        .where(journeys.c.wake_at <= bindparam("until"), people.c.unreachable_since.is_(None), served(serves))
        .order_by(journeys.c.wake_at)
        .limit(1)
    )


class Store:
    """One database. On SQLite one held connection serves one transaction after another, in the order of asking."""

    def __init__(self, engine: AsyncEngine, seal: Seal, names: EventNames, where: str, lease: float = LEASE) -> None:
        """Take an engine that is ready; `open` makes one."""
        self._engine = engine
        self._seal = seal
        self._names = names
        self._where = where
        self.replica = Replica(engine, seal, where, lease) if engine.dialect.name != "sqlite" else None
        """This process among those that work on a server's database; None on SQLite, where it is alone."""
        self._held: AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._traces = True  # what an earlier run erased may still be in the log

    @classmethod
    async def open(cls, url: str, seal: Seal, *, upgrade: bool, patience: float = 5.0, lease: float = LEASE) -> "Store":
        """Open a database, and bring it up to date when `upgrade` says so.

        patience: how many seconds to wait for another program that holds a SQLite file, or for a free connection.
        lease: for how many seconds a replica counts as alive after it has said so. Raises StorageError.
        """
        where = database.name_of(url)
        await database.prepare_file(url, patience)
        engine = database.engine(url, patience)
        try:
            with translated(where):
                names = await schema.prepare(engine, url, seal, upgrade=upgrade)
                store = cls(engine, seal, names, where, lease)
                if engine.dialect.name == "sqlite":
                    store._held = await engine.connect()
        except BaseException:
            await engine.dispose()
            raise
        return store

    async def close(self) -> None:
        """Give the connections back."""
        if self._held is not None:
            await self._held.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Unit]:
        """One transaction: committed on leaving, rolled back on an exception. Raises StorageError."""
        async with self._transaction() as connection:
            unit = Unit(connection, self._seal, self._names, self.replica.lease if self.replica else None)
            yield unit
            forgotten = await forget(connection, unit.erased | unit.relieved)
            if self.replica is not None:
                await self.replica.announce(connection, unit)
        if unit.erased or forgotten:
            self._traces = True
            # The turn is committed and must not look as if it had failed; the next delivery tries again, and tells.
            with suppress(StorageError):
                await self._truncate()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        with translated(self._where):
            if self._held is None:
                async with self._engine.begin() as connection:
                    yield connection
                return
            async with self._turn, self._held.begin():
                yield self._held

    def alias(self, person: str) -> str:
        """Return how a person is called in a log: nobody can tell who it is without the key."""
        return self._names.alias(person)

    async def pending(self) -> list[Posted]:
        """Return everything in the outbox, in the order in which it was posted."""
        async with self._transaction() as connection:
            return await outbox.pending(connection, self._seal)

    async def ours(self) -> list[Posted]:
        """Return what this process is to deliver: everything where there is no other one. Raises StorageError."""
        async with self._transaction() as connection:
            return await outbox.pending(connection, self._seal, self.replica.lease.number if self.replica else None)

    def is_ours(self, posted: Posted) -> bool:
        """Say whether a letter is for this process to deliver."""
        return self.replica is None or posted.holder == self.replica.lease.number

    def holds(self) -> bool:
        """Say whether what this process has of the outbox is still its own."""
        return self.replica is None or self.replica.lease.holds()

    async def delivered(self, ids: Sequence[int]) -> None:
        """Take delivered replies out of the outbox; with the last one to somebody who erased everything, they go too.

        Raises StorageError.
        """
        async with self._transaction() as connection:
            await self._take_out(connection, ids)
        if self._traces:
            await self._truncate()

    async def failed(self, number: int, now: datetime) -> None:
        """Take a reply out that can never be delivered. Nobody wakes its person until they are heard of again."""
        async with self._transaction() as connection:
            await outbox.mark_unreachable(connection, number, now)
            await self._take_out(connection, [number])
        if self._traces:
            await self._truncate()

    async def _take_out(self, connection: AsyncConnection, ids: Sequence[int]) -> None:
        if await forget(connection, await outbox.take_out(connection, ids)):
            self._traces = True

    async def next_due(self, until: datetime, serves: Sequence[str]) -> datetime | None:
        """Return the earliest moment up to `until` for which somebody waits who can be reached.

        serves: see storage/outbox.py.
        """
        async with self._transaction() as connection:
            number = (await connection.execute(_next(tuple(serves)), {"until": to_number(until)})).scalar()
            return None if number is None else to_moment(number)

    async def cursors(self, platform: str) -> dict[str, str]:
        """Return where reading goes on after downtime, for each person of a platform who has such a place."""
        async with self._transaction() as connection:
            rows = await connection.execute(_CURSORS.where(people.c.person.startswith(f"{platform}:", autoescape=True)))
            return {person: cursor for person, cursor in rows}  # noqa: C416 - mypy takes dict() of rows for something else

    async def journey(self, person: str) -> Journey:
        """Return somebody's journey as it is now, to look at; `Journey()` for a stranger."""
        async with self._transaction() as connection:
            found = (await connection.execute(_STATE, {"person": person})).one_or_none()
            return codec.decode(self._seal.person(person, found.key).unseal(found.state)) if found else Journey()

    async def purge(self, begins: str) -> int:
        """Erase everybody whose name begins so, with their events; return how many people there were."""
        return await self._erase_all(people.c.person.startswith(begins, autoescape=True))

    async def rotate(self, key: bytes) -> int:
        """Seal everything that the host's key seals with this one of its keys, and return how many people's keys.

        Everybody may go on meanwhile, here and in other programs; whatever ends it, the next call goes on from there.
        Raises StorageError.
        """
        self._seal.prefer(key)
        count = 0
        async with self._locked() as connection:
            await database.take_time(connection)
            await keys.renew_locks(connection, self._seal)
            await keys.renew_tokens(connection, self._seal)
            await together.renew(connection, self._seal)
        while True:
            async with self._locked() as connection:
                some = await keys.renew_some(connection, self._seal, schema.AT_ONCE)
            if not some:
                break
            count += some
        await self._truncate()
        return count

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that reads first and writes later."""
        async with self._transaction() as connection:
            await database.lock(connection)
            yield connection

    def communities(self, now: Callable[[], datetime]) -> Communities:
        """Return how communities have set the bot up. now: what time it is."""
        return Communities(self._transaction, self._locked, now)

    def installations(self, client_id: str) -> "Installations":
        """Return the workspaces that added an app to Slack."""
        from storage.installations import Installations  # noqa: PLC0415 - slack_sdk takes long, and is seldom needed

        return Installations(client_id, self._engine, self._seal, self._where)

    def oauth_states(self, seconds: int) -> "AsyncSQLAlchemyOAuthStateStore":
        """Return where it is kept who is just adding an app to Slack, for so many seconds."""
        from storage.installations import states  # noqa: PLC0415 - as above

        return states(self._engine, seconds)

    async def forget_events(self, before: datetime) -> int:
        """Forget the ids of events older than this, and return how many there were."""
        async with self._transaction() as connection:
            return (await connection.execute(_OLD, {"before": to_number(before)})).rowcount

    async def forget_states(self, now: datetime) -> None:
        """Forget who began to add an app to Slack and did not finish in time."""
        async with self._transaction() as connection:
            over = slack_oauth_states.c.expire_at < now.replace(tzinfo=None)
            await connection.execute(delete(slack_oauth_states).where(over))

    async def forget_unreachable(self, before: datetime) -> int:
        """Erase everybody whom nothing has reached since before this, and return how many there were."""
        return await self._erase_all(people.c.unreachable_since < to_number(before))

    async def forget_lost(self) -> None:
        """Forget what people have to do with others whom a release erased that knew nothing of it."""
        async with self._locked() as connection:
            await database.take_time(connection)
            await disown(connection, await lost(connection))

    async def forget_reports(self, before: datetime) -> None:
        """Forget who was reported before a moment, where no moderator has seen to it."""
        async with self._locked() as connection:
            await Mentoring(connection, self._seal).forget_unseen(before)

    async def _erase_all(self, of: ColumnElement[bool]) -> int:
        """Erase the people of whom a condition is true, with their events; return how many there were."""
        async with self._locked() as connection:
            await database.take_time(connection)
            locked = select(people.c.person).where(of).order_by(people.c.person).with_for_update(key_share=True)
            names = list((await connection.execute(locked)).scalars())
            for some in (names[at : at + schema.AT_ONCE] for at in range(0, len(names), schema.AT_ONCE)):
                await disown(connection, some)
                await connection.execute(delete(people).where(people.c.person.in_(some)))
            await forget_events_of(connection, self._names, names, EVERYTHING)
        if names:
            self._traces = True
            with suppress(StorageError):
                await self._truncate()
        return len(names)

    async def outbox_state(self) -> tuple[int, datetime | None]:
        """Return how many letters are in the outbox, and since when the oldest is whose beginning was noted."""
        async with self._transaction() as connection:
            return await outbox.state(connection)

    async def _truncate(self) -> None:
        """Empty SQLite's write-ahead log, so that nothing that was erased stays readable in it."""
        if self._held is None:
            self._traces = False
            return
        async with self._transaction() as connection:
            self._traces = not await database.truncate_log(connection)
