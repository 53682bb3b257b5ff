"""The nearest piece of lines is that of all pieces measured one by one, wherever one asks."""

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from data import pieces as module
from data.piece_rows import DEGREE_M, TOUCHING_M, distance_m
from data.pieces import Foot, Pieces

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
GEOD = Geod(ellps="GRS80")
Vertex = tuple[float, float]

# Vertices of a coarse grid are shared by many lines; between them edges are up to 12° long.
vertices = st.one_of(
    st.tuples(st.integers(100, 112).map(float), st.integers(36, 48).map(float)),
    st.tuples(st.floats(100, 112), st.floats(36, 48)),
)
drawn = st.lists(st.lists(vertices, min_size=2, max_size=6), min_size=1, max_size=12)
positions = st.one_of(vertices, st.tuples(st.floats(96, 116), st.floats(32, 52)))


def lines_of(paths: list[list[Vertex]]) -> Any:
    return np.array([shapely.LineString(path) for path in paths], dtype=object)


def feet_one_by_one(
    paths: list[list[Vertex]], lon: float, lat: float
) -> list[tuple[float, Vertex]]:
    """By shapely, line by line, on the plane of the position: metres, and where."""
    narrow = math.cos(math.radians(lat))
    found = []
    for path in paths:
        plane = [((x - lon) * narrow, y - lat) for x, y in path]
        if len(set(plane)) == 1:
            plane = plane[:1]
        shape = shapely.LineString(plane) if len(plane) > 1 else shapely.Point(plane[0])
        _, foot = shapely.get_coordinates(shapely.shortest_line(shapely.Point(0, 0), shape))
        x, y = foot.tolist()
        found.append((math.hypot(x, y) * DEGREE_M, (lon + x / narrow, lat + y)))
    return found


@given(paths=drawn, asked=st.lists(positions, min_size=1, max_size=6))
@settings(PATIENT, max_examples=150)
def test_the_nearest_is_that_of_all_lines_one_by_one(
    paths: list[list[Vertex]], asked: list[Vertex]
) -> None:
    pieces = Pieces(lines_of(paths))
    for lon, lat in asked:
        alone = feet_one_by_one(paths, lon, lat)
        metres = min(one[0] for one in alone)
        feet = pieces.nearest(lon, lat)
        assert feet[0].metres == pytest.approx(metres, rel=1e-9, abs=1e-6)
        assert [foot.metres for foot in feet] == sorted(foot.metres for foot in feet)
        near = {owner for foot in feet for owner in foot.owners}
        assert near >= {n for n, one in enumerate(alone) if one[0] < metres + TOUCHING_M - 1e-6}
        assert near <= {n for n, one in enumerate(alone) if one[0] < metres + TOUCHING_M + 1e-6}
        for foot in feet:
            for owner in foot.owners:
                _lies_on(paths[owner], foot)


def _lies_on(path: list[Vertex], foot: Foot) -> None:
    line = shapely.LineString(path)
    assert shapely.distance(line, shapely.Point(foot.lon, foot.lat)) < 1e-9


@given(paths=drawn, asked=st.lists(positions, min_size=1, max_size=6))
@settings(PATIENT, max_examples=150)
def test_no_line_that_is_nearest_along_the_ellipsoid_is_left_out(
    paths: list[list[Vertex]], asked: list[Vertex]
) -> None:
    pieces = Pieces(lines_of(paths))
    for lon, lat in asked:
        alone = feet_one_by_one(paths, lon, lat)
        along = [GEOD.inv(lon, lat, *where)[2] for _, where in alone]
        found = pieces.nearest_by_owner(lon, lat)
        for owner, foot in found.items():
            assert foot.metres == pytest.approx(alone[owner][0], rel=1e-9, abs=1e-6)
        least = min(along)
        told = min(GEOD.inv(lon, lat, foot.lon, foot.lat)[2] for foot in found.values())
        # A line of two equally near points on the plane has either of them as its nearest.
        assert told == pytest.approx(least, rel=0.02, abs=1e-3)
        sole = [n for n, metres in enumerate(along) if metres <= least * (1 + 1e-9)]
        assert set(sole) <= set(found) or least < 1e-3


