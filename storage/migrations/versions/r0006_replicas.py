"""Several processes on one database: who delivers a letter and since when it waits, who is alive, who reads along."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the processes tell each other. Every release before this one served a database alone."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in (("people", "person"), ("journeys", "person"), ("outbox", "person"), ("events", "id")):
            op.alter_column(table, column, type_=sa.String(200, collation="C"))
    op.add_column("outbox", sa.Column("holder", sa.BigInteger()))
    op.add_column("outbox", sa.Column("posted_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "replicas",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("alive_until", sa.BigInteger(), nullable=False),
    )
    op.create_table("works_with", sa.Column("revision", sa.String(40), primary_key=True))
