"""Part 4: features are created, replaced, patched and deleted, under the rules of the domain."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from data import Store, verify
from gazetteer.tables import place, place_name
from web.feature_bodies import MERGE_PATCH

PLACES, SIGNS = "/collections/places/items", "/collections/signs/items"
SIGN = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [111.25, 41.25]},
    "properties": {"sign_no": "B-1", "name": "白音敖包", "kind": "路牌", "width_mm": 1200},
}
DRAFT = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [111.5, 41.5]},
    "properties": {"name": "新泉", "romanization": "Xinquan", "category_code": "22200"},
}


def read(client: FlaskClient, address: str) -> tuple[dict[str, Any], dict[str, str]]:
    """A feature, and the header that says it was seen."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_json(force=True), {"If-Match": answer.headers["ETag"]}


def patch(client: FlaskClient, address: str, body: Any, **headers: str) -> TestResponse:
    return client.patch(address, json=body, content_type=MERGE_PATCH, headers=headers)


def test_a_sign_is_added_changed_and_deleted(client: FlaskClient, filled: Store) -> None:
    added = client.post(SIGNS, json=SIGN, content_type="application/geo+json")
    assert added.status_code == 201
    address = added.headers["Location"].removeprefix("http://localhost")
    feature, seen = read(client, address)
    assert added.get_json(force=True) == feature
    assert added.headers["ETag"] == seen["If-Match"]
    assert feature["properties"]["kind"] == "street"
    assert feature["properties"]["place_id"] == 1
    assert feature["properties"]["division_code"] == "990101"

    changed = patch(client, address, {"properties": {"material": "铝", "width_mm": None}}, **seen)
    assert changed.status_code == 200
    assert changed.get_json(force=True)["properties"]["material"] == "铝"
    assert changed.get_json(force=True)["properties"]["width_mm"] is None
    assert changed.headers["ETag"] != seen["If-Match"]

    whole = changed.get_json(force=True)
    whole["properties"]["location"] = "东门"
    whole["geometry"]["coordinates"] = [111.3, 41.3]
    put = client.put(address, json=whole, headers={"If-Match": changed.headers["ETag"]})
    assert put.status_code == 200
    assert put.get_json(force=True)["geometry"]["coordinates"] == [111.3, 41.3]
    assert put.get_json(force=True)["properties"]["version"] == 3
    boxed = client.get(f"{SIGNS}?bbox=111.29,41.29,111.31,41.31").get_json(force=True)
    assert [one["id"] for one in boxed["features"]] == [feature["id"]]

    gone = client.delete(address, headers={"If-Match": put.headers["ETag"]})
    assert gone.status_code == 204
    assert client.get(address).status_code == 404
    with filled.read() as connection:
        verify(connection)


def test_a_change_must_say_what_was_seen(client: FlaskClient) -> None:
    address = f"{PLACES}/1"
    _, seen = read(client, address)
    body = {"properties": {"remark": "一"}}
    bare = patch(client, address, body)
    assert (bare.status_code, bare.get_json()["type"][-16:]) == (428, "condition-needed")
    assert client.delete(address).status_code == 428
    assert client.put(address, json=DRAFT).status_code == 428
    first = patch(client, address, body, **seen)
    assert first.status_code == 200
    stale = patch(client, address, {"properties": {"remark": "二"}}, **seen)
    assert stale.status_code == 412
    assert stale.get_json()["type"].endswith("/problems/stale")
    assert patch(client, address, body, **{"If-Match": '"x"'}).status_code == 412
    weak = {"If-Match": f"W/{first.headers['ETag']}"}
    assert patch(client, address, body, **weak).status_code == 412
    _, other = read(client, f"{PLACES}/2")
    assert patch(client, address, body, **other).status_code == 412
    listed = {"If-Match": f'"x", {first.headers["ETag"]}'}
    assert patch(client, address, {"properties": {"remark": "三"}}, **listed).status_code == 200
    assert patch(client, address, body, **{"If-Match": "*"}).status_code == 200


def test_the_tag_of_a_compressed_answer_counts_as_seen(client: FlaskClient) -> None:
    address = "/collections/markers/items/1"
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    tag = answer.headers["ETag"]
    assert not tag.startswith("W/")
    assert tag != client.get(address).headers["ETag"]
    body = {"properties": {"remark": "已核对"}}
    assert patch(client, address, body, **{"If-Match": tag}).status_code == 200


