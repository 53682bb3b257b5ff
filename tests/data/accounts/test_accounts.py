"""Accounts: one-time links, signing in, lock-out, roles, tokens, on both stores."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import Table, select, update

from data import accounts, journal
from data.accounts import tables
from data.accounts.register import stamp
from data.accounts.secrets import new_totp_secret
from data.actors import Actor, Grant, Role
from data.errors import Conflict, Forbidden, InvalidValue, NotFound, SignInRefused
from data.store import Store
from data.tables import journal as journal_table

NOW = datetime(2026, 5, 3, 1, 2, 3, tzinfo=UTC)
ROOT = Actor.operator("operator")
ADMINISTRATOR = [Grant(Role.ADMINISTRATOR)]
PASSWORD = "three grey cairns"  # noqa: S105 - of accounts that tests make


def opened(store: Store, name: str = "anna", grants: list[Grant] | None = None) -> int:
    identity, link = accounts.open_account(store, ROOT, name, grants or ADMINISTRATOR, NOW)
    assert accounts.accept_invitation(store, link, PASSWORD, NOW) == name
    return identity


def signed_in(store: Store, name: str = "anna", code: str = "", at: datetime = NOW) -> str:
    return accounts.sign_in(store, name, PASSWORD, code, at)


def test_a_link_is_good_once_and_the_password_signs_in(store: Store) -> None:
    identity, link = accounts.open_account(store, ROOT, " Anna ", ADMINISTRATOR, NOW)
    with pytest.raises(InvalidValue, match="10 to 128"):
        accounts.accept_invitation(store, link, "short", NOW)
    accounts.accept_invitation(store, link, PASSWORD, NOW)
    with pytest.raises(NotFound, match="spent"):
        accounts.accept_invitation(store, link, PASSWORD, NOW)
    session = accounts.read_session(store, signed_in(store, "ANNA"), NOW)
    assert session is not None
    assert (session.account_id, session.actor.name) == (identity, "anna")
    assert session.actor.may(Role.ADMINISTRATOR, ())


def test_a_link_ends_after_a_day(store: Store) -> None:
    _, link = accounts.open_account(store, ROOT, "anna", ADMINISTRATOR, NOW)
    with pytest.raises(NotFound):
        accounts.accept_invitation(store, link, PASSWORD, NOW + timedelta(hours=25))


def test_a_new_link_ends_the_old_one_and_every_session(store: Store) -> None:
    identity, old = accounts.open_account(store, ROOT, "anna", ADMINISTRATOR, NOW)
    new = accounts.invite(store, ROOT, identity, NOW)
    with pytest.raises(NotFound):
        accounts.accept_invitation(store, old, PASSWORD, NOW)
    accounts.accept_invitation(store, new, PASSWORD, NOW)
    session = signed_in(store)
    accounts.invite(store, ROOT, identity, NOW)
    assert accounts.read_session(store, session, NOW) is None


@pytest.mark.parametrize("password", ["aaaaaaaaaaaa", "anna anna anna", "1234567890", "x" * 129])
def test_weak_passwords_are_refused_and_never_shown(store: Store, password: str) -> None:
    _, link = accounts.open_account(store, ROOT, "anna", ADMINISTRATOR, NOW)
    with pytest.raises(InvalidValue) as refused:
        accounts.accept_invitation(store, link, password, NOW)
    assert password not in str(refused.value)


def test_what_is_wrong_is_never_told(store: Store) -> None:
    opened(store)
    said = set()
    for name, password in (("anna", "wrong wrong wrong"), ("nobody", PASSWORD), ("", "")):
        with pytest.raises(SignInRefused) as refused:
            accounts.sign_in(store, name, password, "", NOW)
        said.add(str(refused.value))
    assert len(said) == 1


def test_guessing_locks_the_account_for_longer_and_longer(store: Store) -> None:
    opened(store)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            accounts.sign_in(store, "anna", "wrong wrong wrong", "", NOW)
    with pytest.raises(SignInRefused):
        signed_in(store)
    assert signed_in(store, at=NOW + timedelta(seconds=31))
    with pytest.raises(SignInRefused):
        accounts.sign_in(store, "anna", "wrong wrong wrong", "", NOW)
    assert signed_in(store)


def test_a_lock_is_an_hour_at_most_however_long_it_was_guessed(store: Store) -> None:
    opened(store)
    with store.write("test", "two days of guessing") as transaction:
        transaction.connection.execute(update(tables.account_secret).values(failures=60))
    with pytest.raises(SignInRefused):
        accounts.sign_in(store, "anna", "wrong wrong wrong", "", NOW)
    with pytest.raises(SignInRefused):
        signed_in(store, at=NOW + timedelta(minutes=59))
    assert signed_in(store, at=NOW + timedelta(minutes=61))


def test_a_session_ends_by_idling_by_age_and_by_signing_out(store: Store) -> None:
    opened(store)
    secret = signed_in(store)
    assert accounts.read_session(store, secret, NOW + timedelta(minutes=61)) is None
    moment = NOW
    for _ in range(14):
        moment += timedelta(minutes=50)
        assert accounts.read_session(store, secret, moment)
    assert accounts.read_session(store, secret, moment + timedelta(minutes=50)) is None
    other = signed_in(store)
    accounts.sign_out(store, other)
    assert accounts.read_session(store, other, NOW) is None


def test_changing_the_password_needs_the_old_one_and_ends_sessions(store: Store) -> None:
    opened(store)
    secret = signed_in(store)
    with pytest.raises(InvalidValue, match="present password"):
        accounts.change_password(store, "anna", "wrong", "four grey cairns")
    accounts.change_password(store, "anna", PASSWORD, "four grey cairns")
    assert accounts.read_session(store, secret, NOW) is None
    with pytest.raises(SignInRefused):
        signed_in(store)


def test_a_one_time_code_is_asked_for_and_good_once(store: Store) -> None:
    identity = opened(store)
    secret = new_totp_secret()
    with pytest.raises(InvalidValue, match="code"):
        accounts.require_code(store, "anna", secret, "000000x", NOW)
    with pytest.raises(InvalidValue, match="secret"):
        accounts.require_code(store, "anna", "Ä no Base32", "000000", NOW)
    code = pyotp.TOTP(secret).at(NOW)
    accounts.require_code(store, "anna", secret, code, NOW)
    for wrong in ("", code, "１２３４５６"):
        with pytest.raises(SignInRefused):
            signed_in(store, code=wrong)
    later = NOW + timedelta(minutes=2)
    assert signed_in(store, code=pyotp.TOTP(secret).at(later), at=later)
    accounts.drop_code(store, ROOT, identity)
    assert signed_in(store, at=later)


def test_only_an_administrator_opens_and_closes_accounts(store: Store) -> None:
    editor = Actor("e", frozenset({Grant(Role.EDITOR), Grant(Role.ADMINISTRATOR, "152500")}))
    identity = opened(store)
    for act in (
        lambda: accounts.open_account(store, editor, "b", [], NOW),
        lambda: accounts.close_account(store, editor, identity),
        lambda: accounts.set_grants(store, editor, identity, []),
        lambda: accounts.invite(store, editor, identity, NOW),
        lambda: accounts.drop_code(store, editor, identity),
    ):
        with pytest.raises(Forbidden):
            act()


def test_the_last_administrator_stays(store: Store) -> None:
    first, second = opened(store), opened(store, "boris")
    accounts.close_account(store, ROOT, second)
    with pytest.raises(Conflict, match="last administrator"):
        accounts.close_account(store, ROOT, first)
    with pytest.raises(Conflict, match="last administrator"):
        accounts.set_grants(store, ROOT, first, [Grant(Role.ADMINISTRATOR, "150000")])
    with store.read() as connection:
        assert accounts.read_account(connection, first).actor.may(Role.ADMINISTRATOR, ())


def test_a_closed_account_signs_in_no_more_and_its_tokens_end(store: Store) -> None:
    opened(store)
    identity = opened(store, "boris")
    secret = signed_in(store, "boris")
    token = accounts.issue_token(store, "boris", "t", [Role.ADMINISTRATOR], timedelta(1), NOW)
    accounts.close_account(store, ROOT, identity)
    assert accounts.read_session(store, secret, NOW) is None
    with pytest.raises(SignInRefused):
        signed_in(store, "boris")
    with store.read() as connection:
        assert accounts.holder_of_token(connection, token) is None


def test_names_are_taken_once_and_made_of_plain_signs(store: Store) -> None:
    opened(store)
    with pytest.raises(InvalidValue, match="another account"):
        accounts.open_account(store, ROOT, "ANNA", [], NOW)
    for name in ("", " ", "a b", "a/b", "x" * 61):
        with pytest.raises(InvalidValue, match="letters"):
            accounts.open_account(store, ROOT, name, [], NOW)


def test_a_token_may_what_its_account_may_within_its_scopes(store: Store) -> None:
    opened(store)
    identity = opened(store, "s", [Grant(Role.SURVEYOR, "152500"), Grant(Role.EDITOR, "152500")])
    scopes = [Role.SURVEYOR, Role.ADMINISTRATOR]
    text = accounts.issue_token(store, "s", "field tablet", scopes, timedelta(days=30), NOW)
    with store.read() as connection:
        actor = Actor("s", frozenset({Grant(Role.SURVEYOR, "152500")}))
        until = stamp(NOW + timedelta(days=30))
        assert accounts.holder_of_token(connection, text) == (actor, until)
        assert accounts.holder_of_token(connection, text[:-1]) is None
        (token,) = accounts.read_tokens(connection, identity)
    with pytest.raises(Forbidden):
        accounts.revoke_token(store, Actor("other"), token.id)
    accounts.revoke_token(store, Actor("s"), token.id)
    with store.read() as connection:
        assert accounts.holder_of_token(connection, text) is None


@pytest.mark.parametrize(("scopes", "days"), [([], 1), ([Role.EDITOR], 0), ([Role.EDITOR], 400)])
def test_a_token_needs_a_scope_and_an_end(store: Store, scopes: list[Role], days: int) -> None:
    opened(store)
    with pytest.raises(InvalidValue):
        accounts.issue_token(store, "anna", "t", scopes, timedelta(days=days), NOW)


def test_no_secret_is_in_the_store_or_the_journal(store: Store) -> None:
    _, link = accounts.open_account(store, ROOT, "anna", ADMINISTRATOR, NOW)
    accounts.accept_invitation(store, link, PASSWORD, NOW)
    secrets = [
        link,
        PASSWORD,
        signed_in(store),
        accounts.issue_token(store, "anna", "t", [Role.EDITOR], timedelta(1), NOW),
    ]
    with store.read() as connection:
        kept = [
            str(row)
            for table in (*vars(tables).values(), journal_table)
            if isinstance(table, Table)
            for row in connection.execute(select(table))
        ]
        assert kept
        assert not [secret for secret in secrets for text in kept if secret in text]
        hashes = connection.scalars(select(tables.account_secret.c.password_hash)).all()
        entries = connection.execute(select(journal_table)).all()
        assert not [entry for entry in entries if hashes[0] in str(entry)]
        journal.verify(connection)
