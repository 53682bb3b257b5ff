"""Indexes of what waits in cases, and of verdicts by day."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Add the indexes; no record changes."""
    op.create_index("ix_approval_filing_state", "approval", ["filing_state", "id"])
    op.create_index("ix_approval_announcement_state", "approval", ["announcement_state", "id"])
    op.create_index("ix_inspection_day", "inspection", ["observed_on", "verdict"])