def test_of_a_missing_feature(client: FlaskClient) -> None:
    address = f"{PLACES}/999"
    assert client.put(address, json=DRAFT).status_code == 404
    assert client.put(address, json=DRAFT, headers={"If-Match": '"a"'}).status_code == 412
    assert client.delete(address, headers={"If-Match": '"a"'}).status_code == 404
    assert client.get("/collections/places/items/x").status_code == 404
    assert client.delete("/collections/rivers/items/1").status_code == 404


@pytest.mark.parametrize(
    ("address", "properties", "way"),
    [
        (f"{PLACES}/1", {"name": "别的名字"}, "/approvals"),
        (f"{PLACES}/1", {"status": "former"}, "/approvals"),
        (f"{PLACES}/1", {"names": []}, "/approvals"),
        (f"{PLACES}/1", {"heritage": False}, "/heritage"),
        ("/collections/divisions/items/1", {"name": "新区"}, "/division-events"),
        ("/collections/lines/items/1", {"party_a": "990201"}, "/lines/{id}/findings"),
        ("/collections/lines/items/1", {"state": "agreed"}, "/lines/{id}/sections"),
        ("/collections/markers/items/1", {"tolerance_m": 9.0}, "/markers/{id}/relocation"),
        ("/collections/markers/items/1", {"material": "钢"}, "/markers/{id}/acts"),
        ("/collections/markers/items/1", {"status": "sound"}, "/submissions"),
    ],
)
def test_what_is_not_plainly_edited_names_the_lawful_way(
    client: FlaskClient, address: str, properties: dict[str, Any], way: str
) -> None:
    _, seen = read(client, address)
    answer = patch(client, address, {"properties": properties}, **seen)
    assert answer.status_code == 409
    problem = answer.get_json()
    assert problem["type"].endswith("/problems/not-editable")
    assert way in problem["detail"]
    assert [fault["column"] for fault in problem["errors"]] == list(properties)
    assert read(client, address)[1] == seen


@pytest.mark.parametrize("name", ["markers", "lines", "divisions"])
def test_agreed_geometry_stays_as_it_is(client: FlaskClient, name: str) -> None:
    address = f"/collections/{name}/items/1"
    feature, seen = read(client, address)
    same = patch(client, address, {"geometry": feature["geometry"]}, **seen)
    assert same.status_code == 200
    assert same.headers["ETag"] == seen["If-Match"]
    shape = shapely.from_geojson(json.dumps(feature["geometry"]))
    moved = json.loads(shapely.to_geojson(shapely.transform(shape, lambda xy: xy + 1e-5)))
    answer = patch(client, address, {"geometry": moved}, **seen)
    assert answer.status_code == 409
    assert [fault["column"] for fault in answer.get_json()["errors"]] == ["geometry"]


@pytest.mark.parametrize("name", ["divisions", "lines", "markers", "inspections", "heritage"])
def test_what_comes_by_law_or_evidence_is_not_posted(client: FlaskClient, name: str) -> None:
    body = {"type": "Feature", "geometry": None, "properties": {}}
    answer = client.post(f"/collections/{name}/items", json=body)
    assert answer.status_code == 409
    assert answer.get_json()["type"].endswith("/problems/not-editable")
    told = client.options(f"/collections/{name}/items").headers
    # QGIS asks nothing more of a collection without POST, and edits nothing of it.
    assert ("POST" in told["Allow"]) == (name != "inspections")
    assert "Accept-Post" not in told


def test_what_describes_a_marker_is_edited_by_a_whole_feature_too(client: FlaskClient) -> None:
    address = "/collections/markers/items/1"
    feature, seen = read(client, address)
    feature["properties"]["remark"] = "基座完好"
    answer = client.put(address, json=feature, headers=seen)
    assert answer.status_code == 200, answer.text
    assert answer.get_json(force=True)["properties"]["remark"] == "基座完好"
    assert answer.get_json(force=True)["geometry"] == feature["geometry"]


