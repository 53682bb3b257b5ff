"""What belongs to a line beside its record: sections, documents, agreements, findings."""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, Text

from data.tables import ID, date_column, record_table, text_column

line_section = record_table(
    "line_section",
    Column("line_id", ID, ForeignKey("line.id"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    text_column("from_marker"),
    text_column("to_marker"),
    text_column("kind", required=True),
    text_column("feature"),
    text_column("state", required=True),
    Column("length_m", Double),
    text_column("direction"),
    text_column("course"),
    text_column("source"),
)
"""A section of a line (界线段) from one marker to the next: what defines it there
(`segment_kinds`), whether it is agreed (`segment_states`), its agreed length, the direction of the
16 and the course description (走向说明)."""

boundary_document = record_table(
    "boundary_document",
    text_column("owner", required=True),
    Column("owner_id", ID, nullable=False),
    text_column("kind", required=True),
    text_column("title", required=True),
    text_column("number"),
    date_column("dated_on"),
    Column("sha256", Text, ForeignKey("stored_file.sha256")),
    text_column("file_name"),
    text_column("media_type"),
    Index("ix_boundary_document_owner", "owner", "owner_id"),
)
"""A document of a record of this floor, never deleted (Order 353, Art 13). `owner` is the name of
the record's table; a document known by its number alone has no file."""

safe_boundary = record_table(
    "safe_boundary",
    Column("line_id", ID, ForeignKey("line.id"), nullable=False, index=True),
    text_column("title", required=True),
    text_column("level"),
    date_column("signed_on"),
    date_column("valid_from"),
    date_column("valid_to"),
    text_column("remark"),
)
"""An agreement on a safe boundary (平安边界协议) between the parties of a line."""

line_finding = record_table(
    "line_finding",
    Column("line_id", ID, ForeignKey("line.id"), nullable=False, index=True),
    Column("section_ordinal", Integer),
    text_column("kind", required=True),
    text_column("feature_state"),
    date_column("found_on"),
    text_column("found_by"),
    text_column("text", required=True),
    text_column("state", required=True, index=True),
    date_column("settled_on"),
    text_column("settlement"),
)
"""What was found on a line (`line_finding_kinds`); the agreed line stays where it is. `state` is
open or settled."""
