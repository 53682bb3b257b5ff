"""Ordinals stay in order, and putting names between others moves few, wherever they are put."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.search.ordinals import (
    Ordinals,
    base_of,
    is_tight,
    room_of,
    spread,
    stretch_around,
)

_STANDING = 3
_BASE = base_of(_STANDING)


class Line:
    """The ordinals of one standing, and how many of them were moved."""

    def __init__(self, number: int, named: int = 60_000_000) -> None:
        ordinals = Ordinals(named)
        self.ordinals = [ordinals.following(_STANDING) for _ in range(number)]
        self.moved: list[int] = []

    def put(self, at: int, count: int = 1) -> None:
        """Put so many before the one that stands at a place."""
        line = self.ordinals
        low = line[at - 1] if at else _BASE
        high = line[at] if at < len(line) else None
        first, behind = at, at
        if is_tight(low, high, count):
            low, high, taken = stretch_around(
                _BASE,
                lambda most: line[max(at - most, 0) : at][::-1],
                lambda most: line[at : at + most],
                count,
            )
            first, behind = bisect_left(line, taken[0]), bisect_right(line, taken[-1])
            assert line[first:behind] == taken
        self.moved.append(behind - first)
        line[first:behind] = spread(low, high, behind - first + count)

    def in_order(self) -> bool:
        ends = (_BASE, *self.ordinals, base_of(_STANDING + 1))
        return all(low < high for low, high in pairwise(ends))


_WHERE: dict[str, Callable[[int, int, Random], int]] = {
    # where the next one is put, of `step` that lie behind the first `hot`
    "at the end": lambda hot, step, _: hot + step,
    "at the beginning": lambda hot, _step, _: hot,
    "in the middle": lambda hot, step, _: hot + (step + 1) // 2,
    "anywhere among them": lambda hot, step, chance: hot + chance.randrange(step + 1),
    "in twenty places": lambda hot, step, chance: hot + chance.randrange(20) * step // 20,
}


@pytest.mark.parametrize("where", _WHERE)
@pytest.mark.parametrize("hot", [0, 2_000, 4_000])
def test_thousands_of_names_in_one_place_move_few(where: str, hot: int) -> None:
    chance = Random(hot)  # noqa: S311 - where names are put, not a secret
    line, number = Line(4_000), 8_000
    for step in range(number):
        line.put(_WHERE[where](hot, step, chance))
    assert line.in_order()
    # Moving the next few neighbours until there was any room at all took up to 300 a name.
    assert sum(line.moved) / number <= 12


def test_names_as_a_load_of_drafts_brings_them_hardly_move_any() -> None:
    chance = Random(7)  # noqa: S311
    line, hot = Line(4_000), 2_000
    for step in range(10_000):
        line.put(hot + chance.randrange(step + 1))
    assert sum(line.moved) / 10_000 < 0.5
    assert sum(1 for moved in line.moved if moved) < 100


def test_a_store_made_anew_has_more_room_where_it_is_small() -> None:
    small, large = Line(100, 250_000), Line(100)
    assert small.ordinals[1] - small.ordinals[0] > 64 * (large.ordinals[1] - large.ordinals[0])
    for at in (0, 50, 100):
        for _ in range(20):
            small.put(at)
    assert small.in_order()
    assert sum(small.moved) == 0


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 40),
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 400)), max_size=60),
)
def test_whatever_is_put_anywhere_leaves_an_order_with_room(
    number: int, puts: list[tuple[float, int]]
) -> None:
    line = Line(number)
    for share, count in puts:
        before, at = len(line.ordinals), round(share * len(line.ordinals))
        line.put(at, count)
        assert len(line.ordinals) == before + count
        assert line.in_order()


def test_what_is_moved_has_the_room_that_so_many_must_have() -> None:
    line = [_BASE + 1_000 * number for number in range(1, 200)]
    line[100] = line[99] + 1
    stretch = stretch_around(
        _BASE, lambda most: line[100 - most : 100][::-1], lambda most: line[100 : 100 + most], 1
    )
    assert stretch.taken == line[96:104]
    assert stretch.high is not None
    ordinals = spread(stretch.low, stretch.high, 9)
    assert min(b - a for a, b in pairwise([stretch.low, *ordinals, stretch.high])) >= room_of(9)
