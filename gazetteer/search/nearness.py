"""Nearest first: equally good matches of one standing in the order of their distance (就近排序).

Few matches of one standing are read and sorted. Where there are many, boxes grow around the
place, so that the nearest are found without reading the others.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection

from gazetteer.search.ordinals import base_of
from gazetteer.search.rows import FormRow, columns_of
from gazetteer.search.running import run
from gazetteer.search.statements import FAR_ORDINAL, Condition, arm_text
from gazetteer.search.tables import DIVISION, PLACE

_FEW: Final = 2_000
_DIVISIONS: Final = 20_000
_EVERY: Final = 2**31 - 1
_HALF_SIDES_DEG: Final = (0.1, 0.4, 1.6, 6.4)
SHORTEST_DEGREE_M: Final = 110_567.0
"""The shortest degree of latitude on the ellipsoid, at the equator, rounded down."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where nearness is counted from: longitude and latitude in degrees, in the store's system."""

    lon: float
    lat: float

    def distances_m(self, places: Sequence[tuple[float | None, float | None]]) -> list[float]:
        """Geodesic distances on GRS80 in metres to places (lon, lat); infinite where unknown."""
        placed = [number for number, (lon, _) in enumerate(places) if lon is not None]
        found = [math.inf] * len(places)
        if placed:
            lons, lats = zip(*(places[number] for number in placed), strict=True)
            count = len(placed)
            _, _, metres = _ellipsoid().inv([self.lon] * count, [self.lat] * count, lons, lats)
            for number, distance_m in zip(placed, metres, strict=True):
                found[number] = float(distance_m)
        return found

    def course(self, lon: float, lat: float) -> tuple[float, float]:
        """Distance in metres and bearing in degrees (0 to 360) to one place, as the others."""
        azimuth_deg, _, distance_m = _ellipsoid().inv(self.lon, self.lat, lon, lat)
        return distance_m, azimuth_deg % 360.0


@cache
def _ellipsoid() -> Any:
    from pyproj import Geod

    return Geod(ellps="GRS80")


@dataclass(frozen=True, slots=True)
class NearQuery:
    """One arm to be read nearest first.

    `srid` is the store's; `holds` says whether a form really meets the arm's condition.
    """

    origin: Origin
    term: str
    condition: Condition
    holds: Callable[[FormRow], bool]
    srid: int


def nearest(
    connection: Connection, query: NearQuery, after: int
) -> Iterator[tuple[FormRow, float]]:
    """Forms with their distance: by standing, then distance, then in the order of results.

    Args:
        connection: a reading connection.
        query: the arm.
        after: the ordinal of the last form of the page before, or -1.
    """
    resumed = after >= 0
    floor = base_of(standing_of(after)) - 1 if resumed else -1
    ordered = _by_standing(connection, query, floor)
    if resumed:
        ordered = _behind(ordered, after)
    yield from ordered


def standing_of(ordinal: int) -> int:
    """The standing in an ordinal's high bits."""
    return ordinal // base_of(1)


def _behind(
    ordered: Iterator[tuple[FormRow, float]], after: int
) -> Iterator[tuple[FormRow, float]]:
    """What comes behind a form; where it is gone, what has a higher standing's ordinals."""
    for form, _ in ordered:
        if form.ordinal == after:
            break
    yield from ordered


def _by_standing(
    connection: Connection, query: NearQuery, after: int
) -> Iterator[tuple[FormRow, float]]:
    embedded = connection.dialect.name == "sqlite"
    sql = arm_text(query.condition.sql, embedded=embedded)
    while True:
        bound = (query.term, after, FAR_ORDINAL, *query.condition.values, _FEW)
        rows = run(connection, sql, bound)
        forms = [FormRow._make(row) for row in rows]
        groups = [list(group) for _, group in groupby(forms, key=lambda form: form.standing)]
        whole = len(rows) < _FEW
        for group in groups if whole else groups[:-1]:
            yield from _sorted(query, group)
        if whole:
            return
        standing = forms[-1].standing
        after = base_of(standing) - 1
        if len(groups) == 1:
            yield from _growing(connection, query, standing)
            after = base_of(standing + 1) - 1


def _sorted(query: NearQuery, forms: Iterable[FormRow]) -> list[tuple[FormRow, float]]:
    held = [form for form in forms if query.holds(form)]
    pairs = zip(held, query.origin.distances_m([(f.lon, f.lat) for f in held]), strict=True)
    return sorted(pairs, key=lambda pair: (pair[1], pair[0].ordinal))


