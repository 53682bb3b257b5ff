"""Signing in over HTTP, and who may do what once people have accounts."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import argon2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from visits import as_csv, rows

from data import Actor, Grant, Role, Store
from data.accounts import accept_invitation, issue_token, open_account, secrets
from web.app import create_app
from web.settings import ACCOUNTS, Settings
from web.site.formatting import moment

PASSWORD = "three grey cairns"  # noqa: S105 - of accounts that tests make
PAGE = {"Accept": "text/html", "Accept-Language": "en"}
ROOT = Actor.operator("operator")


@pytest.fixture(autouse=True)
def fast_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(secrets, "_HASHER", fast)
    secrets._no_password.cache_clear()


@pytest.fixture
def closed_house(filled: Store) -> Iterator[Flask]:
    for name, grants in {
        "root": [Grant(Role.ADMINISTRATOR)],
        "survey": [Grant(Role.SURVEYOR, "990100")],
        "edit": [Grant(Role.EDITOR, "990100"), Grant(Role.SURVEYOR, "990100")],
        "nobody": [],
    }.items():
        _, link = open_account(filled, ROOT, name, grants, datetime.now(UTC))
        accept_invitation(filled, link, PASSWORD, datetime.now(UTC))
    made = create_app(filled, Settings(access=ACCOUNTS))
    made.testing = True
    return made


@pytest.fixture
def token(filled: Store, closed_house: Flask) -> Callable[..., dict[str, str]]:
    def headers(name: str, *scopes: Role) -> dict[str, str]:
        wanted = scopes or tuple(Role)
        text = issue_token(filled, name, "test", wanted, timedelta(days=1), datetime.now(UTC))
        return {"Authorization": f"Bearer {text}"}

    return headers


def mark_of(client: FlaskClient) -> str:
    page = client.get("/account", headers=PAGE).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, name: str = "root") -> None:
    answer = client.post(
        "/sign-in", data={"name": name, "password": PASSWORD, "f": "html"}, headers=PAGE
    )
    assert answer.status_code == 303
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "private" in answer.headers["Cache-Control"]


def file() -> dict[str, object]:
    return {"file": (io.BytesIO(as_csv(rows())), "a.csv")}


def test_over_tls_the_cookie_is_bound_to_the_host(closed_house: Flask) -> None:
    answer = closed_house.test_client().post(
        "/sign-in", json={"name": "root", "password": PASSWORD}, base_url="https://localhost"
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie
    assert "Path=/" in cookie


def test_nobody_acts_without_signing_in(closed_house: Flask) -> None:
    client = closed_house.test_client()
    for path in ("/submissions", "/submissions/1/commit", "/accounts", "/account/tokens"):
        answer = client.post(
            path, data={"name": "x", "label": "x", "scopes": "viewer", "days": "1"}
        )
        assert answer.status_code in {400, 401}, path
        assert client.get("/accounts").status_code == 401
    assert client.post("/submissions", data=file()).status_code == 401
    assert "Bearer" in client.get("/account").headers["WWW-Authenticate"]


def test_a_surveyor_sends_and_an_editor_commits_but_not_ones_own(
    closed_house: Flask, token: Callable[..., dict[str, str]]
) -> None:
    client = closed_house.test_client()
    assert client.post("/submissions", data=file(), headers=token("nobody")).status_code == 403
    sent = client.post("/submissions", data=file(), headers=token("survey"))
    assert sent.status_code == 201
    commit = f"/submissions/{sent.get_json()['id']}/commit"
    assert sent.get_json()["sent_by"].startswith("survey (")
    assert client.post(commit, headers=token("survey")).status_code == 403
    assert client.get(commit.removesuffix("/commit")).status_code == 401
    assert client.post(commit, headers=token("edit", Role.SURVEYOR)).status_code == 403
    assert client.post(commit, headers=token("edit")).status_code == 200


def test_nobody_commits_their_own_file(
    closed_house: Flask, token: Callable[..., dict[str, str]]
) -> None:
    client = closed_house.test_client()
    sent = client.post("/submissions", data=file(), headers=token("edit")).get_json()
    answer = client.post(f"/submissions/{sent['id']}/commit", headers=token("edit"))
    assert answer.status_code == 403
    page = client.get(f"/submissions/{sent['id']}", headers={**token("edit"), **PAGE})
    assert "who did not send it commits it" in page.get_data(as_text=True)
    assert "/commit" not in page.get_data(as_text=True)


def test_a_file_under_way_is_its_senders_alone(
    closed_house: Flask, token: Callable[..., dict[str, str]]
) -> None:
    client = closed_house.test_client()
    spoken = {"Tus-Resumable": "1.0.0"}
    begun = client.post("/uploads", headers={**token("edit"), **spoken, "Upload-Length": "9"})
    path = begun.headers["Location"].removeprefix("http://localhost")
    secret = path.rsplit("/", 1)[1]
    for name, status in (("edit", 200), ("survey", 404), ("nobody", 403)):
        assert client.head(path, headers={**token(name), **spoken}).status_code == status
    assert client.delete(path, headers={**token("survey"), **spoken}).status_code == 404
    taken = client.post(f"/submissions?upload={secret}", headers=token("survey"))
    assert taken.status_code == 404


def test_the_bytes_of_anothers_file_tell_nothing_of_it(
    closed_house: Flask, token: Callable[..., dict[str, str]], filled: Store
) -> None:
    abroad = [Grant(Role.SURVEYOR, "990200")]
    _, link = open_account(filled, ROOT, "abroad", abroad, datetime.now(UTC))
    accept_invitation(filled, link, PASSWORD, datetime.now(UTC))
    client = closed_house.test_client()
    refused = b"<OGRVRTDataSource/>"
    for content in (as_csv(rows()), refused):
        named = {"file": (io.BytesIO(content), "of-one-office.csv")}
        first = client.post("/submissions", data=named, headers=token("edit"))
        assert first.status_code == (422 if content is refused else 201)
        same = {"file": (io.BytesIO(content), "mine.csv"), "map": "x=marker_no"}
        answer = client.post("/submissions", data=same, headers=token("abroad"))
        assert (answer.status_code, answer.get_json()["type"][-8:]) == (409, "conflict")
        assert "of-one-office" not in answer.get_data(as_text=True)
        assert "edit" not in answer.get_data(as_text=True)
        own = {"file": (io.BytesIO(content), "again.csv")}
        again = client.post("/submissions", data=own, headers=token("edit"))
        assert again.get_json() == first.get_json() or again.status_code == 422


def test_a_wrong_token_is_told_at_once(closed_house: Flask) -> None:
    client = closed_house.test_client()
    for text in ("Bearer ovoo_none", "Bearer x", "Basic eA==", "Bearer"):
        assert client.get("/collections", headers={"Authorization": text}).status_code == 401


def test_a_form_needs_its_sessions_mark(closed_house: Flask) -> None:
    client = closed_house.test_client()
    sign_in(client)
    form = {"name": "new", "grants": "editor@990100", "f": "html"}
    assert client.post("/accounts", data=form, headers=PAGE).status_code == 400
    marked = form | {"csrf_token": mark_of(client)}
    opened = client.post("/accounts", data=marked, headers=PAGE)
    assert opened.status_code == 201
    assert "/welcome/" in opened.get_data(as_text=True)
    assert client.post("/accounts", data=marked | {"csrf_token": "x"}).status_code == 400
    listed = client.get("/accounts").get_json()["accounts"]
    assert {"role": "editor", "division_code": "990100"} in [
        grant for one in listed for grant in one["grants"]
    ]


def test_the_register_of_accounts_by_its_pages(closed_house: Flask) -> None:
    client = closed_house.test_client()
    sign_in(client)
    mark = {"csrf_token": mark_of(client)}
    named = {one["name"]: one["id"] for one in client.get("/accounts").get_json()["accounts"]}
    assert client.post(f"/accounts/{named['survey']}/close", data=mark).get_json()["closed"]
    assert client.post(f"/accounts/{named['root']}/close", data=mark).status_code == 409
    link = client.post(f"/accounts/{named['edit']}/link", data=mark)
    assert link.status_code == 201
    path = link.get_json()["link"].split("localhost", 1)[1]
    assert client.get(path, headers=PAGE).status_code == 200
    assert client.post(path, data=mark | {"password": "short"}).status_code == 400
    assert client.post(path, data=mark | {"password": "four grey cairns"}).status_code == 200
    assert client.post(path, data=mark | {"password": "five grey cairns"}).status_code == 404
    grants = client.post(f"/accounts/{named['edit']}/grants", data=mark | {"grants": "viewer"})
    assert grants.get_json()["grants"] == [{"role": "viewer", "division_code": None}]
    wrong = client.post(f"/accounts/{named['edit']}/grants", data=mark | {"grants": "king"})
    assert (wrong.status_code, wrong.get_json()["field"]) == (400, "role")
    dropped = client.post(f"/accounts/{named['edit']}/drop-code", data=mark)
    assert dropped.status_code == 200


def test_ones_own_password_and_tokens(closed_house: Flask) -> None:
    client = closed_house.test_client()
    sign_in(client, "survey")
    mark = {"csrf_token": mark_of(client)}
    made = client.post(
        "/account/tokens", data=mark | {"label": "tablet", "scopes": "surveyor", "days": "30"}
    )
    assert made.status_code == 201
    bearer = {"Authorization": f"Bearer {made.get_json()['token']}"}
    other = closed_house.test_client()
    assert other.post("/submissions", data=file(), headers=bearer).status_code == 201
    (kept,) = client.get("/account").get_json()["tokens"]
    told = client.get("/account?lang=en", headers=PAGE).get_data(as_text=True)
    assert moment(kept["expires_at"], "en") in told
    assert client.post(f"/account/tokens/{kept['id']}/revoke", data=mark).status_code == 200
    assert other.post("/submissions", data=file(), headers=bearer).status_code == 401
    changed = {"old_password": PASSWORD, "password": "four grey cairns"}
    assert client.post("/account/password", data=mark | changed).status_code == 200
    assert client.get("/account").status_code == 401


def test_a_one_time_code_can_be_set_up(closed_house: Flask) -> None:
    import pyotp

    client = closed_house.test_client()
    sign_in(client, "survey")
    mark = {"csrf_token": mark_of(client)}
    secret = client.post("/account/code", data=mark).get_json()["secret"]
    confirmed = mark | {"secret": secret, "code": pyotp.TOTP(secret).now()}
    assert client.post("/account/code", data=confirmed).get_json() == {"code_needed": True}
    fresh = closed_house.test_client()
    answer = fresh.post("/sign-in", json={"name": "survey", "password": PASSWORD})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("back", "to"),
    [("/field", "/field?lang=en"), ("//elsewhere.example", "/?lang=en"), ("", "/?lang=en"),
     ("/rounds?state=field", "/rounds?state=field")],
)  # fmt: skip
def test_signing_in_leads_back_to_a_page_of_this_service(
    closed_house: Flask, back: str, to: str
) -> None:
    client = closed_house.test_client()
    page = client.get("/sign-in", query_string={"back": back, "lang": "en"}, headers=PAGE)
    assert f'name="back" value="{to.removesuffix("?lang=en")}"' in page.get_data(as_text=True)
    sent = {"name": "survey", "password": PASSWORD, "f": "html", "back": back}
    assert client.post("/sign-in", data=sent, headers=PAGE).headers["Location"] == to


def test_signing_out_ends_the_session_and_what_the_browser_kept(closed_house: Flask) -> None:
    client = closed_house.test_client()
    sign_in(client)
    answer = client.post("/sign-out", data={"csrf_token": mark_of(client)})
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get_cookie("ovoo_signed_out") is not None
    assert client.get("/account").status_code == 401


def test_guessing_is_slowed_down(closed_house: Flask) -> None:
    client = closed_house.test_client()
    wrong = {"name": "root", "password": "wrong wrong wrong"}
    answers = [client.post("/sign-in", json=wrong) for _ in range(12)]
    statuses = [one.status_code for one in answers]
    assert statuses[:3] == [401] * 3
    assert statuses[-1] == 429
    assert answers[0].headers["RateLimit-Policy"] == '"address";q=10;w=60'
    assert re.fullmatch(r'"address";r=9;t=\d+', answers[0].headers["RateLimit"])
    assert re.fullmatch(r'"address";r=0;t=\d+', answers[-1].headers["RateLimit"])
    # When to ask again is said to whom it is refused, and to nobody else.
    assert all(("Retry-After" in one.headers) == (one.status_code == 429) for one in answers)
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61


def test_a_house_opens_only_to_its_own_machine(filled: Store) -> None:
    app = create_app(filled)
    client = app.test_client()
    assert client.post("/submissions", data=file()).status_code == 201
    through = {"X-Forwarded-For": "192.0.2.7"}
    assert client.get("/collections", headers=through).status_code == 401
    beyond = create_app(filled, Settings(host="0.0.0.0")).test_client()  # noqa: S104 - not listened on
    assert beyond.post("/submissions", data=file()).status_code == 401


def test_the_first_account_closes_the_house(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from web import accounts

    monkeypatch.setattr(accounts, "_LOOK_EVERY_S", 0.0)
    client = create_app(filled).test_client()
    assert client.post("/submissions", data=file()).status_code == 201
    open_account(filled, ROOT, "root", [Grant(Role.ADMINISTRATOR)], datetime.now(UTC))
    assert client.post("/submissions", data=file()).status_code == 401


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/accounts"])
def test_the_pages_say_who_reads_them(closed_house: Flask, path: str) -> None:
    client = closed_house.test_client()
    sign_in(client)
    page = client.get(path, headers=PAGE).get_data(as_text=True)
    assert '<a href="/account?lang=en">root</a>' in page or ">root<" in page
    assert '<meta name="csrf-token"' in page
