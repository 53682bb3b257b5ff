"""Smart markers (物联网界桩): their readings, what each last said, and alarms."""

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, Table, Text

from data.tables import ID, date_column, metadata, record_table, text_column

telemetry_batch = record_table(
    "telemetry_batch",
    text_column("received_at", required=True),
    text_column("sent_by"),
    Column("readings", Integer, nullable=False),
    Column("kept", Integer, nullable=False),
    text_column("sha256", required=True),
)
"""Readings that came together. The journal chains their hash, not each of them."""

telemetry_reading = Table(
    "telemetry_reading",
    metadata,
    Column("marker_id", ID, ForeignKey("marker.id"), primary_key=True, autoincrement=False),
    Column("at", Text, primary_key=True),
    Column("batch_id", ID, ForeignKey("telemetry_batch.id"), nullable=False),
    Column("tilt_deg", Double),
    Column("battery_pct", Double),
    Column("online", Boolean),
    Column("lon", Double),
    Column("lat", Double),
    Column("sigma_m", Double),
    Index("ix_telemetry_reading_at", "at"),
)
"""A reading that was kept; `at` is UTC, ISO 8601 to the second, so that texts stand in order."""

sensor_state = Table(
    "sensor_state",
    metadata,
    Column("marker_id", ID, ForeignKey("marker.id"), primary_key=True, autoincrement=False),
    Column("last_at", Text, nullable=False),
    Column("kept_at", Text),
    Column("tilt_deg", Double),
    Column("battery_pct", Double),
    Column("online", Boolean),
    Column("lon", Double),
    Column("lat", Double),
    Column("window", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("motion", Text),
    Column("readings", ID, nullable=False),
    Index("ix_sensor_state_last_at", "last_at"),
)
"""What a sensor last said: `window` its last positions, `counts` how often in a row each condition
of an alarm held or did not, as JSON; `motion` what its positions show; how many readings came."""

sensor_alarm = record_table(
    "sensor_alarm",
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False),
    text_column("kind", required=True),
    text_column("raised_at", required=True),
    text_column("cleared_at"),
    Column("value", Double),
    Column("order_id", ID, ForeignKey("repair_order.id")),
    text_column("note"),
    date_column("raised_on"),
    Index("ix_sensor_alarm_marker", "marker_id", "cleared_at"),
    Index("ix_sensor_alarm_open", "cleared_at", "kind"),
)
"""An alarm (`sensor_alarms`) of a marker, from its raising to its clearing, with its order."""
