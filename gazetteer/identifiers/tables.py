"""The table of identifiers: codes of other schemes that places and divisions carry."""

from sqlalchemy import Column, ForeignKey, Index, Text

from data.tables import ID, date_column, record_table, text_column

identifier = record_table(
    "identifier",
    text_column("scheme", required=True),
    Column("value", Text, nullable=False),
    Column("place_id", ID, ForeignKey("place.id"), index=True),
    text_column("division_code", index=True),
    date_column("valid_from"),
    date_column("valid_to"),
    text_column("source"),
    Index("ix_identifier_value", "value", "scheme"),
)
"""A code by which others know a record; it has a `place_id` or a `division_code`."""