@given(paths=drawn, asked=st.lists(positions, min_size=3, max_size=12))
@settings(PATIENT, max_examples=80)
def test_a_square_that_was_asked_before_answers_the_same(
    paths: list[list[Vertex]], asked: list[Vertex]
) -> None:
    """From a short list of its own, or all pieces of the cell side by side; from new cells too."""
    pieces, forgetful = Pieces(lines_of(paths)), Pieces(lines_of(paths))
    for lon, lat in asked:
        for step in (0.0, 0.001, -0.001, 0.003):
            beside = lon + step, lat + step
            square = tuple(math.floor(degrees / module._SHORT_DEG) for degrees in beside)
            forgetful._cells.clear()
            forgetful._short = {square: b""}
            for _ in range(2):
                assert pieces.nearest(*beside) == forgetful.nearest(*beside)
                assert pieces.nearest_by_owner(*beside) == forgetful.nearest_by_owner(*beside)
    assert any(pieces._short.values())


def test_dense_outlines_and_little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of pieces in the smallest cells, which are let go again and again."""
    monkeypatch.setattr(module, "_MOST_BYTES", 50_000)
    turns = np.linspace(0, 2 * math.pi, 6_001)
    rings = [
        np.column_stack([110 + size * np.cos(turns), 41 + size * np.sin(turns)])
        for size in (0.001, 0.3, 0.30001)
    ]
    lines = np.array([shapely.LineString(ring) for ring in rings], dtype=object)
    pieces = Pieces(lines)
    chance = np.random.default_rng(4)
    asked = chance.uniform((109.5, 40.5), (110.5, 41.5), (300, 2)).tolist()
    for lon, lat in [*asked, *asked]:
        least = min(distance_m(line, lon, lat) for line in lines)
        assert pieces.nearest(lon, lat)[0].metres == pytest.approx(least, rel=1e-9, abs=1e-6)


def test_all_together_keep_no_more_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 20_000)
    several = [Pieces(lines_of([[(100.0 + n, 36.0), (110.0, 48.0)]])) for n in range(3)]
    for step in range(200):
        for pieces in several:
            pieces.nearest(100 + step / 16, 40.0)
            assert sum(one.kept_bytes for one in several) <= 20_000


def test_what_passes_through_a_point_that_several_lines_share() -> None:
    paths = [
        [(110.0, 40.0), (110.0, 41.0)],
        [(110.0, 41.0), (111.0, 41.0)],
        [(110.0, 41.0), (109.0, 42.0)],
        [(110.0, 40.0), (110.0, 41.0), (110.5, 41.5)],
    ]
    pieces = Pieces(lines_of(paths))
    assert pieces.passing(pieces.nearest(110.01, 40.5), 40.5) == [0, 3]
    assert pieces.passing(pieces.nearest(109.99, 40.9), 40.9) == [0, 3]
    corner = pieces.nearest(110.0, 41.0)
    assert corner[0].metres == 0.0
    assert pieces.passing(corner, 41.0) == [0, 1, 2, 3]


def test_no_lines_and_lines_without_length() -> None:
    nothing = Pieces(np.array([shapely.MultiLineString()], dtype=object))
    assert nothing.nearest(110, 40) == []
    assert nothing.nearest_by_owner(110, 40) == {}
    dot = Pieces(lines_of([[(110.0, 40.0), (110.0, 40.0)]]))
    (foot,) = dot.nearest(111, 40)
    assert (foot.lon, foot.lat) == (110.0, 40.0)
    assert foot.metres == pytest.approx(DEGREE_M * math.cos(math.radians(40)))


@pytest.mark.parametrize("lat", [0.0, 70.0, 89.9, 90.0, -90.0])
def test_beside_a_pole_and_at_the_equator(lat: float) -> None:
    paths = [
        [(100.0, 36.0), (100.0, 37.0)],
        [(20.0, -89.0), (25.0, -89.5)],
        [(0.0, 1.0), (9.0, 1.0)],
    ]
    alone = [distance_m(line, 30.0, lat) for line in lines_of(paths)]
    found = Pieces(lines_of(paths)).nearest(30.0, lat)
    assert found[0].metres == pytest.approx(min(alone))
