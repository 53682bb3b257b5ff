"""Who has signed in is answered at the quick door as the house would, and no moment too long."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from data import Actor, Grant, Level, Precision, Role, Rule, Store, set_rule
from data.accounts import find_account, issue_token, open_account, read_tokens, revoke_token
from data.accounts.register import set_grants
from data.accounts.signing import begin_session, sign_out
from data.readings import read_readings
from gazetteer import make_searchable
from web.app import create_app
from web.at_once import AT_ONCE, NotAtOnceError
from web.finding import WAYS
from web.readings import readings_of
from web.settings import ACCOUNTS, Settings

ROOT = Actor.operator("tests")
MARKERS = "/collections/markers/items"
ASKED = (
    MARKERS, f"{MARKERS}/1", f"{MARKERS}?bbox=111,40,113,42&limit=2", f"{MARKERS}/99",
    "/collections/places/items?limit=3", f"/search?q={quote('白音')}", "/suggest?q=b",
    "/collections/markers/tiles/WebMercatorQuad/6/24/51", "/tiles/WebMercatorQuad/6/24/51",
    f"{MARKERS}?bbox=x", f"{MARKERS}?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/4490",
)  # fmt: skip
"""What the quick door answers, what it hands on, what is refused."""


@pytest.fixture
def house(filled: Store) -> Iterator[Flask]:
    set_rule(filled, ROOT, Rule("marker", Level.PUBLIC, Precision.GRID, 0.5))
    made = create_app(filled, Settings(access=ACCOUNTS))
    made.testing = True
    yield made
    readings_of(made).flush()


def shown(store: Store, name: str, *grants: Grant) -> dict[str, str]:
    """A new account's token as a header."""
    now = datetime.now(UTC)
    open_account(store, ROOT, name, grants, now)
    token = issue_token(store, name, "test", tuple(Role), timedelta(days=1), now)
    return {"Authorization": f"Bearer {token}"}


def told(client: FlaskClient, path: str, headers: dict[str, str]) -> tuple[Any, ...]:
    """Status, headers and body, without what each answer has of its own."""
    answer = client.get(path, headers=headers)
    kept = {n: v for n, v in answer.headers if n not in {"X-Request-ID", "Content-Length"}}
    body = answer.data
    if answer.is_json and body:
        document = answer.get_json(force=True)
        body = {n: v for n, v in document.items() if n not in {"timeStamp", "request_id"}}
    return answer.status_code, kept, body


