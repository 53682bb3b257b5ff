"""Identifiers of other schemes, what was published for a division, names by their years."""

import sqlalchemy as sa
from alembic import op

from data import geopackage

revision = "0013"
down_revision = "0012"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the two tables."""
    op.create_table(
        "identifier",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("place_id", ID, sa.ForeignKey("place.id")),
        sa.Column("division_code", sa.Text()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("source", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_identifier_place_id", "identifier", ["place_id"])
    op.create_index("ix_identifier_division_code", "identifier", ["division_code"])
    op.create_index("ix_identifier_value", "identifier", ["value", "scheme"])
    op.create_table(
        "publication",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("publisher", sa.Text()),
        sa.Column("source", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_publication_division", "publication", ["division_code", "kind"])
    for column in ("begun", "ended"):
        op.create_index(f"ix_place_fact_{column}", "place_fact", [f"{column}_year"])
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        geopackage.register_attributes(connection, "identifier", "标识 identifiers")
        geopackage.register_attributes(connection, "publication", "出版物 publications")
