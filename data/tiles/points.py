"""The points of a tile, read from `<layer>_tiled` along the curve.

From afar a tile cannot show all: of each square of the Hilbert curve's grid, some 16 of which
stand along a tile's side, it shows the record that is first in line. Squares lie within squares,
so what a tile shows its four tiles of the next level show too. From level 12 on all are shown.
"""

from collections.abc import Collection as Sized
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from data.collection import Collection, plane_of
from data.curve import ORDER, Plane, cells_of, ranges_of
from data.geometry import Box, point_xy
from data.hot import fetch
from data.layer_marks import Marks, marks_on_server
from data.points import MOST_ID, key_of, keys_between
from data.tile_rows import ids_of, own_keys, tile_keys, tiled_point
from data.tiles.encoding import LayerWriter
from data.tiles.grids import EXTENT, Grid, Tile

WHOLE_FROM: Final = 12
"""The fineness from which a tile shows every point."""
_FINER: Final = 4
"""Of the squares of which one record each is shown: 2^4 stand along a tile's side."""
_ID_BITS: Final = MOST_ID.bit_length()


_Names = Mapping[int, Mapping[str, str | None]]
"""By id the properties that name features on a day, where they were others than now."""


class _Points(NamedTuple):
    """Rows of `<layer>_tiled` side by side; the place in line tells the id too."""

    places_in_line: Sequence[int] | NDArray[np.int64]
    x: Sequence[float] | NDArray[np.float64]
    y: Sequence[float] | NDArray[np.float64]
    properties: Sequence[bytes]


_NONE: Final = _Points((), (), (), ())


class _Wanted(NamedTuple):
    """What is asked of a layer: its points in `area` on `day`, one of each square of the curve.

    Keys without their last `shift` bits are equal within a square; 0 asks for all points.
    """

    collection: Collection
    plane: Plane
    area: Box
    shift: int
    day: str


def point_layer(
    connection: Connection,
    collection: Collection,
    grid: Grid,
    tile: Tile,
    day: date,
    *,
    then: bool,
) -> bytes:
    """The points of a collection in a tile, as they are on a day; empty where there are none.

    `then` gives what bore another name on that day its name of then.
    """
    wanted = _wanted(connection, collection, grid, tile, day)
    if connection.dialect.name == "sqlite":
        points, some_wait = _of_file(connection, wanted)
    else:
        points, some_wait, _ = _of_server(connection, wanted)
    if some_wait:
        points = _first_of_each(wanted, points, _waiting(connection, wanted))
    names: _Names = {}
    if then and collection.names_on is not None:
        ids = ids_of(np.asarray(points.places_in_line, np.int64)).tolist()
        names = collection.names_on(connection, ids, day)
    return _layer(collection, grid, tile, points, names)


def marked_point_layer(
    connection: Connection, collection: Collection, grid: Grid, tile: Tile, day: date
) -> tuple[Marks, bytes] | None:
    """The same by one statement of a server, and the layer's marks in the state that it read.

    None where records wait to be rendered: these are read by further statements.
    """
    wanted = _wanted(connection, collection, grid, tile, day)
    points, some_wait, marks = _of_server(connection, wanted)
    return None if some_wait else (marks, _layer(collection, grid, tile, points, {}))


def _wanted(
    connection: Connection, collection: Collection, grid: Grid, tile: Tile, day: date
) -> _Wanted:
    fineness = grid.fineness(tile.level)
    shift = _ID_BITS + 2 * (ORDER - fineness - _FINER) if fineness < WHOLE_FROM else 0
    return _Wanted(collection, plane_of(connection), _area(grid, tile), shift, day.isoformat())


