"""What members of communities do: mentors, wins, and figures of whole months. It only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

IDS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAMES = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables, and note that the releases before may stay."""
    op.create_table(
        "offers",
        sa.Column("community", NAMES, primary_key=True),
        sa.Column("person", NAMES, primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("offers_person", "offers", ["person"])
    op.create_table(
        "introductions",
        sa.Column("id", IDS, primary_key=True, autoincrement=True),
        sa.Column("community", NAMES, nullable=False),
        sa.Column("seeker", NAMES, nullable=False),
        sa.Column("mentor", NAMES, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("introductions_community", "introductions", ["community"])
    op.create_index("introductions_seeker", "introductions", ["seeker"])
    op.create_index("introductions_mentor", "introductions", ["mentor"])
    op.create_index("introductions_due", "introductions", ["due_at"])
    op.create_table(
        "apart",
        sa.Column("person", NAMES, primary_key=True),
        sa.Column("other", NAMES, primary_key=True),
    )
    op.create_index("apart_other", "apart", ["other"])
    op.create_table(
        "reports",
        sa.Column("id", IDS, primary_key=True, autoincrement=True),
        sa.Column("community", NAMES, nullable=False),
        sa.Column("person", NAMES, nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("reports_person", "reports", ["person"])
    op.create_table(
        "wins",
        sa.Column("id", IDS, primary_key=True, autoincrement=True),
        sa.Column("community", NAMES, nullable=False),
        sa.Column("person", NAMES, nullable=False),
        sa.Column("receipt", sa.String(200), nullable=False),
        sa.Column("shared_at", sa.BigInteger(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("wins_community", "wins", ["community"])
    op.create_index("wins_person", "wins", ["person"])
    op.create_table(
        "pulse",
        sa.Column("community", NAMES, primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("figure", sa.String(60), primary_key=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
    )
    op.execute("DELETE FROM works_with")
    op.execute("INSERT INTO works_with (revision) VALUES ('0007')")
