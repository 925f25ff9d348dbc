"""How communities have set the bot up. It only adds: the release before goes on working beside."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and note that the release before may stay."""
    name = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
    op.create_table(
        "communities",
        sa.Column("id", name, primary_key=True),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
    )
    op.execute("DELETE FROM works_with")
    op.execute("INSERT INTO works_with (revision) VALUES ('0006')")
