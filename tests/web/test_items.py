"""Pages by filter, in other systems, in other orders: on both stores."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyproj
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.published_systems import CRS84, published_systems

PLACES = "/collections/places/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def names(client: FlaskClient, path: str = PLACES, **asked: object) -> list[str]:
    answer = client.get(path, query_string=asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [one["properties"]["name"] for one in answer.get_json()["features"]]


def pages(client: FlaskClient, path: str, **asked: object) -> Iterator[list[Any]]:
    answer = client.get(path, query_string=asked).get_json()
    while True:
        yield [one["id"] for one in answer["features"]]
        following = [link["href"] for link in answer["links"] if link["rel"] == "next"]
        if not following:
            return
        parts = urlsplit(following[0])
        answer = client.get(parts.path, query_string=parse_qs(parts.query)).get_json()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name LIKE '巴彦%'", ["巴彦淖尔"]),
        ("name IN ('鄂博','乌兰浩特') AND NOT heritage", ["乌兰浩特", "鄂博"]),
        ("S_INTERSECTS(geom, BBOX(111,41,112,42))", ["白音敖包"]),
        (
            "S_INTERSECTS(geom, POLYGON((111 40,112 40,112 42,111 42,111 40)))",
            ["白音敖包", "乌兰浩特"],
        ),
        ("id > 2", ["乌兰浩特", "鄂博"]),
        ("division_code = '990102' OR name = '鄂博'", ["巴彦淖尔", "鄂博"]),
        ("name = 'x'", []),
    ],
)
def test_a_filter_selects(client: FlaskClient, text: str, expected: list[str]) -> None:
    found = names(client, filter=text)
    assert sorted(found) == sorted(expected)
    answer = client.get(PLACES, query_string={"filter": text}).get_json()
    assert answer["numberMatched"] == len(expected)


def test_a_filter_joins_with_everything_else(client: FlaskClient) -> None:
    asked = {"filter": "name LIKE '%'", "bbox": "111,40,112,42"}
    assert names(client, **asked) == names(client, bbox="111,40,112,42")
    assert names(client, **asked, division_code="990101") == ["白音敖包"]
    assert names(client, filter="name = '鄂博'", bbox="111,40,112,42") == []


def test_a_filter_may_be_json_and_in_another_system(client: FlaskClient) -> None:
    document = '{"op":"like","args":[{"property":"name"},"巴彦%"]}'
    assert names(client, filter=document, **{"filter-lang": "cql2-json"}) == ["巴彦淖尔"]
    text = "S_INTERSECTS(geom, BBOX(41,111,42,112))"
    assert names(client, filter=text, **{"filter-crs": f"{EPSG}4490"}) == ["白音敖包"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"filter": "nam = 'a'"}, "filter"),
        ({"filter": "(" * 200}, "filter"),
        ({"filter": "name ="}, "filter"),
        ({"filter-lang": "sql"}, "filter-lang"),
        ({"filter-crs": "EPSG:4326"}, "filter-crs"),
        ({"crs": "EPSG:4326"}, "crs"),
        ({"bbox-crs": "x"}, "bbox-crs"),
        ({"sortby": "meaning"}, "sortby"),
        ({"sortby": ""}, "sortby"),
        ({"sortby": "name,-name"}, "sortby"),
        ({"sortby": "name", "cursor": "5"}, "cursor"),
        ({"sortby": "name", "cursor": "sbnVsbA"}, "cursor"),
        ({"sortby": "name", "cursor": "sWzEsMl0"}, "cursor"),
    ],
)
def test_what_cannot_be_asked_is_named(
    client: FlaskClient, asked: dict[str, str], field: str
) -> None:
    answer = client.get(PLACES, query_string=asked)
    assert (answer.status_code, answer.get_json()["field"]) == (400, field)


def test_numbers_that_leave_their_range_are_refused_or_no_match(client: FlaskClient) -> None:
    answer = client.get(PLACES, query_string={"filter": "id * 1e300 * 1e300 > 0"})
    assert answer.status_code in {200, 400}
    assert client.get(PLACES).status_code == 200


def test_every_property_is_a_parameter(client: FlaskClient) -> None:
    first = client.get(PLACES).get_json()["features"][0]["properties"]
    for name, value in first.items():
        if value is not None:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            assert first["name"] in names(client, limit=100, **{name: text}), name


def test_the_id_is_a_parameter_as_it_is_a_queryable(client: FlaskClient) -> None:
    listed = client.get(PLACES).get_json()["features"]
    for one in listed:
        answer = client.get(PLACES, query_string={"id": one["id"]}).get_json()
        assert answer["features"] == [one]
    assert names(client, id=987654321) == []
    for wrong in ("x", "1.5", "", "9" * 30, "١", "1_0"):
        for name in ("id", "version"):
            assert client.get(PLACES, query_string={name: wrong}).status_code == 400, (name, wrong)
    exported = client.get("/collections/places/export?f=geojson&id=2").get_json(force=True)
    assert [one["id"] for one in exported["features"]] == [2]


@pytest.mark.parametrize("system", published_systems(4490)[:6], ids=lambda one: one.uri[-6:])
def test_an_answer_says_its_system_and_keeps_to_it(client: FlaskClient, system: Any) -> None:
    asked = {"crs": system.uri}
    answer = client.get(PLACES, query_string=asked)
    assert answer.headers["Content-Crs"] == f"<{system.uri}>"
    plain = client.get(PLACES).get_json()["features"]
    for one, known in zip(answer.get_json()["features"], plain, strict=True):
        expected = system.from_store(known["geometry"])
        assert one["geometry"] == expected
        item = client.get(f"{PLACES}/{one['id']}", query_string=asked)
        assert item.headers["Content-Crs"] == f"<{system.uri}>"
        assert item.get_json()["geometry"] == expected


def test_a_box_in_another_system_finds_the_same(client: FlaskClient) -> None:
    expected = names(client, bbox="111,41,112,42")
    assert names(client, bbox="41,111,42,112", **{"bbox-crs": f"{EPSG}4490"}) == expected
    mercator = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)
    corners = [*mercator.transform(111, 41), *mercator.transform(112, 42)]
    asked = {"bbox": ",".join(map(str, corners)), "bbox-crs": f"{EPSG}3857"}
    assert names(client, **asked) == expected


def test_collections_list_the_systems(client: FlaskClient) -> None:
    described = client.get("/collections/places").get_json()
    assert described["crs"][0] == CRS84
    assert described["storageCrs"] == f"{EPSG}4490"
    assert described["storageCrs"] in described["crs"]


def test_links_stand_in_the_header_too(client: FlaskClient) -> None:
    for method in (client.get, client.head):
        header = method(f"{PLACES}?limit=1").headers["Link"]
        for rel in (
            "self",
            "next",
            "alternate",
            "http://www.opengis.net/def/rel/ogc/1.0/queryables",
        ):
            assert f'rel="{rel}"' in header


ORDERS = ["name", "-name", "id", "-id", "heritage,-name", "-division_code,name,id", "+place_code"]


@pytest.mark.parametrize("order", ORDERS)
def test_the_union_of_sorted_pages_is_the_whole_in_order(client: FlaskClient, order: str) -> None:
    whole = [one for page in pages(client, PLACES, sortby=order, limit=1000) for one in page]
    for limit in (1, 2, 3):
        assert [
            one for page in pages(client, PLACES, sortby=order, limit=limit) for one in page
        ] == whole
    everything = [one for page in pages(client, PLACES, limit=1000) for one in page]
    assert sorted(whole) == sorted(everything)
    features = client.get(PLACES, query_string={"sortby": order, "limit": 100}).get_json()[
        "features"
    ]
    first = order.split(",", maxsplit=1)[0]
    key = first.lstrip("+-")
    values = [one["id"] if key == "id" else one["properties"][key] for one in features]
    valued = [value for value in values if value is not None]
    assert valued == sorted(
        valued,
        key=lambda one: one.encode() if isinstance(one, str) else one,
        reverse=first.startswith("-"),
    )
    assert values == [*valued, *[None] * (len(values) - len(valued))]


def test_orders_keep_to_the_box_and_the_filter(client: FlaskClient) -> None:
    asked = {"sortby": "-name", "bbox": "111,40,113,41"}
    assert names(client, **asked) == ["鄂博", "乌兰浩特"]
    assert names(client, **asked, filter="name <> '鄂博'") == ["乌兰浩特"]
    lines = client.get("/collections/lines/items?sortby=-id&bbox=112,41,112.1,42").get_json()
    assert lines["numberReturned"] == lines["numberMatched"]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=40), order=st.text(max_size=12), box=st.text(max_size=20))
def test_no_parameter_breaks_the_server(
    client: FlaskClient, text: str, order: str, box: str
) -> None:
    for asked in ({"filter": text}, {"sortby": order}, {"bbox": box}, {"cursor": text}):
        assert client.get(PLACES, query_string=asked).status_code in {200, 400}
