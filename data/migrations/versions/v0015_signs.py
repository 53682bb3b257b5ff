"""Place-name signs: the register, inspections by file, repair orders."""

import sqlalchemy as sa
from alembic import context, op

from data import geopackage, guards, layers
from data.geometry import Geometry

revision = "0015"
down_revision = "0014"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables, the layer and its guards."""
    connection = op.get_bind()
    _create_sign()
    _create_submission()
    _create_inspection()
    _create_repair()
    layers.make_rendered("sign")
    srid: int = context.config.attributes["srid"]
    layers.index_positions(connection, "sign", "POINT", srid, "地名标志 place-name signs")
    if connection.dialect.name == "sqlite":
        geopackage.register_attributes(connection, "sign_inspection", "标志检查 sign inspections")
        geopackage.register_attributes(connection, "sign_repair", "标志维修 sign repairs")
    for event in ("INSERT", "UPDATE OF geom"):
        layers.guard_shapes(connection, "sign", event)
    guards.keep_rendered_true(connection, "sign")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text()) for name in names]


def _identity() -> sa.Column[int]:
    return sa.Column("id", ID, primary_key=True, autoincrement=True)


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), nullable=False, server_default="1")


def _create_sign() -> None:
    op.create_table(
        "sign",
        _identity(),
        sa.Column("geom", Geometry("POINT")),
        sa.Column("sign_no", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *_texts("kind"),
        sa.Column("place_id", ID, sa.ForeignKey("place.id")),
        *_texts("division_code", "text_han", "text_roman", "text_minority", "scripts"),
        *_texts("text_state", "material"),
        sa.Column("width_mm", sa.Double()),
        sa.Column("height_mm", sa.Double()),
        sa.Column("erected_on", sa.Date()),
        *_texts("custody_unit", "location"),
        sa.Column("sigma_m", sa.Double()),
        *_texts("condition"),
        *(sa.Column(name, sa.Date()) for name in ("inspected_on", "valid_from", "valid_to")),
        *_texts("source", "remark"),
        sa.Column("synthetic", sa.Boolean(), nullable=False, server_default="0"),
        _version(),
        sqlite_autoincrement=True,
    )
    columns = ("sign_no", "name", "kind", "place_id", "division_code", "text_state", "condition")
    for column in columns:
        op.create_index(f"ix_sign_{column}", "sign", [column])


def _create_submission() -> None:
    op.create_table(
        "sign_submission",
        _identity(),
        sa.Column(
            "sha256", sa.Text(), sa.ForeignKey("stored_file.sha256"), nullable=False, unique=True
        ),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("file_name", "sent_by", "received_at", "state")
        ),
        *_texts("committed_by", "committed_at", "report_sha256"),
        _version(),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sign_submission_state", "sign_submission", ["state"])
    op.create_table(
        "sign_submission_report",
        sa.Column(
            "submission_id",
            ID,
            sa.ForeignKey("sign_submission.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("json", sa.Text(), nullable=False),
    )


def _create_inspection() -> None:
    op.create_table(
        "sign_inspection",
        _identity(),
        sa.Column("submission_id", ID, sa.ForeignKey("sign_submission.id"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("sign_id", ID, sa.ForeignKey("sign.id"), nullable=False),
        sa.Column("observed_on", sa.Date()),
        *_texts("inspector"),
        sa.Column("condition", sa.Text(), nullable=False),
        *(sa.Column(n, sa.Double()) for n in ("lon", "lat", "distance_m", "tolerance_m")),
        *_texts("text_han", "text_roman", "reason_zh", "reason_en"),
        sa.Column("raw", sa.Text(), nullable=False),
        _version(),
        sqlite_autoincrement=True,
    )
    for column in ("submission_id", "sign_id"):
        op.create_index(f"ix_sign_inspection_{column}", "sign_inspection", [column])


def _create_repair() -> None:
    op.create_table(
        "sign_repair",
        _identity(),
        sa.Column("sign_id", ID, sa.ForeignKey("sign.id"), nullable=False),
        sa.Column("inspection_id", ID, sa.ForeignKey("sign_inspection.id")),
        sa.Column("sign_no", sa.Text(), nullable=False),
        *_texts("division_code"),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date()),
        sa.Column("due_on", sa.Date()),
        *_texts("responsible"),
        sa.Column("done_on", sa.Date()),
        *_texts("done_by", "remark"),
        _version(),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sign_repair_sign_id", "sign_repair", ["sign_id"])
    op.create_index("ix_sign_repair_division_code", "sign_repair", ["division_code"])
    op.create_index("ix_sign_repair_state", "sign_repair", ["state", "due_on", "id"])
