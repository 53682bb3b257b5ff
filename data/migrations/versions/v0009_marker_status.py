"""What an inspection bears out, and the status of each marker that is derived from it."""

from collections.abc import Iterable
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

from data import reference

revision = "0009"
down_revision = "0008"

_BATCH = 5_000


def upgrade() -> None:
    """Add the columns; tell the older inspections from the cells that were typed."""
    for column in (
        sa.Column("side", sa.Text()),
        sa.Column("grade", sa.Text()),
        sa.Column("ties", sa.Integer()),
        sa.Column("proof", sa.Boolean(), nullable=False, server_default="0"),
    ):
        op.add_column("inspection", column)
    for column in (
        sa.Column("status", sa.Text()),
        sa.Column("status_open", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("status_rules", sa.Text()),
    ):
        op.add_column("marker", column)
    op.create_index("ix_marker_status", "marker", ["status"])
    _tell_older(op.get_bind())
    for layer in ("marker", "inspection"):
        op.execute(f"DELETE FROM {layer}_rendered")
        op.execute(f"DELETE FROM {layer}_unrendered")
        op.execute(f"INSERT INTO {layer}_unrendered SELECT id FROM {layer}")


def _tell_older(connection: sa.Connection) -> None:
    known = connection.execute(sa.text("SELECT id, method, raw FROM inspection")).all()
    change = sa.text("UPDATE inspection SET grade = :grade, ties = :ties WHERE id = :id")
    for start in range(0, len(known), _BATCH):
        connection.execute(change, list(map(_told, known[start : start + _BATCH])))


def _told(row: Any) -> dict[str, Any]:
    method = reference.method(row.method or "")
    cells: Iterable[str] = orjson.loads(row.raw)
    ties = sum(name.startswith("tie") and name.endswith("_distance") for name in cells)
    return {"id": row.id, "grade": method.grade if method else None, "ties": ties}
