"""Real map clients: GDAL's OGC API – Features driver against a running server."""

import json
import shutil
import subprocess

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
