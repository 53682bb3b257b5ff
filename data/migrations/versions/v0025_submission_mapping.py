"""What a person says of an inspection file's columns."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Add the column; files sent before were read by the names of their columns."""
    op.add_column("submission", sa.Column("mapping", sa.Text()))
