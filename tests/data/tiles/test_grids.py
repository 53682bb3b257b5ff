"""How the plane is cut: corners, levels, and that tiles cover it without gap or overlap."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.tiles import CGCS2000_QUAD, CRS84_QUAD, EXTENT, GRIDS, WEB_MERCATOR, Grid, Tile

LATEST_MERCATOR = math.degrees(math.atan(math.sinh(math.pi)))


@pytest.mark.parametrize(
    ("grid", "level", "scale", "cell"),
    [
        (WEB_MERCATOR, 0, 559082264.028717, 156543.033928041),
        (WEB_MERCATOR, 10, 545978.773465544, 152.874056570352),
        (CRS84_QUAD, 0, 279541132.014358, 0.703125),
        (CRS84_QUAD, 3, 34942641.5017948, 0.087890625),
        (CGCS2000_QUAD, 3, 34942641.5017948, 0.087890625),
    ],
)
def test_scales_are_those_of_the_register(
    grid: Grid, level: int, scale: float, cell: float
) -> None:
    assert grid.scale_denominator(level) == pytest.approx(scale, rel=1e-12)
    assert grid.cell_size(level) == pytest.approx(cell, rel=1e-12)


def test_origins_stand_in_the_order_of_the_axes() -> None:
    assert WEB_MERCATOR.origin == pytest.approx((-20037508.3427892, 20037508.3427892))
    assert CRS84_QUAD.origin == (-180.0, 90.0)
    assert CGCS2000_QUAD.origin == (90.0, -180.0)


def test_a_known_tile_has_its_known_box() -> None:
    box = WEB_MERCATOR.box(Tile(1, 0, 1))
    assert (box.min_x, box.max_x) == (0.0, 180.0)
    assert box.min_y == pytest.approx(0.0, abs=1e-12)
    assert box.max_y == pytest.approx(LATEST_MERCATOR)
    box = CGCS2000_QUAD.box(Tile(0, 0, 1))
    assert (box.min_x, box.min_y, box.max_x, box.max_y) == (0.0, -90.0, 180.0, 90.0)


@pytest.mark.parametrize("grid", GRIDS.values(), ids=list(GRIDS))
def test_what_a_grid_has_and_has_not(grid: Grid) -> None:
    assert grid.has(Tile(0, 0, grid.columns - 1))
    for tile in (Tile(0, 0, grid.columns), Tile(0, 1, 0), Tile(-1, 0, 0), Tile(19, 0, 0)):
        assert not grid.has(tile)
    assert not grid.has(Tile(3, -1, 0))


@given(
    st.sampled_from(list(GRIDS.values())),
    st.floats(-180, 179.999),
    st.floats(-85, 85),
    st.integers(0, 18),
)
def test_a_position_lies_in_the_tile_that_its_steps_name(
    grid: Grid, lon: float, lat: float, level: int
) -> None:
    x, y = grid.steps(Tile(level, 0, 0), np.array([lon]), np.array([lat]))
    tile = Tile(level, int(y[0]) // EXTENT, int(x[0]) // EXTENT)
    box = grid.box(tile, steps=1)
    assert box.min_x <= lon <= box.max_x
    assert box.min_y - 1e-9 <= lat <= box.max_y + 1e-9
