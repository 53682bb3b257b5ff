"""Programs of other sites, and proxies: what the settings let them do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from data import Actor, Grant, InvalidValue, Role, Store
from data.accounts import issue_token, open_account
from web.app import create_app
from web.proxies import parse_networks
from web.settings import ACCOUNTS, Settings

SITE, OTHER = "https://maps.example", "https://other.example"
ITEM = "/collections/places/items/1"
FORWARDED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "dimingguan.example",
    "X-Forwarded-Prefix": "/ovoo",
    "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
}


@pytest.fixture
def house(filled: Store) -> Iterator[Flask]:
    made = create_app(filled, Settings(cors_origins=(SITE,)))
    made.testing = True
    return made


@pytest.mark.parametrize("address", [ITEM, "/collections", "/collections/places/items/99"])
def test_only_named_sites_read_answers(house: Flask, address: str) -> None:
    client = house.test_client()
    told = client.get(address, headers={"Origin": SITE}).headers
    assert told["Access-Control-Allow-Origin"] == SITE
    assert "ETag" in told["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in told
    assert "Origin" in told["Vary"]
    for headers in ({"Origin": OTHER}, {}):
        answer = client.get(address, headers=headers)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Origin" in answer.headers["Vary"]


def test_without_the_setting_no_site_does(client: FlaskClient) -> None:
    answer = client.get(ITEM, headers={"Origin": SITE})
    assert "Access-Control-Allow-Origin" not in answer.headers
    opened = client.get("/reconcile", headers={"Origin": OTHER})
    assert opened.headers["Access-Control-Allow-Origin"] == "*"


def test_a_browser_asks_first(house: Flask) -> None:
    asked = {
        "Origin": SITE,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "if-match,content-type,authorization",
    }
    answer = house.test_client().options(ITEM, headers=asked)
    assert answer.status_code == 200
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]
    other = house.test_client().options(ITEM, headers=asked | {"Origin": OTHER})
    assert "Access-Control-Allow-Methods" not in other.headers


def test_a_named_sites_program_writes_with_a_token_and_never_without(filled: Store) -> None:
    now = datetime.now(UTC)
    open_account(filled, Actor.operator("o"), "editor", [Grant(Role.EDITOR)], now)
    token = issue_token(filled, "editor", "map", (Role.EDITOR,), timedelta(days=1), now)
    house = create_app(filled, Settings(access=ACCOUNTS, cors_origins=(SITE,)))
    body = {"type": "Feature", "geometry": None, "properties": {"name": "新泉"}}

    def send(origin: str, **headers: str) -> int:
        sent = {"Origin": origin, "Sec-Fetch-Site": "cross-site", **headers}
        address = "/collections/places/items"
        return house.test_client().post(address, json=body, headers=sent).status_code

    bearer = {"Authorization": f"Bearer {token}"}
    assert send(SITE, **bearer) == 201
    assert send(SITE) == 403
    assert send(OTHER, **bearer) == 403


def test_a_named_sites_program_sends_a_file_in_parts(filled: Store) -> None:
    now = datetime.now(UTC)
    open_account(filled, Actor.operator("o"), "surveyor", [Grant(Role.SURVEYOR)], now)
    token = issue_token(filled, "surveyor", "app", (Role.SURVEYOR,), timedelta(days=1), now)
    client = create_app(filled, Settings(access=ACCOUNTS, cors_origins=(SITE,))).test_client()
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "3", "Upload-Offset": "0"}
    wanted = [*tus, "Upload-Metadata", "Authorization", "Content-Type"]
    asked = {
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": ",".join(wanted),
    }
    first = client.options("/uploads", headers={"Origin": SITE, **asked}).headers
    allowed = set(first["Access-Control-Allow-Headers"].replace(" ", "").split(","))
    assert set(wanted) <= allowed
    sent = {"Origin": SITE, "Sec-Fetch-Site": "cross-site", "Authorization": f"Bearer {token}"}
    begun = client.post("/uploads", headers=sent | tus)
    part = {"Content-Type": "application/offset+octet-stream"}
    added = client.patch(begun.headers["Location"], data=b"a,b", headers=sent | tus | part)
    assert (begun.status_code, added.status_code) == (201, 204)
    for answer in (begun, added, client.options("/uploads", headers={"Origin": SITE})):
        exposed = answer.headers["Access-Control-Expose-Headers"].replace(" ", "").split(",")
        told = {name for name, _ in answer.headers if name[:4] in {"Tus-", "Uplo", "Loca"}}
        assert told <= set(exposed), told


def test_an_open_house_takes_no_writes_from_other_sites(house: Flask) -> None:
    sent = {"Origin": SITE, "Sec-Fetch-Site": "cross-site", "Authorization": "Bearer ovoo_x"}
    body = {"type": "Feature", "geometry": None, "properties": {"name": "新泉"}}
    answer = house.test_client().post("/collections/places/items", json=body, headers=sent)
    assert answer.status_code == 403


def test_links_are_as_the_reader_reached_a_trusted_proxy(filled: Store) -> None:
    house = create_app(filled, Settings(access=ACCOUNTS, trusted_proxies="127.0.0.1"))
    answer = house.test_client().get("/ovoo/collections", headers=FORWARDED)
    links = answer.get_json()["links"]
    assert links[0]["href"] == "https://dimingguan.example/ovoo/collections"
    stripped = house.test_client().get("/collections/places/items?limit=1", headers=FORWARDED)
    hrefs = [one["href"] for one in stripped.get_json(force=True)["links"]]
    begins = "https://dimingguan.example/ovoo/collections/places"
    assert all(href.startswith(begins) for href in hrefs), hrefs


@pytest.mark.parametrize("trusted", ["", "10.0.0.0/8"])
def test_anybody_elses_words_count_for_nothing(filled: Store, trusted: str) -> None:
    house = create_app(filled, Settings(access=ACCOUNTS, trusted_proxies=trusted))
    answer = house.test_client().get("/collections", headers=FORWARDED)
    assert answer.get_json()["links"][0]["href"] == "http://localhost/collections"


def test_who_asks_is_the_last_that_is_no_proxy_of_ours(filled: Store) -> None:
    house = create_app(filled, Settings(access=ACCOUNTS, trusted_proxies="127.0.0.1,198.51.100.7"))
    seen: list[str] = []
    inner = house.wsgi_app._application  # type: ignore[attr-defined]

    def watch(environ: dict[str, str], start: object) -> object:
        seen.append(environ["REMOTE_ADDR"])
        return inner(environ, start)

    house.wsgi_app._application = watch  # type: ignore[attr-defined]
    house.test_client().get("/collections", headers=FORWARDED)
    house.test_client().get("/collections", headers={"X-Forwarded-For": "nonsense"})
    assert seen == ["203.0.113.9", "127.0.0.1"]


def test_an_open_house_still_answers_no_proxy(filled: Store) -> None:
    house = create_app(filled, Settings(trusted_proxies="127.0.0.1"))
    assert house.test_client().get(ITEM, headers=FORWARDED).status_code == 401


def test_settings_are_checked() -> None:
    read = Settings.from_environment({"OVOO_CORS_ORIGINS": f"{SITE}/, *"})
    assert read.cors_origins == (SITE, "*")
    with pytest.raises(InvalidValue, match="OVOO_CORS_ORIGINS"):
        Settings.from_environment({"OVOO_CORS_ORIGINS": "maps"})
    with pytest.raises(InvalidValue, match="OVOO_TRUSTED_PROXIES"):
        parse_networks("proxy")


@pytest.mark.parametrize(("sent", "told"), [("a-1.b_2345", True), ("x\ny", False), ("<b>", False)])
def test_a_problem_says_its_requests_id(client: FlaskClient, sent: str, *, told: bool) -> None:
    environ = {"HTTP_X_REQUEST_ID": sent}
    answer = client.get("/collections/rivers", environ_overrides=environ)
    assert (answer.get_json().get("request_id") == sent) == told
