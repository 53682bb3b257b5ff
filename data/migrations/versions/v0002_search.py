"""Search: the text index, forms of names in search order and their terms."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the two tables of the text index, empty; the first write fills them."""
    op.create_table(
        "search_form",
        sa.Column("ordinal", ID, primary_key=True, autoincrement=False),
        sa.Column("feature", sa.SmallInteger(), nullable=False),
        sa.Column("target_id", ID, nullable=False),
        sa.Column("form_no", sa.SmallInteger(), nullable=False),
        sa.Column("standing", sa.SmallInteger(), nullable=False),
        sa.Column("sort_name", KEY, nullable=False),
        sa.Column("display", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("plain", KEY, nullable=False),
        sa.Column("folded", KEY, nullable=False),
        sa.Column("pinyin", KEY, nullable=False),
        sa.Column("initials", KEY, nullable=False),
        sa.Column("family", KEY, nullable=False),
        sa.Column("division_code", KEY),
        sa.Column("category_code", KEY),
        sa.Column("status", sa.Text()),
        sa.Column("heritage", sa.Boolean(), nullable=False),
        sa.Column("lon", sa.Double()),
        sa.Column("lat", sa.Double()),
        sa.Column("from_day", sa.Integer()),
        sa.Column("to_day", sa.Integer()),
    )
    op.create_index("ix_search_form_target", "search_form", ["feature", "target_id"])
    op.create_index("ix_search_form_division", "search_form", ["division_code", "ordinal"])
    op.create_index("ix_search_form_category", "search_form", ["category_code", "ordinal"])
    op.create_table(
        "search_term",
        sa.Column("term", KEY, primary_key=True),
        sa.Column("ordinal", ID, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