def _layer(collection: Collection, grid: Grid, tile: Tile, points: _Points, names: _Names) -> bytes:
    """The points in the order of their places in line, as a layer of a tile."""
    if not points.properties:
        return b""
    places = np.asarray(points.places_in_line, np.int64)
    order = np.argsort(places)
    lon, lat = np.asarray(points.x)[order], np.asarray(points.y)[order]
    # A point on a seam belongs to one tile; rounding must not put it into another.
    across, down = (np.clip(one, 0, EXTENT - 1).tolist() for one in grid.steps(tile, lon, lat))
    listed = [points.properties[number] for number in order.tolist()]
    values = orjson.loads(b"[" + b",".join(listed) + b"]")
    ids = ids_of(places[order]).tolist()
    if names:
        _rename(collection, ids, values, names)
    writer = LayerWriter(collection.id, tile_keys(collection), own_keys(collection))
    writer.add_points(ids, across, down, values)
    return writer.content()


def _rename(
    collection: Collection,
    ids: Sequence[int],
    values: Sequence[list[Any]],
    names: _Names,
) -> None:
    """Put the names of another day in the place of those of now."""
    keys = tile_keys(collection)
    for identity, own in zip(ids, values, strict=True):
        for key, text in names.get(identity, {}).items():
            own[keys.index(key)] = text


def _first_of_each(wanted: _Wanted, *several: _Points) -> _Points:
    """Of each square the point that is first in line."""
    best: dict[int, tuple[Any, ...]] = {}
    for points in several:
        places = np.asarray(points.places_in_line, np.int64)
        cells = cells_of(wanted.plane, points.x, points.y).tolist()
        keys = map(key_of, cells, ids_of(places).tolist())
        for key, *point in zip(keys, *points, strict=True):
            square = key >> wanted.shift
            known = best.get(square)
            if known is None or point[0] < known[0]:
                best[square] = tuple(point)
    return _side_by_side(best.values())


def _side_by_side(rows: Sized[Sequence[Any]]) -> _Points:
    return _Points(*zip(*rows, strict=True)) if rows else _NONE


def _area(grid: Grid, tile: Tile) -> Box:
    """The box of a tile; west and north edges belong to it, the world's last ones too."""
    box = grid.box(tile)
    east = 181.0 if box.max_x >= 180.0 else box.max_x  # noqa: PLR2004 - the world's edge
    south = -91.0 if tile.row + 1 == 1 << tile.level else box.min_y
    return Box(box.min_x, south, east, 91.0 if tile.row == 0 else box.max_y)


def _of_file(connection: Connection, wanted: _Wanted) -> tuple[_Points, bool]:
    """The points that are rendered, and whether any record of the layer waits to be."""
    keys, bound = _bound(wanted)
    for number, (low, high) in enumerate(keys):
        bound[f"low{number}"], bound[f"high{number}"] = low, high
    table, waiting = wanted.collection.table.name, wanted.collection.unrendered.name
    rows = fetch(connection, _file_statement(table, len(keys), wanted.shift), bound)
    some_wait = fetch(connection, f"SELECT EXISTS (SELECT 1 FROM {waiting})", {})[0][0]
    return _side_by_side(rows), bool(some_wait)


def _of_server(connection: Connection, wanted: _Wanted) -> tuple[_Points, bool, Marks]:
    """The same, and the layer's marks in the same state of the store."""
    keys, bound = _bound(wanted)
    bound["lows"], bound["highs"] = [low for low, _ in keys], [high for _, high in keys]
    table, waiting = wanted.collection.table.name, wanted.collection.unrendered.name
    statement = _server_statement(table, waiting, wanted.shift)
    numbers, properties, some_wait, *marks = fetch(connection, statement, bound, prepared=True)[0]
    return _unpacked(numbers, properties), some_wait, tuple(marks)


def _bound(wanted: _Wanted) -> tuple[list[tuple[int, int]], dict[str, Any]]:
    """Ranges of keys in which the points lie, and the values that say which of them are asked."""
    west, south, east, north = box = (
        wanted.area.min_x, wanted.area.min_y, wanted.area.max_x, wanted.area.max_y
    )  # fmt: skip
    keys = [keys_between(low, high) for low, high in ranges_of(wanted.plane, *box)]
    sides = {"west": west, "south": south, "east": east, "north": north}
    return keys, {**sides, "day": wanted.day}


