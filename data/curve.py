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
_AHEAD = 2
"""The first ranges on the curve are cut down to this many bits: the first page of a large box ends
long before the box does, and so looks at few points outside it."""

# The order in which the curve visits the quadrants of a square, and the turn of each: for the
# state of a square, the quadrant (x bit, y bit) → its rank along the curve and its own state.
_RANK = ((0, 1, 3, 2), (0, 3, 1, 2), (2, 3, 1, 0), (2, 1, 3, 0))
_TURN = ((1, 0, 3, 0), (0, 2, 1, 1), (2, 1, 2, 3), (3, 3, 0, 2))
_RANKS = np.array(_RANK)
_TURNS = np.array(_TURN)
_LAST_FIRST = tuple(
    tuple(
        (rank, quadrant >> 1, quadrant & 1, _TURN[state][quadrant])
        for rank in (3, 2, 1, 0)
        for quadrant in (_RANK[state].index(rank),)
    )
    for state in range(4)
)
"""For the state of a square, its quadrants from the curve's last to its first: rank, x bit, y bit
and own state."""


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
    return tuple(_cover(west, south, east, north))


def _cover(west: int, south: int, east: int, north: int) -> list[tuple[int, int]]:
    """Ranges of cells that cover the box, ascending: squares fine at the beginning, then coarser.

    One loop, because it runs for every page of a map: it goes down from the smallest square that
    holds the box, along the curve, into every quadrant that touches the box.
    """
    coarse = max(max(east - west, north - south).bit_length() - _FINER, 0)
    smallest = min(_FINEST, coarse)
    found: list[tuple[int, int]] = []
    low, high = 0, -1
    waiting = [_square_around(west, south, east, north)]
    while waiting:
        level, x, y, number, state = waiting.pop()
        side = 1 << level
        if level > smallest and not (
            west <= x and south <= y and x + side - 1 <= east and y + side - 1 <= north
        ):
            level -= 1
            side >>= 1
            for rank, right, upper, within in _LAST_FIRST[state]:
                column = x + side if right else x
                row = y + side if upper else y
                if column <= east and row <= north and column + side > west and row + side > south:
                    waiting.append((level, column, row, number << 2 | rank, within))
            continue
        first = number << 2 * level
        if first != high + 1 and high >= 0:
            found.append((low, high))
            if len(found) == _AHEAD:
                smallest = coarse
        if first != high + 1:
            low = first
        high = first + (1 << 2 * level) - 1
    found.append((low, high))
    return found


def squares_of(
    plane: Plane, min_x: float, min_y: float, max_x: float, max_y: float
) -> tuple[tuple[int, int], ...]:
    """The same of a box that is asked about once: at most nine ranges, coarser and found faster.

    They are those of squares between a half of the box's longer side and the whole of it.

    >>> squares_of(DEGREES, 111.0, 41.0, 111.1, 41.05)
    ((3037915136, 3037915391), (3037915904, 3037917183), (3037936128, 3037936895))
    """
    west, east = _step(min_x, plane.min_x, plane.width), _step(max_x, plane.min_x, plane.width)
    south, north = _step(min_y, plane.min_y, plane.height), _step(max_y, plane.min_y, plane.height)
    level = max((max(east - west, north - south)).bit_length() - 1, 0)
    rows = range(south >> level, (north >> level) + 1)
    columns = range(west >> level, (east >> level) + 1)
    firsts = sorted([_first_cell(level, x, y) for x in columns for y in rows])
    return merged([(first, first + (1 << 2 * level) - 1) for first in firsts])


@lru_cache(maxsize=1 << 14)
def _first_cell(level: int, column: int, row: int) -> int:
    """The number of a square's first cell; neighbours ask about the same squares."""
    number = state = 0
    for bit in range(ORDER - level - 1, -1, -1):
        quadrant = (column >> bit & 1) << 1 | row >> bit & 1
        number = number << 2 | _RANK[state][quadrant]
        state = _TURN[state][quadrant]
    return number << 2 * level


def _square_around(west: int, south: int, east: int, north: int) -> tuple[int, int, int, int, int]:
    """The smallest square that holds a box: level, first column and row, number and state."""
    level = max((west ^ east).bit_length(), (south ^ north).bit_length())
    number = state = 0
    for bit in range(ORDER - 1, level - 1, -1):
        quadrant = (west >> bit & 1) << 1 | south >> bit & 1
        number = number << 2 | _RANK[state][quadrant]
        state = _TURN[state][quadrant]
    return level, west >> level << level, south >> level << level, number, state


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
