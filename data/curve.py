"""The Hilbert curve: one number for a point, so that neighbours stand side by side in an index.

Pure. The plane of a reference system is cut into 2^16 by 2^16 cells; a cell's number is its place
along the curve (0 to 2^32 - 1). A box becomes a few ranges of numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

ORDER = 16
"""Bits of a column or a row; a cell of a store in degrees is about 600 m by 300 m."""
_SIDE = 1 << ORDER
_FINER = 2
"""The squares that cover a box are between a half and a quarter of its longer side, so that they
are three to five along it: finer ones cost look-ups, coarser ones points outside the box."""

_FINEST = 6
"""The first square on the curve is cut down to this many bits: the first page of a large box ends
long before the box does, and so looks at few points outside it."""

# The order in which the curve visits the quadrants of a square, and the turn of each: for the
# state of a square, the quadrant (x bit, y bit) → its rank along the curve and its own state.
_RANK = ((0, 1, 3, 2), (0, 3, 1, 2), (2, 3, 1, 0), (2, 1, 3, 0))
_TURN = ((1, 0, 3, 0), (0, 2, 1, 1), (2, 1, 2, 3), (3, 3, 0, 2))
_RANKS = np.array(_RANK)
_TURNS = np.array(_TURN)


def _tables() -> tuple[tuple[tuple[int, int], ...], ...]:
    """Four levels at once.

    For a state, and four bits of a column and a row side by side: the number that they give, and
    the state within.
    """

    def four(state: int, bits: int) -> tuple[int, int]:
        number = 0
        for bit in range(3, -1, -1):
            quadrant = (bits >> bit + 4 & 1) * 2 + (bits >> bit & 1)
            number, state = number << 2 | _RANK[state][quadrant], _TURN[state][quadrant]
        return number, state

    return tuple(tuple(four(state, bits) for bits in range(256)) for state in range(4))


_FOUR = _tables()


@dataclass(frozen=True, slots=True)
class Plane:
    """The extent of a reference system: what lies outside counts as on its edge."""

    min_x: float
    min_y: float
    width: float
    height: float


DEGREES = Plane(-180.0, -90.0, 360.0, 180.0)
METRES = Plane(-4.0e7, -4.0e7, 8.0e7, 8.0e7)


def cells_of(plane: Plane, x: ArrayLike, y: ArrayLike) -> NDArray[np.int64]:
    """The cell numbers of points.

    Args:
        plane: the extent of the points' reference system.
        x: longitudes or eastings.
        y: latitudes or northings, of the same shape.

    >>> cells_of(DEGREES, [-180.0, 179.99], [-90.0, -89.99]).tolist()[0]
    0
    """
    column = _steps(np.asarray(x, float), plane.min_x, plane.width)
    row = _steps(np.asarray(y, float), plane.min_y, plane.height)
    number = np.zeros_like(column)
    state = np.zeros_like(column)
    for bit in range(ORDER - 1, -1, -1):
        quadrant = (column >> bit & 1) * 2 + (row >> bit & 1)
        number = number << 2 | _RANKS[state, quadrant]
        state = _TURNS[state, quadrant]
    return number


def _steps(values: NDArray[np.float64], low: float, length: float) -> NDArray[np.int64]:
    return np.clip((values - low) / length * _SIDE, 0, _SIDE - 1).astype(np.int64)


def _step(value: float, low: float, length: float) -> int:
    return int(min(max((value - low) / length * _SIDE, 0), _SIDE - 1))


@lru_cache(maxsize=1024)
def ranges_of(
    plane: Plane, min_x: float, min_y: float, max_x: float, max_y: float
) -> Sequence[tuple[int, int]]:
    """Ranges of cell numbers (both ends within) that together cover a box, ascending.

    They may cover more than the box: whoever asks checks each point.

    >>> ranges_of(DEGREES, -180.0, -90.0, 180.0, 90.0)
    ((0, 4294967295),)
    """
    west, east = _step(min_x, plane.min_x, plane.width), _step(max_x, plane.min_x, plane.width)
    south, north = _step(min_y, plane.min_y, plane.height), _step(max_y, plane.min_y, plane.height)
    return merged(_cover(west, south, east, north))


def _cover(west: int, south: int, east: int, north: int) -> list[tuple[int, int]]:
    """Squares that cover the box, as ranges, ascending: of one size, smaller at the beginning."""
    level = max(max(east - west, north - south).bit_length() - _FINER, 0)
    first, *rest = _squares(level, west >> level, south >> level, east >> level, north >> level)
    behind = [_span(number, level) for number, _, _ in rest]
    while level > _FINEST:
        level -= 1
        _, column, row = first
        first, *rest = _squares(
            level,
            max(column << 1, west >> level),
            max(row << 1, south >> level),
            min((column << 1) + 1, east >> level),
            min((row << 1) + 1, north >> level),
        )
        behind = [*[_span(number, level) for number, _, _ in rest], *behind]
    return [_span(first[0], level), *behind]


def _squares(
    level: int, west: int, south: int, east: int, north: int
) -> list[tuple[int, int, int]]:
    """Number, column and row of the squares of a size, by their numbers; both ends within."""
    found = [
        (_cell(column << level, row << level) >> 2 * level, column, row)
        for column in range(west, east + 1)
        for row in range(south, north + 1)
    ]
    found.sort()
    return found


def _cell(column: int, row: int) -> int:
    """The number of one cell, four bits of its column and row at a time."""
    first, state = _FOUR[0][column >> 8 & 0xF0 | row >> 12]
    second, state = _FOUR[state][column >> 4 & 0xF0 | row >> 8 & 0xF]
    third, state = _FOUR[state][column & 0xF0 | row >> 4 & 0xF]
    return (
        first << 24 | second << 16 | third << 8 | _FOUR[state][(column & 0xF) << 4 | row & 0xF][0]
    )


def _span(number: int, level: int) -> tuple[int, int]:
    first = number << 2 * level
    return first, first + (1 << 2 * level) - 1


def merged(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ascending ranges as few as they can be: those that touch or overlap become one.

    >>> merged([(0, 3), (4, 7), (6, 9), (11, 12)])
    ((0, 9), (11, 12))
    """
    joined: list[tuple[int, int]] = []
    for low, high in spans:
        if joined and joined[-1][1] + 1 >= low:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return tuple(joined)
