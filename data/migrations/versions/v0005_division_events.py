"""Division events with their lines, and the seat of a division's government."""

import sqlalchemy as sa
from alembic import op

from data import geopackage

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables and the column."""
    op.add_column("division", sa.Column("seat", sa.Text()))
    # What is rendered lacks the new property; it is rendered anew when the store is opened.
    op.execute("DELETE FROM division_rendered")
    op.execute("DELETE FROM division_unrendered")
    op.execute("INSERT INTO division_unrendered SELECT id FROM division")
    op.create_table(
        "division_event",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("digest", sa.Text(), nullable=False, unique=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("approved_on", sa.Date()),
        sa.Column("document", sa.Text()),
        sa.Column("authority", sa.Text()),
        sa.Column("source", sa.Text()),
        sa.Column("dated_by", sa.Text(), nullable=False),
        sa.Column("derived", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("recoded", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("extended", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("completed_on", sa.Date()),
        sa.Column("codes_published_on", sa.Date()),
        sa.Column("measures", sa.Text()),
        sa.Column("remark", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_division_event_kind", "division_event", ["kind"])
    op.create_index("ix_division_event_effective", "division_event", ["effective_on", "id"])
    _create_lines()
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        geopackage.register_attributes(connection, "division_event", "行政区划变更 division events")
        geopackage.register_attributes(
            connection, "division_event_line", "变更内容 lines of division events"
        )


def _create_lines() -> None:
    op.create_table(
        "division_event_line",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("event_id", ID, sa.ForeignKey("division_event.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("old_id", ID, sa.ForeignKey("division.id")),
        sa.Column("old_code", sa.Text()),
        sa.Column("old_name", sa.Text()),
        sa.Column("new_id", ID, sa.ForeignKey("division.id")),
        sa.Column("new_code", sa.Text()),
        sa.Column("new_name", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    for column in ("event_id", "old_code", "new_code"):
        op.create_index(f"ix_division_event_line_{column}", "division_event_line", [column])