def test_a_draft_name_is_entered_renamed_and_deleted(client: FlaskClient, filled: Store) -> None:
    added = client.post(PLACES, json=DRAFT)
    assert added.status_code == 201, added.text
    feature = added.get_json(force=True)
    assert feature["properties"]["status"] == "unverified"
    assert feature["properties"]["division_code"] == "990101"
    assert [one["text"] for one in feature["properties"]["names"]] == ["新泉", "Xinquan"]
    address = f"{PLACES}/{feature['id']}"
    found = client.get("/search", query_string={"q": "新泉"}).get_json(force=True)
    assert [one["properties"]["name"] for one in found["features"]] == ["新泉"]
    renamed = patch(
        client, address, {"properties": {"name": "旧泉", "romanization": None}},
        **{"If-Match": added.headers["ETag"]},
    )  # fmt: skip
    assert renamed.status_code == 200, renamed.text
    names = renamed.get_json(force=True)["properties"]["names"]
    assert [one["text"] for one in names] == ["旧泉"]
    gone = client.delete(address, headers={"If-Match": renamed.headers["ETag"]})
    assert gone.status_code == 204, gone.text
    with filled.read() as connection:
        left = select(func.count()).select_from(place_name).where(place_name.c.text == "旧泉")
        assert connection.scalar(left) == 0


def test_a_standard_name_is_neither_posted_nor_deleted(client: FlaskClient) -> None:
    body = DRAFT | {"properties": {"name": "某山", "status": "standard"}}
    answer = client.post(PLACES, json=body)
    assert answer.status_code == 409
    assert "/approvals" in answer.get_json()["detail"]
    _, seen = read(client, f"{PLACES}/1")
    assert client.delete(f"{PLACES}/1", headers=seen).status_code == 409


def test_a_place_that_a_sign_names_is_not_deleted(client: FlaskClient) -> None:
    added = client.post(PLACES, json=DRAFT)
    identity = added.get_json(force=True)["id"]
    sign = {"type": "Feature", "geometry": None}
    sign["properties"] = {"sign_no": "B-9", "name": "新泉", "place_id": identity}  # type: ignore[assignment]
    assert client.post(SIGNS, json=sign).status_code == 201
    seen = {"If-Match": client.get(f"{PLACES}/{identity}").headers["ETag"]}
    answer = client.delete(f"{PLACES}/{identity}", headers=seen)
    assert answer.status_code == 409
    assert "sign" in answer.get_json()["detail"]
    assert client.get(f"{PLACES}/{identity}").get_json(force=True)["properties"]["names"]


