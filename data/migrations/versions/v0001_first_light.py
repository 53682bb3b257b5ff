"""First light: journal, files, divisions, places, lines, markers, submissions, inspections."""

import sqlalchemy as sa
from alembic import context, op

from data import geopackage, guards
from data.geometry import Geometry

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
LAYERS = {
    "division": ("MULTIPOLYGON", "行政区划 divisions"),
    "place": ("POINT", "地名 places"),
    "line": ("MULTILINESTRING", "界线 boundary lines"),
    "marker": ("POINT", "界桩 boundary markers"),
    "inspection": ("POINT", "检查 inspections"),
}
KEPT = "the journal is append-only; nothing in it is changed or removed"
REFERENCE = (
    "a surveyed reference position is never changed; record a lawful relocation as a new marker"
)
ARCHIVED = "a marker record is archived, never deleted; end it with valid_to"


def upgrade() -> None:
    """Make an empty database an Ovoo store."""
    connection = op.get_bind()
    srid: int = context.config.attributes["srid"]
    if connection.dialect.name == "sqlite":
        geopackage.create_core_tables(connection, srid)
    else:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
    _create_store_meta()
    _create_journal()
    _create_stored_file()
    _create_division()
    _create_place()
    _create_place_name()
    _create_line()
    _create_marker()
    _create_witness_object()
    _create_submission()
    _create_submission_report()
    _create_inspection()
    for table, (kind, title) in LAYERS.items():
        _make_layer(connection, table, kind, srid, title)
    if connection.dialect.name == "sqlite":
        geopackage.register_attributes(connection, "place_name", "名称 names of places")
        geopackage.register_attributes(connection, "witness_object", "方位物 witness objects")
    _guard(connection)


def _make_layer(connection: sa.Connection, table: str, kind: str, srid: int, title: str) -> None:
    op.create_table(
        f"{table}_unrendered", sa.Column("id", ID, primary_key=True, autoincrement=False)
    )
    _create_rendered(table, kind)
    if connection.dialect.name == "sqlite":
        geopackage.register_layer(connection, table, kind, srid, title)
    else:
        connection.exec_driver_sql(f"CREATE INDEX ix_{table}_geom ON {table} USING gist (geom)")
    guards.keep_rendered_true(connection, table)


def _create_rendered(table: str, kind: str) -> None:
    identity = sa.Column("id", ID, primary_key=True, autoincrement=False)
    json = sa.Column("json", sa.LargeBinary(), nullable=False)
    if kind != "POINT":
        op.create_table(f"{table}_rendered", identity, json)
        return
    op.create_table(
        f"{table}_rendered",
        sa.Column("cell", ID, primary_key=True, autoincrement=False),
        identity,
        sa.Column("x", sa.Double()),
        sa.Column("y", sa.Double()),
        json,
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{table}_rendered_id", f"{table}_rendered", ["id"], unique=True)


def _guard(connection: sa.Connection) -> None:
    guards.forbid(connection, "journal", "UPDATE", KEPT)
    guards.forbid(connection, "journal", "DELETE", KEPT)
    guards.forbid_replacing(connection, "journal", KEPT)
    guards.forbid_emptying(connection, "journal", KEPT)
    for column in ("id", "geom", "coordinate_text", "crs_text"):
        changed = f"OLD.{column} IS NOT NEW.{column}"
        if connection.dialect.name != "sqlite":
            changed = f"OLD.{column}::text IS DISTINCT FROM NEW.{column}::text"
        guards.forbid(connection, "marker", f"UPDATE OF {column}", REFERENCE, changed)
    guards.forbid(connection, "marker", "DELETE", ARCHIVED)
    guards.forbid_replacing(connection, "marker", REFERENCE)
    guards.forbid_emptying(connection, "marker", ARCHIVED)


def _create_store_meta() -> None:
    op.create_table(
        "store_meta",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )


def _create_journal() -> None:
    op.create_table(
        "journal",
        sa.Column("sequence", ID, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", ID, nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
    )
    op.create_index("ix_journal_row", "journal", ["table_name", "row_id"])


def _create_stored_file() -> None:
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.Text(), primary_key=True),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", ID, nullable=False),
    )


