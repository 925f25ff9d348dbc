"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "people",
        sa.Column("person", sa.String(200), primary_key=True),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("unreachable_since", sa.BigInteger()),
    )
    op.create_table(
        "journeys",
        sa.Column("person", sa.String(200), sa.ForeignKey("people.person", ondelete="CASCADE"), primary_key=True),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("wake_at", sa.BigInteger()),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("journeys_wake_at", "journeys", ["wake_at"])
    op.create_table(
        "events",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("events_seen_at", "events", ["seen_at"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("person", sa.String(200), sa.ForeignKey("people.person", ondelete="CASCADE"), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_person", "outbox", ["person"])
    op.create_table(
        "locks",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
