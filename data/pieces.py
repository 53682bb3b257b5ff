"""Straight pieces of lines, asked for the nearest to one position after another (最近线段).

Which pieces can be the nearest differs little from one position to the next: cells that are
parted where many pieces are hold them, and are made when a position first asks there; in them small
squares have lists of their own, short enough to be gone through without numpy. No piece is nearer
than its middle by more than half its length: that alone tells what such a list leaves out. A cell
or list leaves out only what cannot be the nearest to any position in it, so an answer is that
of all pieces measured one by one on the plane of its position, which is true to scale there.
"""

import math
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter
from struct import Struct
from typing import Final, NamedTuple
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from data.piece_rows import (
    ALONE,
    DEGREE_M,
    ROUNDED_DEG,
    TOUCHING_M,
    Floats,
    Numbers,
    Rows,
    ends_of,
    farther,
    farthest,
    narrow_at,
    narrowest,
    possible,
    touching,
)

_ROOT_DEG: Final = 2.0
_PARTS: Final = 4
_DEEPEST: Final = 6
_MANY: Final = 1_024
"""Pieces in a cell that is parted; one look at twice as many takes hardly longer."""
_SHORT_DEG: Final = _ROOT_DEG / _PARTS**3
_SHORT: Final = 48
"""The longest list of a small square."""
_PACKED: Final = Struct("=6d")
"""Of such a list: x, y, along x, along y, its number, how far it is squared at least."""
_MOST_BYTES: Final = 48_000_000
"""Of all cells and lists of the program together; beyond it they begin anew."""
_NUMBER_BYTES: Final = 4
_MIDDLE_BYTES: Final = 24
_CELL_BYTES: Final = 1_000
_SHORT_BYTES: Final = 300


class Foot(NamedTuple):
    """The nearest point of a piece.

    Attributes:
        metres: how far it is, on the plane.
        lon, lat: degrees.
        piece: the number of the piece.
        owners: the numbers of the lines that have the piece.
    """

    metres: float
    lon: float
    lat: float
    piece: int
    owners: tuple[int, ...]


class _Cell(NamedTuple):
    """The pieces that can be the nearest to a position in a square of degrees.

    A degree of longitude counts as `narrow` degrees of latitude, what it is where the square is
    narrowest: nothing is farther on this plane than on that of a position in the square.

    Attributes:
        numbers: of the pieces.
        middles: theirs on that plane, x + iy; none where the square is parted.
        halves: half their lengths there, degrees of latitude, and what rounding makes of it.
        narrow: the plane's share.
        side: of the square, degrees.
    """

    numbers: Numbers
    middles: NDArray[np.complex128]
    halves: Floats
    narrow: float
    side: float

    def least(self, lon: float, lat: float) -> Floats:
        """How far each piece of an undivided cell is from a position in it at least."""
        away: Floats = np.abs(self.middles - complex(lon * self.narrow, lat))
        away -= self.halves
        return away


_Near = tuple[float, float, float, int]
"""A piece that is near: the square of its distance in degrees of latitude, its nearest point, its
number."""
_Bound = Callable[[float, float], float]
"""How far the others may be, by how far the nearest is, and the latitude; degrees of latitude."""


