"""Lines and markers as a boundary office keeps them: sections, documents, versions, photographs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from data import guards

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
LINE: tuple[sa.Column[Any], ...] = (
    *(sa.Column(name, sa.Text()) for name in ("length_basis", "start_point", "end_point")),
    *(sa.Column(name, sa.Text()) for name in ("state", "state_source", "remark")),
    sa.Column("approved_on", sa.Date()),
    *(
        sa.Column(f"{name}_stated", sa.Integer())
        for name in ("markers", "single", "double", "triple")
    ),
)
MARKER: tuple[sa.Column[Any], ...] = (
    *(sa.Column(name, sa.Text()) for name in ("marker_name", "spatial_id", "sheet_no")),
    *(sa.Column(name, sa.Text()) for name in ("party_a", "party_b", "party_c")),
    *(sa.Column(name, sa.Text()) for name in ("custody_unit", "change_history")),
    sa.Column("smart", sa.Boolean(), nullable=False, server_default="0"),
    sa.Column("custody", sa.Boolean(), nullable=False, server_default="0"),
    sa.Column("registered_on", sa.Date()),
)
AGREED = (
    "an agreed line is never moved; record what changed on the ground as a finding,"
    " and a lawful change as a new line"
)
ARCHIVED = "a line is archived, never deleted; end it with valid_to"
KEPT = "a document of a boundary is archived, never deleted"


def upgrade() -> None:
    """Add the columns and tables, guard the agreed lines, and show the new columns."""
    connection = op.get_bind()
    for column in LINE:
        op.add_column("line", column)
    for column in MARKER:
        op.add_column("marker", column)
    kind = "INTEGER" if connection.dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE marker ADD COLUMN predecessor_id {kind} REFERENCES marker (id)")
    op.create_index("ix_line_party_c", "line", ["party_c"])
    op.create_index("ix_line_state", "line", ["state"])
    op.create_index("ix_marker_predecessor_id", "marker", ["predecessor_id"])
    _create_line_records()
    _create_marker_records()
    _guard(connection)
    for layer in ("line", "marker"):
        op.execute(f"DELETE FROM {layer}_rendered")
        op.execute(f"DELETE FROM {layer}_unrendered")
        op.execute(f"INSERT INTO {layer}_unrendered SELECT id FROM {layer}")


def _guard(connection: sa.Connection) -> None:
    changed = "OLD.geom IS NOT NEW.geom"
    if connection.dialect.name != "sqlite":
        changed = "OLD.geom::text IS DISTINCT FROM NEW.geom::text"
    guards.forbid(connection, "line", "UPDATE OF geom", AGREED, changed, "line_agreed_stays")
    guards.forbid(connection, "line", "DELETE", ARCHIVED)
    guards.forbid_emptying(connection, "line", ARCHIVED)
    for table in ("boundary_document", "marker_version"):
        guards.forbid(connection, table, "DELETE", KEPT)
        guards.forbid_emptying(connection, table, KEPT)


def _of(table: str, name: str, *, index: bool = True) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey(f"{table}.id"), nullable=False, index=index)


def _create(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *columns,
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text()) for name in names]


def _create_line_records() -> None:
    _create(
        "line_section",
        _of("line", "line_id"),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        *_texts("from_marker", "to_marker"),
        sa.Column("kind", sa.Text(), nullable=False),
        *_texts("feature"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("length_m", sa.Double()),
        *_texts("direction", "course", "source"),
    )
    _create(
        "boundary_document",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        *_texts("number"),
        sa.Column("dated_on", sa.Date()),
        sa.Column("sha256", sa.Text(), sa.ForeignKey("stored_file.sha256")),
        *_texts("file_name", "media_type"),
    )
    op.create_index("ix_boundary_document_owner", "boundary_document", ["owner", "owner_id"])
    _create(
        "safe_boundary",
        _of("line", "line_id"),
        sa.Column("title", sa.Text(), nullable=False),
        *_texts("level"),
        *(sa.Column(name, sa.Date()) for name in ("signed_on", "valid_from", "valid_to")),
        *_texts("remark"),
    )
    _create(
        "line_finding",
        _of("line", "line_id"),
        sa.Column("section_ordinal", sa.Integer()),
        sa.Column("kind", sa.Text(), nullable=False),
        *_texts("feature_state"),
        sa.Column("found_on", sa.Date()),
        *_texts("found_by"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, index=True),
        sa.Column("settled_on", sa.Date()),
        *_texts("settlement"),
    )


def _create_marker_records() -> None:
    _create(
        "marker_signatory",
        _of("marker", "marker_id"),
        sa.Column("party", sa.Text(), nullable=False),
        *_texts("technician", "official"),
        sa.Column("signed_on", sa.Date()),
    )
    _create(
        "marker_line",
        _of("marker", "marker_id"),
        sa.Column("line_code", sa.Text(), nullable=False, index=True),
    )
    _create(
        "marker_version",
        _of("marker", "marker_id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date()),
        *_texts("parties", "witness", "agreement", "survey_method"),
        sa.Column("sigma_m", sa.Double()),
        sa.Column("surveyed_on", sa.Date()),
        *_texts("surveyor"),
        sa.Column("distance_m", sa.Double()),
        *_texts("filed_with"),
        sa.Column("filed_on", sa.Date()),
        *_texts("note"),
        sa.Column("successor_id", ID, sa.ForeignKey("marker.id")),
    )
    _create(
        "photo",
        _of("marker", "marker_id", index=False),
        sa.Column("inspection_id", ID, sa.ForeignKey("inspection.id"), index=True),
        *(
            sa.Column(name, sa.Text(), sa.ForeignKey("stored_file.sha256"), nullable=False)
            for name in ("sha256", "public_sha256")
        ),
        sa.Column("file_name", sa.Text(), nullable=False),
        *_texts("caption"),
        sa.Column("claimed_on", sa.Date()),
        *_texts("taken_at"),
        *(
            sa.Column(name, sa.Double())
            for name in ("taken_lon", "taken_lat", "bearing_deg", "distance_m")
        ),
        *(sa.Column(name, sa.Integer()) for name in ("width_px", "height_px")),
        *_texts("findings"),
        sa.Column("added_at", sa.Text(), nullable=False),
    )
    op.create_index("ix_photo_sha256", "photo", ["sha256"])
    op.create_index("ix_photo_marker", "photo", ["marker_id", "sha256"], unique=True)
