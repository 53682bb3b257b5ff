"""Real marks through the whole way: load the register, inspect the field, as docs/uk-pillars.md."""

import csv
import statistics
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from files import write_csv
from sqlalchemy import func, select

from boundary.inspecting import inspect_file
from boundary.markers.loading import markers_loader
from boundary.tables import marker
from data.loading import LoadOptions, load_file
from data.store import create_store

pytestmark = pytest.mark.shared

TODAY = date(2026, 11, 23)
DOCUMENT = Path(__file__).resolve().parents[1] / "docs/uk-pillars.md"
REGISTER = ("os_ref", "os_lon", "os_lat", "crs", "sigma_m", "tolerance_m", "tolerance_source")
FIELD = ("marker_no", "lon", "lat", "crs", "method", "date")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `ovoo inspect` says of the field side."""
    source = _shared() / "data/marks/uk_trig_os_osm_matches.csv"
    with source.open(encoding="utf-8") as file:
        pillars = list(csv.DictReader(file))
    folder = tmp_path_factory.mktemp("pillars")
    assumed = ("EPSG:4326", "2", "12", "assumed for this trial")
    register = write_csv(
        folder / "register.csv",
        REGISTER,
        [(row["os_ref"], row["os_lon"], row["os_lat"], *assumed) for row in pillars],
    )
    visited = ("EPSG:4326", "phone", "2018-06-01")
    field = write_csv(
        folder / "field.csv",
        FIELD,
        [(row["os_ref"], row["osm_lon"], row["osm_lat"], *visited) for row in pillars],
    )
    with create_store(str(folder / "pillars.gpkg"), "EPSG:4326") as store:
        columns = {"os_ref": "marker_no", "os_lon": "lon", "os_lat": "lat"}
        loaded = load_file(store, markers_loader(), register, "tester", LoadOptions(columns))
        with store.read() as connection:
            held = connection.scalar(select(func.count()).select_from(marker))
            assert (loaded.written, held) == (1792, 1792)
            return inspect_file(connection, store.crs, field, field.name, TODAY).report()


def _shared() -> Path:
    from conftest import SHARED

    if not SHARED.is_dir():
        pytest.skip("the real data beside the project is not here")
    return SHARED


def test_the_distances_are_those_of_the_data(report: dict[str, Any]) -> None:
    distances = [result["distance_m"] for result in report["results"]]
    assert len(distances) == 1792
    assert statistics.median(distances) == pytest.approx(1.55, abs=0.01)
    assert max(distances) == pytest.approx(5340, abs=10)


def test_nothing_is_called_displaced_and_the_far_ones_are_questions(
    report: dict[str, Any],
) -> None:
    assert "displaced" not in report["summary"]
    far = [result for result in report["results"] if result["distance_m"] > 300]
    assert {result["verdict"] for result in far} == {"resubmit"}
    assert len(far) == 5
    for result in far:
        assert result["en"]
        assert result["zh"]


def test_the_document_tells_these_numbers(report: dict[str, Any]) -> None:
    said = DOCUMENT.read_text(encoding="utf-8")
    words = {"in_place": "in place", "cannot_tell": "cannot tell"}
    for verdict, count in Counter(report["summary"]).items():
        assert f"| {words.get(verdict, verdict)} | {count:,} |" in said, (verdict, count)
    for result in report["results"]:
        if result["distance_m"] > 300:
            assert f"| {result['marker_no']} | {result['distance_m']:,.0f} m |" in said
