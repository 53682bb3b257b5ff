"""A row's point from its cells: degrees, plane coordinates, or both, in the store's system."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, radians

from data.coordinates import Position, ReferenceSystem, same_frame
from data.errors import InvalidValue
from data.geometry import point_wkb

POSITION_FIELDS = ("lon", "lat", "x_north", "y_east")
_PLAIN = re.compile(r"[-+]?[0-9]{1,3}(?:\.[0-9]+)?")
_LARGEST_LON, _LARGEST_LAT = 180.0, 90.0
_METRES_PER_DEGREE = 111_320.0
_ROUNDING_M = 0.1
"""What two writings of one position may differ by beyond their last digits."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a row is, as WKB in the store's system; `as_stated` where its datum was set aside."""

    wkb: bytes
    as_stated: bool = False


@lru_cache(maxsize=256)
def system_named(text: str) -> ReferenceSystem:
    """The reference system that a cell names.

    Raises:
        InvalidValue: it names none.
    """
    return ReferenceSystem.parse(text)


def point_of(
    given: Mapping[str, str], system: ReferenceSystem, store: ReferenceSystem, *, exact: bool
) -> Point:
    """The point that a row's coordinates say.

    Args:
        given: the filled cells among `POSITION_FIELDS`, one at least.
        system: the row's reference system.
        store: the store's.
        exact: refuse what is not comparable; otherwise WGS 84 is taken as it stands.

    Raises:
        InvalidValue: no position, or degrees and plane coordinates that disagree.
        NotComparable: the datums have no stated relation.
    """
    as_stated = not exact and system.datum.code == "wgs84" != store.datum.code
    degrees = _plain_degrees(given, system)
    if degrees and (as_stated or same_frame(system, store)):
        return Point(point_wkb(*degrees), as_stated)
    found = _best(given, system)
    if as_stated:
        return Point(point_wkb(found.lon, found.lat), as_stated)
    lon, lat, _ = found.lonlat_in(store)
    return Point(point_wkb(lon, lat))


def _plain_degrees(given: Mapping[str, str], system: ReferenceSystem) -> tuple[float, float] | None:
    """Plain decimal degrees without the full parser, which says the same of them."""
    if len(given) != 2 or system.dd_mmss:  # noqa: PLR2004 - a pair
        return None
    lon, lat = given.get("lon", ""), given.get("lat", "")
    if not (_PLAIN.fullmatch(lon) and _PLAIN.fullmatch(lat)):
        return None
    east, north = float(lon), float(lat)
    if abs(east) > _LARGEST_LON or abs(north) > _LARGEST_LAT:
        return None
    return east, north


def _best(given: Mapping[str, str], system: ReferenceSystem) -> Position:
    """The position; of degrees and plane coordinates the one that is written more finely."""
    degrees = plane = None
    if "lon" in given or "lat" in given:
        degrees = Position.parse(lon=given.get("lon"), lat=given.get("lat"), system=system)
    if "x_north" in given or "y_east" in given:
        near = (degrees.lon, degrees.lat) if degrees else None
        x_north, y_east = given.get("x_north"), given.get("y_east")
        plane = Position.parse(x_north=x_north, y_east=y_east, system=system, near=near)
    if degrees and plane:
        _check_agreement(degrees, plane)
        return min(plane, degrees, key=lambda position: position.resolution_m)
    found = degrees or plane
    if found is None:
        raise InvalidValue(
            "position", "", "no position was given", "fill in the coordinates",
            "没有填写坐标；请补填",
        )  # fmt: skip
    return found


def _check_agreement(degrees: Position, plane: Position) -> None:
    east_m = (degrees.lon - plane.lon) * cos(radians(plane.lat)) * _METRES_PER_DEGREE
    north_m = (degrees.lat - plane.lat) * _METRES_PER_DEGREE
    apart_m = hypot(east_m, north_m)
    if apart_m <= 2 * (degrees.resolution_m + plane.resolution_m) + _ROUNDING_M:
        return
    shown = ", ".join((*degrees.raw, *plane.raw))
    raise InvalidValue(
        "lon", shown, f"longitude and latitude lie {apart_m:.1f} m from X and Y of the same row",
        "correct one pair, or leave it blank",
        f"经纬度与本行纵横坐标相差 {apart_m:.1f} 米；请更正其中一组，或将其留空",
    )  # fmt: skip
