"""Real map clients: GDAL's OGC API – Features driver against a running server."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import region
from serving import served

from data.store import create_store

needs_gdal = pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="gdal-bin is not installed")


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@needs_gdal
def test_gdal_reads_every_collection_page_by_page(store_url: str) -> None:
    with create_store(store_url) as store:
        region.fill(store)
    with served(store_url) as address:
        listed = run("ogrinfo", "-ro", f"OAPIF:{address}")
        assert all(name in listed for name in ("divisions", "places", "lines", "markers"))
        source = f"OAPIF:{address}"
        copied = run(
            *("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", source, "markers", "-oo", "PAGE_SIZE=2")
        )
        features = json.loads(copied)["features"]
        assert [f["properties"]["marker_no"] for f in features] == [m[0] for m in region.MARKERS]
        boxed = run(
            *("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", source, "places"),
            *("-spat", "111", "41", "112", "42"),
        )
        names = [f["properties"]["name"] for f in json.loads(boxed)["features"]]
        assert names == ["白音敖包"]


@needs_gdal
def test_gdal_pushes_its_filter_down(store_url: str) -> None:
    with create_store(store_url) as store:
        region.fill(store)
    with served(store_url) as address:
        filtered = run(
            *("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", f"OAPIF:{address}", "places"),
            *("-where", "name = '鄂博' OR name LIKE '乌兰%'"),
        )
        names = {f["properties"]["name"] for f in json.loads(filtered)["features"]}
        assert names == {"鄂博", "乌兰浩特"}


def test_owslib_finds_its_way(store_url: str) -> None:
    from owslib.ogcapi.features import Features

    with create_store(store_url) as store:
        region.fill(store)
    with served(store_url) as address:
        service = Features(address)
        assert any(one.endswith("/conf/crs") for one in service.conformance()["conformsTo"])
        assert {"places", "markers", "lines"} <= set(service.feature_collections())
        assert service.collection_queryables("places")["properties"]["name"]["type"] == "string"
        page = service.collection_items("places", bbox=[111, 41, 112, 42])
        assert [one["properties"]["name"] for one in page["features"]] == ["白音敖包"]
        filtered = service.collection_items("places", filter="name LIKE '巴彦%'")
        assert [one["properties"]["name"] for one in filtered["features"]] == ["巴彦淖尔"]
        item = service.collection_item("places", str(page["features"][0]["id"]))
        assert item["properties"]["name"] == "白音敖包"


@pytest.mark.parametrize("system", ["EPSG:4490", "EPSG:3857", "EPSG:4547"])
def test_a_new_gdal_gets_the_system_that_it_asks_for(store_url: str, system: str) -> None:
    """The driver turns axes by the system's own definition: a wrong order would show here."""
    import pyogrio
    import pyproj

    with create_store(store_url) as store:
        region.fill(store)
    with served(store_url) as address:
        frame = pyogrio.read_dataframe(f"OAPIF:{address}", layer="places", CRS=system)
    assert len(frame) == len(region.PLACES)
    assert frame.crs.to_epsg() == int(system.split(":")[1])
    base = "EPSG:4326" if system == "EPSG:3857" else "EPSG:4490"
    to_system = pyproj.Transformer.from_crs(base, system, always_xy=True)
    for name, lon, lat, *_ in region.PLACES:
        found = frame[frame["name"] == name].geometry.iloc[0]
        assert (found.x, found.y) == pytest.approx(to_system.transform(lon, lat), abs=1e-3)


