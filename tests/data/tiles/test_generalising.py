"""What was joined stays joined at every tolerance, and nothing moves farther than allowed."""

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from data.tiles.generalising import Network, Shapes

TOLERANCES = (0.002, 0.01, 0.05, 0.2)


@pytest.fixture(scope="module")
def cells() -> Shapes:
    """Forty neighbours with crooked edges that they share."""
    chance = np.random.default_rng(11)
    points = shapely.MultiPoint(chance.uniform(0, 4, (40, 2)))
    box = shapely.box(0, 0, 4, 4)
    drawn = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=box))
    fine = shapely.segmentize(shapely.set_precision(shapely.intersection(drawn, box), 1e-9), 0.02)

    def bend(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = xy.T
        turned = np.column_stack([np.sin(11 * x + 23 * y), np.cos(17 * x - 13 * y)])
        bent: NDArray[np.float64] = xy + 0.02 * turned
        return bent

    return np.asarray(shapely.transform(fine, bend))


@pytest.mark.parametrize("tolerance", TOLERANCES)
def test_neighbours_keep_one_edge(cells: Shapes, tolerance: float) -> None:
    simple = Network(cells).simplified(tolerance)
    assert shapely.coverage_is_valid(simple)
    assert shapely.get_num_coordinates(simple).sum() < shapely.get_num_coordinates(cells).sum()


@pytest.mark.parametrize("tolerance", TOLERANCES)
def test_a_whole_keeps_the_edge_of_its_parts(cells: Shapes, tolerance: float) -> None:
    whole = shapely.coverage_union_all(cells[:17])
    simple = Network(np.array([*cells, whole], object)).simplified(tolerance)
    parts = shapely.union_all(simple[:17])
    assert shapely.area(shapely.symmetric_difference(parts, simple[-1])) < 1e-9


@pytest.mark.parametrize("tolerance", TOLERANCES)
def test_a_line_along_an_edge_stays_on_it(cells: Shapes, tolerance: float) -> None:
    shared = shapely.intersection(cells[0], cells)
    lines = [s for s in shared if s.length > 0.1 and "Line" in s.geom_type]
    line = shapely.line_merge(lines[0])
    simple = Network(np.array([*cells, line], object)).simplified(tolerance)
    edges = shapely.union_all(shapely.boundary(simple[:-1]))
    assert shapely.length(shapely.difference(simple[-1], shapely.buffer(edges, 1e-9))) < 1e-9


@pytest.mark.parametrize("tolerance", TOLERANCES[:3])
def test_nothing_moves_farther_than_the_tolerance(cells: Shapes, tolerance: float) -> None:
    simple = Network(cells).simplified(tolerance)
    for before, after in zip(cells, simple, strict=True):
        assert shapely.hausdorff_distance(before.boundary, after.boundary) < 2 * tolerance


def test_holes_islands_and_nothing() -> None:
    ring = shapely.Point(0, 0).buffer(1.0, 64)
    holed = shapely.difference(ring, shapely.Point(0, 0).buffer(0.5, 64))
    inner = shapely.Point(0, 0).buffer(0.5, 64)
    tiny = shapely.Point(9, 9).buffer(0.001, 64)
    shapes = np.array([holed, inner, tiny, None, shapely.MultiPolygon()], object)
    simple = Network(shapes).simplified(0.1)
    assert len(shapely.get_rings(shapely.get_parts(simple[0]))) == 2
    assert shapely.area(shapely.intersection(simple[0], simple[1])) < 1e-12
    assert all(shapely.is_empty(simple[2:]))


def test_which_way_a_ring_runs_and_begins_does_not_matter() -> None:
    ring = np.array(shapely.Point(0, 0).buffer(1.0, 16).exterior.coords)[:-1]
    turned = [ring, ring[::-1], np.roll(ring, 7, axis=0), np.roll(ring[::-1], 20, axis=0)]
    # Alone, each has no place where edges meet.
    found = [
        Network(np.array([shapely.Polygon(one)], object)).simplified(0.07)[0] for one in turned
    ]
    assert all(shapely.equals(found[0], one) for one in found)


def test_an_empty_store_has_nothing_to_simplify() -> None:
    assert len(Network(np.array([], object)).simplified(1.0)) == 0
