"""Which events a database has taken, for tests that look from outside while another process has it open."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from storage.keyfile import keys_beside
from storage.naming import EventNames
from storage.sealing import Seal
from storage.tables import EVENT_SECRET
from tests.databases import KEY, Database


class Taken:
    """The events that were committed when it was made."""

    def __init__(self, known: Iterable[str], sealed: bytes, seal: Seal) -> None:
        """Know these names of events. sealed: the secret by which they are named."""
        self._known = set(known)
        self._names = EventNames(seal.unseal(sealed, EVENT_SECRET))

    @classmethod
    def read(cls, connection: sqlite3.Connection, database: Path) -> "Taken":
        """Look into a file; the key is in another one beside it."""
        known = [row[0] for row in connection.execute("SELECT id FROM events")]
        (sealed,) = connection.execute("SELECT sealed FROM locks WHERE name = ?", (EVENT_SECRET,)).fetchone()
        return cls(known, sealed, Seal(keys_beside(database)[0]))

    @classmethod
    def of(cls, database: Path) -> "Taken":
        """Look into a file that nobody looks into yet."""
        with closing(sqlite3.connect(database)) as connection:
            return cls.read(connection, database)

    @classmethod
    async def on(cls, database: Database) -> "Taken":
        """Look into a database of a server."""
        known = [str(row[0]) for row in await database.sql("SELECT id FROM events")]
        ((sealed,),) = await database.sql("SELECT sealed FROM locks WHERE name = :name", name=EVENT_SECRET)
        return cls(known, sealed, Seal(KEY))

    def has(self, person: str, event: str) -> bool:
        """Say whether an event of a person was taken."""
        return self._names.name(person, event) in self._known
