"""Shapes of files in the store's reference system."""

from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.coordinates import (
    ReferenceSystem,
    lonlat_between,
    meridian_of_zone,
    plane_to_lonlat,
)
from data.errors import InvalidValue

_SAME_NUMBERS = {"OGC:CRS84", "EPSG:4326"}
"""What GIS files say when nobody stated a datum (RFC 7946 allows nothing else). A layer of names,
divisions or lines that says so is taken as it stands; positions of markers never are."""
_PREFIX_M = 1_000_000.0

Floats = NDArray[np.float64]


def wkb_in(wkb: bytes, file_crs: str | None, store: ReferenceSystem) -> BaseGeometry:
    """A shape of a file, longitude (or easting) first, in the store's system.

    Raises:
        InvalidValue: the file's reference system is not known, or its zone is not stated.
        NotComparable: its datum has no stated relation to the store's.
    """
    shape: BaseGeometry = shapely.force_2d(shapely.from_wkb(wkb))
    if file_crs is None or file_crs in _SAME_NUMBERS:
        return shape
    stated = _system(file_crs)

    def move(xy: Floats) -> Floats:
        lon, lat = _degrees(stated, xy[:, 0], xy[:, 1])
        lon, lat, _ = lonlat_between(stated.geographic(), store, lon, lat)
        return np.column_stack((lon, lat))

    moved: BaseGeometry = shapely.transform(shape, move)
    return moved


@lru_cache(maxsize=64)
def _system(text: str) -> ReferenceSystem:
    return ReferenceSystem.parse(text)


def _degrees(system: ReferenceSystem, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if not system.is_plane:
        return x, y
    if system.kind == "projected" or not x.size:
        return plane_to_lonlat(x, y, system)
    zones = np.unique(x // _PREFIX_M)
    if len(zones) == 1 and zones[0] > 0:
        width, meridian = meridian_of_zone(int(zones[0]), system.text)
        if system.central_meridian_deg not in {None, meridian}:
            raise InvalidValue(
                "crs", system.text, f"the eastings begin with zone {int(zones[0])}, another zone",
                "state the zone that the coordinates are in",
                f"横坐标带号 {int(zones[0])} 与所注坐标系不符；请注明坐标所在的带",
            )  # fmt: skip
        return plane_to_lonlat(x % _PREFIX_M, y, system.gauss_kruger(meridian, width))
    return plane_to_lonlat(x, y, system)
