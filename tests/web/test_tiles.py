"""OGC API Tiles as clients see it: descriptions, tiles, conditions, refusals, doors."""

import gzip
import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text as sql

from data import Actor, Grant, Level, Precision, Role, Rule, set_rule
from data.accounts import accept_invitation, issue_token, open_account
from data.store import Store
from data.tiles import WEB_MERCATOR, Tile
from web.api.features import CONFORMANCE
from web.app import create_app
from web.catalogue import COLLECTIONS
from web.settings import ACCOUNTS, Settings

REL = "http://www.opengis.net/def/rel/ogc/1.0/"
MVT = "application/vnd.mapbox-vector-tile"
Z12 = "12/1531/3313"
"""The tile of WebMercatorQuad in which the first place of the region lies."""
_STAMP = re.compile(rb'"request_id":"[^"]*"')
GRIDS = ("WebMercatorQuad", "WorldCRS84Quad", "CGCS2000Quad")


def read(body: bytes) -> dict[str, Any]:
    found: dict[str, Any] = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
    return found


def links(document: dict[str, Any], rel: str) -> list[dict[str, Any]]:
    return [one for one in document["links"] if one["rel"] == rel]


def test_the_way_from_the_landing_page_to_a_tile(client: FlaskClient) -> None:
    landing = client.get("/?f=json").get_json()
    (schemes,) = links(landing, f"{REL}tiling-schemes")
    listed = client.get(schemes["href"]).get_json()["tileMatrixSets"]
    assert [one["id"] for one in listed] == list(GRIDS)
    (listing,) = links(landing, f"{REL}tilesets-vector")
    for one in client.get(listing["href"]).get_json()["tilesets"]:
        assert one["dataType"] == "vector"
        (scheme,) = links(one, f"{REL}tiling-scheme")
        assert client.get(scheme["href"]).get_json()["crs"] == one["crs"]
        tileset = client.get(links(one, "self")[0]["href"]).get_json()
        (item,) = links(tileset, "item")
        assert item["templated"] is True
        assert item["type"] == MVT
        for variable, value in (("{tileMatrix}", "0"), ("{tileRow}", "0"), ("{tileCol}", "0")):
            assert variable in item["href"]
            item["href"] = item["href"].replace(variable, value)
        assert client.get(item["href"]).status_code in {200, 204}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_each_collection_links_to_its_tiles(client: FlaskClient, name: str) -> None:
    described = client.get(f"/collections/{name}?f=json").get_json()
    (link,) = links(described, f"{REL}tilesets-vector")
    tilesets = client.get(link["href"]).get_json()["tilesets"]
    assert [one.get("tileMatrixSetURI", "own").rsplit("/", 1)[-1] for one in tilesets] == [
        "WebMercatorQuad", "WorldCRS84Quad", "own",
    ]  # fmt: skip
    for one in tilesets:
        tileset = client.get(links(one, "self")[0]["href"]).get_json()
        assert [layer["id"] for layer in tileset["layers"]] == [name]
        assert tileset["layers"][0]["propertiesSchema"]["properties"]
        page = client.get(links(one, "self")[0]["href"] + "?f=html")
        assert page.status_code == 200


def test_own_and_registered_sets_are_told_apart(client: FlaskClient) -> None:
    own = client.get("/tileMatrixSets/CGCS2000Quad?lang=en").get_json()
    assert "uri" not in own
    assert "not registered" in own["description"]
    assert own["crs"] == "http://www.opengis.net/def/crs/EPSG/0/4490"
    assert own["orderedAxes"] == ["Lat", "Lon"]
    assert own["tileMatrices"][0]["pointOfOrigin"] == [90, -180]
    registered = client.get("/tileMatrixSets/WorldCRS84Quad").get_json()
    assert registered["uri"].endswith("/WorldCRS84Quad")
    assert registered["tileMatrices"][0]["matrixWidth"] == 2
    assert [one["id"] for one in registered["tileMatrices"]] == [str(n) for n in range(19)]


def test_the_classes_are_declared(client: FlaskClient) -> None:
    declared = client.get("/conformance").get_json()["conformsTo"]
    assert declared == list(CONFORMANCE)
    for name in ("core", "tileset", "tilesets-list", "dataset-tilesets", "mvt", "oas30"):
        assert f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}" in declared


def test_operations_end_as_the_standard_wants(client: FlaskClient) -> None:
    paths = client.get("/api").get_json(force=True)["paths"]
    known = [one["get"]["operationId"] for one in paths.values() if "get" in one]
    for of in ("dataset", "collection"):
        for end in ("getTileSetsList", "getTileSet", "getTile"):
            assert any(name.endswith(f"{of}.vector.{end}") for name in known)
    assert {"getTileMatrixSetsList", "getTileMatrixSet"} <= set(known)


