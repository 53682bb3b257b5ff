"""Pages forwards and backwards are the same pages, whatever the order and the conditions."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from data import Store
from data.geometry import point_wkb
from gazetteer.tables import place

ITEMS = "/collections/places/items"


@pytest.fixture
def many(filled: Store) -> Store:
    """Twenty-three more places, some without a code or a position."""
    rows = [
        {
            "name": f"点{n % 7}",
            "status": "unverified",
            "place_code": f"C{n % 5}" if n % 3 else None,
            "geom": point_wkb(111.05 + 0.08 * (n * 7 % 23), 40.05 + 0.05 * n) if n % 11 else None,
        }
        for n in range(23)
    ]
    with filled.write("tests", "many places") as transaction:
        transaction.insert_many(place, rows)
    return filled


def walk(client: FlaskClient, address: str, rel: str) -> list[dict[str, Any]]:
    """Every page that the links of one kind lead to, from an address on."""
    pages = []
    following: str | None = address
    while following is not None:
        answer = client.get(following)
        assert answer.status_code == 200, answer.text
        page = answer.get_json(force=True)
        pages.append(page)
        links = {one["rel"]: one["href"] for one in page["links"]}
        assert (rel in links) == (f'rel="{rel}"' in answer.headers["Link"])
        following = links.get(rel)
        assert len(pages) < 60
    return pages


def ids(page: dict[str, Any]) -> list[int]:
    return [one["id"] for one in page["features"]]


QUERIES = (
    "limit=4",
    "limit=5&bbox=111,40,113,42",
    "limit=3&bbox=111.2,40.1,112.4,41.2",
    "limit=4&sortby=name",
    "limit=4&sortby=-name",
    "limit=4&sortby=place_code",
    "limit=4&sortby=-place_code",
    "limit=4&sortby=-place_code,name",
    "limit=3&sortby=name,-place_code&bbox=111,40,113,42",
    "limit=4&filter=id%20%3E%203",
    "limit=2&status=unverified&sortby=-id",
    "limit=1&name=点3",
)


@pytest.mark.parametrize("query", QUERIES)
def test_the_way_back_leads_through_the_same_pages(
    many: Store, client: FlaskClient, query: str
) -> None:
    assert many.crs
    onwards = walk(client, f"{ITEMS}?{query}", "next")
    assert len(onwards) > 2
    assert "prev" not in {one["rel"] for one in onwards[0]["links"]}
    last = next(one["href"] for one in onwards[-1]["links"] if one["rel"] == "self")
    back = walk(client, last, "prev")
    assert [ids(page) for page in reversed(back)] == [ids(page) for page in onwards]
    again = walk(client, next(i["href"] for i in back[-1]["links"] if i["rel"] == "self"), "next")
    assert [ids(page) for page in again] == [ids(page) for page in onwards]


@pytest.mark.parametrize("query", ["limit=5&bbox=111,40,113,42", "limit=4", "limit=4&sortby=name"])
def test_what_another_program_has_written_is_on_the_way_too(
    many: Store, client: FlaskClient, query: str
) -> None:
    with many.engine.begin() as connection:
        connection.execute(text("UPDATE place SET name = '外改' WHERE id IN (2, 9, 14)"))
    onwards = walk(client, f"{ITEMS}?{query}", "next")
    last = next(one["href"] for one in onwards[-1]["links"] if one["rel"] == "self")
    assert [ids(page) for page in reversed(walk(client, last, "prev"))] == [*map(ids, onwards)]


def test_lines_and_divisions_in_a_box_go_back_too(client: FlaskClient) -> None:
    address = "/collections/divisions/items?limit=2&bbox=111,40,113,42"
    onwards = walk(client, address, "next")
    last = next(one["href"] for one in onwards[-1]["links"] if one["rel"] == "self")
    assert [ids(page) for page in reversed(walk(client, last, "prev"))] == [*map(ids, onwards)]


@pytest.mark.parametrize("cursor", ["-", "-x", "--1", "-s", "-1.5", "-99999999999999999999"])
def test_a_cursor_of_no_page_is_refused(client: FlaskClient, cursor: str) -> None:
    for more in ("", "&bbox=111,40,113,42", "&sortby=name"):
        assert client.get(f"{ITEMS}?cursor={cursor}{more}").status_code == 400, more
    assert client.get(f"{ITEMS}?cursor=-3&offset=2").status_code == 400


@pytest.mark.parametrize("far", [2**63, 2**64 - 1])
@pytest.mark.parametrize("keys", ["name", "-name", "version", "version,name"])
def test_a_cursor_with_numbers_that_no_store_holds_is_refused(
    client: FlaskClient, keys: str, far: int
) -> None:
    values = [1 if key == "version" else "a" for key in keys.removeprefix("-").split(",")]
    for back in ("", "-"):
        text = urlsafe_b64encode(json.dumps([*values, far]).encode()).decode().rstrip("=")
        answer = client.get(f"{ITEMS}?sortby={keys}&cursor={back}s{text}")
        assert answer.status_code == 400, answer.text[:200]
