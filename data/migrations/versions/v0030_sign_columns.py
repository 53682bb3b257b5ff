"""What a person says of the columns of a file of sign inspections."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Add the column; files sent before were read by the names of their columns."""
    op.add_column("sign_submission", sa.Column("mapping", sa.Text()))
