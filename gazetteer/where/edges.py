"""Distances to the edges of areas, in metres (到界线的距离)."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import shapely

from gazetteer.where.areas import Level
from gazetteer.where.segments import DEGREE_M, nearest_points

_WINDOWS_DEG: Final = (0.02, 0.1, 0.5, 3.0)
_TOUCHING_M: Final = 1.0
"""Neighbours drawn by one hand share their edge; rounding parts them by less than this."""


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


def nearest_edge(level: Level, lon: float, lat: float, reach_m: float = 0.0) -> NearestEdge | None:
    """The nearest edge of a level to a position; None where none is within three degrees.

    `reach_m` says how far around the position areas are looked for besides.

    The plane of the search is true to scale at the position; the distance that is returned is
    then taken along the ellipsoid, so the plane only has to find the right point.
    """
    found = None
    for window in _WINDOWS_DEG:
        east_deg = window / max(math.cos(math.radians(lat)), 0.01)
        box = (lon - east_deg, lat - window, lon + east_deg, lat + window)
        numbers = level.segments.within(box)
        found = _nearest(level, numbers, lon, lat) if len(numbers) else None
        if found and max(found.distance_m, reach_m) < window * DEGREE_M:
            return found
    return found if found and found.distance_m < _WINDOWS_DEG[-1] * DEGREE_M else None


def _nearest(level: Level, numbers: Any, lon: float, lat: float) -> NearestEdge:
    pieces = level.segments.around(numbers, lon, lat)
    owners = level.segments.areas[numbers]
    points = nearest_points(pieces)
    distances = np.hypot(points[:, 0], points[:, 1])
    x, y = points[int(np.argmin(distances))].tolist()
    edge_lon = lon + x / (DEGREE_M * math.cos(math.radians(lat)))
    edge_lat = lat + y / DEGREE_M
    _, _, distance_m = _ellipsoid().inv(lon, lat, edge_lon, edge_lat)
    there = nearest_points(pieces, x, y)
    gaps = np.hypot(there[:, 0] - x, there[:, 1] - y)
    meeting = np.unique(owners[gaps < _TOUCHING_M])
    return NearestEdge(
        float(distance_m), edge_lon, edge_lat, _area_m(level, owners, distances, lon, lat),
        tuple(meeting.tolist()),
    )  # fmt: skip


def _area_m(
    level: Level, owners: Any, distances: Any, lon: float, lat: float
) -> tuple[tuple[int, float], ...]:
    """The areas with an edge near, by their numbers, with their distances."""
    areas = np.unique(owners)
    covering = shapely.covers(level.shapes[areas], shapely.points(lon, lat))
    nearest = [float(distances[owners == area].min()) for area in areas]
    return tuple(
        (int(area), 0.0 if covers else metres)
        for area, covers, metres in zip(areas, covering, nearest, strict=True)
    )


@cache
def _ellipsoid() -> Any:
    from pyproj import Geod

    return Geod(ellps="GRS80")
