"""The registered line nearest to a position (最近界线), as agreed, not as outlines are drawn.

Lines are a few thousand and change seldom: they are kept in memory until a line changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from operator import itemgetter
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from pyproj import Geod
from sqlalchemy import Connection, select

from boundary.lines.keeping import parties_of
from boundary.tables import line
from data.coordinates import ReferenceSystem
from data.layer_marks import Marks, read_marks
from data.piece_rows import DEGREE_M
from data.pieces import Pieces
from data.store import Store

_FARTHEST_M: Final = 3.0 * DEGREE_M
_TOLD: Final = ("id", "code", "name", "section", "level", "state")
_READ: Final = (*_TOLD, "party_a", "party_b", "party_c", "valid_from", "valid_to", "geom")
_LAYERS: Final = (line.name,)


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


_Seen = tuple[Marks, list[tuple[int, int]]]


class _Held(NamedTuple):
    """The lines of a day in order of id; the place of one owns its pieces."""

    day: date | None
    records: list[dict[str, Any]]
    pieces: Pieces


class _Lines:
    """Every line that readers of a store see, with what tells when it must be read again.

    Attributes:
        state: the state of the store in which nothing of it had changed yet.
        seen: changes with every change of a line, or of which are seen.
    """

    def __init__(self, state: str, seen: _Seen, records: list[dict[str, Any]]) -> None:
        self.state, self.seen = state, seen
        shapes = shapely.from_wkb(np.array([one.pop("geom") for one in records], dtype=object))
        self._records, self._shapes = records, shapes
        self._then: _Held | None = None

    @cached_property
    def _now(self) -> _Held:
        return self._held(None)

    def on(self, day: date | None) -> _Held:
        """Those of a day, or those in force; those of the last day asked for are kept."""
        if day is None:
            return self._now
        then = self._then
        if then is None or then.day != day:
            then = self._then = self._held(day)
        return then

    def _held(self, day: date | None) -> _Held:
        held = [place for place, record in enumerate(self._records) if _is_held(record, day)]
        return _Held(day, [self._records[place] for place in held], Pieces(self._shapes[held]))


_kept: WeakKeyDictionary[Store, _Lines] = WeakKeyDictionary()


def nearest_line(
    store: Store,
    connection: Connection,
    state: str,
    lon: float,
    lat: float,
    as_of: date | None = None,
) -> NearestLine | None:
    """The line nearest to a position, today or on a day; None where none is within three degrees.

    Args:
        store: one that keeps degrees.
        connection: reads the store.
        state: the store's `change_mark`, as the connection sees it.
        lon: the position's longitude, degrees in the store's system.
        lat: its latitude.
        as_of: the day on which the line held.
    """
    held = _lines_in(store, connection, state).on(as_of)
    feet = held.pieces.nearest_by_owner(lon, lat)
    if not feet:
        return None
    course = _geod(store.crs).inv
    found = [(*course(lon, lat, foot.lon, foot.lat), place) for place, foot in feet.items()]
    bearing_deg, _, distance_m, place = min(found, key=itemgetter(2, 3))
    if distance_m >= _FARTHEST_M:
        return None
    record, foot = held.records[place], feet[place]
    told = {name: record[name] for name in _TOLD}
    parties = tuple(parties_of(record))
    return NearestLine(told, parties, distance_m, bearing_deg % 360.0, foot.lon, foot.lat)


@cache
def _geod(crs: str) -> Geod:
    shape = ReferenceSystem.parse(crs).datum.ellipsoid
    return Geod(a=shape.semi_major_m, rf=shape.inverse_flattening)


def _is_held(record: Mapping[str, Any], day: date | None) -> bool:
    begins, ends = record["valid_from"], record["valid_to"]
    if day is None:
        return ends is None
    return (begins is None or begins <= day) and (ends is None or day < ends)


def _lines_in(store: Store, connection: Connection, state: str) -> _Lines:
    kept = _kept.get(store)
    if kept is not None and kept.state == state:
        return kept
    seen = _seen(connection)
    if kept is not None and kept.seen == seen:  # something else was written
        kept.state = state
        return kept
    kept = _kept[store] = _Lines(state, seen, _read(connection))
    return kept


def _seen(connection: Connection) -> _Seen:
    """The marks tell that a line has changed; the ids, that another one is seen than before."""
    rows = connection.execute(select(line.c.id, line.c.version).order_by(line.c.id))
    return read_marks(connection, _LAYERS), [(row[0], row[1]) for row in rows]


def _read(connection: Connection) -> list[dict[str, Any]]:
    rows = connection.execute(select(*(line.c[name] for name in _READ)).order_by(line.c.id))
    return [dict(row) for row in rows.mappings() if row["geom"] is not None]
