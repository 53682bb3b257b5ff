"""Inspections that devices sent from the field (外业), each under the number it was made with."""

from sqlalchemy import Column, Double, ForeignKey, Text

from data.tables import ID, record_table, text_column

field_visit = record_table(
    "field_visit",
    Column("client_id", Text, nullable=False, unique=True),
    Column("content_sha256", Text, nullable=False),
    text_column("account", required=True),
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False, index=True),
    Column("round_id", ID, ForeignKey("joint_round.id"), index=True),
    text_column("side"),
    Column("submission_id", ID, ForeignKey("submission.id"), index=True),
    Column("accuracy_95_m", Double),
    text_column("fixed_at"),
    text_column("received_at", required=True),
)
"""A visit to a marker as one device sent it. `client_id` is the UUID that the device gave it once
and for ever, `content_sha256` the hash of what it said; so what is sent again, however late, is the
same. `accuracy_95_m` is the radius that the device stated (95 %, W3C Geolocation), `fixed_at` the
time of its position. Without a `submission_id` the server was stopped between the two."""
