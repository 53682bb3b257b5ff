"""Release levels over HTTP: who sets them, and what each channel tells afterwards."""

import io
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pytest
from closed_house import DIGITS, LAT, LON, READERS, TILE, furnish, open_house
from flask import Flask
from flask.testing import FlaskClient
from mapbox_vector_tile import decode

from data import Box, Store
from data.tiles import WEB_MERCATOR, Tile
from web.readings import readings_of

RELEASES = "/administration/releases"
Known = Mapping[str, Mapping[str, str]]


@pytest.fixture
def house(store: Store) -> Iterator[tuple[Flask, Known, dict[str, int]]]:
    ids = furnish(store)
    app, known = open_house(store)
    yield app, known, ids
    readings_of(app).flush()


def rules(client: FlaskClient, who: Mapping[str, str]) -> dict[str, dict[str, object]]:
    return {one["table"]: one for one in client.get(RELEASES, headers=who).get_json()["rules"]}


def in_tile(client: FlaskClient, tile: Tile) -> list[int]:
    path = f"/collections/markers/tiles/WebMercatorQuad/{tile.level}/{tile.row}/{tile.column}"
    body = client.get(path).data
    return [one["id"] for one in decode(body)["markers"]["features"]] if body else []


def test_only_who_administers_everything_sees_and_sets_levels(
    house: tuple[Flask, Known, dict[str, int]],
) -> None:
    app, known, _ = house
    client = app.test_client()
    for reader in READERS:
        wanted = {"anonymous": 401, "administrator": 200}.get(reader, 403)
        who = known[reader]
        assert client.get(RELEASES, headers=who).status_code == wanted
        version = rules(client, who)["sign"]["version"] if wanted == 200 else 0
        rule = {"table": "sign", "level": "internal", "version": version}
        assert client.post(RELEASES, json=rule, headers=who).status_code == wanted
        record = {"table": "place", "number": 1, "level": "closed", "version": 0}
        answer = client.post(f"{RELEASES}/records", json=record, headers=who)
        assert answer.status_code == wanted


def test_a_grid_holds_in_every_channel_from_the_answer_on(
    house: tuple[Flask, Known, dict[str, int]], tmp_path: Path
) -> None:
    app, known, ids = house
    client = app.test_client()
    root = known["administrator"]
    now = rules(client, root)["marker"]
    assert (now["level"], now["position"], now["version"]) == ("public", "withheld", 0)
    rule = {"table": "marker", "level": "public", "position": "grid", "grid_deg": 0.05}
    set_ = client.post(RELEASES, json=rule | {"version": 0}, headers=root)
    assert set_.status_code == 200
    assert set_.get_json()["version"] == 1
    shown = [112.0, 41.2]
    items = "/collections/markers/items"
    item = client.get(f"{items}/{ids['marker']}").get_json()
    assert item["geometry"]["coordinates"] == shown
    near, grid = (
        f"{LON - 0.001},{LAT - 0.001},{LON + 0.001},{LAT + 0.001}",
        "111.999,41.199,112.001,41.201",
    )
    for box, count in ((near, 0), (grid, 2)):
        assert len(client.get(f"{items}?bbox={box}").get_json()["features"]) == count
        asked = client.get(items, query_string={"filter": f"S_INTERSECTS(geom,BBOX({box}))"})
        assert len(asked.get_json()["features"]) == count
    exact, _ = WEB_MERCATOR.tiles_over(Box(LON, LAT, LON, LAT), 14)
    coarse, _ = WEB_MERCATOR.tiles_over(Box(*shown, *shown), 14)
    assert (exact.row, exact.column) == TILE
    assert ids["marker"] not in in_tile(client, exact)
    assert ids["marker"] in in_tile(client, coarse)
    exported = tmp_path / "markers.gpkg"
    exported.write_bytes(client.get("/collections/markers/export?f=gpkg").data)
    with sqlite3.connect(exported) as file:
        assert file.execute("SELECT count(*) FROM markers").fetchone()[0] > 0
    book = client.get("/collections/markers/export?f=xlsx").data
    cells = [str(v) for row in openpyxl.load_workbook(io.BytesIO(book)).active.values for v in row]
    for channel in ("geojson", "csv", "kml", "geojsonseq"):
        text = client.get(f"/collections/markers/export?f={channel}").get_data(as_text=True)
        assert not [digits for digits in DIGITS if digits in text], channel
    assert not [digits for digits in DIGITS for cell in cells if digits in cell]
    assert DIGITS[0].encode() not in exported.read_bytes()


def test_a_record_is_closed_and_opened_again(
    house: tuple[Flask, Known, dict[str, int]],
) -> None:
    app, known, _ = house
    client, root = app.test_client(), known["administrator"]
    record = {"table": "place", "number": 1, "reason": "核查"}
    name = client.get("/collections/places/items/1").get_json()["properties"]["name"]
    closed = record | {"level": "closed", "version": 0}
    assert client.post(f"{RELEASES}/records", json=closed, headers=root).status_code == 200
    assert client.get("/collections/places/items/1").status_code == 404
    assert name not in client.get("/collections/places/items").get_data(as_text=True)
    assert name not in client.get(f"/search?q={name}").get_json().get("results", [])
    listed = client.get(f"{RELEASES}?table=place", headers=root).get_json()["records"]
    assert [(one["number"], one["level"], one["reason"]) for one in listed] == [
        (1, "closed", "核查")
    ]
    again = record | {"level": "default", "version": 7}
    stale = client.post(f"{RELEASES}/records", json=again, headers=root)
    assert stale.status_code == 409
    again["version"] = listed[0]["version"]
    assert client.post(f"{RELEASES}/records", json=again, headers=root).status_code == 200
    assert client.get("/collections/places/items/1").status_code == 200
    journal = client.get("/administration/journal?table=record_release", headers=root).get_json()
    assert [one["action"] for one in journal["entries"]] == ["delete", "insert"]


@pytest.mark.parametrize(
    "rule",
    [
        {"table": "account", "level": "public", "version": 0},
        {"table": "marker", "level": "open", "version": 0},
        {"table": "marker", "level": "public", "position": "grid", "version": 0},
        {"table": "place", "level": "public", "position": "grid", "grid_deg": 0.1, "version": 0},
        {"table": "marker", "level": "public", "grid_deg": 0.1, "version": 0},
        {"table": "marker", "level": "public"},
    ],
)
def test_what_is_no_rule_is_refused(client: FlaskClient, rule: dict[str, object]) -> None:
    assert client.post(RELEASES, json=rule).status_code == 400
    assert {one["version"] for one in rules(client, {}).values()} == {0}


def test_two_administrators_do_not_overwrite_each_other(client: FlaskClient) -> None:
    first = {"table": "sign", "level": "internal", "version": 0}
    assert client.post(RELEASES, json=first).status_code == 200
    answer = client.post(RELEASES, json=first | {"level": "closed"})
    assert answer.status_code == 409
    assert rules(client, {})["sign"]["level"] == "internal"


def test_the_page_sets_what_its_forms_say(client: FlaskClient) -> None:
    html = {"Accept": "text/html"}
    page = client.get(RELEASES, headers=html).get_data(as_text=True)
    assert "公开级别" in page
    assert 'name="grid_deg"' in page
    sent = {"table": "marker", "level": "public", "position": "grid", "grid_deg": "0.01"}
    answer = client.post(RELEASES, data=sent | {"version": "0"}, headers=html)
    assert (answer.status_code, answer.headers["Location"]) == (303, RELEASES)
    assert rules(client, {})["marker"]["grid_deg"] == 0.01
    one = {"table": "place", "number": "1", "level": "internal", "reason": "x", "version": "0"}
    assert client.post(f"{RELEASES}/records", data=one, headers=html).status_code == 303
    page = client.get(f"{RELEASES}?lang=en", headers=html).get_data(as_text=True)
    assert "As its table again" in page
