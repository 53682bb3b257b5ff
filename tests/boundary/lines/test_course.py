"""Along a line: lengths on the ellipsoid, the 16 directions, sections from marker to marker."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from boundary.lines import Course, Station, describe, draft_course
from data.coordinates import GRS80
from data.reference import direction

GEOD = Geod(ellps="GRS80")
NORTHWARD = shapely.MultiLineString([[(112, 41), (112, 41.5), (112, 42)]])


def stations(*numbers_and_lats: tuple[str, float]) -> list[Station]:
    return [Station(number, 112.0, lat) for number, lat in numbers_and_lats]


def test_sections_run_from_marker_to_marker_and_from_end_to_end() -> None:
    found = draft_course(NORTHWARD, stations(("1521001Q", 41.2), ("1521002Q", 41.6)), GRS80)
    assert [(one.from_marker, one.to_marker) for one in found] == [
        ("", "1521001Q"),
        ("1521001Q", "1521002Q"),
        ("1521002Q", ""),
    ]
    assert [one.direction for one in found] == ["N", "N", "N"]
    _, _, between = GEOD.inv(112, 41.2, 112, 41.6)
    assert found[1].length_m == pytest.approx(between, abs=0.001)
    assert sum(one.length_m for one in found) == pytest.approx(
        GEOD.geometry_length(NORTHWARD), abs=0.001
    )


def test_a_line_drawn_against_its_numbers_is_turned_round() -> None:
    found = draft_course(NORTHWARD, stations(("1521001Q", 41.8), ("1521002Q", 41.3)), GRS80)
    middle = found[1]
    assert (middle.from_marker, middle.to_marker, middle.direction) == ("1521001Q", "1521002Q", "S")


def test_two_markers_of_one_number_are_one_station() -> None:
    both = [Station("1521001A", 111.999, 41.4), Station("1521001B", 112.001, 41.4)]
    found = draft_course(NORTHWARD, [*both, Station("1521002Q", 112, 41.8)], GRS80)
    assert [one.to_marker for one in found] == ["1521001A", "1521002Q", ""]


def test_a_line_in_pieces_is_laid_end_to_end() -> None:
    pieces = shapely.MultiLineString([[(112, 41), (112, 41.5)], [(112.5, 41.5), (112.5, 42)]])
    course = Course(pieces, GRS80)
    assert course.length_m == pytest.approx(GEOD.geometry_length(pieces), abs=0.001)
    assert course.locate(112.5, 41.75)[0] > course.locate(112, 41.25)[0]


def test_a_marker_off_the_line_is_so_far_from_it() -> None:
    chainage, distance_m = Course(NORTHWARD, GRS80).locate(112.001, 41.5)
    assert distance_m == pytest.approx(GEOD.inv(112, 41.5, 112.001, 41.5)[2], abs=0.01)
    assert chainage == pytest.approx(GEOD.inv(112, 41, 112, 41.5)[2], abs=0.2)


def test_a_line_without_markers_is_one_section() -> None:
    (only,) = draft_course(NORTHWARD, [], GRS80)
    assert (only.from_marker, only.to_marker) == ("", "")


def test_bends_are_told_with_the_16_directions() -> None:
    bent = shapely.LineString([(112, 41), (112.1, 41.075), (112.25, 41.075)])
    (only,) = draft_course(bent, [], GRS80)
    assert [leg.direction for leg in only.legs] == ["NE", "E"]
    assert describe(only, "某河中心线") == (
        "自界线起点起，界线沿某河中心线向东北行11.84千米，折向东行12.61千米，"
        "至界线止点，长24.44千米。"
    )


@pytest.mark.parametrize(
    ("azimuth_deg", "zh"),
    [
        (0, "北"), (11.24, "北"), (11.25, "北偏东北"), (45, "东北"), (78.75, "东"),
        (180, "南"), (191.25, "南偏西南"), (348.74, "北偏西北"), (348.75, "北"), (360, "北"),
    ],
)  # fmt: skip
def test_the_edges_of_the_directions(azimuth_deg: float, zh: str) -> None:
    assert direction(azimuth_deg).zh == zh


@given(
    st.lists(st.floats(0.001, 0.999), min_size=1, max_size=12, unique=True),
    st.lists(
        st.tuples(st.floats(111, 113), st.floats(40, 43)), min_size=2, max_size=9, unique=True
    ),
)
def test_sections_always_make_up_the_whole_line(
    shares: list[float], points: list[tuple[float, float]]
) -> None:
    shape = shapely.LineString(points)
    places = [shape.interpolate(share, normalized=True) for share in sorted(shares)]
    found = draft_course(
        shape, [Station(f"{n:03d}", p.x, p.y) for n, p in enumerate(places)], GRS80
    )
    assert sum(one.length_m for one in found) == pytest.approx(
        GEOD.geometry_length(shape), abs=1.0 + 1e-6 * GEOD.geometry_length(shape)
    )
    assert all(one.length_m >= 0 and one.legs for one in found)