@pytest.mark.parametrize("door", ["", "?f=mvt"])
def test_a_tile_of_a_collection_has_that_layer_alone(client: FlaskClient, door: str) -> None:
    answer = client.get(f"/collections/places/tiles/WebMercatorQuad/{Z12}{door}")
    assert answer.status_code == 200
    assert answer.mimetype == MVT
    assert answer.headers["Cache-Control"] == "no-cache"
    found = read(answer.data)
    assert list(found) == ["places"]
    assert found["places"]["features"][0]["properties"]["name"] == "白音敖包"


def test_a_tile_of_everything_has_all_layers(client: FlaskClient) -> None:
    found = read(client.get("/tiles/WebMercatorQuad/7/47/103").data)
    assert {"divisions", "divisions_labels", "lines", "markers", "places"} <= set(found)
    answer = client.get("/tiles/WebMercatorQuad/7/47/103?collections=places,lines")
    assert set(read(answer.data)) == {"lines", "places"}


def test_the_quick_door_and_the_house_answer_alike(app: Flask) -> None:
    transport: Any = app.wsgi_app
    door = transport._application
    addresses = [
        f"/collections/places/tiles/WebMercatorQuad/{Z12}",
        "/tiles/CGCS2000Quad/6/17/103",
        "/collections/places/tiles/WebMercatorQuad/3/0/0",
        "/collections/places/tiles/WebMercatorQuad/3/8/0",
        "/collections/places/tiles/Other/3/0/0",
        "/collections/rivers/tiles/WebMercatorQuad/3/0/0",
    ]
    for headers in ({}, {"Accept-Encoding": "gzip"}, {"If-None-Match": '"x"'}):
        for address in addresses:
            found = []
            for application in (door, door._application):
                transport._application = application
                answer = app.test_client().get(address, headers=headers)
                sent = {k: v for k, v in answer.headers.items() if k != "X-Request-ID"}
                found.append((answer.status_code, sent, _STAMP.sub(b"", answer.data)))
            transport._application = door
            assert found[0] == found[1], address


def test_what_is_known_is_not_sent_again(client: FlaskClient, filled: Store) -> None:
    address = f"/collections/places/tiles/WebMercatorQuad/{Z12}"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    with filled.engine.begin() as connection:
        connection.execute(sql("UPDATE place SET name = '改名' WHERE id = 1"))
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "改名".encode() in changed.data


def test_tiles_are_compressed_for_those_who_ask(client: FlaskClient) -> None:
    address = f"/collections/places/tiles/WebMercatorQuad/{Z12}"
    plain, small = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(small.data) == plain.data
    assert small.headers["ETag"] == f"W/{plain.headers['ETag']}"
    assert "Accept-Encoding" in small.headers["Vary"]


def test_an_empty_tile_is_said_to_be_empty(client: FlaskClient) -> None:
    for headers in ({}, {"X-Unknown": "1"}):
        answer = client.get("/collections/places/tiles/WebMercatorQuad/3/0/0", headers=headers)
        assert (answer.status_code, answer.data) == (204, b"")


