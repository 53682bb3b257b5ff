"""Evidence beside inspections, confirmed corrections, confirmed outcomes."""

import sqlalchemy as sa
from alembic import op

from data import geopackage

revision = "0011"
down_revision = "0010"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the three tables; what was committed before has no evidence and is left out of them."""
    _create_evidence()
    _create_correction()
    _create_outcome()
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for table, title in (
            ("correction", "更正 confirmed corrections"),
            ("outcome", "已确认的结果 confirmed outcomes"),
        ):
            geopackage.register_attributes(connection, table, title)


def _create_evidence() -> None:
    op.create_table(
        "inspection_evidence",
        sa.Column(
            "inspection_id", ID, sa.ForeignKey("inspection.id"), primary_key=True,
            autoincrement=False,
        ),
        sa.Column("marker_id", ID, sa.ForeignKey("marker.id"), nullable=False),
        sa.Column("observed_on", sa.Date()),
        sa.Column("outside_p", sa.Double()),
        sa.Column("remaining_east_m", sa.Double()),
        sa.Column("remaining_north_m", sa.Double()),
        sa.Column("observation_sigma_m", sa.Double()),
        sa.Column("grade", sa.Text()),
        sa.Column("device", sa.Text()),
        sa.Column("session", sa.Text()),
        sa.Column("cause", sa.Text()),
        sa.Column("derived_from", sa.Text()),
    )  # fmt: skip
    op.create_index("ix_inspection_evidence_marker_id", "inspection_evidence", ["marker_id"])
    op.create_index(
        "ix_inspection_evidence_day", "inspection_evidence", ["observed_on", "outside_p"]
    )


def _create_correction() -> None:
    op.create_table(
        "correction",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("submission_id", ID, sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date()),
        sa.Column("reason", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_correction_submission_id", "correction", ["submission_id"])


def _create_outcome() -> None:
    op.create_table(
        "outcome",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("submission_id", ID, sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("surveyor", sa.Text()),
        sa.Column("device", sa.Text()),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("scatter", sa.Double()),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    for column in ("submission_id", "surveyor", "device"):
        op.create_index(f"ix_outcome_{column}", "outcome", [column])
