"""The tables of division events (行政区划变更) and their lines."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Text

from data.tables import ID, date_column, flag_column, record_table, text_column

division_event = record_table(
    "division_event",
    Column("digest", Text, nullable=False, unique=True),
    text_column("kind", required=True, index=True),
    Column("effective_on", Date, nullable=False),
    date_column("approved_on"),
    text_column("document"),
    text_column("authority"),
    text_column("source"),
    text_column("dated_by", required=True),
    flag_column("derived"),
    flag_column("recoded"),
    flag_column("extended"),
    date_column("completed_on"),
    date_column("codes_published_on"),
    text_column("measures"),
    text_column("remark"),
    Index("ix_division_event_effective", "effective_on", "id"),
)
"""One decision that changed divisions; `digest`, the hash of all it said, tells it again."""

division_event_line = record_table(
    "division_event_line",
    Column("event_id", ID, ForeignKey("division_event.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    text_column("kind", required=True),
    flag_column("follows"),
    Column("old_id", ID, ForeignKey("division.id")),
    text_column("old_code", index=True),
    text_column("old_name"),
    Column("new_id", ID, ForeignKey("division.id")),
    text_column("new_code", index=True),
    text_column("new_name"),
)
"""Which division became which by an event; `number` 0 where the line follows from the others."""
