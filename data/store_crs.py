"""Which reference systems a store may be kept in."""

from typing import Any

from data.errors import InvalidValue

_DEGREES = {4490, 4326}
"""Known without asking a library that takes a tenth of a second to start."""


def parse_crs(crs: str) -> int:
    """The EPSG code of longitudes and latitudes in degrees.

    Raises:
        InvalidValue: it is no such code.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        system = CRS.from_user_input(crs)
        code = system.to_epsg(min_confidence=100)
    except CRSError:
        code = None
    if code is None:
        raise InvalidValue(
            "crs", crs, "no EPSG reference system has that code", "use EPSG:4490",
            f"没有代码为“{crs}”的 EPSG 坐标系；请使用 EPSG:4490",
        )  # fmt: skip
    if not _in_degrees(system):
        raise InvalidValue(
            "crs", crs, "a store keeps longitudes and latitudes in degrees",
            "use EPSG:4490; files in plane coordinates are converted as they are loaded",
            f"坐标系“{crs}”不是以度为单位的经纬度；请使用 EPSG:4490，平面坐标文件在载入时自动换算",
        )  # fmt: skip
    return code


def _in_degrees(system: Any) -> bool:
    """Whether a pyproj system has two axes, in degrees."""
    return system.is_geographic and [axis.unit_name for axis in system.axis_info] == ["degree"] * 2


def is_in_degrees(srid: int) -> bool:
    """Whether the EPSG system is one of longitudes and latitudes."""
    return srid in _DEGREES or _is_geographic(srid)


def _is_geographic(srid: int) -> bool:
    from pyproj import CRS

    return bool(CRS.from_epsg(srid).is_geographic)
