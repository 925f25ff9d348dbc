"""An index in the order in which people are woken: of very many who are due, the first few are found at once."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the index on the moment by one on the moment and the person."""
    op.create_index("journeys_due", "journeys", ["wake_at", "person"])
    op.drop_index("journeys_wake_at", "journeys")
