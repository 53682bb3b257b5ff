"""Orders to restore markers."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TEXTS = (
    *("managing_party", "parties", "assigned_to", "work_kind", "worked_by", "witness"),
    *("witness_party", "cause", "liable", "fine_document", "note"),
)


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "repair_order",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("marker_id", ID, sa.ForeignKey("marker.id"), nullable=False, index=True),
        sa.Column("marker_no", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in TEXTS),
        *(sa.Column(name, sa.Date()) for name in ("opened_on", "due_on", "worked_on", "closed_on")),
        sa.Column("version_id", ID, sa.ForeignKey("marker_version.id")),
        sa.Column("verified_by", ID, sa.ForeignKey("inspection.id")),
        sa.Column("cost_yuan", sa.Double()),
        sa.Column("fine_yuan", sa.Double()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_repair_order_managing_party", "repair_order", ["managing_party"])
    op.create_index("ix_repair_order_queue", "repair_order", ["state", "severity", "opened_on"])
