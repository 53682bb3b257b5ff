"""The geometry column of both stores, and the boxes that searches ask with.

A geometry travels through the program as WKB (ISO well-known binary, 2D, x = longitude or easting,
y = latitude or northing, in the store's reference system). A GeoPackage keeps it in the GeoPackage
binary of OGC 12-128r19 clause 2.1.3, PostGIS as EWKB with its SRID.
"""

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import shapely
from sqlalchemy import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import UserDefinedType

from data.errors import InvalidValue

POINT, MULTILINESTRING, MULTIPOLYGON = "POINT", "MULTILINESTRING", "MULTIPOLYGON"

_MOST_LON_DEG, _MOST_LAT_DEG = 180.0, 90.0
_MAGIC = b"GP\x00"
_GPKG_HEAD_BYTES = 8
_PLAIN_POINT = struct.pack("<BI", 1, 1)
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_LITTLE_ENDIAN, _EMPTY = 0x01, 0x10
_ENVELOPE_XY = 0x02
_WKB_POINT_BYTES = 21
_EWKB_SRID_FLAG = 0x20000000


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel box in the store's reference system; `min_x > max_x` crosses 180°."""

    min_x: float
    min_y: float
    max_x: float
    max_y: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `minlon,minlat,maxlon,maxlat`, or the form with six numbers (heights ignored).

        Raises:
            InvalidValue: where a number is missing or not finite, or the latitudes are reversed.

        >>> Box.parse("97.1,37.4,126.1,53.4")
        Box(min_x=97.1, min_y=37.4, max_x=126.1, max_y=53.4)
        """
        try:
            numbers = [float(part) for part in text.split(",")]
        except ValueError:
            numbers = []
        if len(numbers) == 6:  # noqa: PLR2004 - the form with heights
            numbers = [*numbers[:2], *numbers[3:5]]
        if len(numbers) != 4 or not all(map(math.isfinite, numbers)):  # noqa: PLR2004
            raise InvalidValue(
                "bbox",
                text,
                "a box is four or six finite numbers",
                "give minlon,minlat,maxlon,maxlat",
                "bbox 应为四个或六个数；请按 最小经度,最小纬度,最大经度,最大纬度 填写",
            )
        box = cls(*numbers)
        if box.min_y > box.max_y:
            raise InvalidValue(
                "bbox",
                text,
                "the southern latitude comes before the northern",
                "swap the latitudes",
                "bbox 中南边的纬度应在北边的之前；请交换两个纬度",
            )
        return box

    def parts(self) -> tuple["Box", ...]:
        """The box itself, or its two halves where it crosses the antimeridian."""
        if self.min_x <= self.max_x:
            return (self,)
        return (
            Box(self.min_x, self.min_y, 180.0, self.max_y),
            Box(-180.0, self.min_y, self.max_x, self.max_y),
        )

    def touches(self, other: "Box") -> bool:
        """Whether a box has a point in common with this one.

        >>> Box(170, -10, -170, 10).touches(Box(-175, 0, -160, 5))
        True
        """
        return any(
            one.min_x <= two.max_x
            and two.min_x <= one.max_x
            and one.min_y <= two.max_y
            and two.min_y <= one.max_y
            for one in self.parts()
            for two in other.parts()
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in the box or on its edge."""
        return any(
            part.min_x <= x <= part.max_x and part.min_y <= y <= part.max_y for part in self.parts()
        )


def off_the_earth(shape: shapely.Geometry) -> tuple[float, float] | None:
    """The first position beyond longitudes of ±180 or latitudes of ±90 degrees; None where none is.

    A number that is not finite is beyond them.

    >>> off_the_earth(shapely.Point(41.5, 111.2)), off_the_earth(shapely.Point(111.2, 41.5))
    ((41.5, 111.2), None)
    """
    positions = shapely.get_coordinates(shape)
    inside = (abs(positions) <= (_MOST_LON_DEG, _MOST_LAT_DEG)).all(axis=1)
    if inside.all():
        return None
    lon, lat = positions[inside.argmin()].tolist()
    return lon, lat


class Geometry(UserDefinedType[bytes]):
    """A geometry column; its Python value is WKB.

    Args:
        kind: `POINT`, `MULTILINESTRING` or `MULTIPOLYGON`.

    The SRID is the store's own: `open_store` leaves it on the dialect.
    """

    cache_ok = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_col_spec(self, **_: Any) -> str:
        """The column type in a GeoPackage; `_postgis_type` spells PostGIS columns."""
        return self.kind

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """Turn WKB into what the store keeps."""
        srid: int = getattr(dialect, "ovoo_srid", 0)
        encode = encode_gpkg if dialect.name == "sqlite" else encode_ewkb_hex
        return lambda wkb: None if wkb is None else encode(wkb, srid)

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], Any]:
        """Turn what the store keeps into WKB."""
        if dialect.name == "sqlite":
            return lambda blob: None if blob is None else readable_gpkg(blob, self.kind)
        return lambda text: None if text is None else decode_ewkb_hex(text)


@compiles(Geometry, "postgresql")
def _postgis_type(column: Geometry, compiler: Any, **_: Any) -> str:
    return f"geometry({column.kind},{compiler.dialect.ovoo_srid})"


def encode_gpkg(wkb: bytes, srid: int) -> bytes:
    """WKB → GeoPackage binary; a point carries no envelope, others their x,y envelope."""
    if len(wkb) == _WKB_POINT_BYTES:
        flags = _LITTLE_ENDIAN | (_EMPTY if math.isnan(struct.unpack_from("<d", wkb, 5)[0]) else 0)
        return _MAGIC + struct.pack("<Bi", flags, srid) + wkb
    min_x, min_y, max_x, max_y = shapely.from_wkb(wkb).bounds
    if math.isnan(min_x):
        return _MAGIC + struct.pack("<Bi", _LITTLE_ENDIAN | _EMPTY, srid) + wkb
    flags = _LITTLE_ENDIAN | _ENVELOPE_XY
    return _MAGIC + struct.pack("<Bi4d", flags, srid, min_x, max_x, min_y, max_y) + wkb


