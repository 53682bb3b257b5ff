"""The quick door gives the answers of the house, byte for byte, and leaves the rest to it."""

import pytest
from door import Watch, answers, watched
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from data import Actor, Level, set_level
from data.store import Store
from web.app import create_app
from web.settings import Settings

ADDRESSES = (
    "/collections/places/items",
    "/collections/places/items?bbox=111,40,113,42",
    "/collections/places/items?bbox=111%2C40%2C113%2C42&limit=2",
    "/collections/places/items?limit=1&offset=2",
    "/collections/places/items?limit=2&cursor=2",
    "/collections/places/items?&limit=2",
    "/collections/markers/items?bbox=111,41,113,42&limit=3",
    "/collections/divisions/items?bbox=111,41,113,42&limit=3",
    "/collections/lines/items",
    "/collections/places/items/1",
    "/collections/markers/items/3",
    "/collections/inspections/items",
)
REFUSED = (
    "/collections/places/items/99",
    "/collections/rivers/items",
    "/collections/rivers/items/1",
    "/collections/places/items?limit=0",
    "/collections/places/items?limit=-1",
    "/collections/places/items?bbox=1,2,3",
    "/collections/places/items?bbox=1,2,3,4&bbox=1,2,3,4",
    "/collections/places/items?bbox=5,4,3,2",
    "/collections/places/items?cursor=x",
    "/collections/places/items?limt=3",
    "/collections/places/items/1?limit=3",
)
OTHER = (
    ("/collections/places/items?f=html", {}),
    ("/collections/places/items", {"Accept": "text/html"}),
    ("/collections/places/items", {"Accept": "text/csv"}),
    ("/collections/places/items?f=csv", {}),
    ("/collections/places/items?lang=en", {}),
    ("/collections/places/items?name=鄂博", {}),
    ("/collections/places/items?properties=name", {}),
    ("/collections/places/items?sortby=name", {}),
    ("/collections/places/items/1?f=html", {}),
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_plain_reads_are_answered_at_the_door_as_in_the_house(
    app: Flask, watch: Watch, address: str
) -> None:
    assert app.test_client().get(address).status_code == 200
    assert watch.reached == 0
    quick, slow = answers(app, address)
    assert quick == slow
    compressed, plain = answers(app, address, **{"Accept-Encoding": "gzip"})
    assert compressed == plain


@pytest.mark.parametrize("address", REFUSED)
def test_refusals_are_said_in_the_house(app: Flask, watch: Watch, address: str) -> None:
    quick, slow = answers(app, address)
    assert quick == slow
    assert quick[0] in {400, 404}
    assert watch.reached == 2


@pytest.mark.parametrize(("address", "headers"), OTHER)
def test_other_forms_are_made_in_the_house(
    app: Flask, watch: Watch, address: str, headers: dict[str, str]
) -> None:
    assert app.test_client().get(address, headers=headers).status_code == 200
    assert watch.reached == 1


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["bbox", "limit", "cursor", "offset", "name", "f", "lang", ""]),
            st.sampled_from(["111,40,113,42", "1", "3", "", "x", "%31", "+1", "鄂博", "json"])
            | st.text("0123456789,.-%&=", max_size=12),
        ),
        max_size=3,
    )
)
def test_the_door_never_changes_an_answer(app: Flask, parts: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={value}" for name, value in parts)
    quick, slow = answers(app, f"/collections/places/items?{query}")
    assert quick == slow


def test_a_reader_that_knows_the_answer_is_told_so_at_the_door(app: Flask, watch: Watch) -> None:
    for address in ADDRESSES:
        tag = app.test_client().get(address).headers["ETag"]
        known = {"If-None-Match": f'"x", {tag}'}
        again = app.test_client().get(address, headers=known)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert watch.reached == 0
        quick, slow = answers(app, address, **known)
        assert quick == slow
        watch.reached = 0
        assert app.test_client().get(address, headers={"If-None-Match": '"x"'}).status_code == 200


def test_sites_that_may_read_are_told_so_at_the_door(filled: Store) -> None:
    app = create_app(filled, Settings(cors_origins=("https://maps.example",)))
    watch = watched(app)
    for origin in ("https://maps.example", "https://other.example"):
        quick, slow = answers(app, "/collections/places/items/1", Origin=origin)
        assert quick == slow
    assert watch.reached == 2


def test_conditions_proxies_and_other_methods_go_in(client: FlaskClient, watch: Watch) -> None:
    address = "/collections/places/items/1"
    client.get(address, headers={"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"})
    client.get(address, headers={"X-Forwarded-For": "10.0.0.1"})
    client.head(address)
    client.options(address)
    assert watch.reached == 4


@pytest.mark.parametrize("address", [*ADDRESSES, *REFUSED])
def test_where_people_sign_in_the_door_tells_what_is_public(
    closed_app: Flask, address: str
) -> None:
    quick, slow = answers(closed_app, address)
    assert quick == slow
    assert quick[1]["Cache-Control"] == "private, no-store"
    assert b"41.2," not in quick[2]  # a marker's latitude
    if quick[0] == 200:
        for sent in answers(closed_app, address, **{"If-None-Match": quick[1]["ETag"]}):
            assert (sent[0], sent[1]["Cache-Control"]) == (304, "private, no-store")


def test_a_kept_search_is_forgotten_when_a_name_is_closed(closed_app: Flask, filled: Store) -> None:
    client, root = closed_app.test_client(), Actor.operator("root")

    def names() -> set[str]:
        found = client.get("/search", query_string={"q": "鄂博"}).get_json()["features"]
        return {feature["properties"]["name"] for feature in found}

    assert "鄂博" in names()
    set_level(filled, root, "place", 4, Level.CLOSED, "")
    assert "鄂博" not in names()
    set_level(filled, root, "place", 4, None, "")
    assert "鄂博" in names()


def test_who_may_be_somebody_is_let_in(closed_app: Flask) -> None:
    watch = watched(closed_app)
    client = closed_app.test_client()
    address = "/collections/places/items/1"
    assert client.get(address).status_code == 200
    assert watch.reached == 0
    assert client.get(address, headers={"Authorization": "Bearer ovoo_x"}).status_code == 401
    client.set_cookie("ovoo_session", "x")
    assert client.get(address).status_code == 200
    assert watch.reached == 2


def test_what_another_program_wrote_is_at_the_door_too(filled: Store, app: Flask) -> None:
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE place SET name = '新名' WHERE id = 1"))
    for address in ("/collections/places/items/1", "/collections/places/items?bbox=111,41,112,42"):
        quick, slow = answers(app, address)
        assert quick == slow
        assert "新名".encode() in quick[2]
