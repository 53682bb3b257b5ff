"""Shapes of files in the store's reference system."""

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from data.coordinates import ReferenceSystem, lonlat_between

_SAME_NUMBERS = {"OGC:CRS84", "EPSG:4326"}
"""What GIS files say when nobody stated a datum (RFC 7946 allows nothing else). A layer of names,
divisions or lines that says so is taken as it stands; positions of markers never are."""


def wkb_in(wkb: bytes, file_crs: str | None, store: ReferenceSystem) -> BaseGeometry:
    """A shape of a file, longitude before latitude, in the store's system.

    Raises:
        InvalidValue: the file names a reference system that is not known.
        NotComparable: its datum has no stated relation to the store's.
    """
    shape: BaseGeometry = shapely.force_2d(shapely.from_wkb(wkb))
    if file_crs is None or file_crs in _SAME_NUMBERS:
        return shape
    system = CRS.from_user_input(file_crs)
    stated = ReferenceSystem.parse(file_crs)
    own_degrees = Transformer.from_crs(
        system, system.geodetic_crs, always_xy=True, allow_ballpark=False
    )

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = own_degrees.transform(xy[:, 0], xy[:, 1])
        lon, lat, _ = lonlat_between(stated.geographic(), store, lon, lat)
        return np.column_stack((lon, lat))

    moved: BaseGeometry = shapely.transform(shape, move)
    return moved
