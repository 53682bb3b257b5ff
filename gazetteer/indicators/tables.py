"""What was published for a division: chronicles, name lists, protection lists, atlases."""

from sqlalchemy import Column, Date, Index, Text

from data.tables import record_table, text_column

publication = record_table(
    "publication",
    Column("division_code", Text, nullable=False),
    text_column("kind", required=True),
    text_column("title", required=True),
    Column("published_on", Date, nullable=False),
    text_column("publisher"),
    text_column("source"),
    Index("ix_publication_division", "division_code", "kind"),
)
"""地名志、标准地名录、保护名录、图集: `kind` is a word of the table `publication_kinds`."""
