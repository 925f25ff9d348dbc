"""The database of one process: transactions for turns, the outbox, and what waits for its time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, Delete, bindparam, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from dialogs import codec
from dialogs.journey import Journey
from storage import database, keys, schema
from storage.erasing import forget, forget_events_of
from storage.errors import StorageError, translated
from storage.naming import EventNames
from storage.sealing import Seal
from storage.tables import EVERYTHING, events, journeys, outbox, people, slack_oauth_states, to_moment, to_number
from storage.unit import Posted, Unit, unsealed

if TYPE_CHECKING:
    from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore

    from storage.installations import Installations

__all__ = ["Posted", "Store", "Unit"]

_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_PENDING = select(outbox, people.c.key).join(people).order_by(outbox.c.id)
_DELIVERED = delete(outbox).where(outbox.c.id.in_(_IDS)).returning(outbox.c.person)
_UNREACHABLE = update(people).where(
    people.c.person == select(outbox.c.person).where(outbox.c.id == bindparam("number")).scalar_subquery()
)
_DUE = (
    select(journeys.c.person, journeys.c.wake_at)
    .join(people)
    .where(journeys.c.wake_at <= bindparam("now"), people.c.unreachable_since.is_(None))
    .where(tuple_(journeys.c.wake_at, journeys.c.person) > tuple_(bindparam("moment"), bindparam("person")))
    .order_by(journeys.c.wake_at, journeys.c.person)
    .limit(bindparam("most"))
)
_NEXT = (
    select(journeys.c.wake_at)
    .join(people)
    .where(journeys.c.wake_at.is_not(None), people.c.unreachable_since.is_(None))
    .order_by(journeys.c.wake_at)
    .limit(1)
)
_CURSORS = select(people.c.person, people.c.cursor).where(people.c.cursor != "")
_STATE = select(people.c.key, journeys.c.state).join(journeys).where(people.c.person == bindparam("person"))
_OLD = delete(events).where(events.c.seen_at < bindparam("before"))


class Store:
    """One database. On SQLite one held connection serves one transaction after another, in the order of asking."""

    def __init__(self, engine: AsyncEngine, seal: Seal, names: EventNames, where: str) -> None:
        """Take an engine that is ready; `open` makes one."""
        self._engine = engine
        self._seal = seal
        self._names = names
        self._where = where
        self._held: AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._traces = True  # what an earlier run erased may still be in the log

    @classmethod
    async def open(cls, url: str, seal: Seal, *, upgrade: bool, patience: float = 5.0) -> "Store":
        """Open a database, and bring it up to date when `upgrade` says so.

        patience: how many seconds to wait for another program that holds a SQLite file. Raises StorageError.
        """
        where = database.name_of(url)
        await database.prepare_file(url, patience)
        engine = database.engine(url, patience)
        try:
            with translated(where):
                names = await schema.prepare(engine, url, seal, upgrade=upgrade)
                store = cls(engine, seal, names, where)
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
            unit = Unit(connection, self._seal, self._names)
            yield unit
            if unit.erased:
                await forget(connection, unit.erased)
        if unit.erased:
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
            return [unsealed(row, self._seal) for row in await connection.execute(_PENDING)]

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
            await connection.execute(_UNREACHABLE.values(unreachable_since=to_number(now)), {"number": number})
            await self._take_out(connection, [number])
        if self._traces:
            await self._truncate()

    async def _take_out(self, connection: AsyncConnection, ids: Sequence[int]) -> None:
        reached = set((await connection.execute(_DELIVERED, {"ids": list(ids)})).scalars())
        if await forget(connection, reached):
            self._traces = True

    async def due(
        self, now: datetime, most: int, after: tuple[str, datetime] | None = None
    ) -> list[tuple[str, datetime]]:
        """Return at most so many people whose time has come, with the moment they waited for, the earliest first.

        after: the last one that was returned before. Those whom nothing reaches are left in peace.
        """
        person, moment = (after[0], to_number(after[1])) if after else ("", -1)
        async with self._transaction() as connection:
            rows = await connection.execute(
                _DUE, {"now": to_number(now), "most": most, "person": person, "moment": moment}
            )
            return [(person, to_moment(wake_at)) for person, wake_at in rows]

    async def next_wake(self) -> datetime | None:
        """Return the next moment that somebody who can be reached waits for."""
        async with self._transaction() as connection:
            number = (await connection.execute(_NEXT)).scalar()
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
        return await self._erase_all(delete(people).where(people.c.person.startswith(begins, autoescape=True)))

    async def rotate(self, key: bytes) -> int:
        """Seal everything that the host's key seals with this one of its keys, and return how many people's keys.

        Everybody may go on meanwhile, here and in other programs; whatever ends it, the next call goes on from there.
        Raises StorageError.
        """
        self._seal.prefer(key)
        count = 0
        async with self._locked() as connection:
            await keys.renew_locks(connection, self._seal)
            await keys.renew_tokens(connection, self._seal)
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

    def installations(self, client_id: str) -> "Installations":
        """Return the workspaces that added an app to Slack."""
        from storage.installations import Installations  # noqa: PLC0415 - slack_sdk takes long, and is seldom needed

        return Installations(client_id, self._engine, self._seal)

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
        lost = delete(people).where(people.c.unreachable_since < to_number(before))
        return await self._erase_all(lost)

    async def _erase_all(self, of: Delete) -> int:
        """Erase the people that a statement deletes, with their events; return how many there were."""
        async with self._transaction() as connection:
            names = list((await connection.execute(of.returning(people.c.person))).scalars())
            await forget_events_of(connection, self._names, names, EVERYTHING)
        if names:
            self._traces = True
            with suppress(StorageError):
                await self._truncate()
        return len(names)

    async def _truncate(self) -> None:
        """Empty SQLite's write-ahead log, so that nothing that was erased stays readable in it."""
        if self._held is None:
            self._traces = False
            return
        async with self._transaction() as connection:
            self._traces = not await database.truncate_log(connection)
