"""Databases as earlier releases left them."""

BACK_TO_0004 = (
    *(f"DROP TABLE {name}" for name in ("offers", "introductions", "apart", "reports", "wins", "pulse", "communities")),
    "ALTER TABLE outbox DROP COLUMN holder",
    "ALTER TABLE outbox DROP COLUMN posted_at",
    "DROP TABLE replicas",
    "DROP TABLE works_with",
    "ALTER TABLE people DROP COLUMN key",
    "UPDATE alembic_version SET version_num = '0004'",
)
"""These take out of a database what came after the revision 0004, but for what is in its rows."""
