"""Fields of a place's sheet that have no column, as they were entered."""

import sqlalchemy as sa
from alembic import op

from data import geopackage

revision = "0014"
down_revision = "0013"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "place_extra",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("place_id", ID, sa.ForeignKey("place.id"), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_place_extra_place_id", "place_extra", ["place_id"])
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        geopackage.register_attributes(connection, "place_extra", "登记表其他项 other fields")
