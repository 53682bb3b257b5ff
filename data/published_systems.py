"""The reference systems that clients may ask for, and the order of their axes. Pure.

An answer in another system is computed from the store's numbers by projection alone; no datum is
changed. CGCS2000 (EPSG:4490), WGS 84 (EPSG:4326) and CRS84 therefore carry the same numbers:
GeoJSON knows no other datum, and nothing official ties the two closer than a metre.

Inside the program longitude (or easting) comes first. In an answer the axes stand as the system's
own definition says: latitude first in EPSG:4326 and EPSG:4490, north first in CGCS2000's zones.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from data.coordinates import proj
from data.errors import InvalidValue
from data.geometry import Box

if TYPE_CHECKING:
    from pyproj import Transformer

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
_CGCS2000 = 4490
_GEOGRAPHIC = (_CGCS2000, 4326)
_WEB_MERCATOR = 3857
_ZONES = range(4513, 4555)
"""3° zones 25 to 45 with the zone before the easting, then the same by central meridian."""
_DEGREE_DIGITS, _METRE_DIGITS = 9, 4
_EDGE_POINTS = 21
"""How many points of a box's edge are projected: edges bend."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PublishedSystem:
    """A reference system that answers can be in.

    Attributes:
        uri: its name in requests and answers.
        epsg: its EPSG code; None for CRS84.
        north_first: whether its second axis (latitude, northing) stands first.
        geographic: whether its unit is the degree.
        storage: the EPSG code of the store's system.
    """

    uri: str
    epsg: int | None
    north_first: bool
    geographic: bool
    storage: int

    def read_box(self, text: str) -> Box:
        """A box in this system, its axes in this system's order, as a box of the store's.

        Raises:
            InvalidValue: it is no box, or lies where the projection does not reach.
        """
        given = Box.parse(self._eastings_first(text))
        if self._transformer is None:
            return given
        bounds = self._transformer.transform_bounds(
            given.min_x, given.min_y, given.max_x, given.max_y,
            densify_pts=_EDGE_POINTS, direction="INVERSE",
        )  # fmt: skip
        if not np.isfinite(bounds).all():
            raise InvalidValue(
                "bbox", text, f"it lies outside what {self.uri} reaches", "give a smaller box",
                "bbox 超出该坐标系的适用范围；请缩小范围",
            )  # fmt: skip
        return Box(*map(float, bounds))

    def _eastings_first(self, text: str) -> str:
        parts = text.split(",")
        if not self.north_first or len(parts) not in {4, 6}:
            return text
        half = len(parts) // 2
        low, high = parts[:half], parts[half:]
        return ",".join([low[1], low[0], *low[2:], high[1], high[0], *high[2:]])

    def to_store(self, drawn: shapely.Geometry) -> shapely.Geometry:
        """A geometry of this system, its axes in this system's order, in the store's system.

        Raises:
            InvalidValue: a position lies outside the earth or the projection's reach.
        """
        turned = shapely.transform(drawn, self._turned)
        if self._transformer is None:
            _check_earth(shapely.get_coordinates(turned))
            return turned
        placed = shapely.transform(turned, self._backward)
        if not np.isfinite(shapely.get_coordinates(placed)).all():
            raise InvalidValue(
                "geometry", self.uri, "a position lies outside what the system reaches",
                "check the system and the order of its axes",
                "坐标超出该坐标系的适用范围；请检查坐标系和坐标轴顺序",
            )  # fmt: skip
        return placed

    def from_store(self, geometry: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """A GeoJSON geometry of the store's numbers as one of this system's."""
        if geometry is None:
            return None
        return {
            "type": geometry["type"],
            "coordinates": _mapped(geometry["coordinates"], self._forward),
        }

    def _forward(self, positions: Numbers) -> Numbers:
        placed = positions
        if self._transformer is not None:
            x, y = self._transformer.transform(positions[:, 0], positions[:, 1])
            placed = np.column_stack([x, y])
        digits = _DEGREE_DIGITS if self.geographic else _METRE_DIGITS
        return self._turned(np.round(placed, digits))

    def _backward(self, positions: Numbers) -> Numbers:
        if self._transformer is None:
            return positions
        x, y = self._transformer.transform(positions[:, 0], positions[:, 1], direction="INVERSE")
        return np.column_stack([x, y])

    def _turned(self, positions: Numbers) -> Numbers:
        return positions[:, ::-1] if self.north_first else positions

    @property
    def _transformer(self) -> "Transformer | None":
        return None if self.geographic else _projection(self.epsg or 0)


def _mapped(coordinates: Any, change: Callable[[Numbers], Numbers]) -> Any:
    """Nested coordinates of GeoJSON with each position changed, all of them at once."""
    flat: list[Sequence[float]] = []
    _collect(coordinates, flat)
    if not flat:
        return coordinates
    changed = iter(change(np.array([one[:2] for one in flat], dtype=float)).tolist())
    return _rebuilt(coordinates, changed)


def _collect(coordinates: Any, into: list[Sequence[float]]) -> None:
    if coordinates and isinstance(coordinates[0], int | float):
        into.append(coordinates)
        return
    for part in coordinates:
        _collect(part, into)


def _rebuilt(coordinates: Any, changed: Any) -> Any:
    if coordinates and isinstance(coordinates[0], int | float):
        return next(changed)
    return [_rebuilt(part, changed) for part in coordinates]


def _check_earth(positions: Numbers) -> None:
    outside = (np.abs(positions) > (180.0, 90.0)).any(axis=1) | ~np.isfinite(positions).all(axis=1)
    if outside.any():
        worst = positions[outside][0].tolist()
        raise InvalidValue(
            "geometry", worst, "longitudes are within ±180, latitudes within ±90",
            "check the order of the axes",
            "经度应在 ±180 以内，纬度应在 ±90 以内；请检查坐标轴顺序",
        )  # fmt: skip


@cache
def _projection(epsg: int) -> "Transformer":
    """Longitude and latitude to a projection's east and north, on one datum."""
    base = 4326 if epsg == _WEB_MERCATOR else _CGCS2000
    return proj.projection(base, epsg, ballpark=True)


@cache
def published_systems(storage: int) -> tuple[PublishedSystem, ...]:
    """What a store whose system has this EPSG code publishes; CRS84 first, then its own."""
    codes = [storage, *_GEOGRAPHIC, _WEB_MERCATOR]
    if storage == _CGCS2000:
        codes += _ZONES
    return (
        PublishedSystem(CRS84, None, north_first=False, geographic=True, storage=storage),
        *(_system(code, storage) for code in dict.fromkeys(codes)),
    )


def _system(code: int, storage: int) -> PublishedSystem:
    known = proj.system(code)
    north_first = known.axis_info[0].direction == "north"
    return PublishedSystem(
        f"{_EPSG}{code}", code, north_first, geographic=known.is_geographic, storage=storage
    )


@cache
def _by_uri(storage: int) -> Mapping[str, PublishedSystem]:
    return {system.uri: system for system in published_systems(storage)}


def find_system(uri: str, storage: int, field: str) -> PublishedSystem:
    """A system by its URI.

    Args:
        uri: as clients write it.
        storage: the EPSG code of the store's system.
        field: the parameter or header that names it, for the error.

    Raises:
        InvalidValue: the store publishes no such system.
    """
    known = _by_uri(storage)
    if uri not in known:
        raise InvalidValue(
            field,
            uri,
            "it is the URI of a system that /collections lists under crs",
            f"give one of them, such as {CRS84}",
            f"参数“{field}”应为 /collections 所列坐标系之一的 URI，例如 {CRS84}",
        )
    return known[uri]


def storage_system(storage: int) -> str:
    """The URI of the system that a store keeps its numbers in."""
    return f"{_EPSG}{storage}"