def test_head_is_get_without_the_tile(client: FlaskClient) -> None:
    answer = client.head(f"/collections/places/tiles/WebMercatorQuad/{Z12}")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/collections/places/tiles/WebMercatorQuad/3/8/0", 404),
        ("/collections/places/tiles/WebMercatorQuad/3/0/8", 404),
        ("/collections/places/tiles/WebMercatorQuad/19/0/0", 404),
        ("/collections/places/tiles/WebMercatorQuad/-1/0/0", 404),
        ("/collections/places/tiles/WebMercatorQuad/x/0/0", 404),
        ("/collections/places/tiles/WebMercatorQuad/1/99999999999999999999/0", 404),
        ("/collections/places/tiles/WebMercatorQuad/1/\u0661/0", 404),
        ("/collections/places/tiles/Mars/3/0/0", 404),
        ("/collections/places/tiles/Mars", 404),
        ("/collections/rivers/tiles", 404),
        ("/collections/rivers/tiles/WebMercatorQuad/3/0/0", 404),
        ("/tileMatrixSets/Mars", 404),
        ("/tiles/CGCS2000Quad?f=tilejson", 404),
        ("/tiles/CGCS2000Quad/style", 404),
        ("/tiles/WebMercatorQuad/3/0/0?collections=rivers", 400),
        ("/tiles/WebMercatorQuad/3/0/0?colections=places", 400),
        ("/tiles/WebMercatorQuad/3/0/0?f=png", 400),
        ("/tiles/WebMercatorQuad/3/0/0?datetime=yesterday", 400),
        ("/tiles/WebMercatorQuad/3/0/0?datetime=2001-01-01/2002-01-01", 400),
        ("/tiles/WebMercatorQuad/3/0/0?datetime=../2002-01-01", 400),
        ("/collections/places/tiles/WebMercatorQuad/3/0/0?collections=places", 400),
    ],
)
def test_what_is_wrong_is_refused_by_name(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"]


def test_a_day_can_be_asked_for(client: FlaskClient) -> None:
    address = "/tiles/WebMercatorQuad/6/23/51?collections=divisions&datetime="
    now = read(client.get(f"{address}2024-05-03").data)["divisions"]["features"]
    then = read(client.get(f"{address}1979-05-03T00:00:00Z").data)["divisions"]["features"]
    assert len(then) < len(now)


def test_a_day_is_no_span_of_time_and_so_its_class_is_not_declared(client: FlaskClient) -> None:
    """The class asks for intervals and for an axis of `subset`; nothing of it is claimed."""
    declared = client.get("/conformance").get_json()["conformsTo"]
    assert not [one for one in declared if "tiles-1" in one and one.endswith("/datetime")]
    tile = "/collections/places/tiles/WebMercatorQuad/6/23/51"
    assert client.get(f"{tile}?datetime=2024-05-03").status_code in {200, 204}
    for asked, name in (
        ("datetime=2024-01-01/2024-12-31", "datetime"),
        ("datetime=2024-01-01/..", "datetime"),
        ('subset=datetime("2024-05-03")', "subset"),
    ):
        answer = client.get(f"{tile}?{asked}")
        assert (answer.status_code, answer.get_json()["field"]) == (400, name)


def test_tilejson_names_every_layer_and_field(client: FlaskClient) -> None:
    made = client.get("/tiles/WebMercatorQuad?f=tilejson").get_json()
    assert made["tilejson"] == "3.0.0"
    assert made["tiles"][0].endswith("/tiles/WebMercatorQuad/{z}/{y}/{x}")
    assert made["bounds"] == [111.0, 40.0, 115.0, 42.0]
    fields = {layer["id"]: layer["fields"] for layer in made["vector_layers"]}
    assert set(fields) == {*COLLECTIONS, "divisions_labels"}
    tile = made["tiles"][0].format(z=7, y=47, x=103)
    for name, layer in read(client.get(tile).data).items():
        for feature in layer["features"]:
            assert set(feature["properties"]) <= set(fields[name])


def test_the_style_names_only_layers_that_there_are(client: FlaskClient) -> None:
    style = client.get("/tiles/WebMercatorQuad/style?lang=en").get_json(force=True)
    assert style["version"] == 8
    source = client.get(style["sources"]["ovoo"]["url"]).get_json()
    known = {layer["id"] for layer in source["vector_layers"]}
    drawn = [layer for layer in style["layers"] if "source-layer" in layer]
    assert {layer["source-layer"] for layer in drawn} <= known
    assert len({layer["id"] for layer in style["layers"]}) == len(style["layers"])
    assert "coalesce" not in str(style)  # QGIS writes no labels by it
    assert "glyphs" not in style
    assert "sprite" not in style


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="gdal-bin is not installed")
def test_gdal_reads_a_tile_where_it_lies(client: FlaskClient, tmp_path: Path) -> None:
    file = tmp_path / "tile.mvt"
    file.write_bytes(client.get(f"/tiles/WebMercatorQuad/{Z12}").data)
    level, row, column = Z12.split("/")
    command = ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", str(file), "places"]
    command += ["-t_srs", "EPSG:4326", "-oo", f"Z={level}", "-oo", f"Y={row}", "-oo", f"X={column}"]
    read_by = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    (feature,) = json.loads(read_by.stdout)["features"]
    assert feature["properties"]["name"] == "白音敖包"
    assert feature["geometry"]["coordinates"] == pytest.approx([111.25, 41.25], abs=2e-5)


@pytest.fixture
def closed(filled: Store) -> FlaskClient:
    """A client of a service where people sign in."""
    return create_app(filled, Settings(access=ACCOUNTS)).test_client()