_PACKED: Final = np.dtype([("place_in_line", ">i8"), ("x", ">f8"), ("y", ">f8")])


def _unpacked(numbers: bytes | None, properties: bytes) -> _Points:
    """The points that a server has put together in one row; without any, `numbers` is None."""
    if numbers is None:
        return _NONE
    read = np.frombuffer(numbers, _PACKED)
    return _Points(
        read["place_in_line"].astype(np.int64), read["x"].astype(np.float64),
        read["y"].astype(np.float64), properties.split(b"\n"),
    )  # fmt: skip


_INSIDE: Final = (
    "r.x >= :west AND r.x < :east AND r.y > :south AND r.y <= :north"
    " AND (r.since IS NULL OR r.since <= :day) AND (r.until IS NULL OR r.until > :day)"
)


@cache
def _file_statement(layer: str, ranges: int, shift: int) -> str:
    wanted = ", ".join(f"(:low{n}, :high{n})" for n in range(ranges))
    found = (
        f"FROM (VALUES {wanted}) w CROSS JOIN {layer}_tiled r"
        f" ON r.key BETWEEN w.column1 AND w.column2 WHERE {_INSIDE}"
    )
    if not shift:
        return f"SELECT r.place_in_line, r.x, r.y, r.properties {found}"
    # Beside one min() the other columns are those of its row.
    return f"SELECT min(r.place_in_line), r.x, r.y, r.properties {found} GROUP BY r.key >> {shift}"


@cache
def _server_statement(layer: str, waiting: str, shift: int) -> str:
    square = f"r.key >> {shift}"
    first = f"DISTINCT ON ({square})" if shift else ""
    order = f"ORDER BY {square}, r.place_in_line" if shift else ""
    # OFFSET 0 keeps range after range on the index: joined, PostgreSQL read the whole table. One
    # row of packed numbers costs both sides less than a row for each point. The same row says
    # whether records wait, and the marks: another statement would be another way there and back.
    return (
        "SELECT string_agg(int8send(place_in_line) || float8send(x) || float8send(y), ''),"
        f" string_agg(properties, '\\x0a'), EXISTS (SELECT 1 FROM {waiting}),"
        f" {marks_on_server(layer)}"
        f" FROM (SELECT {first} r.place_in_line, r.x, r.y, r.properties"
        " FROM unnest(CAST(:lows AS bigint[]), CAST(:highs AS bigint[])) w(low, high)"
        f" CROSS JOIN LATERAL (SELECT * FROM {layer}_tiled r"
        f" WHERE r.key BETWEEN w.low AND w.high AND {_INSIDE} OFFSET 0) r {order}) shown"
    )


def _waiting(connection: Connection, wanted: _Wanted) -> _Points:
    """What other programs have written and nobody has rendered yet."""
    collection = wanted.collection
    table, waiting = collection.table, collection.unrendered
    found: list[tuple[Any, ...]] = []
    statement = select(table).where(table.c.id.in_(select(waiting.c.id)), table.c.geom.is_not(None))
    for row in connection.execute(statement).mappings():
        if row["geom"] is None:  # it cannot be read
            continue
        x, y = point_xy(row["geom"])
        key = key_of(int(cells_of(wanted.plane, [x], [y])[0]), row["id"])
        made = tiled_point(collection, dict(row), key, x, y)
        if _holds(wanted.area, x, y) and _is_shown(made, wanted.day):
            found.append((made["place_in_line"], x, y, made["properties"]))
    return _side_by_side(found)


def _holds(area: Box, x: float, y: float) -> bool:
    return area.min_x <= x < area.max_x and area.min_y < y <= area.max_y


def _is_shown(made: Mapping[str, Any], day: str) -> bool:
    since, until = made["since"], made["until"]
    return (since is None or since <= day) and (until is None or until > day)
