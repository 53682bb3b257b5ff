"""What a person decided about reports that contradict each other."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table, empty."""
    op.create_table(
        "conflict_decision",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("marker_id", ID, sa.ForeignKey("marker.id"), nullable=False, index=True),
        sa.Column("inspection_id", ID, sa.ForeignKey("inspection.id")),
        sa.Column("compared", sa.Text(), nullable=False),
        sa.Column("covers_to", sa.Date()),
        sa.Column("condition", sa.Text()),
        sa.Column("verdict", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agreed_by", sa.Text()),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
