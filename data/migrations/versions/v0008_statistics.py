"""Counts of names: facts of each place, and how many share them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MARKS = ("han", "mongolian", "latin", "cyrillic", "origin", "sign", "complete")


def upgrade() -> None:
    """Add the tables, empty; the names are counted when the counts are first asked for."""
    op.create_table(
        "place_fact",
        sa.Column("place_id", ID, primary_key=True, autoincrement=False),
        sa.Column("division_code", KEY, nullable=False),
        sa.Column("category_code", KEY, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("heritage", sa.Boolean(), nullable=False),
        sa.Column("marks", sa.SmallInteger(), nullable=False),
        sa.Column("begun_year", sa.SmallInteger()),
        sa.Column("ended_year", sa.SmallInteger()),
    )
    op.create_index("ix_place_fact_division", "place_fact", ["division_code"])
    op.create_table(
        "name_tally",
        sa.Column("county_code", KEY, primary_key=True),
        sa.Column("category_code", KEY, primary_key=True),
        sa.Column("status", sa.Text(), primary_key=True),
        sa.Column("heritage", sa.Boolean(), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        *(sa.Column(f"with_{mark}", sa.Integer(), nullable=False) for mark in MARKS),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name_year",
        sa.Column("year", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("county_code", KEY, primary_key=True),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
