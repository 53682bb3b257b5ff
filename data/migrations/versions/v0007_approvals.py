"""Approvals: applications with their steps and papers, experts and their opinions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables of approvals and experts, and the successor of a name."""
    _create_approval()
    _create_approval_step()
    _create_approval_paper()
    _create_expert()
    _create_approval_opinion()
    op.add_column("place_name", sa.Column("successor_id", ID))


def _create_approval() -> None:
    op.create_table(
        "approval",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_class", sa.Text(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pinyin", sa.Text()),
        sa.Column("romanization", sa.Text()),
        sa.Column("name_mong", sa.Text()),
        sa.Column("place_id", ID, sa.ForeignKey("place.id")),
        sa.Column("former_name", sa.Text()),
        sa.Column("successor_place_id", ID, sa.ForeignKey("place.id")),
        sa.Column("division_code", KEY, nullable=False),
        sa.Column("applicant", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("position", sa.Text()),
        sa.Column("extent", sa.Text()),
        sa.Column("nature", sa.Text()),
        sa.Column("meaning", sa.Text()),
        sa.Column("origin", sa.Text()),
        sa.Column("lon", sa.Double()),
        sa.Column("lat", sa.Double()),
        sa.Column("measures", sa.Text()),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("approving_body", sa.Text(), nullable=False),
        sa.Column("approving_code", sa.Text()),
        sa.Column("filing_body", sa.Text()),
        sa.Column("filing_code", sa.Text()),
        sa.Column("announcing_body", sa.Text(), nullable=False),
        sa.Column("announcing_code", sa.Text()),
        sa.Column("filing_clock", sa.Text()),
        sa.Column("announcement_clock", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("filing_state", sa.Text()),
        sa.Column("announcement_state", sa.Text()),
        sa.Column("applied_on", sa.Date()),
        sa.Column("checked_at", sa.Text()),
        sa.Column("check_report", sa.Text()),
        sa.Column("answers", sa.Text()),
        sa.Column("decided_on", sa.Date()),
        sa.Column("decision_no", sa.Text()),
        sa.Column("decision_note", sa.Text()),
        sa.Column("filing_sent_on", sa.Date()),
        sa.Column("filed_on", sa.Date()),
        sa.Column("filing_no", sa.Text()),
        sa.Column("announced_on", sa.Date()),
        sa.Column("announced_in", sa.Text()),
        sa.Column("due_on", sa.Date()),
        sa.Column("synthetic", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_approval_division_code", "approval", ["division_code", "id"])
    op.create_index("ix_approval_due_on", "approval", ["due_on", "id"])
    op.create_index("ix_approval_kind", "approval", ["kind", "id"])
    op.create_index("ix_approval_name", "approval", ["name"])
    op.create_index("ix_approval_name_class", "approval", ["name_class", "id"])
    op.create_index("ix_approval_place_id", "approval", ["place_id"])
    op.create_index("ix_approval_state", "approval", ["state", "id"])


def _create_approval_step() -> None:
    op.create_table(
        "approval_step",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("approval_id", ID, sa.ForeignKey("approval.id"), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("filing_state", sa.Text()),
        sa.Column("announcement_state", sa.Text()),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date()),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("details", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_approval_step_approval_id", "approval_step", ["approval_id"])


def _create_approval_paper() -> None:
    op.create_table(
        "approval_paper",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("approval_id", ID, sa.ForeignKey("approval.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), sa.ForeignKey("stored_file.sha256"), nullable=False),
        sa.Column("size_bytes", ID, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_approval_paper_approval_id", "approval_paper", ["approval_id"])


def _create_expert() -> None:
    op.create_table(
        "expert",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("organisation", sa.Text()),
        sa.Column("contact", sa.Text()),
        sa.Column("account", sa.Text()),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("division_code", KEY),
        sa.Column("available_from", sa.Date()),
        sa.Column("available_to", sa.Date()),
        sa.Column("retired", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("conflicts", sa.Text()),
        sa.Column("remark", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_expert_account", "expert", ["account"])
    op.create_index("ix_expert_division_code", "expert", ["division_code"])


def _create_approval_opinion() -> None:
    op.create_table(
        "approval_opinion",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("approval_id", ID, sa.ForeignKey("approval.id"), nullable=False),
        sa.Column("expert_id", ID, sa.ForeignKey("expert.id"), nullable=False),
        sa.Column("invited_on", sa.Date()),
        sa.Column("invited_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.Column("vote", sa.Text()),
        sa.Column("opinion", sa.Text()),
        sa.Column("paper_id", ID, sa.ForeignKey("approval_paper.id")),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_approval_opinion_approval_id", "approval_opinion", ["approval_id"])
    op.create_index("ix_approval_opinion_expert_id", "approval_opinion", ["expert_id"])
    op.create_index(
        "ix_approval_opinion_once", "approval_opinion", ["approval_id", "expert_id"], unique=True
    )
