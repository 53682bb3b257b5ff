"""Ties, earlier visits and heights beside the coordinates."""

from datetime import date

import numpy as np
import pytest

from boundary.assessment import (
    Assessment,
    AssessmentSettings,
    RegisteredMarker,
    Visit,
    WitnessObject,
    assess,
)
from boundary.observations import ObservationRow
from data.coordinates import LocalFrame

SETTINGS = AssessmentSettings(today=date(2026, 11, 23))
OBJECTS = ((20.0, 0.0), (15.0, 100.0), (30.0, 200.0), (12.0, 290.0))


def marker(number: int, visits: tuple[Visit, ...] = (), **more: float) -> RegisteredMarker:
    witness = tuple(
        WitnessObject(f"object {k}", distance, azimuth, "grid")
        for k, (distance, azimuth) in enumerate(OBJECTS)
    )
    return RegisteredMarker(
        f"1521{number:03d}Q", 119.0 + 0.05 * number, 43.0, marker_id=number,
        sigma_m=more.get("sigma_m", 0.05), tolerance_m=0.2, witness=witness, visits=visits,
        height_m=1000.0, height_datum="1985国家高程基准",
    )  # fmt: skip


def row(number: int, east_m: float, north_m: float, **more: str) -> dict[str, str]:
    lon, lat = LocalFrame.at(119.0 + 0.05 * number, 43.0).moved(np.array([[east_m, north_m]]))
    return {
        "marker_no": f"1521{number:03d}Q", "lon": f"{lon[0]:.9f}", "lat": f"{lat[0]:.9f}",
        "method": "CORS", "observed_at": "2026-05-03", "surveyor": "甲", **more,
    }  # fmt: skip


def ties(east_m: float, north_m: float, object_moved_m: float = 0.0) -> dict[str, str]:
    cells = {}
    for k, (distance, azimuth) in enumerate(OBJECTS):
        turn = np.radians(azimuth)
        spot = distance * np.array([np.sin(turn), np.cos(turn)])
        if k == 0:
            spot = spot + np.array([0.0, object_moved_m])
        now = float(np.hypot(*(spot - [east_m, north_m])))
        cells[f"tie{k + 1}_name"] = f"object {k}"
        cells[f"tie{k + 1}_distance"] = f"{now:.2f}"
    return cells


def run(*rows: dict[str, str], register: list[RegisteredMarker]) -> Assessment:
    return assess(register, [ObservationRow(i, r) for i, r in enumerate(rows, 2)], SETTINGS)


def codes(found: Assessment) -> set[str]:
    return {finding.code for finding in found.findings}


def test_ties_bear_out_a_lone_displacement() -> None:
    register = [marker(1)]
    alone = run(row(1, 2.1, 1.3), register=register)
    assert alone.results[0].verdict == "suspect"
    tied = run(row(1, 2.1, 1.3, **ties(2.1, 1.3)), register=register)
    assert tied.results[0].verdict == "displaced"


def test_ties_that_fit_contradict_the_coordinates() -> None:
    found = run(row(1, 2.1, 1.3, **ties(0.0, 0.0)), register=[marker(1)])
    assert found.results[0].verdict == "in_place"
    assert "coordinate_contradicted" in codes(found)
    assert "方位物" in found.results[0].zh


def test_coordinates_that_fit_put_the_ties_in_question() -> None:
    found = run(row(1, 0.01, 0.0, **ties(2.1, 1.3)), register=[marker(1)])
    assert found.results[0].verdict == "in_place"
    assert "witness_objects_suspect" in codes(found)


def test_a_moved_witness_object_is_named() -> None:
    found = run(row(1, 0.01, 0.0, **ties(0.0, 0.0, 1.5)), register=[marker(1)])
    moved = [f for f in found.findings if f.code == "witness_object_moved"]
    assert [f.details["object"] for f in moved] == ["object 0"]
    assert found.results[0].verdict == "in_place"


def test_ties_answer_where_the_coordinates_cannot() -> None:
    weak = marker(1, sigma_m=5.0)
    assert run(row(1, 3.0, 1.0), register=[weak]).results[0].verdict == "cannot_tell"
    fits = run(row(1, 3.0, 1.0, **ties(0.0, 0.0)), register=[weak])
    assert fits.results[0].verdict == "in_place"
    moved = run(row(1, 3.0, 1.0, **ties(1.4, 0.9)), register=[weak])
    assert moved.results[0].verdict == "suspect"


def test_a_second_visit_bears_out_a_lone_displacement() -> None:
    before = (Visit(date(2025, 5, 1), 2.08, 1.31, 0.025, "other"),)
    found = run(row(1, 2.1, 1.3), register=[marker(1, before)])
    assert found.results[0].verdict == "displaced"
    phone = (Visit(date(2025, 5, 1), 2.08, 1.31, 5.0, survey_grade=False),)
    assert run(row(1, 2.1, 1.3), register=[marker(1, phone)]).results[0].verdict == "suspect"


def test_change_since_the_shadow_baseline_is_told_even_of_a_weak_register() -> None:
    before = (Visit(date(2022, 5, 1), 1.0, 1.0, 0.025, "other"),)
    found = run(row(1, 1.5, 1.0), register=[marker(1, before, sigma_m=2.0)])
    changed = [f for f in found.findings if f.code == "changed_since_baseline"]
    assert changed[0].details["east_m"] == pytest.approx(0.5, abs=0.01)


def test_creep_is_told_in_millimetres_a_year() -> None:
    before = tuple(Visit(date(2020 + k, 5, 3), 0.04 * k, 0.0, 0.025, str(k)) for k in range(6))
    found = run(row(1, 0.24, 0.0), register=[marker(1, before)])
    creeping = [f for f in found.findings if f.code == "creep"]
    assert creeping[0].details["east_mm_per_year"] == pytest.approx(40, abs=2)


def test_heights_do_not_touch_the_verdict_but_a_common_shift_is_told() -> None:
    register = [marker(k) for k in range(1, 6)]
    rows = [row(k, 0.01, 0.0, height="1001.7", height_datum="85高程") for k in range(1, 6)]
    found = run(*rows, register=register)
    assert {r.verdict for r in found.results} == {"in_place"}
    shift = [f for f in found.findings if f.code == "height_shift"]
    assert shift[0].details["shift_m"] == pytest.approx(1.7)


def test_two_sessions_of_one_file_bear_each_other_out() -> None:
    twice = [row(1, 2.1, 1.3), row(1, 2.12, 1.29, surveyor="乙")]
    found = run(*twice, register=[marker(1)])
    assert [r.verdict for r in found.results] == ["displaced", "displaced"]
    assert "repeats_agree" in codes(found)
    same = run(row(1, 2.1, 1.3), row(1, 2.12, 1.29), register=[marker(1)])
    assert {r.verdict for r in same.results} == {"suspect"}


def test_repeats_that_contradict_each_other_are_told() -> None:
    found = run(row(1, 0.0, 0.01), row(1, 0.31, 0.27, surveyor="乙"), register=[marker(1)])
    assert "repeats_disagree" in codes(found)
