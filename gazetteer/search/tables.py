"""The text index: every form of every name in search order, and the terms it is found by.

Both stores hold the same two tables and answer from the same plan: a term's rows lie next to one
another in search order, so the first page of the commonest character is read without sorting.
Nothing here is journalled; all of it can be made again from `place_name` and `division`.
"""

from sqlalchemy import Boolean, Column, Double, Index, Integer, SmallInteger, Table, Text

from data.tables import ID, metadata

PLACE, DIVISION = 1, 0
"""What a form names: `feature`."""

search_form = Table(
    "search_form",
    metadata,
    Column("ordinal", ID, primary_key=True, autoincrement=False),
    Column("feature", SmallInteger, nullable=False),
    Column("target_id", ID, nullable=False),
    Column("form_no", SmallInteger, nullable=False),
    Column("standing", SmallInteger, nullable=False),
    Column("sort_name", Text, nullable=False),
    Column("display", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("plain", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("pinyin", Text, nullable=False),
    Column("initials", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("division_code", Text),
    Column("category_code", Text),
    Column("status", Text),
    Column("heritage", Boolean, nullable=False),
    Column("lon", Double),
    Column("lat", Double),
    Column("from_day", Integer),
    Column("to_day", Integer),
    Index("ix_search_form_target", "feature", "target_id"),
    Index("ix_search_form_division", "division_code", "ordinal"),
    Index("ix_search_form_category", "category_code", "ordinal"),
)
"""One form of a name of a place or division. `ordinal` is its place in the order of results:
standing, display name, target, form. `from_day`, `to_day` are days since 0001-01-01."""

search_term = Table(
    "search_term",
    metadata,
    Column("term", Text, primary_key=True),
    Column("ordinal", ID, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""The terms of each form (see `gazetteer.search.terms`), in search order within each term."""
