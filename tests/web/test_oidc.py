"""Sign-in by another service, against a small issuer on this machine."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import OctKey, RSAKey
from oidc_issuer import CLIENT, SECRET, OwnIssuer, running_issuer

from data import Actor, Grant, InvalidValue, Role, Store
from data.accounts import close_account, find_account, open_account
from web.accounts import present
from web.app import create_app
from web.oidc import COOKIE, OidcSettings
from web.settings import ACCOUNTS, Settings

ROOT = Actor.operator("root")


@pytest.fixture
def issuer() -> Iterator[OwnIssuer]:
    with running_issuer() as running:
        yield running


@pytest.fixture
def settings(issuer: OwnIssuer, tmp_path: Path) -> OidcSettings:
    roles = tmp_path / "roles.csv"
    roles.write_text("group,grant\nsurvey,surveyor@990100\nsurvey,viewer\nroot,administrator\n")
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    found = OidcSettings.from_environment(
        {
            "OVOO_OIDC_ISSUER": issuer.address,
            "OVOO_OIDC_CLIENT_ID": CLIENT,
            "OVOO_OIDC_CLIENT_SECRET_FILE": str(secret),
            "OVOO_OIDC_ROLES": str(roles),
        }
    )
    assert found is not None
    return found


@pytest.fixture
def app(filled: Store, settings: OidcSettings) -> Flask:
    if not filled.embedded:
        pytest.skip("what is asked of the store is asked of either kind in tests/data/accounts")
    open_account(filled, ROOT, "admin", [Grant(Role.ADMINISTRATOR)], present())
    made = create_app(filled, Settings(access=ACCOUNTS, oidc=settings))
    made.testing = True
    return made


def come_back(client: FlaskClient, issuer: OwnIssuer, state: str = "", code: str = "") -> int:
    sent = client.get("/sign-in/oidc")
    assert sent.status_code == 303
    own_state, own_code = issuer.consent(sent.headers["Location"])
    query = {"state": state or own_state, "code": code or own_code}
    return client.get("/sign-in/oidc/callback", query_string=query).status_code


def grants_of(app: Flask, name: str) -> frozenset[Grant]:
    store: Store = app.extensions["ovoo_store"]
    with store.read() as connection:
        return find_account(connection, name).grants


def test_a_group_of_the_issuer_becomes_roles(app: Flask, issuer: OwnIssuer) -> None:
    client = app.test_client()
    issuer.claims["groups"] = ["survey", "unknown"]
    assert come_back(client, issuer) == 303
    page = client.get("/account").get_json()
    assert page["name"] == "wang"
    assert page["display_name"] == "王"
    wanted = {Grant(Role.SURVEYOR, "990100"), Grant(Role.VIEWER)}
    assert grants_of(app, "wang") == wanted
    issuer.claims |= {"groups": ["root"], "preferred_username": "renamed"}
    assert come_back(client, issuer) == 303
    assert grants_of(app, "wang") == {Grant(Role.ADMINISTRATOR)}


def test_the_sign_in_page_offers_it(app: Flask, filled: Store) -> None:
    page = app.test_client().get("/sign-in?lang=en", headers={"Accept": "text/html"})
    assert "/sign-in/oidc" in page.get_data(as_text=True)
    plain = create_app(filled, Settings(access=ACCOUNTS)).test_client()
    assert "/sign-in/oidc" not in plain.get("/sign-in?f=html").get_data(as_text=True)
    assert plain.get("/sign-in/oidc").status_code == 404
    assert plain.get("/sign-in/oidc/callback?code=x&state=y").status_code == 404


def test_who_has_no_group_of_ours_is_refused(app: Flask, issuer: OwnIssuer) -> None:
    for groups in ([], ["unknown"], "survey", None):
        issuer.claims["groups"] = groups
        assert come_back(app.test_client(), issuer) == 401


@pytest.mark.parametrize("keys", [{"other": 1}, {"keys": [{"kty": "unheard-of"}]}])
def test_an_issuer_whose_keys_cannot_be_read_vouches_for_nobody(
    app: Flask, issuer: OwnIssuer, keys: dict[str, object]
) -> None:
    issuer.claims["groups"] = ["survey"]
    issuer.published = keys
    app.testing = False
    assert come_back(app.test_client(), issuer) == 401


def test_a_name_that_is_taken_is_not_taken_over(app: Flask, issuer: OwnIssuer) -> None:
    issuer.claims |= {"preferred_username": "admin", "groups": ["root"]}
    assert come_back(app.test_client(), issuer) == 401


def test_a_closed_account_stays_closed(app: Flask, issuer: OwnIssuer) -> None:
    issuer.claims["groups"] = ["survey"]
    assert come_back(app.test_client(), issuer) == 303
    store: Store = app.extensions["ovoo_store"]
    with store.read() as connection:
        identity = find_account(connection, "wang").id
    close_account(store, ROOT, identity)
    assert come_back(app.test_client(), issuer) == 401


def test_state_cookie_and_code_belong_to_one_browser(app: Flask, issuer: OwnIssuer) -> None:
    issuer.claims["groups"] = ["survey"]
    client, thief = app.test_client(), app.test_client()
    assert come_back(client, issuer, state="another") == 401
    assert come_back(client, issuer, code="another") == 401
    state, code = issuer.consent(client.get("/sign-in/oidc").headers["Location"])
    query = {"state": state, "code": code}
    assert thief.get("/sign-in/oidc/callback", query_string=query).status_code == 401
    thief.get("/sign-in/oidc")
    assert thief.get("/sign-in/oidc/callback", query_string=query).status_code == 401
    assert client.get("/sign-in/oidc/callback", query_string=query).status_code == 303
    assert client.get("/sign-in/oidc/callback", query_string=query).status_code == 401
    assert client.get_cookie(COOKIE, path="/sign-in") is None


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "https://elsewhere.example"},
        {"exp": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
        {"sub": None},
    ],
)
def test_a_token_that_says_otherwise_is_refused(
    app: Flask, issuer: OwnIssuer, claims: dict[str, object]
) -> None:
    issuer.claims |= {"groups": ["survey"], **claims}
    assert come_back(app.test_client(), issuer) == 401


def test_a_token_of_another_key_is_refused(app: Flask, issuer: OwnIssuer) -> None:
    issuer.claims["groups"] = ["survey"]
    issuer.signing = RSAKey.generate_key(2048, {"kid": "k1"})
    assert come_back(app.test_client(), issuer) == 401
    issuer.signing, issuer.header = OctKey.import_key("0" * 32), {"alg": "HS256", "kid": "k1"}
    assert come_back(app.test_client(), issuer) == 401


def test_an_issuer_that_is_away_refuses(app: Flask, issuer: OwnIssuer) -> None:
    client = app.test_client()
    sent = client.get("/sign-in/oidc")
    state, code = issuer.consent(sent.headers["Location"])
    issuer.key = RSAKey.generate_key(2048, {"kid": "other"})
    query = {"state": state, "code": code}
    assert client.get("/sign-in/oidc/callback", query_string=query).status_code == 401


def test_settings_are_whole_over_tls_and_keep_their_secret(
    settings: OidcSettings, tmp_path: Path
) -> None:
    assert SECRET not in repr(settings)
    assert SECRET not in repr(Settings(oidc=settings))
    assert OidcSettings.from_environment({}) is None
    good = {
        "OVOO_OIDC_ISSUER": "https://id.example",
        "OVOO_OIDC_CLIENT_ID": "a",
        "OVOO_OIDC_CLIENT_SECRET": "b",
        "OVOO_OIDC_ROLES": str(tmp_path / "roles.csv"),
    }
    assert OidcSettings.from_environment(good) is not None
    for name in good:
        if name != "OVOO_OIDC_ISSUER":
            with pytest.raises(InvalidValue, match=name):
                OidcSettings.from_environment({**good, name: ""})
    with pytest.raises(InvalidValue, match="TLS"):
        OidcSettings.from_environment({**good, "OVOO_OIDC_ISSUER": "http://id.example"})
    (tmp_path / "roles.csv").write_text("group\nx\n")
    with pytest.raises(InvalidValue, match="grant"):
        OidcSettings.from_environment(good)