def _create_division() -> None:
    op.create_table(
        "division",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("geom", Geometry("MULTIPOLYGON")),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("romanization", sa.Text()),
        sa.Column("romanization_mark", sa.Text()),
        sa.Column("parent_code", sa.Text()),
        sa.Column("in_region", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("source", sa.Text()),
        sa.Column("licence", sa.Text()),
        sa.Column("synthetic", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_division_code", "division", ["code"])
    op.create_index("ix_division_in_region", "division", ["in_region"])
    op.create_index("ix_division_level", "division", ["level"])
    op.create_index("ix_division_name", "division", ["name"])
    op.create_index("ix_division_parent_code", "division", ["parent_code"])


def _create_place() -> None:
    op.create_table(
        "place",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("geom", Geometry("POINT")),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place_code", sa.Text()),
        sa.Column("romanization", sa.Text()),
        sa.Column("romanization_mark", sa.Text()),
        sa.Column("category_code", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("heritage", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("division_code", sa.Text()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("meaning", sa.Text()),
        sa.Column("origin", sa.Text()),
        sa.Column("history", sa.Text()),
        sa.Column("description", sa.Text()),
        sa.Column("remark", sa.Text()),
        sa.Column("source", sa.Text()),
        sa.Column("source_id", sa.Text()),
        sa.Column("licence", sa.Text()),
        sa.Column("synthetic", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_place_category_code", "place", ["category_code"])
    op.create_index("ix_place_division_code", "place", ["division_code"])
    op.create_index("ix_place_heritage", "place", ["heritage"])
    op.create_index("ix_place_name", "place", ["name"])
    op.create_index("ix_place_place_code", "place", ["place_code"])
    op.create_index("ix_place_status", "place", ["status"])


def _create_place_name() -> None:
    op.create_table(
        "place_name",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("place_id", ID, sa.ForeignKey("place.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("source", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_place_name_place_id", "place_name", ["place_id"])


def _create_line() -> None:
    op.create_table(
        "line",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("geom", Geometry("MULTILINESTRING")),
        sa.Column("code", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("section", sa.Text()),
        sa.Column("name_source", sa.Text()),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("party_a", sa.Text()),
        sa.Column("party_b", sa.Text()),
        sa.Column("party_c", sa.Text()),
        sa.Column("approving_authority", sa.Text()),
        sa.Column("length_m", sa.Double()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("source", sa.Text()),
        sa.Column("licence", sa.Text()),
        sa.Column("synthetic", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_line_code", "line", ["code"])
    op.create_index("ix_line_level", "line", ["level"])
    op.create_index("ix_line_name", "line", ["name"])
    op.create_index("ix_line_party_a", "line", ["party_a"])
    op.create_index("ix_line_party_b", "line", ["party_b"])


def _create_marker() -> None:
    op.create_table(
        "marker",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("geom", Geometry("POINT")),
        sa.Column("marker_no", sa.Text(), nullable=False),
        sa.Column("marker_code", sa.Text()),
        sa.Column("line_code", sa.Text()),
        sa.Column("line_name", sa.Text()),
        sa.Column("level", sa.Text()),
        sa.Column("sequence", sa.Integer()),
        sa.Column("kind", sa.Text()),
        sa.Column("faces", sa.Integer()),
        sa.Column("material", sa.Text()),
        sa.Column("accuracy_class", sa.Text()),
        sa.Column("sigma_m", sa.Double()),
        sa.Column("tolerance_m", sa.Double()),
        sa.Column("tolerance_source", sa.Text()),
        sa.Column("survey_method", sa.Text()),
        sa.Column("surveyed_on", sa.Date()),
        sa.Column("coordinate_text", sa.Text()),
        sa.Column("crs_text", sa.Text()),
        sa.Column("height_m", sa.Double()),
        sa.Column("height_datum", sa.Text()),
        sa.Column("managing_party", sa.Text()),
        sa.Column("location", sa.Text()),
        sa.Column("position_description", sa.Text()),
        sa.Column("remark", sa.Text()),
        sa.Column("condition", sa.Text()),
        sa.Column("verdict", sa.Text()),
        sa.Column("inspected_on", sa.Date()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("source", sa.Text()),
        sa.Column("synthetic", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_marker_condition", "marker", ["condition"])
    op.create_index("ix_marker_line_code", "marker", ["line_code"])
    op.create_index("ix_marker_managing_party", "marker", ["managing_party"])
    op.create_index("ix_marker_marker_no", "marker", ["marker_no"])
    op.create_index("ix_marker_verdict", "marker", ["verdict"])


def _create_witness_object() -> None:
    op.create_table(
        "witness_object",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("marker_id", ID, sa.ForeignKey("marker.id"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("azimuth_deg", sa.Double()),
        sa.Column("azimuth_kind", sa.Text()),
        sa.Column("distance_m", sa.Double()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_witness_object_marker_id", "witness_object", ["marker_id"])


def _create_submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column(
            "sha256", sa.Text(), sa.ForeignKey("stored_file.sha256"), nullable=False, unique=True
        ),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("committed_by", sa.Text()),
        sa.Column("committed_at", sa.Text()),
        sa.Column("report_sha256", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_submission_state", "submission", ["state"])


def _create_submission_report() -> None:
    op.create_table(
        "submission_report",
        sa.Column(
            "submission_id",
            ID,
            sa.ForeignKey("submission.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("json", sa.Text(), nullable=False),
    )


def _create_inspection() -> None:
    op.create_table(
        "inspection",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("geom", Geometry("POINT")),
        sa.Column("submission_id", ID, sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("marker_id", ID, sa.ForeignKey("marker.id"), nullable=False),
        sa.Column("marker_no", sa.Text(), nullable=False),
        sa.Column("observed_on", sa.Date()),
        sa.Column("surveyor", sa.Text()),
        sa.Column("method", sa.Text()),
        sa.Column("condition", sa.Text()),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("east_m", sa.Double()),
        sa.Column("north_m", sa.Double()),
        sa.Column("distance_m", sa.Double()),
        sa.Column("bearing_deg", sa.Double()),
        sa.Column("sigma_m", sa.Double()),
        sa.Column("tolerance_m", sa.Double()),
        sa.Column("mdd_m", sa.Double()),
        sa.Column("reason_zh", sa.Text()),
        sa.Column("reason_en", sa.Text()),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inspection_condition", "inspection", ["condition"])
    op.create_index("ix_inspection_marker_id", "inspection", ["marker_id"])
    op.create_index("ix_inspection_marker_no", "inspection", ["marker_no"])
    op.create_index("ix_inspection_submission_id", "inspection", ["submission_id"])
    op.create_index("ix_inspection_verdict", "inspection", ["verdict"])