def test_where_people_sign_in_each_sees_what_is_released(
    closed: FlaskClient, filled: Store
) -> None:
    address = "/collections/markers/tiles/WebMercatorQuad/7/47/103"
    assert closed.get(address).status_code == 204
    everything = closed.get("/tiles/WebMercatorQuad/7/47/103")
    assert everything.headers["Cache-Control"] == "private, no-store"
    assert "places" in read(everything.data)
    assert "markers" not in read(everything.data)
    bearer = _token(filled)
    assert len(read(closed.get(address, headers=bearer).data)["markers"]["features"]) == 4
    assert "markers" in read(closed.get("/tiles/WebMercatorQuad/7/47/103", headers=bearer).data)
    # What one reader was shown is not shown to another.
    assert closed.get(address).status_code == 204


def test_positions_on_the_grid_are_on_the_grid_in_tiles_too(
    closed: FlaskClient, filled: Store
) -> None:
    address = "/collections/markers/tiles/WebMercatorQuad/12/1529/3322"
    assert closed.get(address).status_code == 204
    operator = Actor.operator("operator")
    set_rule(filled, operator, Rule("marker", Level.PUBLIC, Precision.GRID, 0.05))
    lon, lat = np.array([112.0]), np.array([41.4])
    tile = Tile(12, 1529, 3322)
    x, y = WEB_MERCATOR.steps(tile, lon, lat)
    found = read(closed.get(address).data)["markers"]["features"]
    assert [one["geometry"]["coordinates"] for one in found] == [[int(x[0]), int(y[0])]]
    set_rule(filled, operator, Rule("marker", Level.PUBLIC, Precision.WITHHELD))
    assert closed.get(address).status_code == 204


def test_named_sites_may_draw_the_tiles(filled: Store) -> None:
    client = create_app(filled, Settings(cors_origins=("https://maps.example",))).test_client()
    for address in (f"/collections/places/tiles/WebMercatorQuad/{Z12}", "/tiles/WebMercatorQuad"):
        answer = client.get(address, headers={"Origin": "https://maps.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "https://maps.example"
        answer = client.get(address, headers={"Origin": "https://other.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers


def _token(store: Store) -> dict[str, str]:
    operator, now = Actor.operator("operator"), datetime.now(UTC)
    _, link = open_account(store, operator, "editor", [Grant(Role.EDITOR)], now)
    accept_invitation(store, link, "three grey cairns", now)
    text = issue_token(store, "editor", "test", tuple(Role), timedelta(days=1), now)
    return {"Authorization": f"Bearer {text}"}


def test_the_limits_hold_every_tile_that_has_something(client: FlaskClient) -> None:
    for grid in ("WebMercatorQuad", "WorldCRS84Quad", "CGCS2000Quad"):
        limits = client.get(f"/collections/places/tiles/{grid}").get_json()["tileMatrixSetLimits"]
        assert [one["tileMatrix"] for one in limits] == [str(level) for level in range(19)]
        one = limits[9]
        rows = range(one["minTileRow"], one["maxTileRow"] + 1)
        columns = range(one["minTileCol"], one["maxTileCol"] + 1)
        found = set()
        for row in range(rows[0] - 1, rows[-1] + 2):
            for column in range(columns[0] - 1, columns[-1] + 2):
                answer = client.get(f"/collections/places/tiles/{grid}/9/{row}/{column}")
                if answer.status_code == 200:
                    found.add((row, column))
        assert {row for row, _ in found} <= set(rows)
        assert {column for _, column in found} <= set(columns)
        # Not one row or column more than is needed.
        assert {rows[0], rows[-1]} <= {row for row, _ in found}
        assert {columns[0], columns[-1]} <= {column for _, column in found}


def test_chosen_collections_are_described_and_kept_in_links(client: FlaskClient) -> None:
    listed = client.get("/tiles?collections=places,lines").get_json()
    assert "collections-selection" in " ".join(client.get("/conformance").get_json()["conformsTo"])
    for one in listed["tilesets"]:
        (own,) = (link["href"] for link in one["links"] if link["rel"] == "self")
        tileset = client.get(own).get_json()
        assert {layer["id"] for layer in tileset["layers"]} == {"places", "lines"}
        (item,) = (link["href"] for link in tileset["links"] if link["rel"] == "item")
        assert item.endswith("{tileCol}?collections=places,lines")
        for link in tileset["links"]:
            if link.get("title") == "TileJSON":
                made = client.get(link["href"]).get_json()
                assert {layer["id"] for layer in made["vector_layers"]} == {"places", "lines"}
                assert made["tiles"][0].endswith("{x}?collections=places,lines")
    everything = client.get("/tiles/WebMercatorQuad").get_json()
    assert len(everything["layers"]) > 2
    assert client.get("/tiles?collections=rivers").status_code == 400
