"""Markers beside their line, its length, its chords, its outlines, and where three lines meet."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from boundary.topology import (
    Area,
    Finding,
    RegisteredLine,
    RegisteredPoint,
    TopologyRules,
    check_topology,
)
from boundary.topology.lengths import chord_findings, length_finding, scale_causes
from boundary.topology.markers_on_lines import marker_findings
from boundary.topology.planes import Ground
from boundary.topology.rails import Rail
from boundary.topology.segments import LineSegments
from data.coordinates import GRS80, LocalFrame

RULES = TopologyRules.in_force()
GROUND = Ground.on(GRS80)
NORTH = shapely.LineString([(112, 41), (112, 42)])
LINE = RegisteredLine(1, "9901", "东西线", "county", ("990101", "990102"), NORTH)
RAIL = Rail(LINE, GROUND, RULES.step_m)


def point(number: str, lat: float, east_m: float = 0.0, **more: Any) -> RegisteredPoint:
    """A marker beside the line, some metres east of it (west where negative)."""
    moved = LocalFrame.at([112.0], [lat]).moved(np.array([[east_m, 0.0]]))
    known = {"kind": number[-1], "sequence": int(number[4:7]), "sigma_m": 0.05}
    lon, there = float(moved[0][0]), float(moved[1][0])
    return RegisteredPoint(
        int(number[4:7]), number, lon, there, line_codes=("9901",), **known | more
    )


def kinds(points: list[RegisteredPoint], rail: Rail = RAIL) -> list[str]:
    return sorted(one.kind for one in marker_findings(rail, points, RULES))


def test_where_a_marker_stands_is_told_with_its_side() -> None:
    placed = RAIL.place([point("9901001Q", 41.2, -30.0), point("9901002Q", 41.4, 12.5)])
    assert placed.off_m == pytest.approx([30.0, -12.5], abs=0.01)
    along = GROUND.distance_m((112, 41), (112, 41.2))
    assert placed.along_m[0] == pytest.approx(along, abs=0.01)


def test_single_markers_on_the_line_have_no_finding() -> None:
    assert kinds([point("9901001Q", 41.2), point("9901002Q", 41.4, 2.9)]) == []


@pytest.mark.parametrize(
    ("east_m", "grade"), [(5.0, "moderate"), (-8.0, "moderate"), (40.0, "grave")]
)
def test_a_single_marker_off_the_line_is_graded_by_what_may_be(east_m: float, grade: str) -> None:
    (one,) = marker_findings(RAIL, [point("9901001Q", 41.2, east_m)], RULES)
    assert (one.kind, one.grade, one.markers) == ("marker_off_line", grade, ("9901001Q",))
    assert one.figures["off_m"] == pytest.approx(abs(east_m), abs=0.01)
    assert ("右侧" if east_m > 0 else "左侧") in one.zh


def test_a_marker_may_be_off_by_its_tolerance_and_by_the_lines_uncertainty() -> None:
    coarse = point("9901001Q", 41.2, 12.0, tolerance_m=14.0)
    assert kinds([coarse]) == []
    drawn = Rail(replace(LINE, uncertainty_m=682.0), GROUND, RULES.step_m)
    assert kinds([point("9901001Q", 41.2, 1_900.0)], drawn) == []


def test_two_of_one_number_stand_on_two_banks() -> None:
    banks = [point("9901003A", 41.6, -80.0), point("9901003B", 41.6, 60.0)]
    assert kinds(banks) == []
    (one,) = marker_findings(RAIL, [banks[0], point("9901003B", 41.6, -20.0)], RULES)
    assert (one.kind, one.markers) == ("banks_same_side", ("9901003A", "9901003B"))
    assert one.figures["nearer_m"] == pytest.approx(20.0, abs=0.01)


def test_a_bank_has_an_end() -> None:
    far = [point("9901003A", 41.6, -80.0), point("9901003B", 41.6, 2_600.0)]
    assert kinds(far) == ["bank_far"]


def test_a_partner_that_is_missing_is_named() -> None:
    (one,) = marker_findings(RAIL, [point("9901003A", 41.6, -80.0)], RULES)
    assert one.kind == "partner_missing"
    assert "缺 B" in one.zh
    three = [point("9901005C", 41.6, -80.0), point("9901005E", 41.6, 80.0)]
    assert kinds(three) == ["partner_missing"]


def test_the_line_comes_to_the_triangle_of_three() -> None:
    def three(shift: float) -> list[RegisteredPoint]:
        return [
            point("9901005C", 41.6, shift - 60.0),
            point("9901005D", 41.601, shift + 70.0),
            point("9901005E", 41.599, shift + 50.0),
        ]

    assert kinds(three(0.0)) == []
    (one,) = marker_findings(RAIL, three(260.0), RULES)
    assert one.kind == "confluence_missed"
    assert one.figures["apart_m"] == pytest.approx(200.0, abs=0.5)


def test_numbers_follow_the_line_whichever_way_it_is_drawn() -> None:
    places = [41.1, 41.3, 41.5, 41.7, 41.9]
    points = [point(f"9901{n:03d}Q", lat) for n, lat in enumerate(places, start=1)]
    assert kinds(points) == []
    turned = Rail(replace(LINE, shape=shapely.reverse(NORTH)), GROUND, RULES.step_m)
    assert kinds(points, turned) == []


def test_the_fewest_markers_that_break_the_order_are_named() -> None:
    places = [41.1, 41.3, 41.8, 41.5, 41.7, 41.9]
    points = [point(f"9901{n:03d}Q", lat) for n, lat in enumerate(places, start=1)]
    (one,) = marker_findings(RAIL, points, RULES)
    assert (one.kind, one.markers, one.grade) == ("order_broken", ("9901003Q",), "moderate")


def test_a_line_of_two_runs_may_have_its_runs_drawn_either_way() -> None:
    shape = shapely.MultiLineString([[(112, 41.4), (112, 41)], [(112, 41.6), (112, 42)]])
    rail = Rail(replace(LINE, shape=shape), GROUND, RULES.step_m)
    places = [41.1, 41.2, 41.3, 41.7, 41.8, 41.9]
    points = [point(f"9901{n:03d}Q", lat) for n, lat in enumerate(places, start=1)]
    assert kinds(points, rail) == []
    places = [41.05, 41.1, 41.2, 41.3, 41.35, 41.65, 41.7, 41.8, 41.9, 41.95]
    places[2], places[7] = places[7], places[2]
    astray = [point(f"9901{n:03d}Q", lat) for n, lat in enumerate(places, start=1)]
    (one,) = marker_findings(rail, astray, RULES)
    assert one.kind == "order_broken"
    assert set(one.markers) == {"9901003Q", "9901008Q"}


def test_numbers_left_out_twice_given_and_one_place_for_two() -> None:
    points = [point("9901001Q", 41.1), point("9901004Q", 41.4), point("9901004Q", 41.5)]
    assert kinds(points) == ["number_twice", "numbers_missing"]
    assert kinds([point("9901001Q", 41.1), point("9901002Q", 41.1)]) == ["same_place"]


def test_a_marker_of_another_line_that_meets_here_does_not_break_the_order() -> None:
    other = replace(point("9901009Q", 41.05), line_codes=("9902", "9901"))
    points = [point(f"9901{n:03d}Q", 41.1 + n / 10) for n in range(1, 5)]
    assert kinds([*points, other]) == []


@pytest.mark.parametrize(
    ("ratio", "code"),
    [
        (1_000.0, "unit"), (0.5, "unit"), (1.08, "coarser_geometry"), (0.93, "coarser_agreement"),
    ],
)  # fmt: skip
def test_a_length_has_its_likely_cause(ratio: float, code: str) -> None:
    from boundary.topology.lengths import likely_cause

    found = likely_cause(RAIL, [], RAIL.length_m * ratio)
    assert found is not None
    assert found.code == code


def test_a_length_on_a_plane_is_told_from_one_on_the_ground() -> None:
    edge = shapely.LineString([(112.49, 41), (112.49, 42)])
    rail = Rail(replace(LINE, shape=edge), GROUND, RULES.step_m)
    plane = next(one for one in scale_causes(rail, []) if one.code == "plane_3")
    assert 150.0 < plane.ppm < 250.0
    rules = replace(RULES, length_ppm=50.0)
    agreed = rail.length_m * (1.0 + plane.ppm * 1e-6)
    (one,) = length_finding(Rail(replace(rail.line, length_m=agreed), GROUND, 1e3), [], rules)
    assert "3 度带平面" in one.zh
    high = [replace(point("9901001Q", 41.1), height_m=1_500.0)]
    ground = next(one for one in scale_causes(rail, high) if one.code == "height")
    assert ground.ppm == pytest.approx(235.4, abs=0.5)


def test_a_length_within_the_rule_has_no_finding() -> None:
    agreed = RAIL.length_m * 1.0009
    assert length_finding(Rail(replace(LINE, length_m=agreed), GROUND, 1e3), [], RULES) == []
    assert length_finding(RAIL, [], RULES) == []


def test_a_long_segment_along_a_parallel_leaves_its_geodesic() -> None:
    shape = shapely.LineString([(110, 45), (110.63414, 45), (110.6343, 45.5)])
    rail = Rail(replace(LINE, shape=shape), GROUND, RULES.step_m)
    (one,) = chord_findings(rail, RULES)
    assert one.figures["apart_m"] == pytest.approx(49.0, abs=0.3)
    assert one.figures["segments"] == 1
    assert one.grade == "grave"
    dense = shapely.LineString(rail.runs[0])
    assert chord_findings(Rail(replace(LINE, shape=dense), GROUND, 1e3), RULES) == []


def area(code: str, shape: shapely.Geometry, **more: Any) -> Area:
    return Area(code, f"旗{code[-1]}", "county", shape, **more)


def checked(lines: list[RegisteredLine], areas: list[Area], points: Any = ()) -> list[Finding]:
    return list(check_topology(areas, lines, points, rules=RULES).findings)


WEST, EAST = shapely.box(111, 41, 112, 42), shapely.box(112, 41, 113, 42)


def test_outlines_on_the_line_have_no_finding() -> None:
    assert checked([LINE], [area("990101", WEST), area("990102", EAST)]) == []


def test_an_outline_that_leaves_the_line_is_found_on_its_own_side() -> None:
    bulged = shapely.Polygon([(111, 41), (112, 41), (112.01, 41.5), (112, 42), (111, 42)])
    cut = shapely.difference(EAST, bulged)
    found = checked([LINE], [area("990101", bulged), area("990102", cut)])
    assert [(one.kind, one.divisions) for one in found if one.kind == "outline_off_line"] == [
        ("outline_off_line", ("990101",)),
        ("outline_off_line", ("990102",)),
    ]
    assert found[0].figures["apart_m"] == pytest.approx(833.0, abs=3.0)
    assert found[0].line_id == 1


def junction(shift: float = 0.0) -> list[RegisteredLine]:
    """Three lines that end in (112, 41), one of them shifted by some degrees."""

    def line(number: int, a: str, b: str, end: tuple[float, float], at: float) -> RegisteredLine:
        shape = shapely.LineString([end, (112 + at, 41)])
        return RegisteredLine(number, f"990{number}", f"线{number}", "county", (a, b), shape)

    return [
        line(1, "990101", "990102", (112, 42), 0.0),
        line(2, "990101", "990201", (111, 41), 0.0),
        line(3, "990102", "990201", (113, 41), shift),
    ]


THREE = [area("990101", WEST), area("990102", EAST), area("990201", shapely.box(111, 40, 113, 41))]


def test_three_lines_end_in_one_point_with_a_marker_that_names_them() -> None:
    corner = RegisteredPoint(
        9, "交9", 112, 41, line_codes=("9901", "9902", "9903"), sigma_m=0.05, faces=3
    )
    found = checked(junction(), THREE, [corner])
    assert [one.kind for one in found if one.kind.startswith("junction")] == []
    one_line = replace(corner, line_codes=("9901",))
    told = [one for one in checked(junction(), THREE, [one_line]) if "junction" in one.kind]
    assert [(one.kind, one.markers) for one in told] == [("junction_lines_differ", ("交9",))]
    assert "9902、9903" in told[0].zh


def test_a_junction_without_a_marker_and_lines_that_miss_each_other() -> None:
    kinds_of = {one.kind: one for one in checked(junction(0.001), THREE)}
    assert kinds_of["junction_apart"].figures["spread_m"] == pytest.approx(84.0, abs=1.0)
    assert kinds_of["junction_apart"].divisions == ("990101", "990102", "990201")
    assert "junction_unmarked" in kinds_of


def test_the_three_divisions_follow_each_other_once_around_a_junction() -> None:
    swapped = [replace(THREE[0], shape=EAST), replace(THREE[1], shape=WEST), THREE[2]]
    found = checked(junction(), swapped)
    assert not [one for one in found if one.kind == "junction_divisions"]
    strip = shapely.box(111.9, 40.2, 112.1, 40.9999)
    cut = [*THREE[:2], replace(THREE[2], shape=strip)]
    assert [one for one in checked(junction(), cut) if one.kind == "junction_divisions"] == []
    gone = [*THREE[:2], replace(THREE[2], shape=shapely.box(111, 39, 113, 40))]
    (one,) = [one for one in checked(junction(), gone) if one.kind == "junction_divisions"]
    assert "990201" not in one.zh


def test_lines_that_cross_and_a_marker_on_the_wrong_one() -> None:
    across = RegisteredLine(
        2, "9902", "横线", "county", ("990101", "990201"),
        shapely.LineString([(111.5, 41.5), (112.5, 41.5)]),
    )  # fmt: skip
    lon, lat = Rail(across, GROUND, RULES.step_m).at(75_000.0)
    stray = RegisteredPoint(5, "9901005Q", lon, lat, "Q", 5, ("9901",), 0.05)
    found = {one.kind: one for one in checked([LINE, across], [], [stray])}
    assert found["lines_cross"].lon == pytest.approx(112.0)
    assert found["marker_on_other_line"].line_code == "9902"
    assert found["marker_on_other_line"].nearest[0].marker_no == "9901005Q"


def winding(number: int, chance: np.random.Generator) -> Rail:
    """A line of up to a hundred short pieces, in one or two runs."""
    steps = chance.normal(0.0, 0.002, (int(chance.integers(2, 100)), 2))
    xy = np.cumsum(steps, axis=0) + chance.uniform((112.0, 41.0), (112.05, 41.05))
    middle = len(xy) // 2
    runs = [xy] if number % 2 or middle < 2 else [xy[:middle], xy[middle:]]
    shape = shapely.MultiLineString([run for run in runs if len(run) > 1])
    return Rail(replace(LINE, id=number, shape=shape), GROUND, RULES.step_m)


def test_stretches_leave_out_no_meeting_and_no_line_within_reach() -> None:
    chance = np.random.default_rng(3)
    segments = LineSegments([winding(number, chance) for number in range(12)])
    ends, owners = segments.ends, segments.owners
    low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
    one, other = np.triu_indices(len(ends), 1)
    meet = np.all((low[one] <= high[other]) & (high[one] >= low[other]), axis=1)
    meet &= owners[one] != owners[other]
    by_hand = list(zip(one[meet].tolist(), other[meet].tolist(), strict=True))
    assert len(by_hand) > 50
    place = {tuple(piece): number for number, piece in enumerate(ends.tolist())}
    found = [(place[tuple(a)], place[tuple(b)]) for _, _, a, b in segments.meeting()]
    assert found == by_hand

    places = chance.uniform((112.0, 41.0), (112.05, 41.05), (40, 2))
    reach_m = chance.uniform(5.0, 400.0, 40)
    beside = set(zip(*(one.tolist() for one in segments.beside(places, reach_m)), strict=True))
    for number, (lon, lat) in enumerate(places):
        near = segments.near(lon, lat)
        assert {
            (number, line) for line, metres in near.items() if 0 <= metres <= reach_m[number]
        } <= beside


def test_two_faults_are_ordered_by_their_grade() -> None:
    points = [point("9901001Q", 41.2, 5.0), point("9901002Q", 41.4, 500.0)]
    assert [one.grade for one in checked([LINE], [], points)] == ["grave", "moderate"]
