"""Accounts: who signs in, grants, secrets, sessions, one-time links, tokens."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables, empty."""
    _records(
        "account",
        sa.Column("name", sa.Text(), nullable=False, unique=True),
        sa.Column("display_name", sa.Text()),
        sa.Column("closed", sa.Boolean(), nullable=False, server_default="0"),
    )
    _records(
        "account_grant",
        _account(index=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("division_code", sa.Text()),
    )
    _records(
        "account_token",
        _account(index=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False, unique=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text()),
    )
    op.create_table(
        "account_secret",
        _account(primary_key=True, autoincrement=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("totp_secret", sa.Text()),
        sa.Column("totp_used_step", ID),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("locked_until", sa.Text()),
    )
    op.create_table(
        "account_session",
        sa.Column("sha256", sa.Text(), primary_key=True),
        _account(index=True),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
    )
    op.create_table(
        "account_invitation",
        sa.Column("sha256", sa.Text(), primary_key=True),
        _account(index=True),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text()),
    )


def _account(**more: Any) -> sa.Column[int]:
    return sa.Column("account_id", ID, sa.ForeignKey("account.id"), nullable=False, **more)


def _records(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *columns,
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )
