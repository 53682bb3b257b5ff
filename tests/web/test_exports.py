"""Whole collections and pages as files, over HTTP."""

import csv
import io
import json
import shutil
import subprocess
import time
from pathlib import Path

import pyogrio
import pytest
import region
from flask.testing import FlaskClient
from serving import served

from boundary.tables import marker
from data.geometry import point_wkb
from data.store import Store, create_store
from gazetteer import place
from gazetteer.tables import place_extra
from web.api import exports
from web.app import create_app
from web.settings import Settings

GPKG = "/collections/markers/export?f=gpkg"
NUMBERS = [number for number, *_ in region.MARKERS]


def sequence(raw: bytes) -> list[dict[str, object]]:
    return [json.loads(part) for part in raw.split(b"\x1e")[1:]]


def test_a_collection_streams_as_a_sequence(client: FlaskClient) -> None:
    answer = client.get("/collections/markers/export?f=geojsonseq")
    assert answer.status_code == 200
    assert answer.content_type == "application/geo+json-seq"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="markers.geojsons"'
    found = [feature["properties"]["marker_no"] for feature in sequence(answer.data)]  # type: ignore[index]
    assert found == NUMBERS


def test_head_of_an_export_tells_no_length_that_it_does_not_know(client: FlaskClient) -> None:
    told = client.head(GPKG)
    assert (told.status_code, told.data) == (200, b"")
    assert "Content-Length" not in told.headers
    assert told.headers["ETag"] == client.get(GPKG).headers["ETag"]


def test_every_format_of_every_collection_is_given_as_it_says(client: FlaskClient) -> None:
    for one in client.get("/collections").get_json()["collections"]:
        files = [link for link in one["links"] if link["rel"] == "enclosure"]
        assert len(files) > 8
        for link in files:
            answer = client.get(link["href"])
            assert answer.status_code == 200, link
            assert answer.content_type == link["type"]
            # A collection that is empty is no byte as a sequence.
            assert answer.data or link["type"] == "application/geo+json-seq"


def test_the_same_selection_as_of_items(client: FlaskClient) -> None:
    asked = "bbox=111,41,112,42&heritage=true"
    listed = client.get(f"/collections/places/items?{asked}").get_json()["features"]
    answer = client.get(f"/collections/places/export?f=geojson&{asked}").get_json(force=True)
    assert answer["features"] == listed
    assert [f["properties"]["name"] for f in listed] == ["白音敖包"]


