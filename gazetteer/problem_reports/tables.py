"""The tables of problems that the public reports."""

from sqlalchemy import Column, Double, ForeignKey, Index, Table, Text

from data.tables import ID, date_column, metadata, record_table, text_column

problem_report = record_table(
    "problem_report",
    Column("code_hash", Text, nullable=False, unique=True),
    text_column("kind", required=True),
    text_column("about"),
    text_column("told", required=True),
    text_column("place_text"),
    Column("lon", Double),
    Column("lat", Double),
    Column("division_code", Text, index=True),
    Column("photo_sha256", Text, ForeignKey("stored_file.sha256")),
    date_column("received_on"),
    text_column("state", required=True),
    text_column("handled_by"),
    text_column("answer"),
    text_column("note"),
    date_column("closed_on"),
    Index("ix_problem_report_queue", "state", "id"),
)
"""A report: `about` is the record it is on, such as `markers/12`; `code_hash` the SHA-256 of the
code that its reporter asks with; `photo_sha256` a copy of the picture without what cameras write;
`answer` is told to the reporter, `note` is not."""

problem_reporter = Table(
    "problem_reporter",
    metadata,
    Column("report_id", ID, ForeignKey("problem_report.id"), primary_key=True),
    Column("contact", Text, nullable=False),
)
"""How to reach a reporter: outside the journal, which nobody can erase from, and deleted when the
report is closed."""
