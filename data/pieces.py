"""Straight pieces of lines, asked for the nearest to one position after another (最近线段).

Which pieces can be the nearest differs little from one position to the next: cells that are
parted where many pieces are hold them, and are made when a position first asks there. A cell leaves
out only what cannot be the nearest to any position in it, so an answer is that of all pieces
measured one by one on the plane of its position, which is true to scale there.
"""

import math
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]

DEGREE_M: Final = 111_320.0
TOUCHING_M: Final = 1.0
"""Neighbours drawn by one hand share their edge; rounding parts them by less than this."""

_ROOT_DEG: Final = 2.0
_PARTS: Final = 4
_DEEPEST: Final = 6
_MANY: Final = 256
"""Pieces in a cell that is parted; one look at twice as many takes hardly longer."""
_MOST_BYTES: Final = 24_000_000
"""Of all cells together; beyond it they begin anew."""
_NUMBER_BYTES: Final = 4
_ROW_BYTES: Final = 48
_CELL_BYTES: Final = 1_000
_BEND: Final = 0.004
_SLANT: Final = 0.3
_ALONE: Final = 1e-300
"""The squared length of a piece without length: it has one nearest point."""


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


class _Rows(NamedTuple):
    """Pieces side by side: one end, the way to the other, and its squares; degrees."""

    x: Floats
    y: Floats
    along_x: Floats
    along_y: Floats
    square_x: Floats
    square_y: Floats

    @classmethod
    def between(cls, ends: Floats) -> "_Rows":
        """Those between ends, x, y, x, y, shape (n, 4)."""
        x, y, along_x, along_y = np.hstack([ends[:, :2], ends[:, 2:] - ends[:, :2]]).T.copy()
        return cls(x, y, along_x, along_y, along_x * along_x, along_y * along_y + _ALONE)

    def of(self, numbers: Any) -> "_Rows":
        """Some of them."""
        return _Rows(*np.array([row[numbers] for row in self]))

    def measured(self, lon: float, lat: float, narrow: float) -> tuple[Floats, Floats]:
        """How far they are from a position, squared, and which share of the way is nearest.

        Args:
            lon: degrees.
            lat: degrees.
            narrow: the square of the cosine of the latitude at which the plane is true to scale.

        Returns:
            Squares of degrees of latitude; shares of 0 to 1, with their signs changed.
        """
        x, y = self.x - lon, self.y - lat
        share = x * (self.along_x * narrow)
        share += y * self.along_y
        share /= self.square_x * narrow + self.square_y
        share.clip(-1.0, 0.0, share)
        x -= share * self.along_x
        y -= share * self.along_y
        x *= x
        y *= y
        x *= narrow
        x += y
        return x, share


class _Cell(NamedTuple):
    """The pieces that can be the nearest to a position in a square of degrees.

    Attributes:
        numbers: theirs.
        rows: the same side by side; None where the square is parted.
    """

    numbers: Numbers
    rows: _Rows | None


class Pieces:
    """The pieces of lines; what several lines have is one piece.

    Args:
        lines: shapely lines, x = longitude in degrees, y = latitude; the place of a line among
            them is its number as an owner.
    """

    def __init__(self, lines: NDArray[np.object_]) -> None:
        ends, owners = _ends(lines)
        back = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
        ends[back] = ends[back][:, [2, 3, 0, 1]]
        ends, same = np.unique(ends, axis=0, return_inverse=True)
        order = np.argsort(same, kind="stable")
        self._rows = _Rows.between(ends)
        self._owners = _groups(owners[order].tolist(), same[order].tolist())
        self._cells: dict[tuple[int, int, int], _Cell] = {}
        self._bytes = 0

    def nearest(self, lon: float, lat: float) -> list[Foot]:
        """The nearest piece to a position, and what is no farther than `TOUCHING_M` more.

        Args:
            lon: degrees.
            lat: degrees.

        Returns:
            The nearest first; none where there are no pieces.
        """
        if not len(self._owners):
            return []
        numbers, rows = self._around(lon, lat)
        squares, shares = rows.measured(lon, lat, _narrow(lat))
        most = math.sqrt(squares.item(squares.argmin())) + TOUCHING_M / DEGREE_M
        places = (squares <= most * most).nonzero()[0].tolist()
        return sorted(self._foot(numbers, rows, squares, shares, place) for place in places)

    def nearest_by_owner(self, lon: float, lat: float) -> dict[int, Foot]:
        """The nearest point of each line that may be the nearest one along the ellipsoid.

        Args:
            lon: degrees.
            lat: degrees.

        Returns:
            By the number of the line; none where there are no pieces.
        """
        if not len(self._owners):
            return {}
        numbers, rows = self._around(lon, lat)
        squares, shares = rows.measured(lon, lat, _narrow(lat))
        most = math.sqrt(squares.item(squares.argmin()))
        most *= _farther(lat, most)
        found: dict[int, int] = {}
        for place in (squares <= most * most).nonzero()[0].tolist():
            for owner in self._owners[numbers.item(place)]:
                other = found.setdefault(owner, place)
                if squares.item(place) < squares.item(other):
                    found[owner] = place
        return {
            owner: self._foot(numbers, rows, squares, shares, place)
            for owner, place in found.items()
        }

    def passing(self, feet: Sequence[Foot], lat: float) -> list[int]:
        """Which lines pass through the first of some feet, in order.

        Args:
            feet: of one position.
            lat: that position's latitude, degrees.
        """
        first, *others = feet
        owners = set(first.owners)
        if others:
            rows = self._rows.of([foot.piece for foot in others])
            squares, _ = rows.measured(first.lon, first.lat, _narrow(lat))
            for foot, square in zip(others, squares.tolist(), strict=True):
                if math.sqrt(square) * DEGREE_M < TOUCHING_M:
                    owners.update(foot.owners)
        return sorted(owners)

    def _foot(
        self, numbers: Numbers, rows: _Rows, squares: Floats, shares: Floats, place: int
    ) -> Foot:
        share, number = shares.item(place), numbers.item(place)
        return Foot(
            math.sqrt(squares.item(place)) * DEGREE_M,
            rows.x.item(place) - share * rows.along_x.item(place),
            rows.y.item(place) - share * rows.along_y.item(place),
            number,
            self._owners[number],
        )

    def _around(self, lon: float, lat: float) -> tuple[Numbers, _Rows]:
        """The pieces that can be the nearest: their numbers, and they side by side."""
        depth, side, above = 0, _ROOT_DEG, None
        while True:
            key = depth, math.floor(lon / side), math.floor(lat / side)
            numbers, rows = self._cells.get(key) or self._make(key, side, above)
            if rows is not None:
                return numbers, rows
            depth, side, above = depth + 1, side / _PARTS, numbers

    def _make(self, key: tuple[int, int, int], side: float, above: Numbers | None) -> _Cell:
        depth, column, row = key
        rows = self._rows if above is None else self._rows.of(above)
        chosen = _possible(rows, (column + 0.5) * side, (row + 0.5) * side, side / 2)
        numbers = (chosen if above is None else above[chosen]).astype(np.int32)
        whole = len(numbers) <= _MANY or depth == _DEEPEST
        cell = _Cell(numbers, self._rows.of(numbers) if whole else None)
        if self._bytes > _MOST_BYTES:
            self._cells, self._bytes = {}, 0
        self._bytes += len(numbers) * (_NUMBER_BYTES + _ROW_BYTES * whole) + _CELL_BYTES
        self._cells[key] = cell
        return cell


