"""Accounts: who signs in, what each may do where, sessions and tokens."""

from data.accounts.grants import parse_grant
from data.accounts.outside import Recognised, sign_in_recognised
from data.accounts.register import (
    Account,
    accept_invitation,
    change_password,
    close_account,
    find_account,
    has_accounts,
    invite,
    open_account,
    read_account,
    read_accounts,
    set_grants,
)
from data.accounts.secrets import TOKEN_PREFIX, new_totp_secret, totp_address
from data.accounts.signing import (
    Session,
    account_of_session,
    drop_code,
    read_session,
    require_code,
    sign_in,
    sign_out,
)
from data.accounts.tokens import (
    Token,
    holder_of_token,
    issue_token,
    read_tokens,
    revoke_token,
)

__all__ = [
    "TOKEN_PREFIX",
    "Account",
    "Recognised",
    "Session",
    "Token",
    "accept_invitation",
    "account_of_session",
    "change_password",
    "close_account",
    "drop_code",
    "find_account",
    "has_accounts",
    "holder_of_token",
    "invite",
    "issue_token",
    "new_totp_secret",
    "open_account",
    "parse_grant",
    "read_account",
    "read_accounts",
    "read_session",
    "read_tokens",
    "require_code",
    "revoke_token",
    "set_grants",
    "sign_in",
    "sign_in_recognised",
    "sign_out",
    "totp_address",
]
