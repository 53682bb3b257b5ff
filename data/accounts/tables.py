"""Accounts, what they may do where, and their secrets.

What is a secret (hashes of passwords, sessions) stands in tables that the journal does not keep.
"""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from data.releases import Secret, release
from data.tables import ID, flag_column, metadata, record_table, text_column

account = record_table(
    "account",
    Column("name", Text, nullable=False, unique=True),
    text_column("display_name"),
    flag_column("closed"),
)
"""A person or program that signs in; closed ones stay, for the journal's sake."""

account_grant = record_table(
    "account_grant",
    Column("account_id", ID, ForeignKey("account.id"), nullable=False, index=True),
    text_column("role", required=True),
    text_column("division_code"),
)
"""A role in a division and below it; without a division, everywhere."""

account_token = record_table(
    "account_token",
    Column("account_id", ID, ForeignKey("account.id"), nullable=False, index=True),
    text_column("label", required=True),
    Column("sha256", Text, nullable=False, unique=True),
    text_column("scopes", required=True),
    text_column("created_at", required=True),
    text_column("expires_at", required=True),
    text_column("revoked_at"),
)
"""A program's token: only its hash is kept; `scopes` are roles, parted by blanks."""

account_secret = Table(
    "account_secret",
    metadata,
    Column("account_id", ID, ForeignKey("account.id"), primary_key=True, autoincrement=False),
    Column("password_hash", Text),
    Column("totp_secret", Text),
    Column("totp_used_step", ID),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Text),
)
"""How an account signs in; not in the journal."""

account_session = Table(
    "account_session",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("account_id", ID, ForeignKey("account.id"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
)
"""Who is signed in, by the hash of the session's secret; not in the journal."""

account_invitation = Table(
    "account_invitation",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("account_id", ID, ForeignKey("account.id"), nullable=False, index=True),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
)
"""One-time links to choose a password, by the hash of their secret; not in the journal."""

for _secret in (
    *(account, account_grant, account_token),
    *(account_secret, account_session, account_invitation),
):
    release(_secret, Secret())
