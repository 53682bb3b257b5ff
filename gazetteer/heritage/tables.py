"""The tables of the protection list (地名文化遗产保护名录)."""

from sqlalchemy import Column, ForeignKey, Integer, Text

from data.geometry import POINT
from data.tables import (
    ID,
    date_column,
    flag_column,
    record_table,
    rendered_table,
    text_column,
)

heritage = record_table(
    "heritage",
    Column("place_id", ID, ForeignKey("place.id"), nullable=False, index=True),
    text_column("name", required=True, index=True),
    Column("division_code", Text, nullable=False, index=True),
    text_column("list_level", required=True, index=True),
    text_column("batch", index=True),
    text_column("category", required=True, index=True),
    text_column("state", required=True, index=True),
    date_column("listed_on"),
    text_column("listing_document"),
    text_column("first_record", required=True),
    Column("first_record_year", Integer),
    text_column("first_record_source", required=True),
    Column("years_in_use", Integer),
    text_column("measures"),
    text_column("custodian"),
    text_column("intangible_link"),
    date_column("removed_on"),
    text_column("removal_reason"),
    text_column("remark"),
    text_column("source"),
    flag_column("synthetic"),
    kind=POINT,
)
"""An entry of a list. `first_record_year` is negative before our era; there is no year 0."""

heritage_evidence = record_table(
    "heritage_evidence",
    Column("heritage_id", ID, ForeignKey("heritage.id"), nullable=False, index=True),
    text_column("criterion", required=True),
    Column("since_year", Integer, nullable=False),
    text_column("interruptions"),
    text_column("evidence", required=True),
    text_column("source", required=True),
)
"""What speaks for a criterion: since which year, with which interruptions, on which evidence."""

heritage_picture = record_table(
    "heritage_picture",
    Column("heritage_id", ID, ForeignKey("heritage.id"), nullable=False, index=True),
    text_column("title", required=True),
    text_column("credit"),
    Column("sha256", Text, ForeignKey("stored_file.sha256"), nullable=False),
    Column("public_sha256", Text, ForeignKey("stored_file.sha256"), nullable=False),
    text_column("added_by", required=True),
    text_column("added_at", required=True),
)
"""A picture: the original as it came, and a copy for the public without what cameras write."""

heritage_inspection = record_table(
    "heritage_inspection",
    Column("heritage_id", ID, ForeignKey("heritage.id"), nullable=False, index=True),
    date_column("inspected_on"),
    text_column("inspected_by", required=True),
    text_column("condition", required=True),
    text_column("finding"),
    text_column("wanted"),
)
"""An inspection of what a listed name is protected by: condition, finding, what is wanted."""

heritage_story = record_table(
    "heritage_story",
    Column("heritage_id", ID, ForeignKey("heritage.id"), nullable=False, unique=True),
    text_column("text", required=True),
    text_column("written_by", required=True),
    date_column("written_on"),
)
"""The story of a listed name, in Markdown, for the public."""

heritage_rendered = rendered_table(heritage)
