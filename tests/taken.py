"""Which events a database has taken, for tests that look from outside while another process has it open."""

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.keyfile import keys_beside
from storage.naming import EventNames
from storage.sealing import Seal
from storage.tables import EVENT_SECRET


class Taken:
    """The events that were committed when it was made; the key is in the file beside the database."""

    def __init__(self, connection: sqlite3.Connection, database: Path) -> None:
        """Look once."""
        self._known = {row[0] for row in connection.execute("SELECT id FROM events")}
        (sealed,) = connection.execute("SELECT sealed FROM locks WHERE name = ?", (EVENT_SECRET,)).fetchone()
        self._names = EventNames(Seal(keys_beside(database)[0]).unseal(sealed, EVENT_SECRET))

    @classmethod
    def of(cls, database: Path) -> "Taken":
        """Look into a database."""
        with closing(sqlite3.connect(database)) as connection:
            return cls(connection, database)

    def has(self, person: str, event: str) -> bool:
        """Say whether an event of a person was taken."""
        return self._names.name(person, event) in self._known
