"""The nearest places to a position (最近地名): one box as wide as the names around make it.

The box is a few stretches along the curve of `data.points`, and tells of each place what is shown:
no place is read by itself. How far a place is, a sphere tells roughly and quickly; along the
ellipsoid only those are measured that may be among the nearest.
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection

from data.around import points_in
from data.geometry import Box
from data.tile_rows import tile_keys
from gazetteer.collections import PLACES
from gazetteer.names import folded_key
from gazetteer.search.nearness import SHORTEST_DEGREE_M, Origin
from gazetteer.search.rows import COLUMNS, FormRow
from gazetteer.search.running import run
from gazetteer.search.standing import place_standing
from gazetteer.search.tables import PLACE

_FIRST_DEG: Final = 0.05
_MOST_DEG: Final = 0.2
"""Of a first box."""
_WIDEST_DEG: Final = 0.5
_NARROWEST_DEG: Final = 0.0005
_MANY: Final = 5_000
_EVERY: Final = 2**31 - 2
_GROWTH: Final = (1.5, 6.0)
_SPREAD: Final = 2.3
"""How many times the root of the number wanted a first box has more of: where names lie by chance,
49 of 50 such boxes hold enough in their inner circle."""
_CIRCLE: Final = math.pi / 4
_LEARNING: Final = 0.25
_DEGREE_M: Final = math.radians(6_367_500.0)
_BEND: Final = 0.006
"""By how much a distance on that sphere and along the ellipsoid differ at most: its radii of
curvature are 6,335 to 6,400 km."""
_FLAT_DEG: Final = 70.0
"""Up to which latitude a box is flat enough."""
_NAME, _CATEGORY, _STATUS = map(tile_keys(PLACES).index, ("name", "category_code", "status"))
"""Where a row tells these."""

Near = tuple[FormRow, float]


class NearbyName(NamedTuple):
    """A place near a position; `bearing_deg` is from the position, clockwise from true north."""

    id: int
    name: str
    category_code: str | None
    distance_m: float
    bearing_deg: float


class _Boxed(NamedTuple):
    """Places of a box.

    Attributes:
        rough: the square of how far each is, in degrees of a sphere, with its place among the
            rows; the nearest first.
        rows: as `data.around` has them.
        inner_m: how far everything is sure to be in the box.
        bend: by what share of it a true distance may differ from the rough one.
    """

    rough: Sequence[tuple[float, int]]
    rows: Sequence[Any]
    inner_m: float
    bend: float

    def within(self, metres: float) -> int:
        """How many are surely no farther."""
        square = (metres / _DEGREE_M / (1 + self.bend)) ** 2
        return sum([1 for one, _ in self.rough if one <= square])

    def last_m(self, count: int) -> float:
        """How far the first `count` are at most."""
        return math.sqrt(self.rough[count - 1][0]) * _DEGREE_M * (1 + self.bend)


def nearest_places(
    connection: Connection, origin: Origin, count: int, reach_m: float = math.inf
) -> list[Near]:
    """The nearest places that the index knows, as it has them, with their distances in metres.

    Args:
        connection: a reading connection.
        origin: the position.
        count: most places.
        reach_m: how far to look; half a degree at most.
    """
    asked = count
    while True:
        names = nearest_names(connection, origin, asked, reach_m)
        forms = _forms(connection, [one.id for one in names])
        known = ((forms[one.id], one.distance_m) for one in names if one.id in forms)
        found = list(islice(known, count))
        if len(found) == count or len(names) < asked:
            return found
        asked *= 2


def nearest_names(
    connection: Connection, origin: Origin, count: int, reach_m: float = math.inf
) -> list[NearbyName]:
    """The nearest places: by distance, then in search order.

    Args:
        connection: a reading connection.
        origin: the position, degrees in the store's system.
        count: most places.
        reach_m: how far to look; half a degree at most.
    """
    half_deg = min(_first.half_deg(origin, count), max(reach_m / SHORTEST_DEGREE_M, _NARROWEST_DEG))
    most = _MANY
    while True:
        boxed = _in_box(connection, origin, half_deg, most)
        if boxed is None:
            half_deg /= 4
            most = _MANY if half_deg > _NARROWEST_DEG else _EVERY
            continue
        most = _EVERY  # what does not suffice now would never be narrowed again
        sure_m = min(boxed.inner_m, reach_m)
        if boxed.within(sure_m) >= count or half_deg >= _WIDEST_DEG or sure_m >= reach_m:
            _first.learn(origin, len(boxed.rows), half_deg)
            return _measured(origin, boxed, count, sure_m)
        half_deg = min(_wider(boxed, count, half_deg), _WIDEST_DEG)


class _First:
    """How wide the first box is: as the names of that degree square before would have it.

    It decides how much is read, never what is found.

    Attributes:
        thickness: by degree square, names in boxes that sufficed, by the square of half their side.
        last: the same of the last box anywhere, for a square that is new.
    """

    def __init__(self) -> None:
        self.thickness: dict[tuple[int, int], float] = {}
        self.last = 0.0

    def half_deg(self, origin: Origin, count: int) -> float:
        """Half the side of a box in which enough names may lie."""
        thickness = self.thickness.get((int(origin.lon), int(origin.lat)), self.last)
        if not thickness:
            return _FIRST_DEG
        wanted = (count + _SPREAD * math.sqrt(count)) / _CIRCLE
        return min(max(math.sqrt(wanted / thickness), _FIRST_DEG / 10), _MOST_DEG)

    def learn(self, origin: Origin, there: int, half_deg: float) -> None:
        """A box that sufficed held so many names."""
        square = int(origin.lon), int(origin.lat)
        self.last = max(there, 1) / half_deg**2
        before = self.thickness.get(square, self.last)
        self.thickness[square] = before + (self.last - before) * _LEARNING


_first: Final = _First()


def _wider(boxed: _Boxed, count: int, half_deg: float) -> float:
    """Half the side of a box that holds enough, where this one did not.

    The distance of what it holds tells how wide it must be; of too few, how thick they lie.
    """
    if len(boxed.rows) >= count:
        return max(boxed.last_m(count) / SHORTEST_DEGREE_M, half_deg) * (1 + _BEND)
    low, high = _GROWTH
    return half_deg * min(max(math.sqrt(2 * count / max(len(boxed.rows), 0.1)), low), high)


def _in_box(connection: Connection, origin: Origin, half_deg: float, most: int) -> _Boxed | None:
    """The places of a box as high as wide; None where there are more than `most`."""
    box = _box_around(origin, half_deg)
    rows = points_in(connection, PLACES, box, most + 1)
    if len(rows) > most:
        return None
    flat = abs(origin.lat) + half_deg < _FLAT_DEG and box.min_x < box.max_x
    bend = _BEND + (math.tan(math.radians(abs(origin.lat))) * math.radians(half_deg) if flat else 0)
    rough = _on_plane(origin, rows) if flat else _on_sphere(origin, rows)
    rough.sort()
    return _Boxed(rough, rows, half_deg * SHORTEST_DEGREE_M, bend)


def _box_around(origin: Origin, half_deg: float) -> Box:
    """The box on the ellipsoid: across 180° where it lies there, a ring around a pole."""
    # The side towards the pole is the shortest, and no point within it is nearer outside.
    edge_deg = abs(origin.lat) + half_deg
    south, north = max(origin.lat - half_deg, -90.0), min(origin.lat + half_deg, 90.0)
    wide_deg = 180.0 if edge_deg >= 90 else half_deg / math.cos(math.radians(edge_deg))  # noqa: PLR2004 - the pole
    if wide_deg >= 180:  # noqa: PLR2004 - all around
        return Box(-180.0, south, 180.0, north)
    west, east = origin.lon - wide_deg, origin.lon + wide_deg
    return Box(
        west if west >= -180 else west + 360,  # noqa: PLR2004 - degrees
        south,
        east if east <= 180 else east - 360,  # noqa: PLR2004 - degrees
        north,
    )


def _on_plane(origin: Origin, rows: Sequence[Any]) -> list[tuple[float, int]]:
    """Squares of distances in degrees, on a plane that is true to scale at the position."""
    lon, lat = origin.lon, origin.lat
    narrow = math.cos(math.radians(lat)) ** 2
    return [
        ((x - lon) * (x - lon) * narrow + (y - lat) * (y - lat), number)
        for number, (_, x, y, *_) in enumerate(rows)
    ]


def _on_sphere(origin: Origin, rows: Sequence[Any]) -> list[tuple[float, int]]:
    """The same around the sphere: beside a pole, and across 180°."""
    lon, lat = math.radians(origin.lon), math.radians(origin.lat)
    found = []
    for number, row in enumerate(rows):
        x, y = math.radians(row[1]), math.radians(row[2])
        across, along = math.sin((x - lon) / 2), math.sin((y - lat) / 2)
        square = along * along + math.cos(lat) * math.cos(y) * across * across
        found.append((math.degrees(2 * math.asin(min(math.sqrt(square), 1.0))) ** 2, number))
    return found


def _measured(origin: Origin, boxed: _Boxed, count: int, sure_m: float) -> list[NearbyName]:
    """The nearest `count` of a box within `sure_m`."""
    if not boxed.rows:
        return []
    most_m = min(boxed.last_m(min(count, len(boxed.rows))), sure_m)
    square = (most_m / _DEGREE_M / (1 - boxed.bend)) ** 2
    found, course, rows = [], origin.course, boxed.rows
    for rough, number in boxed.rough:
        if rough > square:
            break
        _, x, y, *_ = rows[number]
        distance_m, bearing_deg = course(x, y)
        if distance_m <= sure_m:
            found.append((distance_m, number, bearing_deg))
    found.sort()
    if len({one[0] for one in found}) < len(found):
        found.sort(key=lambda one: (one[0], *_order(rows[one[1]])))
    del found[count:]
    told = orjson.loads(b"[" + b",".join([rows[number][3] for _, number, _ in found]) + b"]")
    return [
        NearbyName(rows[number][0], own[_NAME], own[_CATEGORY], distance_m, bearing_deg)
        for (distance_m, number, bearing_deg), own in zip(found, told, strict=True)
    ]


def _order(row: Any) -> tuple[int, str, int]:
    """The place of a place in search order, as `gazetteer.search.forms` has it."""
    own = orjson.loads(row[3])
    return place_standing(own[_CATEGORY], own[_STATUS]), folded_key(own[_NAME]), row[0]


def _forms(connection: Connection, ids: Sequence[int]) -> dict[int, FormRow]:
    """The last form of each of some places; those that the index lacks are missing."""
    embedded = connection.dialect.name == "sqlite"
    asked: Any = orjson.dumps(ids).decode() if embedded else list(ids)
    rows = run(connection, _forms_text(embedded=embedded), (asked, PLACE))
    return {row[2]: FormRow._make(row) for row in sorted(rows)}


@cache
def _forms_text(*, embedded: bool) -> str:
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
