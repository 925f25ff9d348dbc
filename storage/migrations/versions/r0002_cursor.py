"""Where to go on reading after downtime, and room for the long addresses of interactions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the cursor; widen both addresses where a length means something (SQLite knows none)."""
    op.add_column("people", sa.Column("cursor", sa.String(100), nullable=False, server_default=""))
    if op.get_bind().dialect.name != "sqlite":
        for table in ("people", "outbox"):
            op.alter_column(table, "address", existing_type=sa.String(200), type_=sa.String(500))
