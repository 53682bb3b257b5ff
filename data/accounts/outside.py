"""Accounts of people whom another service has recognised (单点登录): who they are there, here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, ForeignKey, Table, Text, insert, select

from data.accounts.register import change_grants, find_name, open_without_link, read_account
from data.accounts.signing import begin_session
from data.accounts.tables import account
from data.actors import Grant
from data.errors import SignInRefused
from data.releases import Secret, release
from data.store import Store
from data.tables import ID, metadata

account_identity = Table(
    "account_identity",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("account_id", ID, ForeignKey("account.id"), nullable=False, index=True),
)
"""Who an account is for another service: by the service's own lasting identifier."""
release(account_identity, Secret())


@dataclass(frozen=True, slots=True)
class Recognised:
    """A person as another service knows them.

    Attributes:
        issuer: the service.
        subject: its lasting identifier of the person.
        name: the name that the person uses there.
        display_name: the person's name; empty where not told.
    """

    issuer: str
    subject: str
    name: str
    display_name: str = ""


def sign_in_recognised(
    store: Store, person: Recognised, grants: Iterable[Grant], now: datetime
) -> str:
    """Begin a session of a recognised person; returns its secret.

    At the first sign-in an account of the person's name is opened; an account that is there already
    under that name is somebody else's until an administrator says otherwise. At each sign-in the
    account's roles become those given.

    Raises:
        SignInRefused: no role is given, the account is closed, or the name is another's.
        Conflict: no administrator would be left.
    """
    wanted = frozenset(grants)
    if not wanted:
        raise SignInRefused
    with store.write("sign-in", f"sign in by {person.issuer}") as transaction:
        connection = transaction.connection
        identity = _known(connection, person)
        if identity is None:
            if find_name(connection, person.name) is not None:
                raise SignInRefused
            identity = open_without_link(transaction, person.name, person.display_name or None)
            connection.execute(
                insert(account_identity).values(
                    issuer=person.issuer, subject=person.subject, account_id=identity
                )
            )
        found = read_account(connection, identity)
        if found.closed:
            raise SignInRefused
        if found.grants != wanted:
            change_grants(transaction, identity, wanted)
            transaction.update(account, identity, found.version, {})
        return begin_session(connection, identity, now)


def _known(connection: Connection, person: Recognised) -> int | None:
    columns = account_identity.c
    return connection.scalar(
        select(columns.account_id).where(
            columns.issuer == person.issuer, columns.subject == person.subject
        )
    )
