"""The register of accounts: who there is, what each may do where, and one-time links.

Acts are of administrators; the last one of them cannot be closed, nor lose the role.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from data.accounts import secrets
from data.accounts.tables import (
    account,
    account_grant,
    account_invitation,
    account_secret,
    account_session,
    account_token,
)
from data.actors import Actor, Grant, Role
from data.errors import Conflict, InvalidValue, NotFound
from data.store import Store
from data.transaction import Transaction

INVITATION_LASTS = timedelta(hours=24)
_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Account:
    """An account as administrators see it: no secret is in it."""

    id: int
    name: str
    display_name: str | None
    closed: bool
    version: int
    grants: frozenset[Grant]

    @property
    def actor(self) -> Actor:
        """The account as one who acts; a closed one may nothing."""
        return Actor(self.name, frozenset() if self.closed else self.grants)

    def as_json(self) -> dict[str, Any]:
        """The account for programs."""
        granted = sorted((grant.role, grant.division_code or "") for grant in self.grants)
        return {
            "id": self.id,
            "name": self.name,
            "display_name": self.display_name,
            "closed": self.closed,
            "grants": [{"role": role, "division_code": code or None} for role, code in granted],
        }


def stamp(moment: datetime) -> str:
    """A moment as the tables keep it: UTC, with microseconds, in the order of time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def has_accounts(connection: Connection) -> bool:
    """Whether anybody has an account."""
    return connection.scalar(select(exists().select_from(account))) is True


def read_accounts(connection: Connection) -> list[Account]:
    """Every account, by name."""
    identities = connection.scalars(select(account.c.id).order_by(account.c.name)).all()
    return [read_account(connection, identity) for identity in identities]