def test_a_collection_is_written_whole_or_not_at_all(client: FlaskClient, filled: Store) -> None:
    def feature(**properties: Any) -> dict[str, Any]:
        return DRAFT | {"properties": {"category_code": "22200", **properties}}

    good = {"type": "FeatureCollection", "features": [feature(name=f"甲{n}") for n in range(30)]}
    answer = client.post(PLACES, json=good)
    assert answer.status_code == 201, answer.text
    assert answer.get_json()["numberCreated"] == 30
    assert client.get(f"{PLACES}/{answer.get_json()['ids'][-1]}").status_code == 200

    bad = [
        feature(name="乙"), feature(), feature(name=7, valid_from="soon"), feature(name="丙", x=1),
        feature(name="丁") | {"geometry": {"type": "Point", "coordinates": [400, 1]}},
        feature(name="戊") | {"geometry": {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}},
        feature(name="己", category_code="nothing"), feature(name="庚", division_code="123456"),
        feature(name="辛", place_code="Z1"), feature(name="壬", place_code="Z1"),
        feature(name="癸", valid_from="2020-01-01", valid_to="2019-01-01"),
        feature(name="子", synthetic=True), feature(name="丑") | {"type": "Place"},
    ]  # fmt: skip
    answer = client.post(PLACES, json={"type": "FeatureCollection", "features": bad})
    assert answer.status_code == 422
    told = {(fault["row"], fault["column"]) for fault in answer.get_json()["errors"]}
    assert told == {
        (2, "name"), (3, "name"), (3, "valid_from"), (4, "x"), (5, "geometry"), (6, "geometry"),
        (7, "category_code"), (8, "division_code"), (10, "place_code"), (11, "valid_to"),
        (12, "synthetic"), (13, "type"),
    }  # fmt: skip
    with filled.read() as connection:
        stored = select(func.count()).select_from(place).where(place.c.name.in_(["乙", "辛"]))
        assert connection.scalar(stored) == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400), ("[]", 400), ("7", 400), ("", 400), ("nonsense", 400), ("{}x", 400),
        ('{"type":"Feature","type":"Feature","geometry":null,"properties":{"name":"a"}}', 422),
        ('{"type":"FeatureCollection","features":[1]}', 400),
        ('{"type":"Feature","features":[]}', 400),
        ('{"type":"FeatureCollection","features":[]}', 400),
        ('{"type":"Feature","geometry":' + '{"a":' * 400 + "1" + "}" * 400 + "}", 400),
        ('{"type":"Feature","geometry":' + "[" * 90_000, 400),
        ('{"type":"Feature","geometry":null,"properties":{"name":NaN}}', 422),
        ('{"type":"FeatureCollection","features":[' + "{}," * 10_001 + "{}]}", 413),
        (b"\xff\xfe{}", 400),
        ('{"type":"Feature","geometry":null,"properties":{"name":"\\u0000"}}', 422),
        ('{"type":"Feature","geometry":null,"properties":{"\\ud800":1}}', 422),
        ('{"type":"Feature","\\ud800":1,"geometry":null,"properties":{"name":"a"}}', 422),
        ('{"\\ud800":1,"\\ud800":1}', 422),
        ('{"type":"Feature","geometry":{"type":"\\ud800"},"properties":{"name":"a"}}', 422),
        ('{"type":"Feature","geometry":{"type":[]},"properties":{"name":"a"}}', 422),
    ],
)  # fmt: skip
def test_a_hostile_body_is_refused(client: FlaskClient, body: str | bytes, status: int) -> None:
    answer = client.post(PLACES, data=body, content_type="application/geo+json")
    assert answer.status_code == status, answer.text[:300]
    assert answer.content_type == "application/problem+json"


def test_a_patch_may_not_take_all_properties_away(client: FlaskClient) -> None:
    """A merge patch that removes `properties` (RFC 7396) leaves no feature (RFC 7946, 3.2)."""
    before, seen = read(client, f"{PLACES}/1")
    answer = patch(client, f"{PLACES}/1", {"properties": None}, **seen)
    assert answer.status_code == 422
    assert [fault["column"] for fault in answer.get_json()["errors"]] == ["properties"]
    assert read(client, f"{PLACES}/1")[0] == before


def test_other_media_types_are_refused_with_those_that_are_taken(client: FlaskClient) -> None:
    answer = client.post(PLACES, data="<a/>", content_type="application/xml")
    assert answer.status_code == 415
    assert answer.headers["Accept-Post"] == "application/geo+json, application/json"
    _, seen = read(client, f"{PLACES}/1")
    answer = client.patch(f"{PLACES}/1", json={}, headers=seen)
    assert answer.status_code == 415
    assert answer.headers["Accept-Patch"] == MERGE_PATCH


def test_a_geometry_comes_in_the_system_that_is_named(client: FlaskClient) -> None:
    body = SIGN | {"geometry": {"type": "Point", "coordinates": [41.25, 111.25]}}
    system = {"Content-Crs": "<http://www.opengis.net/def/crs/EPSG/0/4490>"}
    answer = client.post(SIGNS, json=body, headers=system)
    assert answer.get_json(force=True)["geometry"]["coordinates"] == [111.25, 41.25]
    address = f"{SIGNS}/{answer.get_json(force=True)['id']}"
    seen = {"If-Match": answer.headers["ETag"]}
    zone = "http://www.opengis.net/def/crs/EPSG/0/4547"
    shown = client.get(address, query_string={"crs": zone}).get_json(force=True)["geometry"]
    moved = {"coordinates": [shown["coordinates"][0] + 1000.0, shown["coordinates"][1]]}
    answer = patch(client, address, {"geometry": moved}, **seen, **{"Content-Crs": f"<{zone}>"})
    lon, lat = answer.get_json(force=True)["geometry"]["coordinates"]
    assert lon == pytest.approx(111.25, abs=0.02)
    assert lat == pytest.approx(41.259, abs=1e-3)
    wrong = client.post(SIGNS, json=SIGN, headers={"Content-Crs": "<urn:nothing>"})
    assert wrong.status_code == 400


