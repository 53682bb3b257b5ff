"""OGC API Features over HTTP: pages, boxes, filters, links, refusals, on both stores."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from data.store import Store, open_store
from web.catalogue import COLLECTIONS

PROBLEM = "application/problem+json"


def get(client: FlaskClient, address: str, status: int = 200, **headers: str) -> Any:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    return answer.get_json(force=True)


def names(page: dict[str, Any]) -> list[str]:
    return [f["properties"].get("name") or f["properties"]["marker_no"] for f in page["features"]]


def test_the_landing_page_leads_everywhere(client: FlaskClient) -> None:
    page = get(client, "/")
    assert {"self", "service-desc", "conformance", "data"} <= {k["rel"] for k in page["links"]}
    desc = next(link for link in page["links"] if link["rel"] == "service-desc")
    assert desc["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert client.get(desc["href"]).content_type == desc["type"]


def test_conformance_names_core(client: FlaskClient) -> None:
    declared = get(client, "/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in declared


def test_a_collection_says_the_same_alone_and_in_the_list(client: FlaskClient) -> None:
    listed = get(client, "/collections")["collections"]
    assert [one["id"] for one in listed] == list(COLLECTIONS)
    for one in listed:
        assert get(client, f"/collections/{one['id']}") == one
    places = listed[1]["extent"]["spatial"]["bbox"][0]
    assert places == pytest.approx([111.25, 40.25, 112.75, 41.5], abs=1e-4)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_items_are_features_of_rfc_7946(client: FlaskClient, name: str) -> None:
    page = get(client, f"/collections/{name}/items?limit=100")
    assert page["type"] == "FeatureCollection"
    assert page["numberReturned"] == len(page["features"]) == page["numberMatched"]
    assert "crs" not in page
    for feature in page["features"]:
        assert feature["type"] == "Feature"
        assert feature["properties"]["synthetic"] is True
        assert set(feature) == {"type", "id", "geometry", "properties"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("bbox=111,41,112,42", ["白音敖包"]),
        ("bbox=111,40,113,42", ["白音敖包", "巴彦淖尔", "乌兰浩特", "鄂博"]),
        ("bbox=112.5,41.5,112.5,41.5", ["巴彦淖尔"]),
        ("bbox=112.5000001,41.5,113,42", []),
        ("bbox=111,41,0,112,42,100", ["白音敖包"]),
        ("bbox=112,40,-179,42", ["巴彦淖尔", "鄂博"]),
        ("bbox=-180,-90,180,90&heritage=true", ["白音敖包"]),
        ("heritage=false&limit=2", ["巴彦淖尔", "乌兰浩特"]),
        ("name=鄂博", ["鄂博"]),
        ("division_code=990201&status=standard", ["乌兰浩特"]),
        ("status=pending", []),
        ("offset=1&limit=2", ["巴彦淖尔", "乌兰浩特"]),
        ("datetime=2024-05-03", ["白音敖包", "巴彦淖尔", "乌兰浩特", "鄂博"]),
    ],
)
def test_places_asked_for(client: FlaskClient, query: str, expected: list[str]) -> None:
    found = names(get(client, f"/collections/places/items?{query}"))
    assert found == expected or ("bbox" in query and sorted(found) == sorted(expected))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("datetime=1979-12-31&level=county", 1),
        ("datetime=1980-01-01&level=county", 5),
        ("datetime=../1979-12-31&level=county", 1),
        ("datetime=1979-01-01/1980-06-01&level=county", 5),
        ("datetime=2020-01-01T08:00:00Z/..&level=county", 5),
        ("level=county&in_region=true", 4),
        ("bbox=111.2,41.2,111.3,41.3", 3),
    ],
)
def test_divisions_asked_for(client: FlaskClient, query: str, count: int) -> None:
    assert len(get(client, f"/collections/divisions/items?{query}&limit=50")["features"]) == count


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
@pytest.mark.parametrize("box", ["", "&bbox=111,40,113,42", "&bbox=-180,-90,180,90"])
def test_the_union_of_the_pages_is_the_whole(client: FlaskClient, limit: int, box: str) -> None:
    address: str | None = f"/collections/markers/items?limit={limit}{box}"
    seen, pages = [], 0
    while address:
        page = get(client, address)
        seen += [feature["id"] for feature in page["features"]]
        pages += 1
        links = {link["rel"]: link["href"] for link in page["links"]}
        address = links.get("next")
    assert len(seen) == len(set(seen))
    assert sorted(seen) == [1, 2, 3, 4, 5]
    assert pages == -(-5 // limit)


def test_one_feature_links_home(client: FlaskClient) -> None:
    feature = get(client, "/collections/markers/items/1")
    assert feature["geometry"] == {"type": "Point", "coordinates": [112.0, 41.2]}
    relations = {"self", "alternate", "collection", "version-history", "profile"}
    assert relations == {link["rel"] for link in feature["links"]}
    assert feature["properties"]["witness_objects"] == [
        {"ordinal": 1, "name": "独立树", "azimuth_deg": 45.0}
        | {"azimuth_kind": "grid", "distance_m": 20.0}
    ]


def test_one_place_shows_all_its_names(client: FlaskClient) -> None:
    place = get(client, "/collections/places/items/1")
    listed = [name["text"] for name in place["properties"]["names"]]
    assert listed == ["白音敖包", "Bayan Oboo", "ᠪᠠᠶᠠᠨ ᠣᠪᠣᠭ᠎ᠠ"]
    assert (
        "names" not in get(client, "/collections/places/items?limit=1")["features"][0]["properties"]
    )


@pytest.mark.parametrize(
    "address",
    [
        "/collections/places/items/999",
        "/collections/places/items/x",
        "/collections/places/items/-1",
        "/collections/places/items/99999999999999999999999",
        "/collections/none/items",
        "/nowhere",
        "/submissions/7",
    ],
)
def test_what_is_not_there_is_a_404_problem(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (404, PROBLEM)
    assert answer.get_json()["status"] == 404


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("colour=red", "colour"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("limit=1&limit=2", "limit"),
        ("limit=１", "limit"),
        ("offset=x", "offset"),
        ("cursor=x", "cursor"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=1,2,3,nan", "bbox"),
        ("bbox=1,9,3,2", "bbox"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2024-13-01", "datetime"),
        ("datetime=2024-05-03/2020-01-01", "datetime"),
        ("datetime=2024-05-03T99:00:00Z", "datetime"),
        ("datetime=", "datetime"),
        ("heritage=maybe", "heritage"),
        ("f=xml", "f"),
        ("lang=fr", "lang"),
    ],
)
def test_a_bad_parameter_is_refused_by_name(client: FlaskClient, query: str, named: str) -> None:
    answer = client.get(f"/collections/places/items?{query}", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.content_type) == (400, PROBLEM)
    body = answer.get_json()
    assert body["field"] == named
    assert body["value"] in query or query.count("=") > 1
    assert named in body["detail"]
    assert body["type"].endswith("/problems/invalid-value")


def test_a_cursor_of_another_query_is_refused(client: FlaskClient) -> None:
    page = get(client, "/collections/places/items?limit=1&bbox=111,40,113,42")
    links = {link["rel"]: link["href"] for link in page["links"]}
    cursor = links["next"].rsplit("cursor=", 1)[1]
    refused = get(client, f"/collections/places/items?cursor={cursor}", 400)
    assert refused["field"] == "cursor"


def test_what_another_program_writes_is_shown(filled: Store, client: FlaskClient) -> None:
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE place SET name = '新名' WHERE id = 1"))
        connection.execute(text("DELETE FROM place_name WHERE place_id = 4"))
        connection.execute(text("DELETE FROM place WHERE id = 4"))
        connection.execute(
            text(
                "INSERT INTO place (id, name, status, heritage, synthetic, version, geom)"
                " SELECT 77, '外来', 'standard', heritage, synthetic, 1, geom"
                " FROM place WHERE id = 2"
            )
        )
    for query in ("", "?bbox=111,40,113,42", "?bbox=111,40,113,42&status=standard"):
        shown = names(get(client, f"/collections/places/items{query}"))
        assert sorted(shown) == sorted(["新名", "巴彦淖尔", "乌兰浩特", "外来"])
    assert names(get(client, "/collections/places/items?bbox=111,41,112,42")) == ["新名"]
    address = filled.engine.url.render_as_string(hide_password=False)
    with open_store(address) as again, again.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM place_unrendered")) == 0
        rendered = connection.scalar(text("SELECT json FROM place_rendered WHERE id = 77"))
    assert "外来".encode() in bytes(rendered)


def test_too_high_a_limit_is_taken_as_the_highest(client: FlaskClient) -> None:
    assert len(get(client, "/collections/places/items?limit=99999999")["features"]) == 4


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(name=st.text(max_size=12), value=st.text(max_size=30))
def test_no_query_breaks_the_server(client: FlaskClient, name: str, value: str) -> None:
    for parameter in ("bbox", "datetime", "limit", "cursor", "name", name):
        try:
            answer = client.get("/collections/places/items", query_string={parameter: value})
        except UnicodeEncodeError:
            continue  # a lone surrogate cannot be sent
        assert answer.status_code in {200, 400}


def test_pages_for_people(client: FlaskClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
    for address in (
        "/",
        "/map",
        "/conformance",
        "/api",
        "/collections",
        "/collections/places",
        "/collections/places/items",
        "/collections/places/items/1",
        "/search?q=白音",
    ):
        for lang in ("zh", "en"):
            joint = "&" if "?" in address else "?"
            answer = client.get(f"{address}{joint}lang={lang}", headers=browser)
            assert answer.status_code == 200, address
            assert answer.content_type == "text/html; charset=utf-8"
            assert "<title>" in answer.get_data(as_text=True)
    missing = client.get("/collections/places/items/99", headers=browser)
    assert (missing.status_code, missing.content_type) == (404, "text/html; charset=utf-8")


def test_methods_that_are_not_there_say_which_are(client: FlaskClient) -> None:
    answer = client.delete("/collections/places/items")
    assert (answer.status_code, answer.content_type) == (405, PROBLEM)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("method", ["put", "post", "patch", "delete"])
def test_no_request_moves_a_reference_position(client: FlaskClient, method: str) -> None:
    before = get(client, "/collections/markers/items/1")
    moved = json.loads(json.dumps(before))
    moved["geometry"]["coordinates"][0] += 0.1
    seen = {"If-Match": client.get("/collections/markers/items/1").headers["ETag"]}
    kind = "application/merge-patch+json" if method == "patch" else "application/geo+json"
    answer = getattr(client, method)(
        "/collections/markers/items/1", json=moved, content_type=kind, headers=seen
    )
    assert answer.status_code == (405 if method == "post" else 409)
    assert get(client, "/collections/markers/items/1") == before


def test_every_answer_is_guarded(client: FlaskClient) -> None:
    headers = client.get("/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("白音敖包", "白音敖包"),
        ("白音", "白音敖包"),
        ("bayan oboo", "白音敖包"),
        ("ＢＡＹＡＮ Ｏ", "白音敖包"),
        ("ᠪᠠᠶᠠᠨ", "白音敖包"),
        ("王爷庙", "乌兰浩特"),
    ],
)
def test_search_finds_any_form_of_a_name(client: FlaskClient, query: str, expected: str) -> None:
    found = client.get("/search", query_string={"q": query}).get_json()["features"]
    assert found[0]["properties"]["name"] == expected
    path = found[0]["properties"]["division_path"]
    assert path.startswith("试验区 › ")


def test_only_the_properties_that_are_named(client: FlaskClient) -> None:
    page = get(
        client, "/collections/places/items?properties=name,status&bbox=111,40,113,42&limit=3"
    )
    for feature in page["features"]:
        assert set(feature["properties"]) == {"name", "status"}
        assert feature["geometry"]["type"] == "Point"
    (following,) = [link["href"] for link in page["links"] if link["rel"] == "next"]
    assert "properties=name,status" in following
    (last,) = get(client, following)["features"]
    assert set(last["properties"]) == {"name", "status"}
    one = get(client, "/collections/places/items/1?properties=names")
    assert [*one["properties"]] == ["names"]
    assert get(client, "/collections/places/items/1?properties=")["properties"] == {}
    refused = get(client, "/collections/places/items?properties=name,nome", 400)
    assert "nome" in refused["detail"]
    moved = get(
        client,
        "/collections/places/items/1?properties=name"
        "&crs=http://www.opengis.net/def/crs/EPSG/0/4490",
    )
    assert moved["properties"] == {"name": "白音敖包"}
    assert moved["geometry"]["coordinates"] == [41.25, 111.25]
    table = client.get("/collections/places/items?f=csv&properties=name&limit=1").get_data()
    assert "白音敖包" in table.decode("utf-8-sig")
    assert "drawn for a test" not in table.decode("utf-8-sig")
