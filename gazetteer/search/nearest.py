"""The nearest places to a position (最近地名): boxes as wide as the names around make them.

A box tells where its places are, roughly and quickly; only those that may be among the nearest are
then read, with their exact positions.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection

from gazetteer.search.nearness import SHORTEST_DEGREE_M, Origin
from gazetteer.search.rows import COLUMNS, FormRow
from gazetteer.search.running import run
from gazetteer.search.tables import PLACE

_FIRST_DEG: Final = 0.05
_MOST_DEG: Final = 0.2
"""Of a first box."""
_WIDEST_DEG: Final = 0.5
_NARROWEST_DEG: Final = 0.0005
_MANY: Final = 5_000
_EVERY: Final = 2**31 - 2
_ENOUGH: Final = 2.0
"""A box of twice as many places as are wanted nearly always holds them in its inner circle."""
_GROWTH: Final = (1.5, 6.0)
_ROUGH_M: Final = 5.0
"""Boxes of an R-tree are rounded outwards to 32 bits: less than two metres anywhere."""

Near = tuple[FormRow, float]


class _Boxed(NamedTuple):
    """Places of a box, the nearest first.

    Attributes:
        ids: the places.
        metres: how far they are, roughly.
        inner_m: how far everything is sure to be in the box.
    """

    ids: Sequence[int]
    metres: Sequence[float]
    inner_m: float


def nearest_places(
    connection: Connection, origin: Origin, count: int, reach_m: float = math.inf
) -> list[Near]:
    """The nearest places with their distances in metres, by distance, then in search order.

    Args:
        connection: a reading connection.
        origin: the position.
        count: most places.
        reach_m: how far to look; half a degree at most.
    """
    half_deg = min(_first.half_deg(count), max(reach_m / SHORTEST_DEGREE_M, _NARROWEST_DEG))
    most = _MANY
    while True:
        boxed = _in_box(connection, origin, half_deg, most)
        if boxed is None:
            half_deg /= 4
            most = _MANY if half_deg > _NARROWEST_DEG else _EVERY
            continue
        most = _EVERY  # what does not suffice now would never be narrowed again
        sure_m = min(boxed.inner_m, reach_m)
        last = half_deg >= _WIDEST_DEG or sure_m >= reach_m
        within = sum(1 for one in boxed.metres if one <= sure_m + _ROUGH_M)
        if within >= count or last:
            _first.thickness = max(len(boxed.ids), 1) / half_deg**2
            found = _sure(connection, origin, boxed, count, within, sure_m)
            if len(found) >= count or last:
                return found
        half_deg = min(half_deg * _growth(len(boxed.ids), count), _WIDEST_DEG)


class _First:
    """How wide the first box is: as the names around the position before would have it.

    It decides how much is read, never what is found.

    Attributes:
        thickness: names in the last box that sufficed, by the square of half its side.
    """

    thickness = 0.0

    def half_deg(self, count: int) -> float:
        """Half the side of a box in which enough names may lie."""
        if not self.thickness:
            return _FIRST_DEG
        return min(max(math.sqrt(_ENOUGH * count / self.thickness), _FIRST_DEG / 10), _MOST_DEG)


_first: Final = _First()


def _growth(there: int, count: int) -> float:
    """By how much the box widens, if the names lie as thick outside it as within."""
    low, high = _GROWTH
    return min(max(math.sqrt(_ENOUGH * count / max(there, 0.1)), low), high)


def _in_box(connection: Connection, origin: Origin, half_deg: float, most: int) -> _Boxed | None:
    """The places of a box as high as wide; None where there are more than `most`."""
    embedded = connection.dialect.name == "sqlite"
    # The side towards the pole is the shortest, and no point within it is nearer outside.
    edge_deg = min(abs(origin.lat) + half_deg, 89.9)
    wide_deg = min(half_deg / math.cos(math.radians(edge_deg)), 180.0)
    west, east = origin.lon - wide_deg, origin.lon + wide_deg
    south, north = origin.lat - half_deg, origin.lat + half_deg
    box: tuple[Any, ...] = (west, east, south, north)
    if not embedded:
        box = (west, south, east, north, int(getattr(connection.dialect, "ovoo_srid", 0)))
    rows = run(connection, _ROUGHLY[embedded], (*box, most + 1))
    if len(rows) > most:
        return None
    metres = origin.distances_m([(x, y) for _, x, y in rows])
    ordered = sorted(zip(metres, (row[0] for row in rows), strict=True))
    inner_m = half_deg * SHORTEST_DEGREE_M
    return _Boxed([one for _, one in ordered], [one for one, _ in ordered], inner_m)


def _sure(
    connection: Connection, origin: Origin, boxed: _Boxed, count: int, within: int, sure_m: float
) -> list[Near]:
    """At most `count` of the first `within` places, those that are sure to be the nearest."""
    if within == 0:
        return []
    known = boxed.metres[min(count, within) - 1] + 2 * _ROUGH_M
    ids = [one for one, far in zip(boxed.ids, boxed.metres, strict=True) if far <= known]
    found = _exactly(connection, origin, ids, sure_m)
    if len(found) < count and len(ids) < within:  # the index of names lacks some
        found = _exactly(connection, origin, boxed.ids[:within], sure_m)
    return found[:count]


def _exactly(
    connection: Connection, origin: Origin, ids: Sequence[int], sure_m: float
) -> list[Near]:
    embedded = connection.dialect.name == "sqlite"
    asked: Any = orjson.dumps(ids).decode() if embedded else list(ids)
    rows = run(connection, _named(embedded=embedded), (asked, PLACE))
    forms = {row[2]: FormRow._make(row) for row in sorted(rows)}.values()
    metres = origin.distances_m([(form.lon, form.lat) for form in forms])
    ordered = sorted(zip(forms, metres, strict=True), key=lambda p: (p[1], p[0].ordinal))
    return [pair for pair in ordered if pair[1] <= sure_m]


_ROUGHLY: Final = {
    True: "SELECT id, (minx + maxx) / 2, (miny + maxy) / 2 FROM rtree_place_geom"
    " WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ? LIMIT ?",
    False: "SELECT id, ST_X(geom), ST_Y(geom) FROM place"
    " WHERE geom && ST_MakeEnvelope(?, ?, ?, ?, ?) LIMIT ?",
}


@cache
def _named(*, embedded: bool) -> str:
    columns = ", ".join(f"f.{name}" for name in COLUMNS)
    if embedded:
        return (
            f"SELECT {columns} FROM json_each(?) wanted CROSS JOIN search_form f"
            " ON f.target_id = wanted.value WHERE f.feature = ?"
        )
    return (
        f"SELECT {columns} FROM unnest(CAST(? AS bigint[])) wanted(id) JOIN search_form f"
        " ON f.target_id = wanted.id WHERE f.feature = ?"
    )