def decode_gpkg(blob: Any, kind: str = "") -> bytes | None:
    """GeoPackage binary → WKB in two dimensions, little-endian; None for an empty point.

    Args:
        blob: what a file holds; other programs may have written it.
        kind: `POINT` where it must be a point.

    Raises:
        InvalidValue: where it is not GeoPackage binary, or not of that kind.
    """
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < _GPKG_HEAD_BYTES:
        raise _broken(blob)
    envelope = blob[3] >> 1 & 7
    if envelope >= len(_ENVELOPE_BYTES):
        raise _broken(blob)
    wkb = blob[_GPKG_HEAD_BYTES + _ENVELOPE_BYTES[envelope] :]
    if len(wkb) == _WKB_POINT_BYTES and wkb[:5] == _PLAIN_POINT:
        return None if math.isnan(point_xy(wkb)[0]) else wkb
    shape = shapely.from_wkb(wkb, on_invalid="ignore")
    if shape is None or (kind == POINT and shape.geom_type != "Point"):
        raise _broken(blob)
    if kind == POINT and shape.is_empty:
        return None
    return to_wkb(shape) if wkb[0] != 1 or shape.has_z or shape.has_m else wkb


def readable_gpkg(blob: Any, kind: str = "") -> bytes | None:
    """As `decode_gpkg`, but what is broken counts as none: it must not stop a reader.

    `ovoo verify` names such records.
    """
    try:
        return decode_gpkg(blob, kind)
    except InvalidValue:
        return None


def _broken(blob: Any) -> InvalidValue:
    start = blob[:8].hex() if isinstance(blob, bytes) else str(blob)
    return InvalidValue(
        "geom", start, "not GeoPackage binary of this layer's kind", "draw it again or reload it",
        f"几何“{start}”不是本图层的 GeoPackage 几何；请重新绘制或重新载入",
    )  # fmt: skip


def encode_ewkb_hex(wkb: bytes, srid: int) -> str:
    """WKB → hexadecimal EWKB with the SRID, as PostGIS reads it from text."""
    kind = struct.unpack_from("<I", wkb, 1)[0]
    return (struct.pack("<BII", 1, kind | _EWKB_SRID_FLAG, srid) + wkb[5:]).hex()


def decode_ewkb_hex(text: str) -> bytes:
    """Hexadecimal EWKB → WKB without the SRID."""
    raw = bytes.fromhex(text)
    kind = struct.unpack_from("<I", raw, 1)[0]
    if not kind & _EWKB_SRID_FLAG:
        return raw
    return struct.pack("<BI", 1, kind & ~_EWKB_SRID_FLAG) + raw[9:]


def gpkg_bounds(blob: Any) -> tuple[float, float, float, float] | None:
    """Min x, min y, max x, max y of GeoPackage binary; None where it is NULL, empty or broken."""
    if not isinstance(blob, bytes) or len(blob) < _GPKG_HEAD_BYTES or blob[3] & _EMPTY:
        return None
    envelope = blob[3] >> 1 & 7
    if envelope and len(blob) >= _GPKG_HEAD_BYTES + _ENVELOPE_BYTES[1]:
        order = "<" if blob[3] & _LITTLE_ENDIAN else ">"
        min_x, max_x, min_y, max_y = struct.unpack_from(order + "4d", blob, _GPKG_HEAD_BYTES)
        return min_x, min_y, max_x, max_y
    wkb = readable_gpkg(blob)
    return None if wkb is None else wkb_bounds(wkb)


def wkb_bounds(wkb: bytes) -> tuple[float, float, float, float] | None:
    """Min x, min y, max x, max y of WKB; None where it is empty."""
    if len(wkb) == _WKB_POINT_BYTES:
        x, y = struct.unpack_from("<2d", wkb, 5)
        return None if math.isnan(x) else (x, y, x, y)
    bounds = shapely.from_wkb(wkb).bounds
    return None if math.isnan(bounds[0]) else bounds


def point_wkb(lon: float, lat: float) -> bytes:
    """The WKB of one point.

    >>> point_wkb(111.75, 40.84).hex()[:10]
    '0101000000'
    """
    return struct.pack("<BI2d", 1, 1, lon, lat)


def point_xy(wkb: bytes) -> tuple[float, float]:
    """x, y (longitude, latitude) of a point's WKB."""
    x, y = struct.unpack_from("<2d", wkb, 5)
    return x, y


def to_wkb(shape: shapely.Geometry) -> bytes:
    """Little-endian 2D WKB of a shape."""
    return bytes(shapely.to_wkb(shape, output_dimension=2, byte_order=1, include_srid=False))


def geojson_text(wkb: bytes | None, decimals: int = 9) -> str:
    """A GeoJSON geometry as text; `null` for None. Nine decimals of a degree are 0.1 mm.

    Exterior rings run counter-clockwise (RFC 7946 clause 3.1.6).
    """
    if wkb is None:
        return "null"
    if len(wkb) == _WKB_POINT_BYTES:
        x, y = point_xy(wkb)
        return f'{{"type":"Point","coordinates":[{round(x, decimals)!r},{round(y, decimals)!r}]}}'
    shape = shapely.transform(shapely.from_wkb(wkb), lambda xy: xy.round(decimals))
    if shape.geom_type.endswith("Polygon"):
        shape = shapely.orient_polygons(shape)
    return str(shapely.to_geojson(shape))
