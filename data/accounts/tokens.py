"""Tokens for programs: shown once, kept as a hash, with scopes and an end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from data.accounts import secrets
from data.accounts.register import find_account, read_account, stamp
from data.accounts.tables import account_token
from data.actors import Actor, Role
from data.errors import Forbidden, InvalidValue, NotFound
from data.store import Store

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it: without its secret."""

    id: int
    label: str
    scopes: tuple[Role, ...]
    created_at: str
    expires_at: str
    revoked_at: str | None

    def as_json(self) -> dict[str, Any]:
        """The token for programs."""
        return {
            "id": self.id,
            "label": self.label,
            "scopes": list(self.scopes),
            "created_at": self.created_at,
            "expires_at": self.expires_at,
            "revoked_at": self.revoked_at,
        }


def issue_token(
    store: Store, owner: str, label: str, scopes: Iterable[Role], lasts: timedelta, now: datetime
) -> str:
    """A new token of an account; its text is told this once.

    Args:
        store: the store.
        owner: the account; a token may what its account may, within its scopes.
        label: what it is for.
        scopes: the roles that it may use.
        lasts: how long it is good, at most a year.
        now: the present.

    Raises:
        InvalidValue: no scope or too long a life.
        NotFound: there is no such account.
    """
    wanted = tuple(sorted(set(scopes)))
    if not wanted or not timedelta() < lasts <= LONGEST:
        raise InvalidValue(
            "token", label, f"a token has a scope and lasts up to {LONGEST.days} days",
            "give both", f"令牌须有范围，有效期不超过 {LONGEST.days} 天；请重新填写",
        )  # fmt: skip
    text = secrets.TOKEN_PREFIX + secrets.new_secret()
    with store.write(owner, f"issue token {label}") as transaction:
        found = find_account(transaction.connection, owner)
        transaction.insert(
            account_token,
            {
                "account_id": found.id,
                "label": label,
                "sha256": secrets.digest(text),
                "scopes": " ".join(wanted),
                "created_at": stamp(now),
                "expires_at": stamp(now + lasts),
            },
        )
    return text


def read_tokens(connection: Connection, account_id: int) -> list[Token]:
    """An account's tokens, the newest first."""
    rows = connection.execute(
        select(account_token)
        .where(account_token.c.account_id == account_id)
        .order_by(account_token.c.id.desc())
    )
    return [
        Token(
            row.id,
            row.label,
            tuple(map(Role, row.scopes.split())),
            row.created_at,
            row.expires_at,
            row.revoked_at,
        )
        for row in rows
    ]


def holder_of_token(connection: Connection, text: str) -> tuple[Actor, str] | None:
    """Who a token acts for, within its scopes, and when it ends; None where it is none or revoked.

    All but the passing of its end follows from journalled records: until the next write of the
    store (`Store.change_mark`) the answer stays the same.
    """
    row = connection.execute(
        select(account_token).where(
            account_token.c.sha256 == secrets.digest(text), account_token.c.revoked_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    actor = read_account(connection, row.account_id).actor
    scopes = set(row.scopes.split())
    within = frozenset(grant for grant in actor.grants if grant.role in scopes)
    return Actor(actor.name, within), row.expires_at


def revoke_token(store: Store, actor: Actor, token_id: int) -> None:
    """End a token: one's own, or as an administrator anyone's.

    Raises:
        NotFound: there is no such token.
        Forbidden: it is another's.
    """
    with store.write(actor.name, "revoke a token") as transaction:
        connection = transaction.connection
        row = connection.execute(
            select(account_token).where(account_token.c.id == token_id)
        ).one_or_none()
        if row is None:
            raise NotFound(f"there is no token {token_id}", f"没有编号为 {token_id} 的令牌")
        owner = read_account(connection, row.account_id).name
        if owner != actor.name and not actor.may(Role.ADMINISTRATOR, ()):
            raise Forbidden("revoke another's token", [Role.ADMINISTRATOR], None)
        if row.revoked_at is None:
            transaction.update(account_token, token_id, row.version, {"revoked_at": transaction.at})
