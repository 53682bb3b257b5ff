"""Geometries of a filter: GeoJSON objects and boxes, brought into the store's system."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import orjson
import shapely

from data.errors import InvalidValue
from data.filters.limits import refuse
from data.filters.nodes import Shape
from data.geometry import Box

Transform = Callable[[shapely.Geometry], shapely.Geometry]
"""Brings a geometry from the filter's reference system into the store's."""

_TYPES = frozenset(
    {"Point", "LineString", "Polygon", "GeometryCollection"}
    | {f"Multi{name}" for name in ("Point", "LineString", "Polygon")}
)


def is_shape(said: Mapping[str, Any]) -> bool:
    """Whether a part of a document is a geometry."""
    kind = said.get("type")
    return "bbox" in said or (isinstance(kind, str) and kind in _TYPES)


def read_shape(said: Mapping[str, Any], transform: Transform) -> Shape:
    """A geometry of a filter.

    Raises:
        InvalidValue: it is broken, empty, not finite or not on the earth.
    """
    drawn = _box(said["bbox"]) if "bbox" in said else _drawn(said)
    drawn = shapely.force_2d(drawn)
    if shapely.is_empty(drawn) or not np.isfinite(shapely.get_coordinates(drawn)).all():
        raise refuse(said, "a geometry has finite coordinates", "give some")
    if not shapely.is_valid(drawn):
        why = shapely.is_valid_reason(drawn)
        raise refuse(said, f"a geometry does not cross itself ({why})", "mend it")
    try:
        placed = transform(drawn)
    except InvalidValue as wrong:
        said_zh = f"筛选条件 filter 不可用：{wrong.clauses_zh}"
        raise refuse(wrong.value, wrong.rule, wrong.way_out, said_zh) from None
    return Shape(shapely.to_wkb(placed), _bounds(placed))


def _drawn(said: Mapping[str, Any]) -> shapely.Geometry:
    try:
        return shapely.from_geojson(orjson.dumps(said))
    except (shapely.errors.GEOSException, TypeError, ValueError):
        raise refuse(said, "it is a geometry of GeoJSON", "close rings, give pairs") from None


def _box(numbers: Any) -> shapely.Geometry:
    """A box; where its west is greater than its east it crosses the antimeridian."""
    try:
        box = Box.parse(",".join(map(_written, numbers)) if isinstance(numbers, list) else "")
    except (TypeError, OverflowError, InvalidValue):
        raise refuse(
            numbers,
            "a box is 4 or 6 finite numbers, south before north",
            "give BBOX(111,40,113,42)",
        ) from None
    parts = [shapely.box(p.min_x, p.min_y, p.max_x, p.max_y) for p in box.parts()]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _written(number: Any) -> str:
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError
    return str(float(number))


def _bounds(drawn: shapely.Geometry) -> tuple[float, float, float, float]:
    west, south, east, north = map(float, shapely.bounds(drawn))
    return west, south, east, north
