import re
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
import shapely
from pyproj import Geod

from data.reference import tolerance_class
from data.sample import MarkerRecord, Sample
from data.sample.lines import GEOD
from data.sample.plane import grid_transformer, register_positions, zone_grid


def test_markers_stand_on_their_line_or_close_beside_it(sample: Sample) -> None:
    lines = {row.code: row for row in sample.lines}
    for marker in sample.markers:
        shape = lines[marker.line_code].geom
        nearest = shapely.shortest_line(shape, marker.geom)
        away_m = Geod(ellps="GRS80").geometry_length(nearest)
        assert away_m < (60 if marker.kind in "ABCDE" else 1)
        assert marker.line_name == lines[marker.line_code].name


def test_numbers_run_along_each_whole_line_without_gaps(sample: Sample) -> None:
    by_line = defaultdict(set)
    for marker in sample.markers:
        by_line[marker.line_name].add(marker.sequence)
    for numbers in by_line.values():
        assert numbers == set(range(1, len(numbers) + 1))


def test_numbers_rise_from_north_to_south_or_west_to_east(sample: Sample) -> None:
    provincial = sorted(
        (row for row in sample.markers if row.level == "province"), key=lambda row: row.sequence
    )
    singles = [row for row in provincial if row.kind == "Q"]
    assert all(one.geom.y > other.geom.y for one, other in pairwise(singles))


def test_provincial_numbers_have_eight_characters(sample: Sample) -> None:
    numbers = [row.marker_no for row in sample.markers if row.level == "province"]
    assert numbers
    assert all(re.fullmatch(r"\d{4}\d{3}[A-EQ]", number) for number in numbers)


def test_no_two_markers_have_one_number(sample: Sample) -> None:
    assert len({row.marker_no for row in sample.markers}) == len(sample.markers)


def test_letters_come_in_whole_sets(sample: Sample) -> None:
    sets = defaultdict(list)
    for marker in sample.markers:
        sets[marker.line_name, marker.sequence].append(marker.kind)
    assert {"".join(kinds) for kinds in sets.values()} <= {"Q", "AB", "CDE"}


def test_three_faces_stand_where_lines_meet(sample: Sample) -> None:
    meeting = [(110.5, 40.5), (111.0, 40.5)]
    for marker in sample.markers:
        close = any(GEOD.inv(marker.geom.x, marker.geom.y, *place)[2] < 60 for place in meeting)
        assert (marker.faces == 3 or marker.kind in "CDE") == close


def test_markers_where_lines_meet_name_all_of_them(sample: Sample) -> None:
    others = defaultdict(set)
    for row in sample.marker_lines:
        others[row.marker_id].add(row.line_code)
    assert sum(map(len, others.values())) == len(sample.marker_lines)  # none twice
    meeting = 0
    for marker in sample.markers:
        three = marker.faces == 3 or marker.kind in "CDE"
        assert (marker.id in others) == three
        if three:
            meeting += 1
            here = {
                row.code
                for row in sample.lines
                for part in row.geom.geoms
                for end in (part.coords[0], part.coords[-1])
                if GEOD.inv(marker.geom.x, marker.geom.y, *end)[2] < 60
            }
            assert len(here) >= 3
            assert others[marker.id] | {marker.line_code} == here
            assert marker.line_code not in others[marker.id]
    assert meeting >= 2


def test_a_pair_stands_on_both_sides_with_a_on_the_smaller_codes(sample: Sample) -> None:
    shapes = {row.code: row.geom for row in sample.divisions}
    lines = {row.code: row for row in sample.lines}
    for marker in sample.markers:
        if marker.kind in {"A", "B"}:
            line = lines[marker.line_code]
            side = line.party_a if marker.kind == "A" else line.party_b
            assert shapes[side].contains(marker.geom)


def test_printed_coordinates_are_the_position(sample: Sample) -> None:
    for marker in sample.markers:
        found = re.fullmatch(r"X=(\d+(?:\.\d+)?) Y=(\d+(?:\.\d+)?)", marker.coordinate_text)
        assert found
        north_m, east_m = (float(text) for text in found.groups())
        grid = zone_grid(marker.geom.x)
        assert grid is not None
        assert f"EPSG:{grid.epsg}" in marker.crs_text
        back = grid_transformer(grid.epsg).transform(marker.geom.x, marker.geom.y)
        assert back == pytest.approx((east_m, north_m), abs=1e-4)


def test_outside_the_zones_a_position_is_printed_in_degrees() -> None:
    (placed,) = register_positions([(-3.2, 55.123456789)], [3])
    assert placed.text == "-3.20000000, 55.12345679"
    assert (placed.lon, placed.lat) == (-3.2, 55.12345679)


def test_accuracy_and_tolerance_are_those_of_the_class(sample: Sample) -> None:
    for marker in sample.markers:
        quality = tolerance_class(marker.accuracy_class)
        assert quality is not None
        assert (marker.sigma_m, marker.tolerance_m) == (quality.sigma_m, quality.tolerance_m)
        assert quality.source in marker.tolerance_source


def test_each_marker_has_three_witness_objects_around_it(sample: Sample) -> None:
    count = Counter(row.marker_id for row in sample.witness_objects)
    assert count == {marker.id: 3 for marker in sample.markers}
    for row in sample.witness_objects:
        assert 0 <= row.azimuth_deg < 360
        assert 5 < row.distance_m <= 60
        assert row.azimuth_kind == "grid"


def test_the_description_names_the_marker_and_its_objects(sample: Sample) -> None:
    marker: MarkerRecord = sample.markers[0]
    names = [row.name for row in sample.witness_objects if row.marker_id == marker.id]
    assert marker.marker_no in marker.position_description
    assert all(name in marker.position_description for name in names)
    assert "合成" in marker.position_description


def test_the_keeper_is_one_of_the_parties(sample: Sample) -> None:
    for marker in sample.markers:
        assert marker.managing_party in marker.location.split("；")