def test_the_client_may_want_little_back(client: FlaskClient) -> None:
    minimal = {"Prefer": "return=minimal"}
    added = client.post(SIGNS, json=SIGN, headers=minimal)
    assert (added.status_code, added.data) == (201, b"")
    assert added.headers["Preference-Applied"] == "return=minimal"
    address = added.headers["Location"].removeprefix("http://localhost")
    body = {"properties": {"remark": "好"}}
    answer = patch(client, address, body, **{"If-Match": added.headers["ETag"]}, **minimal)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["ETag"] == client.get(address).headers["ETag"]


def test_of_many_writers_with_one_tag_one_wins(app: Flask, filled: Store) -> None:
    address = f"{PLACES}/1"
    _, seen = read(app.test_client(), address)
    barrier, found = threading.Barrier(8), []

    def write(number: int) -> None:
        body = {"properties": {"remark": f"第{number}"}}
        barrier.wait()
        found.append((patch(app.test_client(), address, body, **seen).status_code, number))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(status for status, _ in found) == [200] + [412] * 7
    (winner,) = (number for status, number in found if status == 200)
    feature, _ = read(app.test_client(), address)
    assert feature["properties"]["remark"] == f"第{winner}"
    assert feature["properties"]["version"] == 2


def test_roles_count_where_the_record_is(
    house: Flask, signed: Callable[[str], dict[str, str]]
) -> None:
    client, body = house.test_client(), {"properties": {"remark": "改"}}
    address = f"{PLACES}/1"  # it lies in 990101
    seen = {"If-Match": client.get(address).headers["ETag"]}
    assert patch(client, address, body, **seen).status_code == 401
    for name in ("lower", "surveyor", "viewer"):
        assert patch(client, address, body, **seen, **signed(name)).status_code == 403, name
        assert client.delete(address, headers={**seen, **signed(name)}).status_code == 403
    assert client.post(PLACES, json=DRAFT, headers=signed("viewer")).status_code == 403
    assert client.post(PLACES, json=DRAFT, headers=signed("lower")).status_code == 403
    assert client.post(PLACES, json=DRAFT, headers=signed("upper")).status_code == 201
    done = patch(client, address, body, **seen, **signed("upper"))
    assert done.status_code == 200
    away = {"properties": {"division_code": "990201"}}
    tag = {"If-Match": done.headers["ETag"]}
    assert patch(client, address, away, **tag, **signed("upper")).status_code == 403


def test_what_is_allowed_is_told_to_each_reader(
    house: Flask, signed: Callable[[str], dict[str, str]]
) -> None:
    client = house.test_client()

    def allowed(address: str, *names: str) -> set[str]:
        headers = signed(*names) if names else {}
        answer = client.options(address, headers=headers)
        assert answer.status_code == 200
        return set(answer.headers["Allow"].split(", ")) - {"GET", "HEAD", "OPTIONS"}

    assert allowed(PLACES) == set()
    assert allowed(PLACES, "viewer") == set()
    assert allowed(PLACES, "upper") == {"POST"}
    assert allowed(f"{PLACES}/1", "viewer") == set()
    for name in ("upper", "lower"):  # QGIS asks one feature, wherever it lies, and no other
        assert allowed(f"{PLACES}/1", name) == {"PUT", "PATCH", "DELETE"}
    assert allowed(f"{PLACES}/unknown_id", "upper") == {"PUT", "PATCH", "DELETE"}
    assert allowed("/collections/markers/items", "upper") == {"POST"}
    assert allowed("/collections/markers/items/1", "upper") == {"PUT", "PATCH"}
    assert allowed("/collections/inspections/items", "upper") == set()
    refused = client.patch(PLACES)
    assert refused.status_code == 405
    assert "GET" in refused.headers["Allow"]


def test_a_number_that_no_store_keeps_names_nothing(client: FlaskClient) -> None:
    for address in ("/lines/99999999999999999999", "/markers/99999999999999999999/versions"):
        assert client.get(address).status_code == 404
    assert (
        client.post("/rounds/past", json={"lines": [], "completed_on": "2020-01-01"}).status_code
        == 400
    )
