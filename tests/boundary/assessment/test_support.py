"""Ties, earlier visits and heights beside the coordinates."""

from dataclasses import replace
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
        sigma_m=more.get("sigma_m", 0.05),
        tolerance_m=more.get("tolerance_m", 0.2), witness=witness, visits=visits,
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
    assert creeping[0].details["step_between_years"] is None


def test_a_step_is_told_with_the_years_between_which_it_came() -> None:
    before = tuple(
        Visit(date(2020 + k, 5, 3), 0.0 if k < 3 else 0.3, 0.0, 0.025, str(k)) for k in range(6)
    )
    found = run(row(1, 0.3, 0.0), register=[marker(1, before)])
    (step,) = [f for f in found.findings if f.code == "creep"]
    assert step.details["kind"] == "step"
    assert step.details["step_between_years"] == pytest.approx([2022.34, 2023.34], abs=0.01)
    assert "2022.3 至 2023.3 年间的一次突变" in step.zh
    assert "one step between 2022.3 and 2023.3" in step.en


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


def visited(number: int, east_mm: float, north_mm: float, years: range) -> RegisteredMarker:
    """A marker with a visit each year that moves steadily, seen with little noise."""
    rng = np.random.default_rng(number)
    visits = tuple(
        Visit(
            date(year, 5, 3),
            east_mm / 1000 * (year - years[0]) + rng.normal(0, 0.008),
            north_mm / 1000 * (year - years[0]) + rng.normal(0, 0.008),
            0.025,
            str(year),
        )
        for year in years
    )
    return marker(number, visits)


def test_a_rate_is_held_against_the_markers_around() -> None:
    years = range(2018, 2026)
    register = [visited(1, 40, 0, years), *(visited(k, 0, 0, years) for k in range(2, 7))]
    found = run(row(1, 0.32, 0.0), register=register)
    creeping = [f for f in found.findings if f.code == "creep"]
    assert creeping[0].details["east_mm_per_year"] == pytest.approx(40, abs=4)
    assert float(str(creeping[0].details["p_neighbours"])) < 0.001
    assert "unlike the markers around" in creeping[0].en


def test_markers_nearer_by_without_a_rate_do_not_hide_those_that_have_one() -> None:
    """Neighbours are asked for a few at a time; forty that show no rate stand before the others."""
    years = range(2018, 2026)
    one = visited(1, 40, 0, years)
    brief = [Visit(date(2025, month, 3), 0.0, 0.0, 0.025, str(month)) for month in (3, 4, 5)]
    near = [
        replace(marker(100 + k, tuple(brief)), lon=one.lon + 0.0001 * (k + 1), lat=one.lat)
        for k in range(40)
    ]
    register = [one, *near, *(visited(k, 40, 0, years) for k in range(2, 6))]
    assert "common_motion" in codes(run(row(1, 0.32, 0.0), register=register))


def test_markers_that_move_together_accuse_nobody() -> None:
    years = range(2018, 2026)
    register = [visited(k, 40, 15, years) for k in range(1, 7)]
    found = run(row(1, 0.32, 0.12), row(2, 0.32, 0.12), register=register)
    assert "creep" not in codes(found)
    common = [f for f in found.findings if f.code == "common_motion"]
    assert common[0].rows == (2, 3)
    assert common[0].details["like_plate"] is False
    plate = [visited(k, 29, -12, years) for k in range(1, 7)]
    told = [
        f for f in run(row(1, 0.23, -0.1), register=plate).findings if f.code == "common_motion"
    ]
    assert "2000.0" in told[0].zh


def test_small_steps_the_same_way_warn_early() -> None:
    offsets = [0.0, 0.10, 0.13, 0.13, 0.14, 0.13, 0.14, 0.13]
    before = tuple(
        Visit(date(2018 + k, 5, 3), size, 0.0, 0.03, str(k)) for k, size in enumerate(offsets)
    )
    found = run(row(1, 0.13, 0.0), register=[marker(1, before, tolerance_m=0.4)])
    assert "changed_since_baseline" not in codes(found)
    assert "early_warning" in codes(found)
    still = tuple(Visit(date(2018 + k, 5, 3), 0.0, 0.0, 0.03, str(k)) for k in range(8))
    quiet = run(row(1, 0.02, 0.0), register=[marker(1, still, tolerance_m=0.4)])
    assert "early_warning" not in codes(quiet)


def test_visits_together_can_tell_what_one_cannot() -> None:
    before = tuple(Visit(date(2021 + k, 5, 3), 0.2, 0.1, 0.15, str(k)) for k in range(4))
    weak = [marker(1, before, sigma_m=0.2, tolerance_m=0.5)]
    found = run(row(1, 0.2, 0.1, method="PPP-RTK", accuracy_m="0.3"), register=weak)
    assert found.results[0].verdict == "cannot_tell"
    together = next(f for f in found.findings if f.code == "visits_together")
    assert together.details["verdict"] == "in_place"
    assert "合并判定：在位" in together.zh


def test_a_visit_of_the_same_day_bears_nothing_out() -> None:
    twice = (Visit(date(2026, 5, 3), 2.1, 1.3, 0.025, "the same file again"),)
    assert run(row(1, 2.1, 1.3), register=[marker(1, twice)]).results[0].verdict == "suspect"


def test_one_height_alone_is_told_apart_from_a_shift() -> None:
    register = [marker(k) for k in range(1, 7)]
    rows = [row(k, 0.01, 0.0, height="1000.02", height_datum="85高程") for k in range(1, 6)]
    rows.append(row(6, 0.01, 0.0, height="1000.9", height_datum="85高程"))
    found = run(*rows, register=register)
    assert "height_shift" not in codes(found)
    lone = next(f for f in found.findings if f.code == "height_changed")
    assert lone.rows == (7,)
    assert lone.details["apart_m"] == pytest.approx(0.88, abs=0.01)
    ellipsoidal = [row(k, 0.01, 0.0, height="978.4") for k in range(1, 6)]
    shift = next(
        f for f in run(*ellipsoidal, register=register).findings if f.code == "height_shift"
    )
    assert "大地高" in shift.zh


def test_three_ties_that_disagree_make_suspect_and_no_more() -> None:
    weak = marker(1, sigma_m=5.0)
    cells = ties(2.4, 1.9)
    three = {name: text for name, text in cells.items() if name[3] in "123"}
    three["tie1_distance"] = f"{float(three['tie1_distance']) + 0.9:.2f}"
    found = run(row(1, 3.0, 1.0, **three), register=[weak])
    assert "ties_disagree" in codes(found)
    assert found.results[0].verdict == "suspect"
