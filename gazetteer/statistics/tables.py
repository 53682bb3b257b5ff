"""The counts of names (统计): facts of each place, and how many places share them.

Derived from `place` and `place_name`, kept by `counting`; no other program need read them.
"""

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, Table, Text

from data.tables import ID, metadata
from gazetteer.statistics.marks import Mark

place_fact = Table(
    "place_fact",
    metadata,
    Column("place_id", ID, primary_key=True, autoincrement=False),
    Column("division_code", Text, nullable=False),
    Column("category_code", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("heritage", Boolean, nullable=False),
    Column("marks", SmallInteger, nullable=False),
    Column("begun_year", SmallInteger),
    Column("ended_year", SmallInteger),
    Index("ix_place_fact_division", "division_code"),
    Index("ix_place_fact_begun", "begun_year"),
    Index("ix_place_fact_ended", "ended_year"),
)
"""What a place counts as. `division_code` is empty where none is recorded; `marks` see `marks`."""

name_tally = Table(
    "name_tally",
    metadata,
    Column("county_code", Text, primary_key=True),
    Column("category_code", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("heritage", Boolean, primary_key=True),
    Column("count", Integer, nullable=False),
    *(Column(mark.column, Integer, nullable=False) for mark in Mark),
    sqlite_with_rowid=False,
)
"""How many places share these facts, and how many of them have each mark.

`county_code` is the first six digits of the division's.
"""

name_year = Table(
    "name_year",
    metadata,
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("county_code", Text, primary_key=True),
    Column("begun", Integer, nullable=False),
    Column("ended", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How many names began (设立) and ended (废止) in a year."""
