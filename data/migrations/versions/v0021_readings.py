"""Readings of closed positions."""

import sqlalchemy as sa
from alembic import op

from data import guards

revision = "0021"
down_revision = "0020"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KEPT = "readings are append-only; nothing in them is changed or removed"


def upgrade() -> None:
    """Add the table and its guards."""
    op.create_table(
        "reading",
        sa.Column("sequence", ID, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False, index=True),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
    )
    connection = op.get_bind()
    guards.forbid(connection, "reading", "UPDATE", KEPT)
    guards.forbid(connection, "reading", "DELETE", KEPT)
    guards.forbid_replacing(connection, "reading", KEPT)
    guards.forbid_emptying(connection, "reading", KEPT)