def read_account(connection: Connection, identity: int) -> Account:
    """An account by its id.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(select(account).where(account.c.id == identity)).one_or_none()
    if row is None:
        raise NotFound(f"there is no account {identity}", f"没有编号为 {identity} 的账号")
    granted = select(account_grant.c.role, account_grant.c.division_code).where(
        account_grant.c.account_id == identity
    )
    grants = frozenset(Grant(Role(role), code) for role, code in connection.execute(granted))
    return Account(row.id, row.name, row.display_name, bool(row.closed), row.version, grants)


def find_account(connection: Connection, name: str) -> Account:
    """An account by its name.

    Raises:
        NotFound: there is none.
    """
    identity = connection.scalar(select(account.c.id).where(account.c.name == name.lower()))
    if identity is None:
        raise NotFound(f"there is no account {name!r}", f"没有账号“{name}”")
    return read_account(connection, identity)


def open_account(
    store: Store,
    actor: Actor,
    name: str,
    grants: Iterable[Grant],
    now: datetime,
    display_name: str | None = None,
) -> tuple[int, str]:
    """Make an account; returns its id and the secret of a one-time link to choose a password.

    Raises:
        Forbidden: the actor is no administrator.
        InvalidValue: the name is taken or not made of letters, digits and . _ -
    """
    administrators_only(actor, "open an account")
    plain = _plain_name(name)
    with store.write(actor.name, f"open account {plain}") as transaction:
        connection = transaction.connection
        if find_name(connection, plain) is not None:
            raise InvalidValue(
                "name", plain, "another account has this name", "choose another",
                f"账号名“{plain}”已被使用；请另选一个",
            )  # fmt: skip
        identity = transaction.insert(account, {"name": plain, "display_name": display_name})
        connection.execute(insert(account_secret).values(account_id=identity))
        _grant(transaction, identity, grants)
        return identity, _invite(connection, identity, now)


def find_name(connection: Connection, name: str) -> int | None:
    """The account of a name; None where there is none."""
    plain = name.strip().lower()
    return connection.scalar(select(account.c.id).where(account.c.name == plain))


def open_without_link(transaction: Transaction, name: str, display_name: str | None) -> int:
    """Make an account that signs in by another service only; returns its id.

    Raises:
        InvalidValue: the name is not made of letters, digits and . _ -
    """
    values = {"name": _plain_name(name), "display_name": display_name}
    identity = transaction.insert(account, values)
    transaction.connection.execute(insert(account_secret).values(account_id=identity))
    return identity


def _plain_name(name: str) -> str:
    plain = name.strip().lower()
    fits = plain and len(plain) <= _NAME_LENGTH and all(c.isalnum() or c in "._-" for c in plain)
    if not fits:
        raise InvalidValue(
            "name",
            name,
            f"an account's name has 1 to {_NAME_LENGTH} letters, digits or . _ -",
            "choose such a name",
            f"账号名须为 1–{_NAME_LENGTH} 个字母、汉字、数字或 . _ -；请重新填写",
        )
    return plain


def invite(store: Store, actor: Actor, identity: int, now: datetime) -> str:
    """A new one-time link for an account, in place of any older one; signs it out everywhere.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is no such account.
    """
    administrators_only(actor, "give a one-time link")
    with store.write(actor.name, "give a one-time link") as transaction:
        connection = transaction.connection
        found = read_account(connection, identity)
        _end_sessions(connection, identity)
        transaction.update(account, identity, found.version, {})
        return _invite(connection, identity, now)


def _invite(connection: Connection, identity: int, now: datetime) -> str:
    secret = secrets.new_secret()
    connection.execute(
        delete(account_invitation).where(account_invitation.c.account_id == identity)
    )
    connection.execute(
        insert(account_invitation).values(
            sha256=secrets.digest(secret),
            account_id=identity,
            expires_at=stamp(now + INVITATION_LASTS),
        )
    )
    return secret


def set_grants(store: Store, actor: Actor, identity: int, grants: Iterable[Grant]) -> None:
    """Say anew what an account may do where.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is no such account.
        Conflict: no administrator would be left.
    """
    administrators_only(actor, "change what an account may do")
    with store.write(actor.name, "change what an account may do") as transaction:
        read_account(transaction.connection, identity)
        change_grants(transaction, identity, grants)


def change_grants(transaction: Transaction, identity: int, grants: Iterable[Grant]) -> None:
    """Give an account these roles in place of all others.

    Raises:
        Conflict: it was the last administrator and would be none.
    """
    connection = transaction.connection
    before = read_account(connection, identity).grants
    held = select(account_grant.c.id, account_grant.c.version).where(
        account_grant.c.account_id == identity
    )
    for grant_id, version in connection.execute(held).all():
        transaction.delete(account_grant, grant_id, version)
    _grant(transaction, identity, grants)
    if Grant(Role.ADMINISTRATOR) in before:
        _keep_an_administrator(connection)


def close_account(store: Store, actor: Actor, identity: int) -> None:
    """Close an account: it signs in no more, its sessions and tokens end.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is no such account.
        Conflict: no administrator would be left.
    """
    administrators_only(actor, "close an account")
    with store.write(actor.name, "close an account") as transaction:
        found = read_account(transaction.connection, identity)
        transaction.update(account, identity, found.version, {"closed": True})
        _end_sessions(transaction.connection, identity)
        open_tokens = select(account_token.c.id, account_token.c.version).where(
            account_token.c.account_id == identity, account_token.c.revoked_at.is_(None)
        )
        for token_id, version in transaction.connection.execute(open_tokens).all():
            transaction.update(account_token, token_id, version, {"revoked_at": transaction.at})
        _keep_an_administrator(transaction.connection)


def accept_invitation(store: Store, secret: str, password: str, now: datetime) -> str:
    """Choose a password by a one-time link; returns the account's name. The link is spent.

    Raises:
        NotFound: the link is spent, expired or none.
        InvalidValue: the password breaks a rule; the link stays good.
    """
    sha256 = secrets.digest(secret)
    with store.write("one-time link", "choose a password") as transaction:
        connection = transaction.connection
        row = connection.execute(
            select(account_invitation, account.c.name, account.c.version)
            .join(account, account.c.id == account_invitation.c.account_id)
            .where(account_invitation.c.sha256 == sha256, account.c.closed.is_(False))
        ).one_or_none()
        if row is None or row.used_at is not None or row.expires_at < stamp(now):
            raise NotFound(
                "this one-time link is spent or expired: ask an administrator for a new one",
                "此一次性链接已使用或已过期；请向管理员索取新的链接",
            )
        secrets.check_password(password, row.name)
        _set_password(connection, row.account_id, password)
        connection.execute(
            update(account_invitation)
            .where(account_invitation.c.sha256 == sha256)
            .values(used_at=stamp(now))
        )
        transaction.update(account, row.account_id, row.version, {})
        return str(row.name)


def change_password(store: Store, name: str, old: str, new: str) -> None:
    """Choose a new password by the old one; every session of the account ends.

    Raises:
        InvalidValue: the old one is wrong, or the new one breaks a rule.
    """
    secrets.check_password(new, name)
    with store.write(name, "change the password") as transaction:
        connection = transaction.connection
        found = find_account(connection, name)
        kept = connection.scalar(
            select(account_secret.c.password_hash).where(account_secret.c.account_id == found.id)
        )
        if not secrets.password_fits(kept, old):
            raise InvalidValue(
                "old_password", "…", "it is not the present password", "give the present one",
                "原密码不正确；请重新填写",
            )  # fmt: skip
        _set_password(connection, found.id, new)
        _end_sessions(connection, found.id)
        transaction.update(account, found.id, found.version, {})


def _set_password(connection: Connection, identity: int, password: str) -> None:
    connection.execute(
        update(account_secret)
        .where(account_secret.c.account_id == identity)
        .values(password_hash=secrets.hash_password(password), failures=0, locked_until=None)
    )


def _end_sessions(connection: Connection, identity: int) -> None:
    connection.execute(delete(account_session).where(account_session.c.account_id == identity))


def _grant(transaction: Transaction, identity: int, grants: Iterable[Grant]) -> None:
    rows: Sequence[dict[str, Any]] = [
        {"account_id": identity, "role": grant.role, "division_code": grant.division_code}
        for grant in sorted(set(grants), key=lambda one: (one.role, one.division_code or ""))
    ]
    if rows:
        transaction.insert_many(account_grant, rows)


def _keep_an_administrator(connection: Connection) -> None:
    left = connection.scalar(
        select(func.count())
        .select_from(account_grant.join(account, account.c.id == account_grant.c.account_id))
        .where(
            account.c.closed.is_(False),
            account_grant.c.role == Role.ADMINISTRATOR,
            account_grant.c.division_code.is_(None),
        )
    )
    if not left:
        raise Conflict(
            "this is the last administrator: make another one first",
            "这是最后一个管理员账号；请先设立另一个管理员",
        )


def administrators_only(actor: Actor, act: str) -> None:
    """Refuse whoever is no administrator everywhere."""
    actor.require([Role.ADMINISTRATOR], (), act)