def _growing(
    connection: Connection, query: NearQuery, standing: int
) -> Iterator[tuple[FormRow, float]]:
    """Boxes around the origin, each four times as wide; from each what is surely nearest."""
    given: set[int] = set()
    for half_side in _HALF_SIDES_DEG:
        # The side towards the pole is the shortest, and no point within it is nearer outside.
        edge_deg = min(abs(query.origin.lat) + half_side, 90.0)
        inner_m = half_side * SHORTEST_DEGREE_M * math.cos(math.radians(edge_deg))
        for form, distance in _sorted(query, _in_box(connection, query, standing, half_side)):
            if distance <= inner_m and form.ordinal not in given:
                given.add(form.ordinal)
                yield form, distance
    for form, distance in _sorted(query, _all_of(connection, query, standing)):
        if form.ordinal not in given:
            yield form, distance


def _all_of(connection: Connection, query: NearQuery, standing: int) -> Iterator[FormRow]:
    sql = arm_text(query.condition.sql, embedded=connection.dialect.name == "sqlite")
    span = (base_of(standing) - 1, base_of(standing + 1))
    for row in run(connection, sql, (query.term, *span, *query.condition.values, _EVERY)):
        yield FormRow._make(row)


def _in_box(
    connection: Connection, query: NearQuery, standing: int, half_side: float
) -> Iterator[FormRow]:
    """Forms of places in a box, and of every division: there are few of one standing and term."""
    origin, embedded = query.origin, connection.dialect.name == "sqlite"
    west, east = origin.lon - half_side, origin.lon + half_side
    south, north = origin.lat - half_side, origin.lat + half_side
    box: tuple[Any, ...] = (west, east, south, north)
    if not embedded:
        box = (west, south, east, north, query.srid)
    sql = _box_text(query.condition.sql, embedded=embedded)
    values = (*box, query.term, PLACE, standing, *query.condition.values)
    yield from (FormRow._make(row) for row in run(connection, sql, values))
    divisions = query.condition & Condition("f.feature = ?", (DIVISION,))
    sql = arm_text(divisions.sql, embedded=embedded)
    span = (base_of(standing) - 1, base_of(standing + 1))
    bound = (query.term, *span, *divisions.values, _DIVISIONS)
    yield from (FormRow._make(row) for row in run(connection, sql, bound))


def places_around(
    connection: Connection, origin: Origin, half_side: float, most: int
) -> list[FormRow]:
    """The forms of places in a box around a position, at most `most`.

    Args:
        connection: a reading connection.
        origin: the middle of the box.
        half_side: half its side in degrees.
        most: most forms.
    """
    embedded = connection.dialect.name == "sqlite"
    west, east = origin.lon - half_side, origin.lon + half_side
    south, north = origin.lat - half_side, origin.lat + half_side
    box: tuple[Any, ...] = (west, east, south, north)
    if not embedded:
        box = (west, south, east, north, int(getattr(connection.dialect, "ovoo_srid", 0)))
    rows = run(connection, _around_text(embedded=embedded), (*box, PLACE, most))
    return [FormRow._make(row) for row in rows]


@cache
def _around_text(*, embedded: bool) -> str:
    columns = columns_of()
    join = "CROSS JOIN" if embedded else "JOIN"
    return (
        f"SELECT {columns} FROM {_boxed(embedded=embedded)} r {join} search_form f"
        " ON f.target_id = r.id WHERE f.feature = ? LIMIT ?"
    )


def _boxed(*, embedded: bool) -> str:
    """The ids of places in a box."""
    if embedded:
        within = "maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?"
        return f"(SELECT id FROM rtree_place_geom WHERE {within})"
    return "(SELECT id FROM place WHERE geom && ST_MakeEnvelope(?, ?, ?, ?, ?))"


@cache
def _box_text(condition: str, *, embedded: bool) -> str:
    columns = columns_of()
    joined = _boxed(embedded=embedded)
    join = "CROSS JOIN" if embedded else "JOIN"
    sql = (
        f"SELECT {columns} FROM {joined} r {join} search_form f ON f.target_id = r.id"
        f" {join} search_term t ON t.term = ? AND t.ordinal = f.ordinal"
        f" WHERE f.feature = ? AND f.standing = ?{' AND ' + condition if condition else ''}"
    )
    return sql if embedded else sql.replace("instr(", "strpos(")
