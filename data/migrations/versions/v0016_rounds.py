"""Joint inspection rounds."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables, and the round of an inspection."""
    _create(
        "joint_round",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, index=True),
        *(
            sa.Column(name, sa.Date())
            for name in ("due_on", "begins_on", "ends_on", "completed_on", "filed_on")
        ),
        *_texts("event", "plan", "route", "filed_with", "filing_no", "remark"),
        sa.Column("route_m", sa.Double()),
        sa.Column("route_bound_m", sa.Double()),
    )
    _create("round_line", _of("joint_round", "round_id"), _of("line", "line_id"))
    _create(
        "round_team",
        _of("joint_round", "round_id"),
        sa.Column("party", sa.Text(), nullable=False),
        *_texts("leader", "members"),
    )
    _create(
        "round_file",
        _of("joint_round", "round_id"),
        sa.Column("submission_id", ID, sa.ForeignKey("submission.id"), nullable=False, unique=True),
        sa.Column("side", sa.Text(), nullable=False),
    )
    _create(
        "round_decision",
        _of("joint_round", "round_id"),
        _of("marker", "marker_id"),
        *_texts("condition", "verdict"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date()),
    )
    _create(
        "round_signature",
        _of("joint_round", "round_id"),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *_texts("role"),
        sa.Column("signed_on", sa.Date()),
    )
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE inspection ADD COLUMN round_id {kind} REFERENCES joint_round (id)")
    op.create_index("ix_inspection_round_id", "inspection", ["round_id"])


def _of(table: str, name: str) -> sa.Column[Any]:
    return sa.Column(name, ID, sa.ForeignKey(f"{table}.id"), nullable=False, index=True)


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text()) for name in names]


def _create(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *columns,
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
