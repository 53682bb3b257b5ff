"""Real marks: the British register against the British field, phone-grade positions."""

import csv
import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from boundary.assessment import Assessment, AssessmentSettings, RegisteredMarker, assess
from boundary.observations import ObservationRow
from data.coordinates import ReferenceSystem

SHARED = Path(os.environ.get("OVOO_SHARED", Path(__file__).resolve().parents[4] / "shared"))
FILE = SHARED / "data/marks/uk_trig_os_osm_matches.csv"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILE.is_file(), reason="the real data is not beside the project"),
]


@pytest.fixture(scope="module")
def found() -> Assessment:
    with FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    register = [
        RegisteredMarker(
            row["os_ref"], float(row["os_lon"]), float(row["os_lat"]),
            sigma_m=2.0, tolerance_m=12.0, tolerance_source="assumed for this comparison",
        )
        for row in rows
    ]  # fmt: skip
    observed = [
        ObservationRow(
            number, {"marker_no": row["os_ref"], "lon": row["osm_lon"], "lat": row["osm_lat"]}
        )
        for number, row in enumerate(rows, start=2)
    ]
    settings = AssessmentSettings(
        today=date(2026, 11, 23),
        system=ReferenceSystem.parse("EPSG:4326"),
        default_method="手机",
    )
    return assess(register, observed, settings)


def test_the_distances_are_those_known_of_the_data(found: Assessment) -> None:
    distance_m = np.array([result.distance_m for result in found.results], float)
    assert len(distance_m) == 1792
    assert float(np.median(distance_m)) == pytest.approx(1.55, abs=0.01)
    assert float(np.percentile(distance_m, 75)) == pytest.approx(3.8, abs=0.05)
    assert float(distance_m.max()) == pytest.approx(5340, abs=10)


def test_far_cases_are_questions_and_nothing_is_called_displaced(found: Assessment) -> None:
    assert found.summary.get("displaced", 0) == 0
    far = [result for result in found.results if (result.distance_m or 0) > 300]
    assert len(far) == 5
    assert {result.verdict for result in far} == {"resubmit"}


def test_two_of_the_five_far_pairs_are_another_pillar(found: Assessment) -> None:
    named = {
        result.marker_no: result.proposal.changes[0][2]
        for result in found.results
        if result.cause == "number" and result.proposal is not None
    }
    assert named == {"TQ47T399": "TQ47S026", "SO52T051": "SO52S009"}


def test_most_pillars_are_where_the_register_has_them(found: Assessment) -> None:
    assert found.summary == {"in_place": 1613, "cannot_tell": 74, "suspect": 100, "resubmit": 5}