def distance_m(line: shapely.Geometry, lon: float, lat: float) -> float:
    """How far a line is from a position in degrees, on the plane of the position."""
    ends, _ = _ends(np.array([line], dtype=object))
    squares, _ = _Rows.between(ends).measured(lon, lat, _narrow(lat))
    return math.sqrt(squares.min(initial=math.inf)) * DEGREE_M


def _ends(lines: NDArray[np.object_]) -> tuple[Floats, Numbers]:
    """The ends of the pieces of lines, x, y, x, y, and the places of their lines."""
    parts, owners = shapely.get_parts(lines, return_index=True)
    points, places = shapely.get_coordinates(parts, return_index=True)
    joined = places[1:] == places[:-1]
    ends: Floats = np.hstack([points[:-1], points[1:]])[joined]
    return ends, owners[places[:-1][joined]].astype(np.int32)


def _groups(owners: Sequence[int], pieces: Sequence[int]) -> list[tuple[int, ...]]:
    """The owners of each piece, once each; `pieces` are in order and none is left out."""
    found: list[tuple[int, ...]] = []
    known: dict[tuple[int, ...], tuple[int, ...]] = {}  # neighbours share many pieces
    for _, group in groupby(zip(pieces, owners, strict=True), key=itemgetter(0)):
        own = tuple(dict.fromkeys([owner for _, owner in group]))
        found.append(known.setdefault(own, own))
    return found


def _possible(rows: _Rows, lon: float, lat: float, half_deg: float) -> NDArray[np.intp]:
    """Which pieces can be among the nearest to a position in a square.

    A degree of longitude is shortest on the side towards the pole and longest on the other: no
    position of the square has a piece nearer than by the one, or the nearest farther than by the
    other.
    """
    least = math.cos(math.radians(min(abs(lat) + half_deg, 90.0)))
    most = math.cos(math.radians(max(abs(lat) - half_deg, 0.0)))
    distances = np.sqrt(rows.measured(lon, lat, least * least)[0])
    farthest = float(distances.min()) * most / least + half_deg * math.hypot(most, 1.0)
    farthest = farthest * _farther(abs(lat) + half_deg, farthest) + TOUCHING_M / DEGREE_M
    return (distances <= farthest + half_deg * math.hypot(least, 1.0)).nonzero()[0]


def _farther(lat: float, degrees: float) -> float:
    """How many times as far, on the plane of a position, the nearest along the ellipsoid may be.

    The radii of curvature are 6,335 to 6,400 km: less than `_BEND` from their middle. Farther
    towards the pole a degree of longitude is shorter: what lies aslant is 0.19 of that change in
    latitude, times the tangent, nearer than the plane has it.
    """
    slope = math.tan(math.radians(min(abs(lat), 90.0)))
    bend = _BEND + _SLANT * slope * math.radians(degrees)
    return (1.0 + bend) / (1.0 - bend) if bend < 1 else math.inf


def _narrow(lat: float) -> float:
    """The square of how much shorter a degree of longitude is than one of latitude."""
    return math.cos(math.radians(lat)) ** 2
