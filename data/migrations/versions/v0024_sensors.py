"""Smart markers: readings, what sensors last said, alarms."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables."""
    _record(
        "telemetry_batch",
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Text()),
        sa.Column("readings", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
    )
    op.create_table(
        "telemetry_reading",
        _marker(),
        sa.Column("at", sa.Text(), primary_key=True),
        sa.Column("batch_id", ID, sa.ForeignKey("telemetry_batch.id"), nullable=False),
        *_said(),
        sa.Column("sigma_m", sa.Double()),
    )
    op.create_index("ix_telemetry_reading_at", "telemetry_reading", ["at"])
    op.create_table(
        "sensor_state",
        _marker(),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.Text()),
        *_said(),
        sa.Column("window", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("motion", sa.Text()),
        sa.Column("readings", ID, nullable=False),
    )
    op.create_index("ix_sensor_state_last_at", "sensor_state", ["last_at"])
    _record(
        "sensor_alarm",
        sa.Column("marker_id", ID, sa.ForeignKey("marker.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.Text(), nullable=False),
        sa.Column("cleared_at", sa.Text()),
        sa.Column("value", sa.Double()),
        sa.Column("order_id", ID, sa.ForeignKey("repair_order.id")),
        sa.Column("note", sa.Text()),
        sa.Column("raised_on", sa.Date()),
    )
    op.create_index("ix_sensor_alarm_marker", "sensor_alarm", ["marker_id", "cleared_at"])
    op.create_index("ix_sensor_alarm_open", "sensor_alarm", ["cleared_at", "kind"])


def _marker() -> sa.Column[Any]:
    key = sa.ForeignKey("marker.id")
    return sa.Column("marker_id", ID, key, primary_key=True, autoincrement=False)


def _said() -> list[sa.Column[Any]]:
    return [
        sa.Column("tilt_deg", sa.Double()),
        sa.Column("battery_pct", sa.Double()),
        sa.Column("online", sa.Boolean()),
        sa.Column("lon", sa.Double()),
        sa.Column("lat", sa.Double()),
    ]


def _record(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *columns,
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