@pytest.mark.parametrize(
    "grant", [Grant(Role.VIEWER, "990100"), Grant(Role.SURVEYOR, "990101"), Grant(Role.EDITOR)]
)
def test_the_door_tells_a_reader_what_the_house_tells(
    house: Flask, filled: Store, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, headers = house.test_client(), shown(filled, "reader", grant)
    with filled.write("tests", "sign in") as transaction:
        account = find_account(transaction.connection, "reader").id
        secret = begin_session(transaction.connection, account, datetime.now(UTC))
    quick = {path: told(client, path, headers) for path in ASKED}
    browser = house.test_client()
    browser.set_cookie("ovoo_session", secret)
    for path in ASKED:
        assert told(browser, path, {}) == quick[path]
    monkeypatch.setattr("web.signed_in.SignedInDoor._reader", lambda *_: None)
    for path in ASKED:
        assert told(client, path, headers) == quick[path]
    assert {one[0] for one in quick.values()} == {200, 204, 400, 404} - (
        {204} if quick[ASKED[7]][0] == 200 else set()
    )


def test_what_is_taken_from_a_reader_is_of_no_use_at_once(house: Flask, filled: Store) -> None:
    client, headers = house.test_client(), shown(filled, "reader", Grant(Role.SURVEYOR, None))

    def position() -> Any:
        answer = client.get(f"{MARKERS}/1", headers=headers).get_json(force=True)
        return answer["geometry"]["coordinates"]

    assert position() == [112.0, 41.2]
    with filled.read() as connection:
        found = find_account(connection, "reader")
        (token,) = read_tokens(connection, found.id)
    set_grants(filled, ROOT, found.id, [Grant(Role.VIEWER)])
    assert position() == [112.0, 41.0]
    revoke_token(filled, ROOT, token.id)
    assert client.get(f"{MARKERS}/1", headers=headers).status_code == 401


def test_a_token_ends_and_a_session_is_signed_out(
    house: Flask, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, headers = house.test_client(), shown(filled, "reader", Grant(Role.VIEWER))
    assert client.get(MARKERS, headers=headers).status_code == 200
    with filled.write("tests", "sign in") as transaction:
        account = find_account(transaction.connection, "reader").id
        secret = begin_session(transaction.connection, account, datetime.now(UTC))
    browser = house.test_client()
    browser.set_cookie("ovoo_session", secret)
    inspections = "/collections/inspections/items?limit=1"
    assert browser.get(inspections).get_json(force=True)["numberMatched"] == 0
    assert browser.get("/work", headers={"Accept": "text/html"}).status_code == 200
    sign_out(filled, secret)
    assert browser.get(inspections).status_code == 200
    assert browser.get("/work").status_code == 401
    later = datetime.now(UTC) + timedelta(days=2)
    monkeypatch.setattr("web.signed_in.present", lambda: later)
    monkeypatch.setattr("web.accounts.present", lambda: later)
    assert client.get(MARKERS, headers=headers).status_code == 401


def test_readings_at_the_door_are_noted(house: Flask, filled: Store) -> None:
    client = house.test_client()
    surveyor = shown(filled, "surveyor", Grant(Role.SURVEYOR, "990101"))
    viewer = shown(filled, "viewer", Grant(Role.VIEWER))
    for headers in (surveyor, viewer):
        client.get(f"{MARKERS}?limit=2", headers=headers)
        client.get("/collections/places/items?limit=2", headers=headers)
    readings_of(house).flush()
    with filled.read() as connection:
        found = read_readings(connection, 10)
    assert [(one.actor, one.request) for one in found] == [("surveyor", f"GET {MARKERS}?limit=2")]


def test_the_event_loop_notes_readings_and_waits_for_no_writer(
    house: Flask, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, at_once = house.test_client(), {AT_ONCE: True}
    surveyor = shown(filled, "surveyor", Grant(Role.SURVEYOR, "990101"))
    assert client.get(f"{MARKERS}/1", headers=surveyor).status_code == 200
    with filled.locked():  # another writer holds the store
        answer = client.get(f"{MARKERS}/1", headers=surveyor, environ_overrides=at_once)
    assert answer.status_code == 200
    readings_of(house).flush()
    with filled.read() as connection:
        assert len(read_readings(connection, 10)) == 2
    monkeypatch.setattr("web.readings._MOST", 0)
    with pytest.raises(NotAtOnceError):  # what waits is written before more is told
        client.get(f"{MARKERS}/1", headers=surveyor, environ_overrides=at_once)


def test_a_search_is_kept_for_those_who_see_alike(
    house: Flask, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_searchable(filled)
    client = house.test_client()
    everywhere = shown(filled, "everywhere", Grant(Role.SURVEYOR))
    viewers = [shown(filled, f"viewer{n}", Grant(Role.VIEWER, "990101")) for n in range(2)]
    found = [
        client.get(f"/search?q={quote('白音')}", headers=one).data for one in (everywhere, *viewers)
    ]
    asked = []
    monkeypatch.setitem(WAYS, "/search", lambda store, *_: asked.append(store.sight))
    monkeypatch.setattr("web.quick.document_of", lambda *_: {})
    for headers, before in zip((everywhere, *viewers), found, strict=True):
        assert client.get(f"/search?q={quote('白音')}", headers=headers).data == before
    assert asked == []
    other = shown(filled, "other", Grant(Role.VIEWER, "990102"))
    client.get(f"/search?q={quote('白音')}", headers=other)
    assert [one.internal for one in asked] == [frozenset({"990102"})]
