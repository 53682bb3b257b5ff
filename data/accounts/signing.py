"""Signing in and out: password, optional one-time code, sessions, lock-out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from data.accounts import secrets
from data.accounts.register import administrators_only, find_account, read_account, stamp
from data.accounts.tables import account, account_secret, account_session
from data.actors import Actor
from data.errors import InvalidValue, SignInRefused
from data.hot import fetch
from data.store import Store

IDLE_FOR = timedelta(minutes=60)
LASTS = timedelta(hours=12)
"""A session ends after an hour without a request, and half a day after it began."""
FREE_FAILURES = 5
_FIRST_LOCK, LONGEST_LOCK = timedelta(seconds=30), timedelta(hours=1)
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in.

    Attributes:
        account_id: the account.
        actor: what it may do.
        csrf: what each form of the session's pages must send back.
    """

    account_id: int
    actor: Actor
    csrf: str


def sign_in(store: Store, name: str, password: str, code: str, now: datetime) -> str:
    """Begin a session; returns its secret.

    The fifth failure in a row locks the account for half a minute, each further one for twice as
    long as the one before, up to an hour; what is wrong is never told, so that nobody learns which
    accounts there are.

    Raises:
        SignInRefused: name, password or code is wrong, or the account is closed or locked.
    """
    with store.read() as connection:
        found = _find(connection, name)
    kept = found.password_hash if found else None
    fits = secrets.password_fits(kept, password)
    with store.write("sign-in", "sign in") as transaction:
        connection = transaction.connection
        again = _find(connection, name)
        if again is None:
            raise SignInRefused
        refused = bool(again.locked_until and again.locked_until > stamp(now))
        if not refused:
            step = _step(again, code, now)
            refused = not fits or again.password_hash != kept or step is False
            _count(connection, again, step or None, now, failed=refused)
        secret = None if refused else begin_session(connection, again.id, now)
    if secret is None:
        raise SignInRefused
    return secret


def _find(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(
        select(account.c.id, account_secret)
        .join(account_secret, account_secret.c.account_id == account.c.id)
        .where(account.c.name == name.strip().lower(), account.c.closed.is_(False))
    ).one_or_none()


def _step(row: Row[Any], code: str, now: datetime) -> int | bool | None:
    """The step of a good code; None where none is asked for; False where it is wrong."""
    if row.totp_secret is None:
        return None
    step = secrets.totp_step(row.totp_secret, code.strip(), now.timestamp(), row.totp_used_step)
    return False if step is None else step


def _count(
    connection: Connection,
    row: Row[Any],
    step: int | None,
    now: datetime,
    *,
    failed: bool,
) -> None:
    failures = row.failures + 1 if failed else 0
    values: dict[str, object] = {"failures": failures, "locked_until": None}
    if failures >= FREE_FAILURES:
        values["locked_until"] = stamp(now + _lock(failures - FREE_FAILURES))
    if step is not None and not failed:
        values["totp_used_step"] = step
    connection.execute(
        update(account_secret).where(account_secret.c.account_id == row.id).values(**values)
    )


def _lock(doublings: int) -> timedelta:
    # Capped before it is doubled: after days of guessing the product is past any timedelta.
    longest = (LONGEST_LOCK // _FIRST_LOCK).bit_length()
    return min(_FIRST_LOCK * (1 << min(doublings, longest)), LONGEST_LOCK)


def begin_session(connection: Connection, account_id: int, now: datetime) -> str:
    """Begin a session of an account that has proved itself; returns its secret."""
    secret = secrets.new_secret()
    connection.execute(
        delete(account_session).where(account_session.c.created_at < stamp(now - LASTS))
    )
    connection.execute(
        insert(account_session).values(
            sha256=secrets.digest(secret),
            account_id=account_id,
            csrf=secrets.new_secret(),
            created_at=stamp(now),
            seen_at=stamp(now),
        )
    )
    return secret


def read_session(store: Store, secret: str, now: datetime) -> Session | None:
    """Who is signed in by a session's secret; None where the session has ended."""
    sha256 = secrets.digest(secret)
    with store.read() as connection:
        row = connection.execute(
            select(account_session).where(
                account_session.c.sha256 == sha256,
                account_session.c.created_at >= stamp(now - LASTS),
                account_session.c.seen_at >= stamp(now - IDLE_FOR),
            )
        ).one_or_none()
        if row is None:
            return None
        found = read_account(connection, row.account_id)
    if row.seen_at < stamp(now - _SEEN_EVERY):
        _seen(store, sha256, now)
    return None if found.closed else Session(found.id, found.actor, row.csrf)


_PEEK = "SELECT account_id, created_at, seen_at FROM account_session WHERE sha256 = :sha256"


def account_of_session(connection: Connection, secret: str, now: datetime) -> int | None:
    """The account of a running session that was noted as seen within a minute; else None.

    Who gets None asks `read_session`, which tells an ended session from one to be noted again.
    """
    rows = fetch(connection, _PEEK, {"sha256": secrets.digest(secret)}, prepared=True)
    if not rows:
        return None
    identity, created_at, seen_at = rows[0]
    fresh = created_at >= stamp(now - LASTS) and seen_at >= stamp(now - _SEEN_EVERY)
    return int(identity) if fresh else None


def _seen(store: Store, sha256: str, now: datetime) -> None:
    with store.write("session", "seen") as transaction:
        transaction.connection.execute(
            update(account_session)
            .where(account_session.c.sha256 == sha256)
            .values(seen_at=stamp(now))
        )


def sign_out(store: Store, secret: str) -> None:
    """End a session; one that has ended already is as good."""
    with store.write("session", "sign out") as transaction:
        transaction.connection.execute(
            delete(account_session).where(account_session.c.sha256 == secrets.digest(secret))
        )


def require_code(store: Store, name: str, secret: str, code: str, now: datetime) -> None:
    """Ask for a one-time code at each sign-in from now on.

    Args:
        store: the store.
        name: the account.
        secret: from `secrets.new_totp_secret`, shown to its owner.
        code: a code that the owner's program gives for it, as proof.
        now: the present.

    Raises:
        InvalidValue: the secret is none, or the code is not of it.
    """
    if not secrets.is_totp_secret(secret):
        raise InvalidValue(
            "secret", "…", "it is no secret of an authenticator", "ask for a new one",
            "密钥不是动态码密钥；请重新获取",
        )  # fmt: skip
    step = secrets.totp_step(secret, code.strip(), now.astimezone(UTC).timestamp(), None)
    if step is None:
        raise InvalidValue(
            "code", code, "it is not the present code of this secret", "check the device's clock",
            "动态码不正确；请检查设备时间后重新填写",
        )  # fmt: skip
    with store.write(name, "ask for a one-time code at sign-in") as transaction:
        found = find_account(transaction.connection, name)
        transaction.connection.execute(
            update(account_secret)
            .where(account_secret.c.account_id == found.id)
            .values(totp_secret=secret, totp_used_step=step)
        )
        transaction.update(account, found.id, found.version, {})


def drop_code(store: Store, actor: Actor, account_id: int) -> None:
    """Ask an account for no code any more: for one whose device is lost.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is no such account.
    """
    administrators_only(actor, "drop an account's one-time code")
    with store.write(actor.name, "drop an account's one-time code") as transaction:
        found = read_account(transaction.connection, account_id)
        transaction.connection.execute(
            update(account_secret)
            .where(account_secret.c.account_id == account_id)
            .values(totp_secret=None, totp_used_step=None)
        )
        transaction.update(account, account_id, found.version, {})
