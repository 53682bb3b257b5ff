"""Heritage: the protection lists with evidence, pictures and inspections."""

import sqlalchemy as sa
from alembic import context, op

from data import guards, layers
from data.geometry import Geometry

revision = "0010"
down_revision = "0009"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables, empty, the lists as a layer."""
    connection = op.get_bind()
    _create_heritage()
    _create_heritage_evidence()
    _create_heritage_picture()
    _create_heritage_inspection()
    layers.make_rendered("heritage")
    srid: int = context.config.attributes["srid"]
    title = "地名文化遗产 heritage names"
    layers.index_positions(connection, "heritage", "POINT", srid, title)
    for event in ("INSERT", "UPDATE OF geom"):
        layers.guard_shapes(connection, "heritage", event)
    guards.keep_rendered_true(connection, "heritage")


def _create_heritage() -> None:
    op.create_table(
        "heritage",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("geom", Geometry("POINT")),
        sa.Column("place_id", ID, sa.ForeignKey("place.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("division_code", KEY, nullable=False),
        sa.Column("list_level", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text()),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("listed_on", sa.Date()),
        sa.Column("listing_document", sa.Text()),
        sa.Column("first_record", sa.Text(), nullable=False),
        sa.Column("first_record_year", sa.Integer()),
        sa.Column("first_record_source", sa.Text(), nullable=False),
        sa.Column("years_in_use", sa.Integer()),
        sa.Column("measures", sa.Text()),
        sa.Column("custodian", sa.Text()),
        sa.Column("intangible_link", sa.Text()),
        sa.Column("removed_on", sa.Date()),
        sa.Column("removal_reason", sa.Text()),
        sa.Column("remark", sa.Text()),
        sa.Column("source", sa.Text()),
        sa.Column("synthetic", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_heritage_batch", "heritage", ["batch"])
    op.create_index("ix_heritage_category", "heritage", ["category"])
    op.create_index("ix_heritage_division_code", "heritage", ["division_code"])
    op.create_index("ix_heritage_list_level", "heritage", ["list_level"])
    op.create_index("ix_heritage_name", "heritage", ["name"])
    op.create_index("ix_heritage_place_id", "heritage", ["place_id"])
    op.create_index("ix_heritage_state", "heritage", ["state"])


def _create_heritage_evidence() -> None:
    op.create_table(
        "heritage_evidence",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("heritage_id", ID, sa.ForeignKey("heritage.id"), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("since_year", sa.Integer(), nullable=False),
        sa.Column("interruptions", sa.Text()),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_heritage_evidence_heritage_id", "heritage_evidence", ["heritage_id"])


def _create_heritage_picture() -> None:
    op.create_table(
        "heritage_picture",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("heritage_id", ID, sa.ForeignKey("heritage.id"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text()),
        sa.Column("sha256", sa.Text(), sa.ForeignKey("stored_file.sha256"), nullable=False),
        sa.Column("public_sha256", sa.Text(), sa.ForeignKey("stored_file.sha256"), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_heritage_picture_heritage_id", "heritage_picture", ["heritage_id"])


def _create_heritage_inspection() -> None:
    op.create_table(
        "heritage_inspection",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("heritage_id", ID, sa.ForeignKey("heritage.id"), nullable=False),
        sa.Column("inspected_on", sa.Date()),
        sa.Column("inspected_by", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text()),
        sa.Column("wanted", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_heritage_inspection_heritage_id", "heritage_inspection", ["heritage_id"])