def test_owslib_writes_features(store_url: str) -> None:
    from owslib.ogcapi.features import Features

    with create_store(store_url) as store:
        region.fill(store)
    sign = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [111.25, 41.25]}}
    sign["properties"] = {"sign_no": "B-1", "name": "白音敖包"}  # type: ignore[assignment]
    with served(store_url) as address:
        service = Features(address, headers={"Content-Type": "application/geo+json"})
        # OWSLib keeps the headers of all services in one place.
        service.headers.pop("If-Match", None)
        assert service.collection_item_create("signs", json.dumps(sign))
        identity = service.response_headers["Location"].rsplit("/", 1)[1]
        found = service.collection_item("signs", identity)
        assert found["properties"]["sign_no"] == "B-1"
        with pytest.raises(RuntimeError, match="condition-needed"):
            service.collection_item_delete("signs", identity)
        service.headers["If-Match"] = service.response_headers["ETag"]
        found["properties"]["material"] = "铝"
        assert service.collection_item_update("signs", identity, json.dumps(found))
        with pytest.raises(RuntimeError, match="stale"):
            service.collection_item_update("signs", identity, json.dumps(found))
        del service.headers["If-Match"]
        assert service.collection_item("signs", identity)["properties"]["material"] == "铝"
        service.headers["If-Match"] = service.response_headers["ETag"]
        assert service.collection_item_delete("signs", identity)
        with pytest.raises(RuntimeError, match="not-found"):
            service.collection_item("signs", identity)


@pytest.mark.parametrize("grid", ["WorldCRS84Quad", "WebMercatorQuad"])
def test_gdal_reads_vector_tiles_where_they_lie(store_url: str, grid: str) -> None:
    """GDAL finds the tiles by the way from the collection, the grid's corners and the limits."""
    import pyogrio
    import pyproj

    with create_store(store_url) as store:
        region.fill(store)
    options = {"API": "TILES", "TILEMATRIXSET": grid}
    to_degrees = None
    if grid == "WebMercatorQuad":
        # The driver takes the box of the collection, which is in degrees, for one in metres.
        turn = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
        low, high = turn.transform(109.0, 39.0), turn.transform(123.0, 47.0)
        options |= {"MINX": str(low[0]), "MINY": str(low[1])}
        options |= {"MAXX": str(high[0]), "MAXY": str(high[1])}
        to_degrees = pyproj.Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)
    with served(store_url) as address:
        source = f"OGCAPI:{address}collections/places"
        frame = pyogrio.read_dataframe(source, layer="Zoom level 6", **options)
        levels = [name for name, _ in pyogrio.list_layers(source)]
    assert levels == [f"Zoom level {level}" for level in range(19)]
    assert len(frame) == len(region.PLACES)
    for name, lon, lat, *_ in region.PLACES:
        point = frame[frame["name"] == name].geometry.iloc[0]
        found = to_degrees.transform(point.x, point.y) if to_degrees else (point.x, point.y)
        assert found == pytest.approx((lon, lat), abs=360 / 64 / 4096)


@needs_gdal
@pytest.mark.parametrize("grid", ["WorldCRS84Quad", "CGCS2000Quad", "WebMercatorQuad"])
def test_the_gdal_program_reads_our_tile_matrix_sets(
    store_url: str, tmp_path: Path, grid: str
) -> None:
    """GDAL 3.6 knows the former edition's names only; a picture is cut by the set that it read."""
    with create_store(store_url) as store:
        region.fill(store)
    drawn, cut = str(tmp_path / "drawn.tif"), str(tmp_path / "cut.tif")
    size = ["-of", "GTiff", "-outsize", "200", "200", "-bands", "1"]
    run("gdal_create", *size, "-a_srs", "EPSG:4326", "-a_ullr", "110", "42", "112", "40", drawn)
    with served(store_url) as address:
        scheme = f"TILING_SCHEME={address}tileMatrixSets/{grid}"
        run("gdal_translate", "-q", "-of", "COG", "-co", scheme, drawn, cut)
        subsets = run("gdalinfo", f"OGCAPI:{address}")
    assert f"OGCAPI:{address}collections/places" in subsets
    found = json.loads(run("gdalinfo", "-json", cut))
    level = int(found["metadata"]["TILING_SCHEME"]["ZOOM_LEVEL"])
    west, width, _, north, _, height = found["geoTransform"]
    tile = (40075016.68557849 if grid == "WebMercatorQuad" else 180.0) / 2**level
    left, top = (-20037508.342789244,) * 2 if grid == "WebMercatorQuad" else (-180.0, -90.0)
    assert (width * 256, height * 256) == pytest.approx((tile, -tile))
    for distance in ((west - left) / tile, (-top - north) / tile):
        assert distance == pytest.approx(round(distance), abs=1e-6)
