import pytest
import shapely
from shapely import LineString, MultiLineString, MultiPolygon

from data.sample import Outline, SampleInput
from data.sample.coverage import dissolve, joined, match_edges, select_region, shared_edges


def _inside(code: str) -> bool:
    return code.startswith("99")


def test_neighbours_are_those_that_share_a_line(country: SampleInput) -> None:
    shapes = select_region(country.outlines, _inside)
    assert set(shapes) == {"990101", "990102", "990201", "990202", "980101", "980102"}


def test_each_shared_side_is_one_edge_and_corners_are_none(country: SampleInput) -> None:
    edges = shared_edges(select_region(country.outlines, _inside), _inside)
    assert [(edge.code_a, edge.code_b) for edge in edges] == [
        ("980101", "990102"),
        ("980102", "990202"),
        ("990101", "990102"),
        ("990101", "990201"),
        ("990102", "990202"),
        ("990201", "990202"),
    ]
    assert all(edge.shape.length == pytest.approx(0.5) for edge in edges)


def test_outlines_that_match_are_not_touched(country: SampleInput) -> None:
    shapes = [outline.shape for outline in country.outlines]
    assert match_edges(shapes) == shapes


def test_overlapping_and_gaping_outlines_are_made_to_match() -> None:
    shapes = [shapely.box(0, 0, 1, 1), shapely.box(0.99, 0, 2, 1), shapely.box(0, 1.000004, 2, 2)]
    matched = match_edges(shapes)
    assert shapely.coverage_is_valid(matched)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert shapely.intersection(matched[one], matched[other]).length > 0


def test_an_outline_that_crosses_itself_is_mended() -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    outlines = [Outline("990101", "结", bow), Outline("990102", "邻", shapely.box(1, 0, 2, 1))]
    shapes = select_region(outlines, _inside)
    assert all(shape.is_valid for shape in shapes.values())


def test_dissolving_removes_the_lines_between() -> None:
    parts = [MultiPolygon([shapely.box(x, 0, x + 1, 1)]) for x in range(3)]
    assert dissolve(parts).equals(shapely.box(0, 0, 3, 1))


@pytest.mark.parametrize(
    ("runs", "first", "last"),
    [
        (([(2, 0), (1, 0.1)], [(0, 0), (1, 0.1)]), (0, 0), (2, 0)),
        (([(0, 0), (0, 1)], [(0.1, 2), (0, 1)]), (0.1, 2), (0, 0)),
    ],
)
def test_joined_lines_run_west_to_east_or_north_to_south(
    runs: tuple[list[tuple[float, float]], ...],
    first: tuple[float, float],
    last: tuple[float, float],
) -> None:
    chain = joined(MultiLineString([LineString(run)]) for run in runs)
    assert len(chain.geoms) == 1
    assert chain.geoms[0].coords[0] == first
    assert chain.geoms[0].coords[-1] == last
