"""Release levels of single records and of tables; coarse copies of layers with closed positions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from data import guards
from data.geometry import Geometry

revision = "0018"
down_revision = "0017"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
COLUMNS = {
    "line": (
        "code:text* name:text* section:text name_source:text level:text* party_a:text* "
        "party_b:text* party_c:text* approving_authority:text approved_on:day length_m:number "
        "length_basis:text start_point:text end_point:text state:text* state_source:text "
        "markers_stated:whole single_stated:whole double_stated:whole triple_stated:whole "
        "remark:text valid_from:day valid_to:day source:text licence:text synthetic:flag "
        "version:whole"
    ),
    "marker": (
        "marker_no:text* marker_code:text line_code:text* line_name:text level:text "
        "sequence:whole kind:text faces:whole material:text accuracy_class:text sigma_m:number "
        "tolerance_m:number tolerance_source:text survey_method:text surveyed_on:day "
        "coordinate_text:text crs_text:text height_m:number height_datum:text "
        "managing_party:text* location:text position_description:text remark:text "
        "condition:text* verdict:text* inspected_on:day status:text* status_open:flag "
        "status_rules:text marker_name:text spatial_id:text sheet_no:text smart:flag "
        "party_a:text party_b:text party_c:text custody:flag custody_unit:text registered_on:day "
        "change_history:text predecessor_id:id* valid_from:day valid_to:day source:text "
        "synthetic:flag version:whole"
    ),
    "inspection": (
        "submission_id:id* row:whole marker_id:id* marker_no:text* observed_on:day surveyor:text "
        "method:text side:text grade:text ties:whole proof:flag round_id:id* condition:text* "
        "verdict:text* east_m:number north_m:number distance_m:number bearing_deg:number "
        "sigma_m:number tolerance_m:number mdd_m:number reason_zh:text reason_en:text raw:text "
        "synthetic:flag version:whole"
    ),
}
"""The columns of each layer, as `name:kind`, those with an index marked by a star."""
KINDS: dict[str, Any] = {
    "text": sa.Text(),
    "number": sa.Double(),
    "day": sa.Date(),
    "flag": sa.Boolean(),
    "whole": sa.Integer(),
    "id": ID,
}
LAYERS = {"line": "MULTILINESTRING", "marker": "POINT", "inspection": "POINT"}


def upgrade() -> None:
    """Add the tables; records of the three layers wait until their copies are made."""
    _create(
        "record_release",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", ID, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
    )
    op.create_index(
        "ix_record_release_row", "record_release", ["table_name", "row_id"], unique=True
    )
    _create(
        "release_rule",
        sa.Column("table_name", sa.Text(), nullable=False, unique=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("grid_deg", sa.Double()),
    )
    for layer, kind in LAYERS.items():
        _add_copy(layer, kind)
        guards.keep_coarse_true(op.get_bind(), layer)
        op.execute(f"DELETE FROM {layer}_rendered")
        op.execute(
            f"INSERT INTO {layer}_unrendered SELECT id FROM {layer}"
            f" WHERE id NOT IN (SELECT id FROM {layer}_unrendered)"
        )


def _add_copy(layer: str, kind: str) -> None:
    """The columns and indexes that the layer has now, and its rendered texts."""
    connection, name = op.get_bind(), f"{layer}_coarse"
    embedded = connection.dialect.name == "sqlite"
    stated = [one.removesuffix("*").split(":") for one in COLUMNS[layer].split()]
    op.create_table(
        name,
        sa.Column("id", ID, primary_key=True, autoincrement=False),
        sa.Column("geom", Geometry(kind)),
        *(sa.Column(column, KINDS[sort]) for column, sort in stated),
    )
    for one in COLUMNS[layer].split():
        if one.endswith("*"):
            column = one.split(":")[0]
            op.create_index(f"ix_{name}_{column}", name, [column])
    json = sa.Column("json", sa.LargeBinary(), nullable=False)
    if kind == "POINT":
        op.create_table(
            f"{name}_rendered",
            sa.Column("key", ID, primary_key=True, autoincrement=False),
            sa.Column("id", ID, nullable=False),
            sa.Column("x", sa.Double()),
            sa.Column("y", sa.Double()),
            json,
        )
        op.create_index(f"ix_{name}_rendered_id", f"{name}_rendered", ["id"], unique=True)
    else:
        identity = sa.Column("id", ID, primary_key=True, autoincrement=False)
        op.create_table(f"{name}_rendered", identity, json)
    if embedded:
        op.execute(
            f"CREATE VIRTUAL TABLE rtree_{name}_geom USING rtree(id, minx, maxx, miny, maxy)"
        )
    else:
        op.execute(f"CREATE INDEX ix_{name}_geom ON {name} USING gist (geom)")


def _create(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *columns,
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
