"""Straight pieces of lines side by side, and how far they are from a position (线段的距离).

They are measured on the plane of the position, which is true to scale there; longitudes and
latitudes are degrees.
"""

import math
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]

DEGREE_M: Final = 111_320.0
TOUCHING_M: Final = 1.0
"""Neighbours drawn by one hand share their edge; rounding parts them by less than this."""
ALONE: Final = 1e-300
"""The squared length of a piece without length: it has one nearest point."""
ROUNDED_DEG: Final = 1e-9
"""More than what rounding makes of a distance."""

_BEND: Final = 0.004
_SLANT: Final = 0.3


class Rows(NamedTuple):
    """Pieces side by side: one end, the way to the other, and its squares; degrees."""

    x: Floats
    y: Floats
    along_x: Floats
    along_y: Floats
    square_x: Floats
    square_y: Floats

    @classmethod
    def between(cls, ends: Floats) -> "Rows":
        """Those between ends, x, y, x, y, shape (n, 4)."""
        x, y, along_x, along_y = np.hstack([ends[:, :2], ends[:, 2:] - ends[:, :2]]).T.copy()
        return cls(x, y, along_x, along_y, along_x * along_x, along_y * along_y + ALONE)

    def of(self, numbers: Any) -> "Rows":
        """Some of them."""
        return Rows(*np.array([row[numbers] for row in self]))

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


def distance_m(line: shapely.Geometry, lon: float, lat: float) -> float:
    """How far a line is from a position in degrees, on the plane of the position."""
    ends, _ = ends_of(np.array([line], dtype=object))
    squares, _ = Rows.between(ends).measured(lon, lat, narrow_at(lat))
    return math.sqrt(squares.min(initial=math.inf)) * DEGREE_M


def ends_of(lines: NDArray[np.object_]) -> tuple[Floats, Numbers]:
    """The ends of the pieces of lines, x, y, x, y, shape (n, 4); the places of their lines."""
    parts, owners = shapely.get_parts(lines, return_index=True)
    points, places = shapely.get_coordinates(parts, return_index=True)
    joined = places[1:] == places[:-1]
    ends: Floats = np.hstack([points[:-1], points[1:]])[joined]
    return ends, owners[places[:-1][joined]].astype(np.int32)


def possible(rows: Rows, lon: float, lat: float, half_deg: float) -> NDArray[np.intp]:
    """Which pieces can be among the nearest to a position in a square.

    A degree of longitude is shortest on the side towards the pole and longest on the other: no
    position of the square has a piece nearer than by the one, or the nearest farther than by the
    other.

    Args:
        rows: the pieces.
        lon: of the middle of the square.
        lat: of the same.
        half_deg: half its side.

    Returns:
        Their places.
    """
    least = narrowest(lat, half_deg)
    distances = np.sqrt(rows.measured(lon, lat, least * least)[0])
    most = farthest(float(distances.min()), lat, half_deg)
    distances -= half_deg * math.hypot(least, 1.0) + ROUNDED_DEG
    return (distances <= most).nonzero()[0]


def farthest(nearest: float, lat: float, half_deg: float) -> float:
    """How far a piece may be that is among the nearest to a position in a square.

    Args:
        nearest: how far one of the pieces is from its middle, on the plane where the square is
            narrowest, degrees of latitude.
        lat: of the middle, degrees.
        half_deg: half its side.
    """
    most = math.cos(math.radians(max(abs(lat) - half_deg, 0.0)))
    away = nearest * most / narrowest(lat, half_deg) + half_deg * math.hypot(most, 1.0)
    return max(away * farther(abs(lat) + half_deg, away), touching(away))


def narrowest(lat: float, half_deg: float) -> float:
    """How much shorter a degree of longitude is than one of latitude, at least in a square.

    Args:
        lat: of the middle of the square, degrees.
        half_deg: half its side.
    """
    return math.cos(math.radians(min(abs(lat) + half_deg, 90.0)))


def touching(degrees: float) -> float:
    """How far what touches the nearest piece may be from the position."""
    return degrees + TOUCHING_M / DEGREE_M


def farther(lat: float, degrees: float) -> float:
    """How many times as far, on the plane of a position, the nearest along the ellipsoid may be.

    The radii of curvature are 6,335 to 6,400 km: less than `_BEND` from their middle. Farther
    towards the pole a degree of longitude is shorter: what lies aslant is 0.19 of that change in
    latitude, times the tangent, nearer than the plane has it.
    """
    slope = math.tan(math.radians(min(abs(lat), 90.0)))
    bend = _BEND + _SLANT * slope * math.radians(degrees)
    return (1.0 + bend) / (1.0 - bend) if bend < 1 else math.inf


def narrow_at(lat: float) -> float:
    """The square of how much shorter a degree of longitude is than one of latitude."""
    return math.cos(math.radians(lat)) ** 2
