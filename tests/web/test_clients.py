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