class Pieces:
    """The pieces of lines; what several lines have is one piece.

    Args:
        lines: shapely lines, x = longitude in degrees, y = latitude; the place of a line among
            them is its number as an owner.

    Attributes:
        kept_bytes: of its cells and lists, about.
    """

    def __init__(self, lines: NDArray[np.object_]) -> None:
        ends, owners = ends_of(lines)
        back = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
        ends[back] = ends[back][:, [2, 3, 0, 1]]
        ends, same = np.unique(ends, axis=0, return_inverse=True)
        order = np.argsort(same, kind="stable")
        self._rows = Rows.between(ends)
        numbers, unknown = np.arange(len(ends)), np.zeros(len(ends))
        self._packed = np.array([*self._rows[:4], numbers, unknown]).T.copy()
        self._owners = _groups(owners[order].tolist(), same[order].tolist())
        self._cells: dict[tuple[int, int, int], _Cell] = {}
        self._short: dict[tuple[int, int], bytes] = {}
        self.kept_bytes = 0
        _alive.add(self)

    def nearest(self, lon: float, lat: float) -> list[Foot]:
        """The nearest piece to a position, and what is no farther than `TOUCHING_M` more.

        Args:
            lon: degrees.
            lat: degrees.

        Returns:
            The nearest first; none where there are no pieces.
        """
        return sorted([self._foot(near) for near in self._near(lon, lat, _touching)])

    def nearest_by_owner(self, lon: float, lat: float) -> dict[int, Foot]:
        """The nearest point of each line that may be the nearest one along the ellipsoid.

        Args:
            lon: degrees.
            lat: degrees.

        Returns:
            By the number of the line; none where there are no pieces.
        """
        found: dict[int, _Near] = {}
        for near in self._near(lon, lat, _along_ellipsoid):
            for owner in self._owners[near[3]]:
                if near < found.setdefault(owner, near):
                    found[owner] = near
        return {owner: self._foot(near) for owner, near in found.items()}

    def passing(self, feet: Sequence[Foot], lat: float) -> list[int]:
        """Which lines pass through the first of some feet, in order.

        Args:
            feet: of one position.
            lat: that position's latitude, degrees.
        """
        first, *others = feet
        owners = set(first.owners)
        narrow = narrow_at(lat)
        for foot in others:
            degrees = self._away(foot.piece, first.lon, first.lat, narrow)
            if degrees * DEGREE_M < TOUCHING_M:
                owners.update(foot.owners)
        return sorted(owners)

    def _foot(self, near: _Near) -> Foot:
        square, lon, lat, number = near
        return Foot(math.sqrt(square) * DEGREE_M, lon, lat, number, self._owners[number])

    def _near(self, lon: float, lat: float, bound: _Bound) -> list[_Near]:
        """The nearest piece, and those within a bound."""
        if not self._owners:
            return []
        square = math.floor(lon / _SHORT_DEG), math.floor(lat / _SHORT_DEG)
        packed = self._short.get(square)
        if not packed:
            cell = self._around(lon, lat)
            packed = self._shorten(square, cell) if packed is None else packed
            if not packed:
                return self._near_of_many(cell, lon, lat, bound)
        return _near_of_few(packed, lon, lat, narrow_at(lat), bound)

    def _shorten(self, square: tuple[int, int], cell: _Cell) -> bytes:
        """Give a small square its own list; it stays empty where it would be long."""
        packed = b""
        if cell.side >= _SHORT_DEG:
            half_deg = _SHORT_DEG / 2
            lon, lat = ((place + 0.5) * _SHORT_DEG for place in square)
            least = cell.least(lon, lat)
            likely = cell.numbers.item(least.argmin())
            nearest = self._away(likely, lon, lat, narrowest(lat, half_deg) ** 2)
            least -= half_deg * math.sqrt(2)
            chosen = (least <= farthest(nearest, lat, half_deg)).nonzero()[0]
            if len(chosen) <= _SHORT:
                least = least[chosen].clip(0.0)
                order = least.argsort(kind="stable")
                rows = self._packed[cell.numbers[chosen[order]]]
                rows[:, -1] = least[order] ** 2
                packed = rows.tobytes()
        self._make_room(len(packed) + _SHORT_BYTES)
        self._short[square] = packed
        return packed

    def _near_of_many(self, cell: _Cell, lon: float, lat: float, bound: _Bound) -> list[_Near]:
        narrow, least = narrow_at(lat), cell.least(lon, lat)
        likely = cell.numbers.item(least.argmin())
        most = bound(self._away(likely, lon, lat, narrow), lat)
        numbers = cell.numbers[least <= most]
        rows = self._rows.of(numbers)
        squares, shares = rows.measured(lon, lat, narrow)
        most = bound(math.sqrt(squares.item(squares.argmin())), lat)
        return [
            (
                squares.item(place),
                rows.x.item(place) - shares.item(place) * rows.along_x.item(place),
                rows.y.item(place) - shares.item(place) * rows.along_y.item(place),
                numbers.item(place),
            )
            for place in (squares <= most * most).nonzero()[0].tolist()
        ]

    def _away(self, number: int, lon: float, lat: float, narrow: float) -> float:
        """How far a piece is, in degrees of latitude."""
        ((square, *_),) = _near_of_few(self._packed[number].tobytes(), lon, lat, narrow, _touching)
        return math.sqrt(square)

    def _around(self, lon: float, lat: float) -> _Cell:
        """The undivided cell around a position."""
        depth, side, numbers = 0, _ROOT_DEG, None
        while True:
            key = depth, math.floor(lon / side), math.floor(lat / side)
            cell = self._cells.get(key) or self._make(key, side, numbers)
            if len(cell.middles):
                return cell
            depth, side, numbers = depth + 1, side / _PARTS, cell.numbers

    def _make(self, key: tuple[int, int, int], side: float, above: Numbers | None) -> _Cell:
        depth, column, row = key
        lon, lat = (column + 0.5) * side, (row + 0.5) * side
        rows = self._rows if above is None else self._rows.of(above)
        chosen = possible(rows, lon, lat, side / 2)
        numbers = (chosen if above is None else above[chosen]).astype(np.int32)
        narrow, whole = narrowest(lat, side / 2), len(numbers) <= _MANY or depth == _DEEPEST
        self._make_room(len(numbers) * (_NUMBER_BYTES + _MIDDLE_BYTES * whole) + _CELL_BYTES)
        middles, halves = _middles(rows.of(chosen), narrow) if whole else _PARTED
        cell = self._cells[key] = _Cell(numbers, middles, halves, narrow, side)
        return cell

    def _make_room(self, more: int) -> None:
        self.kept_bytes += more
        alive = list(_alive)
        if sum([one.kept_bytes for one in alive]) > _MOST_BYTES:
            for one in alive:
                one.begin_anew()

    def begin_anew(self) -> None:
        """Let go every cell and list; they are made again when they are asked for."""
        self._cells, self._short, self.kept_bytes = {}, {}, 0


