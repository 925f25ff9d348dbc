"""Databases as earlier releases left them."""

import sqlite3


def back_to_0004(connection: sqlite3.Connection) -> None:
    """Take out of a database what came after the revision 0004, but for what is in its rows."""
    for statement in (
        "ALTER TABLE outbox DROP COLUMN holder",
        "ALTER TABLE outbox DROP COLUMN posted_at",
        "DROP TABLE replicas",
        "DROP TABLE works_with",
        "ALTER TABLE people DROP COLUMN key",
        "UPDATE alembic_version SET version_num = '0004'",
    ):
        connection.execute(statement)
