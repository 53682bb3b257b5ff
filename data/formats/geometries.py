"""GeoJSON-shaped geometries to ISO WKB, with the checks that any reader needs."""

import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any

_TYPES = {
    "Point": 1,
    "LineString": 2,
    "Polygon": 3,
    "MultiPoint": 4,
    "MultiLineString": 5,
    "MultiPolygon": 6,
    "GeometryCollection": 7,
}
_PARTS = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
_Z = 1000
_NESTED_MAX = 4
_LINE_MIN, _RING_MIN = 2, 4
_XY, _XYZ = 2, 3


class BadGeometryError(ValueError):
    """A geometry cannot be taken; the two texts say why, in English and Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


def to_wkb(geometry: Mapping[str, Any], depth: int = 0) -> bytes | None:
    """Little-endian ISO WKB of a geometry mapping; None where it is empty.

    Takes `type` with `coordinates` or `geometries`. Keeps z only where every position of a part
    has it. Raises `BadGeometryError` for unknown types, numbers that are not finite, lines
    shorter than two positions, and rings that are short or not closed.

    >>> to_wkb({"type": "Point", "coordinates": [1, 2]}).hex()
    '0101000000000000000000f03f0000000000000040'
    """
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        raise BadGeometryError(
            f"geometry type {str(kind)[:40]!r} is not read", f"不支持的几何类型 {str(kind)[:40]!r}"
        )
    if kind == "GeometryCollection":
        return _collection(geometry, depth)
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, Sequence) or isinstance(coordinates, str):
        raise BadGeometryError("its coordinates are missing", "缺少坐标")
    if not coordinates:
        return None
    if kind in _PARTS:
        return _many(kind, [_simple(_PARTS[kind], part) for part in coordinates])
    return _simple(kind, coordinates)


def _collection(geometry: Mapping[str, Any], depth: int) -> bytes | None:
    members = geometry.get("geometries")
    if depth >= _NESTED_MAX or not isinstance(members, Sequence) or isinstance(members, str):
        raise BadGeometryError(
            "a collection is missing its members or nested too deep", "几何集合有误"
        )
    if any(not isinstance(member, Mapping) for member in members):
        raise BadGeometryError("a member of a collection is no geometry", "几何集合有误")
    parts = [part for member in members if (part := to_wkb(member, depth + 1)) is not None]
    return _many("GeometryCollection", parts) if parts else None


def _many(kind: str, parts: list[bytes]) -> bytes:
    flat = {struct.unpack_from("<I", part, 1)[0] >= _Z for part in parts}
    # ISO WKB wants the same dimensions throughout, or readers refuse it.
    if len(flat) > 1:
        raise BadGeometryError("only some of its positions have a height", "仅部分坐标带有高程")
    code = _TYPES[kind] + (_Z if flat == {True} else 0)
    return struct.pack("<BII", 1, code, len(parts)) + b"".join(parts)


def _simple(kind: str, coordinates: Any) -> bytes:
    if kind == "Point":
        positions, size = _positions([coordinates])
        return struct.pack("<BI", 1, _code(kind, size)) + positions
    if kind == "LineString":
        positions, size = _positions(_listed(coordinates, _LINE_MIN))
        head = struct.pack("<BII", 1, _code(kind, size), len(coordinates))
        return head + positions
    return _polygon(coordinates)


def _polygon(coordinates: Any) -> bytes:
    rings = [_listed(ring, _RING_MIN) for ring in _listed(coordinates, 1)]
    if any(tuple(ring[0]) != tuple(ring[-1]) for ring in rings):
        raise BadGeometryError(
            "a ring of its polygon is not closed: the last position is to equal the first",
            "面的边界未闭合：最后一点应与第一点相同",
        )
    size = min(len(position) for ring in rings for position in ring)
    packed = [_positions(ring, size)[0] for ring in rings]
    body = b"".join(
        struct.pack("<I", len(ring)) + positions
        for ring, positions in zip(rings, packed, strict=True)
    )
    return struct.pack("<BII", 1, _code("Polygon", min(size, _XYZ)), len(rings)) + body


def _code(kind: str, size: int) -> int:
    return _TYPES[kind] + (_Z if size == _XYZ else 0)


def _listed(value: Any, least: int) -> Sequence[Any]:
    if not isinstance(value, list | tuple) or len(value) < least:
        raise BadGeometryError(
            f"a list of at least {least} positions was expected", f"至少需要 {least} 个坐标"
        )
    if least > 1 and any(not isinstance(position, list | tuple) for position in value):
        raise BadGeometryError("a position is not a pair of numbers", "坐标不是一对数字")
    return value


def _positions(positions: Sequence[Any], size: int | None = None) -> tuple[bytes, int]:
    """The numbers of the positions, packed; and how many each has (2 or 3)."""
    try:
        size = min(size or _XYZ, *(len(position) for position in positions), _XYZ)
        flat = [number for position in positions for number in position[:size]]
        packed = struct.pack(f"<{len(flat)}d", *flat)
    except (TypeError, ValueError, OverflowError, struct.error) as error:
        raise BadGeometryError("a coordinate is not a number", "坐标不是数字") from error
    if size < _XY or bool in set(map(type, flat)) or not all(map(math.isfinite, flat)):
        raise BadGeometryError(
            "a coordinate is missing, or is not a finite number", "坐标缺失，或不是有限的数值"
        )
    return packed, size
