"""Degrees as metres for the search, and the ellipsoid for what is told. Pure.

A plane here scales degrees of longitude and latitude by constants. What is straight between two
vertices in the file stays straight, and equal numbers stay equal, so that no transformation makes
two edges differ that agree. It finds; what is reported is measured along the ellipsoid.
"""

from dataclasses import dataclass
from math import ceil, cos, radians

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from data.coordinates import Ellipsoid

Floats = NDArray[np.float64]
DEGREE_M = 111_320.0
_LEAST_NARROW = 0.05
_SHORT_M = 0.001


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of the origin of degrees, true to scale near one latitude."""

    lat: float

    @property
    def scale(self) -> tuple[float, float]:
        """Metres in a degree of longitude and of latitude."""
        return DEGREE_M * max(cos(radians(self.lat)), _LEAST_NARROW), DEGREE_M

    def metres(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in degrees, in metres of the plane."""
        scale = np.array(self.scale)
        return shapely.transform(shape, lambda xy: xy * scale)

    def all_metres(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Shapes in degrees, in metres of the plane."""
        scale = np.array(self.scale)
        return np.asarray(shapely.transform(shapes, lambda xy: xy * scale), dtype=object)

    def degrees(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in metres of the plane, in degrees."""
        scale = np.array(self.scale)
        return shapely.transform(shape, lambda xy: xy / scale)

    def lonlat(self, point: BaseGeometry) -> tuple[float, float]:
        """A point in metres of the plane, as longitude and latitude."""
        x, y = shapely.get_coordinates(point)[0] / np.array(self.scale)
        return float(x), float(y)

    @classmethod
    def of(cls, shape: BaseGeometry) -> "Plane":
        """The plane that is true to scale in the middle of a shape."""
        return cls((shape.bounds[1] + shape.bounds[3]) / 2)


@dataclass(frozen=True, slots=True)
class Ground:
    """Lengths and areas on the ellipsoid of a datum."""

    geod: Geod

    @classmethod
    def on(cls, ellipsoid: Ellipsoid) -> "Ground":
        """The ground of an ellipsoid."""
        return cls(Geod(a=ellipsoid.semi_major_m, rf=ellipsoid.inverse_flattening))

    def distance_m(self, one: ArrayLike, other: ArrayLike) -> float:
        """Geodesic distance of two positions (lon, lat)."""
        a, b = np.asarray(one, float), np.asarray(other, float)
        return float(self.geod.inv(a[0], a[1], b[0], b[1])[2])

    def length_m(self, shape: BaseGeometry) -> float:
        """Sum of the geodesics from vertex to vertex."""
        return float(self.geod.geometry_length(shape))

    def area_m2(self, shape: BaseGeometry) -> float:
        """Area that geodesics between the vertices enclose."""
        return abs(float(self.geod.geometry_area_perimeter(shape)[0]))

    def densified(self, xy: Floats, step_m: float) -> Floats:
        """Vertices (n, 2) with others between them on the geodesics, no further than `step_m`.

        Examples:
            >>> from data.coordinates import GRS80
            >>> points = Ground.on(GRS80).densified(np.array([[110.0, 45.0], [110.635, 45.0]]), 1e3)
            >>> len(points), round(float(points[:, 1].max()), 5)
            (52, 45.00044)
        """
        azimuth, _, length = self.geod.inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
        pieces = [xy[:1]]
        for place in range(len(length)):
            count = ceil(length[place] / step_m) if length[place] > step_m else 1
            if count > 1:
                away = length[place] * np.arange(1, count) / count
                start = np.broadcast_to(xy[place], (count - 1, 2))
                lon, lat, _ = self.geod.fwd(
                    start[:, 0], start[:, 1], np.full(count - 1, azimuth[place]), away
                )
                pieces.append(np.column_stack((lon, lat)))
            pieces.append(xy[place + 1 : place + 2])
        return np.vstack(pieces)

    def chords(self, xy: Floats) -> tuple[Floats, Floats]:
        """Of each straight segment its length, and how far its middle is off the geodesic's.

        On a map whose axes are degrees a straight segment is no shortest way: 50 km along the
        parallel of 45 degrees leave it by 49 m (the displacement note, section 6).

        Examples:
            >>> from data.coordinates import GRS80
            >>> found = Ground.on(GRS80).chords(np.array([[110.0, 45.0], [110.63414, 45.0]]))
            >>> [round(float(one[0])) for one in found]
            [50000, 49]
        """
        azimuth, _, length = self.geod.inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
        half = np.asarray(length) / 2
        lon, lat, back = self.geod.fwd(xy[:-1, 0], xy[:-1, 1], azimuth, half)
        middle = (xy[:-1] + xy[1:]) / 2
        towards, _, apart = self.geod.inv(lon, lat, middle[:, 0], middle[:, 1])
        # Along a meridian the middles differ too, but along the line alone.
        across = np.abs(np.sin(np.radians(np.asarray(towards) - np.asarray(back))))
        return np.asarray(length, float), np.asarray(apart, float) * across


def run_of(shape: BaseGeometry) -> list[Floats]:
    """The vertices (n, 2) of each run of a line; runs that meet end to end are joined.

    Runs keep the order and the direction in which the record has them: numbers follow those.

    Examples:
        >>> line = shapely.MultiLineString([[(5, 0), (6, 0)], [(2, 0), (1, 0)], [(1, 0), (0, 0)]])
        >>> [run[:, 0].tolist() for run in run_of(line)]
        [[5.0, 6.0], [2.0, 1.0, 0.0]]
    """
    alone = shapely.get_parts(shape)
    if len(alone) == 1:
        run = shapely.get_coordinates(alone[0])
        return [run] if _is_long(run) else []
    place = {xy: number for number, xy in enumerate(map(tuple, shapely.get_coordinates(shape)))}
    merged = shapely.line_merge(shape) if shape.geom_type == "MultiLineString" else shape
    found = []
    for part in shapely.get_parts(merged):
        run = shapely.get_coordinates(part)
        if _is_long(run):
            first, last = place[tuple(run[0])], place[tuple(run[-1])]
            found.append((min(first, last), run if first <= last else run[::-1]))
    return [run for _, run in sorted(found, key=lambda pair: pair[0])]


def _is_long(run: Floats) -> bool:
    return len(run) > 1 and bool(np.ptp(run, axis=0).max() * DEGREE_M > _SHORT_M)