def test_within_a_division_and_in_another_system(client: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    path.write_bytes(client.get(f"{GPKG}&within=东旗&crs=EPSG:4546").data)
    frame = pyogrio.read_dataframe(path)
    assert len(frame) == 4
    assert frame.crs.to_epsg() == 4546
    assert frame.geometry.x.min() > 500_000


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("f=docx", 400),
        ("f=csv&limit=3", 400),
        ("f=csv&bbox=1,2", 400),
        ("f=csv&within=无此旗", 400),
        ("f=csv&crs=EPSG:999999", 400),
        ("f=csv&crs=EPSG:4610", 422),
        ("f=kml&crs=EPSG:4547", 400),
        ("f=csv&profile=nothing", 400),
        ("f=csv&f=gpkg", 400),
    ],
)
def test_what_cannot_be_given_is_a_problem_before_a_byte(
    client: FlaskClient, asked: str, status: int
) -> None:
    answer = client.get(f"/collections/markers/export?{asked}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_without_a_format_the_choices_are_shown(client: FlaskClient) -> None:
    answer = client.get("/collections/markers/export?bbox=111,41,113,42&lang=en").get_json()
    links = {link["title"]: link for link in answer["links"] if link["rel"] == "enclosure"}
    assert client.get(links["GPX"]["href"]).status_code == 200
    assert "bbox=111%2C41%2C113%2C42" in links["GPX"]["href"]
    page = client.get("/collections/markers/export", headers={"Accept": "text/html"})
    assert page.content_type.startswith("text/html")
    assert "GeoPackage" in page.get_data(as_text=True)


def test_an_unchanged_collection_is_not_sent_again(client: FlaskClient, filled: Store) -> None:
    first = client.get(GPKG)
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get(GPKG, headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    with filled.write("tests", "one more") as transaction:
        transaction.insert(marker, {"marker_no": "new", "geom": point_wkb(112.5, 41.5)})
    assert client.get(GPKG, headers=tag).status_code == 200


def test_head_tells_without_making(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(exports, "export_pieces", never)
    answer = client.head(GPKG)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.content_type == "application/geopackage+sqlite3"


def test_few_files_are_made_at_once(client: FlaskClient) -> None:
    held = [exports._files.acquire(blocking=False) for _ in range(exports._FILES_AT_ONCE)]
    try:
        answer = client.get(GPKG)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert client.get("/collections/markers/export?f=csv").status_code == 200
    finally:
        for _ in held:
            exports._files.release()
    assert client.get(GPKG).status_code == 200


def test_a_page_of_items_as_a_sequence_and_as_a_table(client: FlaskClient) -> None:
    answer = client.get("/collections/markers/items?f=geojsonseq&limit=2")
    assert answer.content_type == "application/geo+json-seq"
    assert len(sequence(answer.data)) == 2
    (following,) = [one for one in answer.headers.getlist("Link") if 'rel="next"' in one]
    address = following[1:].split(">")[0]
    assert "f=geojsonseq" not in address
    rest = client.get(address, headers={"Accept": "application/geo+json-seq"})
    assert len(sequence(rest.data)) == 2
    table = client.get("/collections/markers/items", headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert [row["marker_no"] for row in rows] == NUMBERS
    assert rows[0]["crs"] == "EPSG:4490"


def test_a_browser_still_gets_its_page(client: FlaskClient) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = client.get("/collections/markers/items", headers={"Accept": accept})
    assert answer.content_type.startswith("text/html")


def test_hostile_names_leave_as_text(client: FlaskClient, filled: Store) -> None:
    name = '=HYPERLINK("http://x")<img src=x onerror=alert(1)>'
    with filled.write("tests", "a hostile name") as transaction:
        transaction.insert(place, {"name": name, "status": "standard"})
    table = client.get("/collections/places/export?f=csv").data.decode("utf-8-sig")
    assert name not in {row["name"] for row in csv.DictReader(io.StringIO(table))}
    assert f"'{name}" in {row["name"] for row in csv.DictReader(io.StringIO(table))}
    assert b"<img" not in client.get("/collections/places/export?f=kml").data


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin is not installed")
def test_gdal_reads_the_service_as_files(store_url: str, tmp_path: Path) -> None:
    with create_store(store_url) as store:
        region.fill(store)
    with served(store_url) as address:
        for form, name in (("fgb", "a.fgb"), ("gpkg", "a.gpkg"), ("shp", "a.shp.zip")):
            url = f"{address}collections/lines/export?f={form}"
            path = tmp_path / name
            path.write_bytes(
                subprocess.run(["curl", "-sf", url], check=True, capture_output=True).stdout
            )
            frame = pyogrio.read_dataframe(path)
            assert frame["name"].tolist() == ["东西线"], form


def test_a_reader_that_leaves_frees_the_store(filled: Store, client: FlaskClient) -> None:
    for _ in range(40):
        answer = client.get("/collections/places/export?f=csv", buffered=False)
        next(answer.iter_encoded())
        answer.close()
    started = time.monotonic()
    assert client.get("/collections/places/items").status_code == 200
    assert time.monotonic() - started < 5


def test_places_are_linked_places(client: FlaskClient) -> None:
    answer = client.get("/collections/places/items/1?f=lpf")
    assert answer.content_type == "application/ld+json"
    one = json.loads(answer.data)
    assert one["@id"] == "http://localhost/collections/places/items/1"
    assert one["@context"][-1] == {"ovoo": "urn:ovoo:lpf:"}
    assert [name["toponym"] for name in one["names"]] == ["白音敖包", "Bayan Oboo", "ᠪᠠᠶᠠᠨ ᠣᠪᠣᠭ᠎ᠠ"]
    assert one["relations"][0]["label"] == "试验区 › 上盟 › 东旗"
    accept = {"Accept": "application/ld+json"}
    page = json.loads(client.get("/collections/places/items?limit=2", headers=accept).data)
    assert [feature["properties"]["title"] for feature in page["features"]] == [
        "白音敖包",
        "巴彦淖尔",
    ]
    assert page["features"][0] == {key: one[key] for key in one if key != "@context"}
    whole = client.get("/collections/places/export?profile=lpf")
    assert whole.headers["Content-Disposition"] == 'attachment; filename="places-lpf.lpf.json"'
    assert len(json.loads(whole.data)["features"]) == 4
    assert client.get("/collections/markers/items/1?f=lpf").status_code == 400


@pytest.mark.parametrize(
    ("profile", "name"), [("census", "places-census.csv"), ("national", "places-national.json")]
)
def test_a_profile_is_written_in_its_usual_format(
    client: FlaskClient, profile: str, name: str
) -> None:
    answer = client.get(f"/collections/places/export?profile={profile}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "白音敖包" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "asked", ["profile=census&f=dxf", "profile=lpf&f=csv", "profile=lpf&f=gpkg"]
)
def test_a_profile_is_not_written_in_every_format(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/collections/places/export?{asked}").status_code == 400
    crs = "profile=lpf&f=geojson&crs=EPSG:4326"
    assert client.get(f"/collections/places/export?{crs}").status_code == 400


def test_what_is_closed_does_not_leave_to_strangers(filled: Store) -> None:
    with filled.write("tests", "a closed field") as transaction:
        values = {"place_id": 1, "field": "registered_by", "text": "某登记人"}
        transaction.insert(place_extra, values)
    for access, seen in (("open", True), ("closed", False)):
        made = create_app(filled, Settings(access=access))
        own = made.test_client()
        for profile in ("census", "lpf"):
            answer = own.get(f"/collections/places/export?profile={profile}")
            assert answer.status_code == 200
            assert ("某登记人" in answer.get_data(as_text=True)) is seen
