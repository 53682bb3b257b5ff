"""The Hilbert curve: a bijection whose neighbours touch, and boxes that are covered."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import curve
from data.curve import DEGREES, METRES, ORDER, cells_of, ranges_of

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)


def test_the_curve_visits_every_cell_once_and_steps_to_a_neighbour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(curve, "ORDER", 4)
    monkeypatch.setattr(curve, "_SIDE", 16)
    plane = curve.Plane(0.0, 0.0, 16.0, 16.0)
    x, y = (side.ravel() + 0.5 for side in np.meshgrid(np.arange(16), np.arange(16)))
    numbers = curve.cells_of(plane, x, y)
    assert sorted(numbers.tolist()) == list(range(256))
    order = np.argsort(numbers)
    steps = np.abs(np.diff(x[order])) + np.abs(np.diff(y[order]))
    assert steps.tolist() == [1.0] * 255


@given(LON, LAT, LON, LAT, LON, LAT)
def test_a_point_in_a_box_is_in_its_ranges(
    a: float, b: float, c: float, d: float, lon: float, lat: float
) -> None:
    box = min(a, c), min(b, d), max(a, c), max(b, d)
    ranges = ranges_of(DEGREES, *box)
    assert all(low <= high for low, high in ranges)
    assert all(first[1] < second[0] for first, second in pairwise(ranges))
    if box[0] <= lon <= box[2] and box[1] <= lat <= box[3]:
        (cell,) = cells_of(DEGREES, [lon], [lat]).tolist()
        assert any(low <= cell <= high for low, high in ranges)


@given(st.floats(97, 120), st.floats(37, 48), st.floats(0.5, 5), st.floats(0, 1), st.floats(0, 1))
def test_a_point_in_a_large_box_is_in_its_ranges(
    west: float, south: float, side: float, across: float, up: float
) -> None:
    point = west + across * side, south + up * side
    (cell,) = cells_of(DEGREES, [point[0]], [point[1]]).tolist()
    ranges = ranges_of(DEGREES, west, south, west + side, south + side)
    assert any(low <= cell <= high for low, high in ranges)


def test_a_large_box_begins_with_small_ranges() -> None:
    """Its first page looks at few points outside it."""
    rng = np.random.default_rng(5)
    x, y = rng.uniform(97, 125, 250_000), rng.uniform(37, 53, 250_000)
    cells = cells_of(DEGREES, x, y)
    order = np.argsort(cells)
    cells, x, y = cells[order], x[order], y[order]
    looked_at = []
    for west, south in zip(rng.uniform(98, 122, 100), rng.uniform(38, 50, 100), strict=True):
        spans = ranges_of(DEGREES, west, south, west + 2, south + 2)
        walked = np.concatenate(
            [np.arange(*np.searchsorted(cells, (low, high + 1))) for low, high in spans]
        )
        inside = (np.abs(x[walked] - west - 1) <= 1) & (np.abs(y[walked] - south - 1) <= 1)
        looked_at.append(int(np.searchsorted(np.cumsum(inside), 100)) + 1)
    assert np.mean(looked_at) < 400


def test_ranges_cover_little_more_than_the_box() -> None:
    rng = np.random.default_rng(5)
    ratios = []
    for west, south in zip(rng.uniform(97, 125, 200), rng.uniform(37, 53, 200), strict=True):
        spans = ranges_of(DEGREES, west, south, west + 0.5, south + 0.5)
        area = sum(high - low + 1 for low, high in spans) * (360 / 2**ORDER) * (180 / 2**ORDER)
        ratios.append(area / 0.25)
    assert np.median(ratios) < 2.5


def test_what_lies_outside_counts_as_on_the_edge() -> None:
    inside, outside = cells_of(METRES, [4.0e7, 9.9e7], [0.0, 0.0]).tolist()
    assert inside == outside
