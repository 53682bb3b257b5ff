"""Distances to the edges of areas, in metres (到界线的距离)."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gazetteer.where.areas import Level

_WINDOWS_DEG: Final = (0.05, 0.4, 3.0)
_DEGREE_M: Final = 111_320.0


@dataclass(frozen=True, slots=True)
class NearestEdge:
    """The nearest point of the edges of a level, and how far each area of it is.

    Attributes:
        distance_m: geodesic on GRS80.
        lon, lat: the nearest point.
        area_m: for each area near it, its place in the level and its distance from the
            position in metres: 0 for those that cover it.
        meeting: the places of the areas whose edges pass through the nearest point.
    """

    distance_m: float
    lon: float
    lat: float
    area_m: tuple[tuple[int, float], ...]
    meeting: tuple[int, ...]


def nearest_edge(level: Level, lon: float, lat: float) -> NearestEdge | None:
    """The nearest edge of a level to a position; None where none is within three degrees.

    The plane of the search is true to scale at the position; the distance that is returned is
    then taken along the ellipsoid, so the plane only has to find the right point.
    """
    for window in _WINDOWS_DEG:
        east_deg = window / max(math.cos(math.radians(lat)), 0.01)
        box = (lon - east_deg, lat - window, lon + east_deg, lat + window)
        numbers = np.nonzero(shapely.intersects(level.shapes, shapely.box(*box)))[0]
        near = [(int(number), _edge_in(level.shapes[number], box, lon, lat)) for number in numbers]
        near = [(number, line) for number, line in near if not line.is_empty]
        found = _nearest(level, near, lon, lat) if near else None
        if found and found.distance_m < window * _DEGREE_M:
            return found
    return None


def _edge_in(shape: Any, box: tuple[float, float, float, float], lon: float, lat: float) -> Any:
    """The edge of an area in a box, in metres on a plane around the position."""
    scale = math.cos(math.radians(lat))
    line = shapely.clip_by_rect(shapely.boundary(shape), *box)

    def to_plane(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return (places - (lon, lat)) * (_DEGREE_M * scale, _DEGREE_M)

    return shapely.transform(line, to_plane)


def _nearest(
    level: Level, near: list[tuple[int, Any]], lon: float, lat: float
) -> NearestEdge | None:
    origin = shapely.points(0.0, 0.0)
    lines = np.array([line for _, line in near], dtype=object)
    distances = shapely.distance(lines, origin)
    links = shapely.shortest_line(origin, lines[int(np.argmin(distances))])
    x, y = shapely.get_coordinates(links)[-1]
    scale = math.cos(math.radians(lat))
    edge_lon, edge_lat = lon + x / (_DEGREE_M * scale), lat + y / _DEGREE_M
    _, _, distance_m = _ellipsoid().inv(lon, lat, edge_lon, edge_lat)
    covering = shapely.covers(
        level.shapes[[number for number, _ in near]], shapely.points(lon, lat)
    )
    area_m = tuple(
        (number, 0.0 if covers else float(distance))
        for (number, _), covers, distance in zip(near, covering, distances, strict=True)
    )
    through = shapely.distance(lines, shapely.points(x, y))
    meeting = tuple(
        number for (number, _), gap in zip(near, through, strict=True) if gap < _TOUCHING_M
    )
    return NearestEdge(float(distance_m), edge_lon, edge_lat, area_m, meeting)


_TOUCHING_M: Final = 1.0
"""Neighbours drawn by one hand share their edge; rounding parts them by less than this."""


@cache
def _ellipsoid() -> Any:
    from pyproj import Geod

    return Geod(ellps="GRS80")
