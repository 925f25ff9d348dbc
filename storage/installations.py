"""The workspaces that added the app to Slack: slack_sdk's store in this database, with every token sealed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, desc, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import tokens
from storage.errors import UnavailableError, translated
from storage.sealing import Seal

Entry = TypeVar("Entry", Bot, Installation)

RENEWAL = 0x746F6B65
"""The first of two numbers by which a renewal is locked in a server's database: "toke". The other is the workspace."""

PATIENCE = 1.0
"""Seconds that a renewal waits for another one, twice at the most: what Slack brings is answered within three."""

_LOCK = select(func.pg_advisory_lock(RENEWAL, func.hashtext(bindparam("workspace"))))


class Installations(AsyncSQLAlchemyInstallationStore):
    """The installations of one app. What it is given and returns has its tokens as they are."""

    def __init__(self, client_id: str, engine: AsyncEngine, seal: Seal, where: str) -> None:
        """Keep the installations of the app with this client id. where: how the database is called in a message."""
        super().__init__(client_id=client_id, engine=engine)
        self._seal = seal
        self._where = where
        self._renewal = asyncio.Lock()

    async def find(self, workspace: str) -> Bot | None:
        """Return the newest installation in a workspace, or in all of an organisation, by its id.

        Raises StorageError, as everything here does.
        """
        query = self.bots.select().where(self._of(self.bots, workspace)).order_by(desc(self.bots.c.installed_at))
        with translated(self._where):
            async with self.engine.connect() as connection:
                row = (await connection.execute(query.limit(1))).mappings().first()
        if row is None:
            return None
        return self._opened(Bot(**{name: row[name] for name in row if name not in {"id", "client_id"}}))

    async def remove(self, workspace: str) -> None:
        """Forget the installations in a workspace."""
        with translated(self._where):
            async with self.engine.begin() as connection:
                for table in (self.bots, self.installations):
                    await connection.execute(delete(table).where(self._of(table, workspace)))

    @asynccontextmanager
    async def renewing(self, workspace: str) -> AsyncIterator[bool]:
        """Say whether the tokens of a workspace may be renewed in this block; no other process does meanwhile.

        They can be renewed once. Another process is waited for a little: what it has renewed can be found then. On
        SQLite it is only seen to that nobody else here does.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self._renewal.acquire()  # one at a time: each takes a connection for as long as Slack takes
        except TimeoutError:
            yield False
            return
        try:
            if self.engine.dialect.name == "sqlite":
                yield True
            else:
                async with self._locked(workspace) as locked:
                    yield locked
        finally:
            self._renewal.release()

    @asynccontextmanager
    async def _locked(self, workspace: str) -> AsyncIterator[bool]:
        with translated(self._where):
            connection = await self.engine.connect()
        try:
            yield await self._lock(connection, workspace)
        finally:
            await connection.invalidate()  # the lock ends with it
            await connection.close()

    async def _lock(self, connection: AsyncConnection, workspace: str) -> bool:
        """Lock a workspace, outside of any transaction: a server ends those in which nothing is done for long."""
        try:
            with translated(self._where):
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                await connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE}s'")
                await connection.execute(_LOCK, {"workspace": workspace})
        except UnavailableError:
            return False
        return True

    def _of(self, table: Table, workspace: str) -> ColumnElement[bool]:
        whole = and_(table.c.team_id.is_(None), table.c.enterprise_id == workspace)
        return and_(table.c.client_id == self.client_id, or_(table.c.team_id == workspace, whole))

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation, and its bot."""
        with translated(self._where):
            await super().async_save(self._sealed(Installation(**installation.to_dict_for_copying())))

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep the bot of an installation, as it is after its tokens were renewed."""
        with translated(self._where):
            await super().async_save_bot(self._sealed(Bot(**bot.to_dict_for_copying())))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return the newest bot, None when there is none."""
        found = await super().async_find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return self._opened(found) if found else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Return the newest installation, None when there is none."""
        found = await super().async_find_installation(
            enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, is_enterprise_install=is_enterprise_install
        )
        return self._opened(found) if found else None

    def _sealed(self, entry: Entry) -> Entry:
        for name in tokens.NAMES:
            token = getattr(entry, name, None)
            if token and not token.startswith(tokens.SEALED):
                setattr(entry, name, tokens.sealed(token, _place(entry, name), self._seal))
        return entry

    def _opened(self, entry: Entry) -> Entry:
        for name in tokens.NAMES:
            token = getattr(entry, name, None)
            if token and token.startswith(tokens.SEALED):
                setattr(entry, name, tokens.opened(token, _place(entry, name), self._seal))
        return entry


def _place(entry: Bot | Installation, name: str) -> str:
    return tokens.place(entry.enterprise_id, entry.team_id, name)


def states(engine: AsyncEngine, seconds: int) -> AsyncSQLAlchemyOAuthStateStore:
    """Return where it is kept who is just adding the app, for so many seconds."""
    return AsyncSQLAlchemyOAuthStateStore(expiration_seconds=seconds, engine=engine)