_alive: Final[WeakSet[Pieces]] = WeakSet()
_PARTED: Final = np.empty(0, np.complex128), np.empty(0)


def _groups(owners: Sequence[int], pieces: Sequence[int]) -> list[tuple[int, ...]]:
    """The owners of each piece, once each; `pieces` are in order and none is left out."""
    found: list[tuple[int, ...]] = []
    known: dict[tuple[int, ...], tuple[int, ...]] = {}  # neighbours share many pieces
    for _, group in groupby(zip(pieces, owners, strict=True), key=itemgetter(0)):
        own = tuple(dict.fromkeys([owner for _, owner in group]))
        found.append(known.setdefault(own, own))
    return found


def _middles(rows: Rows, narrow: float) -> tuple[NDArray[np.complex128], Floats]:
    """The middles of pieces, and half their lengths, as a cell has them."""
    ways = np.array(rows.along_x * narrow + 1j * rows.along_y, np.complex128) / 2
    return rows.x * narrow + 1j * rows.y + ways, np.abs(ways) + ROUNDED_DEG


def _near_of_few(
    packed: bytes, lon: float, lat: float, narrow: float, bound: _Bound
) -> list[_Near]:
    """As `Rows.measured` has them, one by one; behind what is too far all are farther."""
    best = most = math.inf
    found = []
    for x, y, along_x, along_y, number, least in _PACKED.iter_unpack(packed):
        if least > most:
            break
        away_x, away_y = x - lon, y - lat
        share = away_x * (along_x * narrow) + away_y * along_y
        share /= along_x * along_x * narrow + (along_y * along_y + ALONE)
        share = -1.0 if share < -1.0 else min(share, 0.0)
        away_x -= share * along_x
        away_y -= share * along_y
        square = away_x * away_x * narrow + away_y * away_y
        if square <= most:
            found.append((square, x - share * along_x, y - share * along_y, int(number)))
            if square < best:
                best = square
                most = bound(math.sqrt(square), lat)
                most *= most
    return [near for near in found if near[0] <= most]


def _touching(degrees: float, _lat: float) -> float:
    return touching(degrees)


def _along_ellipsoid(degrees: float, lat: float) -> float:
    return degrees * farther(lat, degrees) + ROUNDED_DEG
