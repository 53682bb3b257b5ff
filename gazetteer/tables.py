"""The tables of the second floor: divisions, places and their names."""

from sqlalchemy import Column, ForeignKey

from data.geometry import MULTIPOLYGON, POINT
from data.tables import (
    ID,
    date_column,
    flag_column,
    record_table,
    rendered_table,
    text_column,
)

division = record_table(
    "division",
    text_column("code", required=True, index=True),
    text_column("name", required=True, index=True),
    text_column("level", required=True, index=True),
    text_column("romanization"),
    text_column("romanization_mark"),
    text_column("parent_code", index=True),
    flag_column("in_region", index=True),
    date_column("valid_from"),
    date_column("valid_to"),
    text_column("source"),
    text_column("licence"),
    flag_column("synthetic"),
    text_column("seat"),
    kind=MULTIPOLYGON,
)
"""行政区划. `level`: region, prefecture, county, township; neighbours are not `in_region`.

A row is a division in one span of time, from `valid_from` up to but without `valid_to`: a code may
have several rows, of which one at most is in force. `seat` is where its government sits (驻地)."""

place = record_table(
    "place",
    text_column("name", required=True, index=True),
    text_column("place_code", index=True),
    text_column("romanization"),
    text_column("romanization_mark"),
    text_column("category_code", index=True),
    text_column("status", required=True, index=True),
    flag_column("heritage", index=True),
    text_column("division_code", index=True),
    date_column("valid_from"),
    date_column("valid_to"),
    text_column("meaning"),
    text_column("origin"),
    text_column("history"),
    text_column("description"),
    text_column("remark"),
    text_column("source"),
    text_column("source_id"),
    text_column("licence"),
    flag_column("synthetic"),
    kind=POINT,
)
"""地名: an ISO 19112 location instance with its standard name; `heritage` marks 地名文化遗产."""

place_name = record_table(
    "place_name",
    Column("place_id", ID, ForeignKey("place.id"), nullable=False, index=True),
    text_column("text", required=True),
    text_column("language", required=True),
    text_column("kind", required=True),
    text_column("status"),
    date_column("valid_from"),
    date_column("valid_to"),
    text_column("source"),
    Column("successor_id", ID),
)
"""Every form of a name as entered (NFC), BCP 47 language, kind; `gazetteer.search` finds them.

`successor_id` is the name that took an ended one's place."""

place_extra = record_table(
    "place_extra",
    Column("place_id", ID, ForeignKey("place.id"), nullable=False, index=True),
    text_column("field", required=True),
    text_column("text", required=True),
)
"""What a sheet or a foreign record says of a place and no column holds, as it was entered; `field`
is a name of `fields.csv`. Some are closed: see `data/reference/place_sheet.csv`."""

division_rendered = rendered_table(division)
place_rendered = rendered_table(place, chosen=("category_code", "heritage"), walked=True)
