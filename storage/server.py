"""What a PostgreSQL server is like, and what its database holds, found by reading alone."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from sqlalchemy import Connection, and_, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from storage import database
from storage.errors import StorageError, code_of, translated
from storage.inspection import Contents, inspect_contents
from storage.sealing import Seal
from storage.tables import metadata

PATIENCE = 10.0
"""Seconds to wait for a connection."""

REFUSALS = {
    "53300": "{where} takes no more connections: raise max_connections or the user's limit, or end what is connected.",
    "57P03": "{where} is just starting or stopping: try again in a moment.",
}
"""What a server's code for why it lets nobody in means: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE")

_SERVER = text(
    """
    SELECT current_setting('server_version_num')::int / 10000 AS version,
      current_setting('server_version') AS name,
      pg_is_in_recovery() AS standby,
      coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
      coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
        AND NOT EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
          WHERE nspname = current_schema() AND relname IN ('people', 'alembic_version')
            AND NOT pg_has_role(relowner, 'USAGE')) AS may_upgrade,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most,
      (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS most_of_user,
      (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS most_of_database,
      coalesce((SELECT sum(numbackends) FROM pg_stat_database), 1)::int AS used
    """
)
"""What the server says of itself and of us. Who may upgrade owns the tables; all connections are counted, with ours."""


@dataclass(frozen=True)
class Server:
    """What a server says of itself, and of us.

    where: the host and the database. version: the number before the dot. name: all of it. standby: it takes no writes.
    local: it is on this machine. may_upgrade: the user may make and change the tables. lacking: the tables that it may
    not use. room: how many connections there could be besides those of others. ahead: by how much our clock is ahead.
    """

    where: str
    version: int
    name: str
    standby: bool
    local: bool
    encrypted: bool
    may_upgrade: bool
    lacking: tuple[str, ...]
    room: int
    ahead: timedelta


async def inspect_server(url: str, seal: Seal | None, now: datetime) -> tuple[Server, Contents]:
    """Return what a server is like, and what its database holds. Raises StorageError."""
    parsed = database.read_url(url)
    where = database.name_of(url)
    engine = database.engine(url, PATIENCE)
    try:
        with _explained(where):
            opened = await database.first_connection(engine)
            try:
                await opened.execution_options(postgresql_readonly=True)
                return await opened.run_sync(_look, parsed, where, seal, now)
            finally:
                await opened.close()
    finally:
        await engine.dispose()


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """Turn what keeps us out into StorageError, more exactly than for a running bot, which just tries again."""
    with translated(where):
        try:
            yield
        except DBAPIError as error:
            code = code_of(error.orig or error)
            if code in REFUSALS:
                raise StorageError(REFUSALS[code].format(where=where)) from None
            raise
        except OSError as error:
            raise StorageError(_unreachable(error, where)) from None


def _unreachable(error: OSError, where: str) -> str:
    if "rejected SSL" in str(error):
        return f"{where} takes no encrypted connections: switch ssl on there, or take it out of ONWARD_DATABASE_URL."
    if isinstance(error, ssl.SSLError):
        reason = error.reason or "SSL"
    elif isinstance(error, TimeoutError):
        reason = "no answer"
    else:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or type(error).__name__
    return f"{where} cannot be reached ({reason}): check that it runs, and host and port in ONWARD_DATABASE_URL."


def _look(connection: Connection, url: URL, where: str, seal: Seal | None, now: datetime) -> tuple[Server, Contents]:
    ahead = _ahead(connection)
    row = connection.execute(_SERVER).one()
    contents = inspect_contents(connection, seal, now)
    limits = [limit for limit in (row.most_of_user, row.most_of_database) if limit is not None and limit >= 0]
    server = Server(
        where=where,
        version=row.version,
        name=row.name.split()[0],
        standby=row.standby,
        local=is_local(url.host or url.query.get("host")),
        encrypted=row.encrypted,
        may_upgrade=row.may_upgrade,
        lacking=_lacking(connection) if contents.usable else (),
        room=min([row.most - row.used + 1, *limits]),
        ahead=ahead,
    )
    return server, contents


def _ahead(connection: Connection) -> timedelta:
    """Return by how much our clock is ahead, taking the server's answer to be from the middle of the wait for it."""
    asked = datetime.now(UTC)
    told: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return asked + (datetime.now(UTC) - asked) / 2 - told


def _lacking(connection: Connection) -> tuple[str, ...]:
    names = sorted(metadata.tables)
    allowed = (and_(*(func.has_table_privilege(name, privilege) for privilege in PRIVILEGES)) for name in names)
    found = connection.execute(select(*(one.label(name) for name, one in zip(names, allowed, strict=True)))).one()
    return tuple(name for name, may in zip(names, found, strict=True) if not may)


def is_local(host: object) -> bool:
    """Say whether what is sent to a host stays on this machine: a loopback address, a socket's folder, or nothing."""
    name = host if isinstance(host, str) else ""
    if not name or name == "localhost" or name.startswith("/"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
