"""What changes of divisions did to lines."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TEXTS = ("parties_before", "parties_after", "level_before", "level_after", "note")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "line_change",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("event_id", ID, sa.ForeignKey("division_event.id"), nullable=False, index=True),
        sa.Column("line_id", ID, sa.ForeignKey("line.id")),
        sa.Column("successor_id", ID, sa.ForeignKey("line.id"), index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in TEXTS),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_line_change_line", "line_change", ["line_id", "effective_on"])
