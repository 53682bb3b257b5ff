"""Rows to markers."""

import time

import numpy as np
import pytest

from boundary.matching import MarkerIndex, Named, number_key
from data.coordinates import GRS80, LocalFrame


def index_of(names: list[Named], lon: list[float], lat: list[float]) -> MarkerIndex:
    return MarkerIndex(names, np.array(lon), np.array(lat), GRS80)


INDEX = index_of(
    [
        Named("1521001Q", "1521", "蒙辽线"),
        Named("1521002A", "1521", "蒙辽线"),
        Named("1521002B", "1521", "蒙辽线"),
        Named("001", "150102", "甲乙线"),
        Named("001", "150103", "甲丙线"),
    ],
    [120.0, 120.1, 120.1002, 111.0, 112.0],
    [42.0, 42.1, 42.1001, 40.0, 41.0],
)


@pytest.mark.parametrize(
    "text", ["1521001Q", "１５２１００１Ｑ", "1521001q", "1521-001 Q", "1521001"]
)
def test_numbers_are_compared_folded(text: str) -> None:
    assert INDEX.by_number(text) == (0,)


def test_a_number_without_its_letter_may_mean_two() -> None:
    assert INDEX.by_number("1521002") == (1, 2)
    assert INDEX.by_number("1521002A") == (1,)
    assert INDEX.nearest_of((1, 2), 120.1002, 42.1001)[0] == 2


def test_the_same_number_on_two_lines_is_told_apart_by_the_line() -> None:
    assert INDEX.by_number("001") == (3, 4)
    assert INDEX.by_number("001", "150103") == (4,)
    assert INDEX.by_number("001", "甲乙线") == (3,)
    assert INDEX.by_number("001", "别的线") == (3, 4)


def test_unknown_numbers_have_similar_ones() -> None:
    assert INDEX.by_number("1521008Q") == ()
    assert INDEX.similar_numbers("1521008Q") == (0,)
    assert INDEX.similar_numbers("1521010Q") == (0,)
    assert INDEX.similar_numbers("9999999Q") == ()


def test_keys_fold_what_people_add() -> None:
    assert number_key("No.1521001Q号界桩") == "1521001q"


def test_nearest_needs_a_gate_and_a_margin() -> None:
    found = INDEX.nearest(
        np.array([120.0001, 120.1001, 100.0, np.nan]), np.array([42.0, 42.1, 38, 1])
    )
    accepted = found.accepted(np.full(4, 50.0), 5.0)
    assert accepted.tolist() == [True, False, False, False]
    assert found.index[0] == 0


def test_ten_thousand_points_among_five_thousand_markers() -> None:
    rng = np.random.default_rng(11)
    lon, lat = rng.uniform(97, 126, 5_000), rng.uniform(38, 53, 5_000)
    index = index_of([Named(str(i)) for i in range(5_000)], lon.tolist(), lat.tolist())
    truth = rng.integers(0, 5_000, 10_000)
    frame = LocalFrame.at(lon[truth], lat[truth])
    seen_lon, seen_lat = frame.moved(rng.normal(0, 5.0, (10_000, 2)))
    started = time.perf_counter()
    found = index.nearest(seen_lon, seen_lat)
    assert time.perf_counter() - started < 1.0
    sure = found.accepted(np.full(10_000, 100.0), 5.0)
    assert sure.mean() > 0.97
    assert np.array_equal(found.index[sure], truth[sure])
