"""Distances to the edges of areas, in metres (到界线的距离)."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import shapely

from data.piece_rows import DEGREE_M, distance_m
from gazetteer.search import Origin
from gazetteer.where.areas import Level

_FARTHEST_M: Final = 3.0 * DEGREE_M


@dataclass(frozen=True, slots=True)
class NearestEdge:
    """The nearest point of the edges of a level.

    Attributes:
        distance_m: geodesic on GRS80.
        bearing_deg: towards the nearest point, clockwise from true north.
        lon, lat: the nearest point.
        covering: the places in the level of the areas that cover the position, in order.
        meeting: those of the areas whose edges pass through the nearest point, in order.
    """

    distance_m: float
    bearing_deg: float
    lon: float
    lat: float
    covering: tuple[int, ...]
    meeting: tuple[int, ...]


def nearest_edge(level: Level, origin: Origin, covering: tuple[int, ...]) -> NearestEdge | None:
    """The nearest edge of a level to a position; None where none is within three degrees.

    The plane of the search is true to scale at the position; the distance that is returned is
    then taken along the ellipsoid, so the plane only has to find the right point.

    Args:
        level: the areas.
        origin: the position.
        covering: the places of the areas that cover it.
    """
    feet = level.edges.nearest(origin.lon, origin.lat)
    if not feet:
        return None
    foot = feet[0]
    metres, bearing_deg = origin.course(foot.lon, foot.lat)
    if metres >= _FARTHEST_M:
        return None
    meeting = tuple(level.edges.passing(feet, origin.lat))
    return NearestEdge(metres, bearing_deg, foot.lon, foot.lat, covering, meeting)


def areas_within(
    level: Level, origin: Origin, metres: float, covering: Collection[int]
) -> list[int]:
    """The places of the areas of a level that are no farther from a position, in order.

    Args:
        level: the areas.
        origin: the position.
        metres: how far.
        covering: the places of the areas that cover it: they are not away.
    """
    north = metres / DEGREE_M
    east = north / max(math.cos(math.radians(origin.lat)), 0.01)
    lon, lat = origin.lon, origin.lat
    near = level.boxes.query(shapely.box(lon - east, lat - north, lon + east, lat + north))
    return [
        place
        for place in sorted({*near.tolist(), *covering})
        if place in covering
        or distance_m(shapely.boundary(level.shapes[place]), lon, lat) <= metres
    ]
