"""Problems that the public reports, and the stories of heritage names."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables, empty."""
    _create_reports()
    op.create_table(
        "problem_reporter",
        sa.Column("report_id", ID, sa.ForeignKey("problem_report.id"), primary_key=True),
        sa.Column("contact", sa.Text(), nullable=False),
    )
    op.create_table(
        "heritage_story",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("heritage_id", ID, sa.ForeignKey("heritage.id"), nullable=False, unique=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )


def _create_reports() -> None:
    op.create_table(
        "problem_report",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("code_hash", sa.Text(), nullable=False, unique=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text()),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("place_text", sa.Text()),
        sa.Column("lon", sa.Double()),
        sa.Column("lat", sa.Double()),
        sa.Column("division_code", KEY),
        sa.Column("photo_sha256", sa.Text(), sa.ForeignKey("stored_file.sha256")),
        sa.Column("received_on", sa.Date()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("handled_by", sa.Text()),
        sa.Column("answer", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("closed_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_problem_report_division_code", "problem_report", ["division_code"])
    op.create_index("ix_problem_report_queue", "problem_report", ["state", "id"])
