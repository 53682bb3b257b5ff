"""GCJ-02 and BD-09, the offset systems of map clients: to recognise a mistake, not to serve.

Vectorised public formulas (the Krassovsky-based GCJ-02 series and the BD-09 swirl), inverse by
fixed-point iteration. Checked against two independent libraries on 500 points to 1 mm.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.coordinates.datums import KRASSOVSKY

Floats = NDArray[np.float64]
_E2 = 0.00669342162296594323  # the constant published with the formula, not the ellipsoid's own
_LON_RANGE_DEG = (72.004, 137.8347)
_LAT_RANGE_DEG = (0.8293, 55.8271)
_TOLERANCE_DEG = 1e-12
_MAX_ROUNDS = 30
_SWIRL = np.pi * 3000.0 / 180.0


def gcj02_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """GCJ-02 longitude and latitude (degrees) of WGS 84 points; unchanged outside its box."""
    lon_deg, lat_deg = np.asarray(lon, float), np.asarray(lat, float)
    d_lon, d_lat = _shift_deg(lon_deg, lat_deg)
    inside = (
        (lon_deg >= _LON_RANGE_DEG[0])
        & (lon_deg <= _LON_RANGE_DEG[1])
        & (lat_deg >= _LAT_RANGE_DEG[0])
        & (lat_deg <= _LAT_RANGE_DEG[1])
    )
    return lon_deg + np.where(inside, d_lon, 0.0), lat_deg + np.where(inside, d_lat, 0.0)


def wgs84_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """The inverse of `gcj02_from_wgs84`, iterated to 1e-12 degrees."""
    target_lon, target_lat = np.asarray(lon, float), np.asarray(lat, float)
    found_lon, found_lat = target_lon.copy(), target_lat.copy()
    for _ in range(_MAX_ROUNDS):
        there_lon, there_lat = gcj02_from_wgs84(found_lon, found_lat)
        step_lon, step_lat = target_lon - there_lon, target_lat - there_lat
        found_lon, found_lat = found_lon + step_lon, found_lat + step_lat
        if max(_largest(step_lon), _largest(step_lat)) < _TOLERANCE_DEG:
            break
    return found_lon, found_lat


def bd09_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """BD-09 of GCJ-02 points, degrees."""
    x, y = np.asarray(lon, float), np.asarray(lat, float)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _SWIRL)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _SWIRL)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """BD-09 of WGS 84 points, degrees."""
    return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))


def _largest(step: Floats) -> float:
    return float(np.max(np.abs(step), initial=0.0))


def _shift_deg(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    d_lat += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    d_lat += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    d_lon += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    d_lon += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    sine = np.sin(np.radians(lat))
    w = 1.0 - _E2 * sine * sine
    axis = KRASSOVSKY.semi_major_m
    d_lat_deg = np.degrees(d_lat * w * np.sqrt(w) / (axis * (1.0 - _E2)))
    d_lon_deg = np.degrees(d_lon * np.sqrt(w) / (axis * np.cos(np.radians(lat))))
    return d_lon_deg, d_lat_deg
