"""Plane coordinates to degrees and back on one datum: Gauss-Krüger and any other EPSG plane.

Nothing here changes a datum: each pipeline stays on one ellipsoid. Arrays in, arrays out; easting
first, northing second, as PROJ's visualisation order has it. Source: PROJ `tmerc` (exact).
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.coordinates import proj
from data.coordinates.datums import Ellipsoid
from data.coordinates.systems import ReferenceSystem, unknown_system
from data.errors import InvalidValue

if TYPE_CHECKING:
    from pyproj import Transformer

Floats = NDArray[np.float64]
FALSE_EASTING_M = 500_000.0
PREFIX_M = 1_000_000.0


@lru_cache(maxsize=256)
def _gauss_kruger(ellipsoid: Ellipsoid, central_meridian_deg: float) -> "Transformer":
    return proj.pipeline(
        f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        f" +step +proj=tmerc +lat_0=0 +lon_0={central_meridian_deg!r} +k=1"
        f" +x_0={FALSE_EASTING_M!r} +y_0=0 {ellipsoid.proj_text}"
    )


def gauss_kruger_forward(
    lon: ArrayLike, lat: ArrayLike, central_meridian_deg: float, ellipsoid: Ellipsoid
) -> tuple[Floats, Floats]:
    """Degrees to Gauss-Krüger metres (easting with 500 000 and no zone prefix, northing).

    Examples:
        >>> from data.coordinates.datums import GRS80
        >>> e, n = gauss_kruger_forward(111.75, 40.84, 111.0, GRS80)
        >>> round(float(e), 4), round(float(n), 4)
        (563254.0, 4523075.6541)
    """
    transformer = _gauss_kruger(ellipsoid, central_meridian_deg)
    east, north = transformer.transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.asarray(east, float), np.asarray(north, float)


def gauss_kruger_inverse(
    east_m: ArrayLike, north_m: ArrayLike, central_meridian_deg: float, ellipsoid: Ellipsoid
) -> tuple[Floats, Floats]:
    """Gauss-Krüger metres (no zone prefix) to longitude and latitude in degrees."""
    transformer = _gauss_kruger(ellipsoid, central_meridian_deg)
    lon, lat = transformer.transform(
        np.asarray(east_m, float), np.asarray(north_m, float), direction="INVERSE"
    )
    return np.asarray(lon, float), np.asarray(lat, float)


@lru_cache(maxsize=64)
def _other_plane(epsg: int | None, wkt: str | None) -> "Transformer":
    crs = proj.system_of_code(epsg) if epsg else proj.system_of_wkt(wkt or "")
    if crs is None or crs.geodetic_crs is None:
        raise unknown_system(wkt or f"EPSG:{epsg}")
    # Plane and degrees share the datum, so a ballpark step would be a fault of ours: it raises.
    return proj.projection(crs, crs.geodetic_crs)


def plane_to_lonlat(
    east_m: ArrayLike, north_m: ArrayLike, system: ReferenceSystem
) -> tuple[Floats, Floats]:
    """Metres of a plane system (prefix already taken off) to degrees on the same datum.

    Raises:
        InvalidValue: a Gauss-Krüger system without a central meridian.
    """
    if system.kind == "projected":
        transformer = _other_plane(system.epsg, system.wkt)
        lon, lat = transformer.transform(np.asarray(east_m, float), np.asarray(north_m, float))
        return np.asarray(lon, float), np.asarray(lat, float)
    return gauss_kruger_inverse(east_m, north_m, _meridian(system), system.datum.ellipsoid)


def _meridian(system: ReferenceSystem) -> float:
    if system.central_meridian_deg is None:
        raise InvalidValue(
            "crs",
            system.text,
            "a Gauss-Krüger coordinate without zone prefix needs its zone",
            "add the zone, for example 3度带 中央子午线114",
            f"“{system.text}”未说明带号或中央子午线；请补充，例如“3度带 中央子午线114”",
        )
    return system.central_meridian_deg
