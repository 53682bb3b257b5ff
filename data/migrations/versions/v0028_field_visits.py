"""Visits that devices send from the field, and the visit that a photograph belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table and the column."""
    op.create_table(
        "field_visit",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("client_id", sa.Text(), nullable=False, unique=True),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("marker_id", ID, sa.ForeignKey("marker.id"), nullable=False),
        sa.Column("round_id", ID, sa.ForeignKey("joint_round.id")),
        sa.Column("side", sa.Text()),
        sa.Column("submission_id", ID, sa.ForeignKey("submission.id")),
        sa.Column("accuracy_95_m", sa.Double()),
        sa.Column("fixed_at", sa.Text()),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    for name in ("marker_id", "round_id", "submission_id"):
        op.create_index(f"ix_field_visit_{name}", "field_visit", [name])
    op.add_column("photo", sa.Column("visit_id", ID))
    op.create_index("ix_photo_visit_id", "photo", ["visit_id"])
