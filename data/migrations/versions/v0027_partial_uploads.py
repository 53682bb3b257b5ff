"""Files that come in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Add the tables, empty."""
    op.create_table(
        "partial_upload",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("owner", sa.Text(), nullable=False, index=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False, index=True),
        sa.Column("sha256", sa.Text()),
    )
    op.create_table(
        "partial_upload_part",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("begins", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
    )
