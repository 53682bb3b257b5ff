"""A GeoJSON geometry as it was sent, as WKB of a layer's kind in the store's system. Pure."""

from collections.abc import Mapping
from typing import Any, Final

import shapely
from shapely import MultiLineString, MultiPolygon

from data.errors import InvalidValue
from data.formats.geometries import BadGeometryError
from data.formats.geometries import to_wkb as wkb_of
from data.geometry import MULTILINESTRING, MULTIPOLYGON, POINT, to_wkb
from data.published_systems import PublishedSystem

_KINDS: Final = {POINT: "Point", MULTILINESTRING: "MultiLineString", MULTIPOLYGON: "MultiPolygon"}
_SEVERAL: Final[Mapping[str, Any]] = {"LineString": MultiLineString, "Polygon": MultiPolygon}


def read_geometry(drawn: object, system: PublishedSystem, kind: str) -> bytes | None:
    """A geometry as WKB (2D, longitude first); None for null and for an empty one.

    Args:
        drawn: the GeoJSON geometry; a single line or polygon counts as several.
        system: its system; its axes stand in that system's order. A height is left out.
        kind: POINT, MULTILINESTRING or MULTIPOLYGON.

    Raises:
        ValueError: with the rule in Chinese and English.
    """
    if drawn is None:
        return None
    if not isinstance(drawn, Mapping):
        raise ValueError("几何应为 GeoJSON 几何对象或 null", "it is a GeoJSON geometry or null")  # noqa: TRY004
    try:
        wkb = wkb_of(drawn)
    except BadGeometryError as error:
        raise ValueError(f"几何有误：{error.zh}", error.en) from error
    if wkb is None:
        return None
    shape = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))
    if shape is None or not shapely.is_valid(shape):
        reason = shapely.is_valid_reason(shape) if shape is not None else "unreadable"
        raise ValueError(f"几何无效（{reason}）；请修正", f"it is not valid ({reason}); mend it")
    if shape.geom_type in _SEVERAL and _KINDS[kind] == f"Multi{shape.geom_type}":
        shape = _SEVERAL[shape.geom_type]([shape])
    if shape.geom_type != _KINDS[kind]:
        raise ValueError(f"几何类型应为 {_KINDS[kind]}", f"a {_KINDS[kind]} is needed")
    try:
        return to_wkb(system.to_store(shape))
    except InvalidValue as error:
        raise ValueError(error.clauses_zh, f"{error.rule}; {error.way_out}") from error
