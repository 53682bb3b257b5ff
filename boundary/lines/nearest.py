"""The registered line nearest to a position (最近界线), as agreed, not as outlines are drawn.

Lines are a few thousand and change seldom: they are kept in memory under an index of boxes until
the next write.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from weakref import WeakKeyDictionary

import shapely
from pyproj import Geod
from sqlalchemy import Connection, select

from boundary.lines.keeping import parties_of
from boundary.tables import line
from data.coordinates import ReferenceSystem
from data.store import Store

_WINDOWS_DEG: Final = (0.02, 0.1, 0.5, 3.0)
_DEGREE_M: Final = 111_320.0
_TOLD: Final = ("id", "code", "name", "section", "level", "state")
_READ: Final = (*_TOLD, "party_a", "party_b", "party_c", "valid_from", "valid_to", "geom")


@dataclass(frozen=True, slots=True)
class NearestLine:
    """A line and its nearest point.

    Attributes:
        record: its id, code, name, section, level, state.
        parties: the codes of the divisions on its sides.
        distance_m: along the ellipsoid of the store's system.
        bearing_deg: from the position to the nearest point, clockwise from true north.
        lon, lat: the nearest point, degrees in the store's system.
    """

    record: Mapping[str, Any]
    parties: tuple[str, ...]
    distance_m: float
    bearing_deg: float
    lon: float
    lat: float

    def as_json(self) -> dict[str, Any]:
        """The line as it is sent."""
        return {
            **self.record,
            "parties": list(self.parties),
            "distance_m": round(self.distance_m, 1),
            "bearing_deg": round(self.bearing_deg, 1),
            "nearest": [self.lon, self.lat],
        }


@dataclass(frozen=True)
class _Lines:
    records: list[dict[str, Any]]
    shapes: list[shapely.Geometry]
    tree: shapely.STRtree


_kept: WeakKeyDictionary[Store, tuple[str, _Lines]] = WeakKeyDictionary()


def nearest_line(
    store: Store, lon: float, lat: float, as_of: date | None = None
) -> NearestLine | None:
    """The line nearest to a position, today or on a day; None where none is within three degrees.

    Args:
        store: one that keeps degrees.
        lon: the position's longitude, degrees in the store's system.
        lat: its latitude.
        as_of: the day on which the line held.
    """
    with store.read() as connection:
        return nearest_line_in(store, connection, store.change_mark(connection), lon, lat, as_of)


def nearest_line_in(
    store: Store,
    connection: Connection,
    state: str,
    lon: float,
    lat: float,
    as_of: date | None = None,
) -> NearestLine | None:
    """The same on a connection that reads the store, whose `change_mark` is known."""
    lines = _lines_in(store, connection, state)
    if not lines.records:
        return None
    for window in _WINDOWS_DEG:
        east_deg = window / max(math.cos(math.radians(lat)), 0.01)
        box = shapely.box(lon - east_deg, lat - window, lon + east_deg, lat + window)
        found = [n for n in lines.tree.query(box).tolist() if _held(lines.records[n], as_of)]
        best = min((_nearest(store, lines, n, lon, lat) for n in found), key=_far, default=None)
        if best and (best.distance_m < window * _DEGREE_M or window == _WINDOWS_DEG[-1]):
            return best
    return None


def _far(found: NearestLine) -> tuple[float, int]:
    return found.distance_m, found.record["id"]


def _held(record: Mapping[str, Any], day: date | None) -> bool:
    begins, ends = record["valid_from"], record["valid_to"]
    if day is None:
        return ends is None
    return (begins is None or begins <= day) and (ends is None or day < ends)


def _nearest(store: Store, lines: _Lines, number: int, lon: float, lat: float) -> NearestLine:
    """By the plane that is true to scale at the position; then along the ellipsoid."""
    narrow = math.cos(math.radians(lat))
    plane = shapely.transform(lines.shapes[number], lambda xy: (xy - (lon, lat)) * (narrow, 1.0))
    _, foot = shapely.get_coordinates(shapely.shortest_line(shapely.Point(0.0, 0.0), plane))
    foot_lon, foot_lat = lon + float(foot[0]) / narrow, lat + float(foot[1])
    shape = ReferenceSystem.parse(store.crs).datum.ellipsoid
    geod = Geod(a=shape.semi_major_m, rf=shape.inverse_flattening)
    bearing, _, distance_m = geod.inv(lon, lat, foot_lon, foot_lat)
    record = lines.records[number]
    return NearestLine(
        {name: record[name] for name in _TOLD},
        tuple(parties_of(record)),
        float(distance_m),
        float(bearing) % 360.0,
        foot_lon,
        foot_lat,
    )


def _lines_in(store: Store, connection: Connection, state: str) -> _Lines:
    kept = _kept.get(store)
    if kept is None or kept[0] != state:
        kept = _kept[store] = (state, _read(connection))
    return kept[1]


def _read(connection: Connection) -> _Lines:
    rows = connection.execute(select(*(line.c[name] for name in _READ)).order_by(line.c.id))
    records = [dict(row) for row in rows.mappings() if row["geom"] is not None]
    shapes = [shapely.from_wkb(record.pop("geom")) for record in records]
    filled = [n for n, shape in enumerate(shapes) if not shape.is_empty]
    records, shapes = [records[n] for n in filled], [shapes[n] for n in filled]
    return _Lines(records, shapes, shapely.STRtree(shapes))
