"""Searches at the quick door are those of the house, and none outlives what it was read from."""

import pytest
from door import Watch, answers
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from data.store import Store
from gazetteer.tables import place, place_name
from web.kept import BESIDE_BYTES, KeptAnswers

FOUND = (
    "/search?q=%E4%B9%8C%E5%85%B0",
    "/search?q=%E4%B9%8C%E5%85%B0&limit=1",
    "/search?q=bayan+oboo",
    "/search?q=bayan&near=111.5,41&class=2",
    "/search?q=%E4%B9%8C%E5%85%B0&within=990200&as_of=2020-01-01&heritage=true",
    "/search?q=%E4%B9%8C%E5%85%B0&bbox=110,40,113,42&status=standard",
    "/search?q=nothing-like-this",
    "/suggest?q=%E7%99%BD",
)
WITHIN = (
    "/search",
    "/search?q=",
    "/search?q=a&q=b",
    "/search?q=a&lang=en",
    "/search?q=a&f=html",
    "/search?q=%FF",
    "/search?q=a&limit=0",
    "/search?q=a&cursor=x",
    "/search?q=a&within=nowhere",
    "/search?q=a&colour=red",
    "/search?q=%25",
    f"/search?q={'a' * 300}",
)


@pytest.mark.parametrize("address", FOUND)
@pytest.mark.parametrize("language", ["", "en", "zh-CN,zh;q=0.9", "fr"])
def test_searches_are_answered_at_the_door_as_in_the_house(
    app: Flask, watch: Watch, address: str, language: str
) -> None:
    for _ in range(2):  # asked anew, and kept
        assert app.test_client().get(address).status_code == 200
    assert watch.reached == 0
    quick, slow = answers(app, address, **{"Accept-Language": language})
    assert quick == slow


@pytest.mark.parametrize("path", ["search", "suggest"])
def test_a_full_page_of_a_server_is_told_by_one_statement(
    app: Flask, filled: Store, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    assert app.test_client().get("/search?q=bayan").status_code == 200
    for limit in (1, 2):  # of divisions that are at hand by now
        address = f"/{path}?q=%E6%97%97&limit={limit}"
        with monkeypatch.context() as patched:
            if not filled.embedded:
                patched.setattr(Store, "read", None)
            told = app.test_client().get(address).data
        quick, slow = answers(app, address)
        assert quick == slow
        assert told == slow[2]
        assert b"cursor=" in told, "there is more than a page"


@pytest.mark.parametrize("address", WITHIN)
def test_what_is_unusual_is_answered_in_the_house(app: Flask, watch: Watch, address: str) -> None:
    quick, slow = answers(app, address)
    assert quick == slow
    assert watch.reached == 2


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text("q=&+%;乌 bE9\\\"'*", max_size=14))
def test_the_door_never_changes_a_search(app: Flask, query: str) -> None:
    quick, slow = answers(app, f"/search?q={query}")
    assert quick == slow


@pytest.mark.parametrize("address", FOUND)
def test_where_people_sign_in_the_door_finds_what_is_public(
    closed_app: Flask, address: str
) -> None:
    quick, slow = answers(closed_app, address)
    assert quick == slow
    assert quick[1]["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("asked", ["/search?q=a&limit=2", "/suggest?q=a", "/search?f=json&q=a"])
def test_the_page_of_a_search_is_of_the_same_words(client: FlaskClient, asked: str) -> None:
    links = client.get(asked).get_json()["links"]
    (page,) = [one["href"] for one in links if one["rel"] == "alternate"]
    assert "q=a" in page
    assert page.endswith("&f=html")
    assert client.get(page).mimetype == "text/html"


def test_a_kept_answer_goes_with_the_next_write(client: FlaskClient, filled: Store) -> None:
    address = "/search?q=xinmingcheng"
    assert client.get(address).json == client.get(address).json
    assert client.get(address).get_json()["numberReturned"] == 0
    with filled.write("tester", "a new name") as transaction:
        row = {"name": "新名称", "status": "standard"}
        identity = transaction.insert(place, row)
        name = {"place_id": identity, "text": "新名称", "language": "zh-Hans", "kind": "standard"}
        transaction.insert(place_name, name)
    assert client.get(address).get_json()["features"][0]["properties"]["name"] == "新名称"


def test_no_answer_is_kept_while_the_index_is_being_made(
    client: FlaskClient, filled: Store
) -> None:
    assert client.get(FOUND[0]).status_code == 200
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE store_meta SET value = 'x' WHERE key = 'search_index'"))
    assert client.get(FOUND[0]).status_code == 503


def test_kept_answers_stay_within_their_bytes() -> None:
    kept = KeptAnswers(most_bytes=100 + 3 * BESIDE_BYTES)
    for number in range(10):
        kept.keep(number, "1", b"x" * 30)
        assert kept.find(0, "1") == b"x" * 30  # used all the time, so it stays
    assert [n for n in range(10) if kept.find(n, "1")] == [0, 8, 9]
    assert kept.find(9, "2") is None
    kept.keep(9, "2", b"y" * (90 + 2 * BESIDE_BYTES))
    assert [n for n in range(10) if kept.find(n, "1") or kept.find(n, "2")] == [9]


def test_a_server_may_keep_no_answers() -> None:
    kept = KeptAnswers(most_bytes=0)
    kept.keep("q", "1", b"x")
    assert kept.find("q", "1") is None


LOCATED = (
    "/where?lon=111.26&lat=41.25&limit=2",
    "/where?lon=111.99&lat=41.5&uncertainty=2000",
    "/where?lon=111.25&lat=41.25&as_of=1970-01-01",
    "/where?lon=111.26&lat=41.25&radius=500",
    "/where?lat=41.25&lon=%E4%B8%9C%E7%BB%8F111%C2%B015%E2%80%B236%E2%80%B3",
    "/where?lon=20&lat=10&limit=0",
)
UNUSUAL = (
    "/where",
    "/where?lon=111&lat=",
    "/where?lon=111&lat=41&lat=42",
    "/where?lon=111&lat=91",
    "/where?lon=111&lat=41&limit=x",
    "/where?lon=111&lat=41&height=5",
    "/where?lon=111&lat=41&f=html",
    "/where?lon=111&lat=41&lang=en",
    "/where?lon=%FF&lat=41",
)


@pytest.mark.parametrize("address", LOCATED)
def test_a_position_is_found_at_the_door_as_in_the_house(app: Flask, address: str) -> None:
    quick, slow = answers(app, address)
    assert quick == slow
    assert quick[0] == 200


@pytest.mark.parametrize("address", LOCATED)
def test_where_people_sign_in_positions_are_found_as_the_public_sees_them(
    closed_app: Flask, address: str
) -> None:
    quick, slow = answers(closed_app, address)
    assert quick == slow
    assert quick[1]["Cache-Control"] == "private, no-store"


def test_the_door_itself_finds_positions(app: Flask, watch: Watch) -> None:
    for address in LOCATED:
        assert app.test_client().get(address).status_code == 200
    assert watch.reached == 0
    page = app.test_client().get(LOCATED[0], headers={"Accept": "text/html"})
    assert (page.mimetype, watch.reached) == ("text/html", 1)


@pytest.mark.parametrize("address", UNUSUAL)
def test_unusual_positions_are_answered_in_the_house(
    app: Flask, watch: Watch, address: str
) -> None:
    quick, slow = answers(app, address)
    assert quick == slow
    assert watch.reached == 2
