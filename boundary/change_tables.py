"""What changes of divisions did to lines."""

from sqlalchemy import Column, Date, ForeignKey, Index

from data.tables import ID, record_table, text_column

line_change = record_table(
    "line_change",
    Column("event_id", ID, ForeignKey("division_event.id"), nullable=False, index=True),
    Column("line_id", ID, ForeignKey("line.id")),
    Column("successor_id", ID, ForeignKey("line.id"), index=True),
    text_column("kind", required=True),
    Column("effective_on", Date, nullable=False),
    text_column("parties_before"),
    text_column("parties_after"),
    text_column("level_before"),
    text_column("level_after"),
    text_column("note"),
    Index("ix_line_change_line", "line_id", "effective_on"),
)
"""A change of a line that followed from a division event: `ends`, `parties` (the same record goes
on with other parties or another level), `divided` (the record ended, `successor_id` is one of its
pieces), `begins` (`successor_id` was drafted and must be surveyed), `surveyed` (`successor_id` took
the place of the draft `line_id`). Parties are division codes, separated by `|`."""
