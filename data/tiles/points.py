"""The points of a tile, read from `<layer>_tiled` along the curve.

From afar a tile cannot show all: of each square of the Hilbert curve's grid, some 16 of which
stand along a tile's side, it shows the record that is first in line. Squares lie within squares,
so what a tile shows its four tiles of the next level show too. From level 12 on all are shown.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any, Final, NamedTuple

import numpy as np
import orjson
from sqlalchemy import Connection, select

from data.collection import Collection, plane_of
from data.curve import ORDER, Plane, cells_of, ranges_of
from data.geometry import Box, point_xy
from data.hot import fetch
from data.points import key_of
from data.tile_rows import own_keys, tile_keys, tiled_point
from data.tiles.encoding import LayerWriter
from data.tiles.grids import EXTENT, Grid, Tile

WHOLE_FROM: Final = 12
"""The fineness from which a tile shows every point."""
_FINER: Final = 4
"""Of the squares of which one record each is shown: 2^4 stand along a tile's side."""
_ID_BITS: Final = 31


class _Point(NamedTuple):
    """A row of `<layer>_tiled`; `square` is what it is one of, or its own key."""

    square: int
    place_in_line: int
    id: int
    x: float
    y: float
    properties: bytes


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
    points = _points(connection, collection, grid, tile, day)
    if not points:
        return b""
    lon = np.array([point.x for point in points])
    lat = np.array([point.y for point in points])
    # A point on a seam belongs to one tile; rounding must not put it into another.
    across, down = (np.clip(one, 0, EXTENT - 1).tolist() for one in grid.steps(tile, lon, lat))
    values = orjson.loads(b"[" + b",".join([point.properties for point in points]) + b"]")
    if then and collection.names_on is not None:
        names = collection.names_on(connection, [point.id for point in points], day)
        _rename(collection, points, values, names)
    writer = LayerWriter(collection.id, tile_keys(collection), own_keys(collection))
    for point, x, y, own in zip(points, across, down, values, strict=True):
        writer.add_point(point.id, x, y, own)
    return writer.content()


def _rename(
    collection: Collection,
    points: Sequence[_Point],
    values: Sequence[list[Any]],
    names: Mapping[int, str],
) -> None:
    """Names of another day; their spelling in other letters is not known here."""
    keys = tile_keys(collection)
    name, romanization = keys.index("name"), keys.index("romanization")
    for point, own in zip(points, values, strict=True):
        if point.id in names:
            own[name], own[romanization] = names[point.id], None


def _points(
    connection: Connection, collection: Collection, grid: Grid, tile: Tile, day: date
) -> list[_Point]:
    fineness = grid.fineness(tile.level)
    shift = _ID_BITS + 2 * (ORDER - fineness - _FINER) if fineness < WHOLE_FROM else 0
    area = _area(grid, tile)
    plane = plane_of(connection)
    found, some_wait = _ask(connection, collection, plane, area, shift, day.isoformat())
    if some_wait:
        waiting = _waiting(connection, collection, plane, area, shift, day.isoformat())
        found = _first_of_each([*found, *waiting])
    found.sort(key=itemgetter(1))
    return found


def _first_of_each(points: Sequence[_Point]) -> list[_Point]:
    best: dict[int, _Point] = {}
    for point in points:
        known = best.get(point.square)
        if known is None or point.place_in_line < known.place_in_line:
            best[point.square] = point
    return list(best.values())


def _area(grid: Grid, tile: Tile) -> Box:
    """The box of a tile; west and north edges belong to it, the world's last ones too."""
    box = grid.box(tile)
    east = 181.0 if box.max_x >= 180.0 else box.max_x  # noqa: PLR2004 - the world's edge
    south = -91.0 if tile.row + 1 == 1 << tile.level else box.min_y
    return Box(box.min_x, south, east, 91.0 if tile.row == 0 else box.max_y)


def _ask(
    connection: Connection, collection: Collection, plane: Plane, area: Box, shift: int, day: str
) -> tuple[list[_Point], bool]:
    """The points that are rendered, and whether any record of the layer waits to be."""
    ranges = ranges_of(plane, area.min_x, area.min_y, area.max_x, area.max_y)
    bound: dict[str, Any] = {
        "west": area.min_x, "south": area.min_y, "east": area.max_x, "north": area.max_y,
        "day": day,
    }  # fmt: skip
    keys = [(low << _ID_BITS, (high + 1 << _ID_BITS) - 1) for low, high in ranges]
    dialect = connection.dialect.name
    if dialect == "sqlite":
        for number, (low, high) in enumerate(keys):
            bound[f"low{number}"], bound[f"high{number}"] = low, high
    else:
        bound["lows"], bound["highs"] = [low for low, _ in keys], [high for _, high in keys]
    layer, waiting = collection.table.name, f"EXISTS (SELECT 1 FROM {collection.unrendered.name})"
    if dialect == "sqlite":
        rows = fetch(connection, _of_file(layer, len(keys), shift), bound)
        some_wait = fetch(connection, f"SELECT {waiting}", {})[0][0]
        return [_Point(*row) for row in rows], bool(some_wait)
    *packed, some_wait = fetch(connection, _of_server(layer, waiting, shift), bound)[0]
    return _unpacked(*packed), some_wait


def _unpacked(numbers: bytes | None, positions: bytes, properties: bytes) -> list[_Point]:
    """The points that a server has put together in one row; without any, `numbers` is None."""
    if numbers is None:
        return []
    squares, places, ids = np.frombuffer(numbers, ">i8").reshape(-1, 3).T.tolist()
    x, y = np.frombuffer(positions, ">f8").reshape(-1, 2).T.tolist()
    each = zip(squares, places, ids, x, y, properties.split(b"\n"), strict=True)
    return list(map(_Point._make, each))


_INSIDE: Final = (
    "r.x >= :west AND r.x < :east AND r.y > :south AND r.y <= :north"
    " AND (r.since IS NULL OR r.since <= :day) AND (r.until IS NULL OR r.until > :day)"
)


@cache
def _of_file(layer: str, ranges: int, shift: int) -> str:
    wanted = ", ".join(f"(:low{n}, :high{n})" for n in range(ranges))
    found = (
        f"FROM (VALUES {wanted}) w CROSS JOIN {layer}_tiled r"
        f" ON r.key BETWEEN w.column1 AND w.column2 WHERE {_INSIDE}"
    )
    if not shift:
        return f"SELECT r.key, r.place_in_line, r.id, r.x, r.y, r.properties {found}"
    # Beside one min() the other columns are those of its row.
    return (
        f"SELECT r.key >> {shift}, min(r.place_in_line), r.id, r.x, r.y, r.properties {found}"
        f" GROUP BY r.key >> {shift}"
    )


@cache
def _of_server(layer: str, waiting: str, shift: int) -> str:
    square = f"r.key >> {shift}" if shift else "r.key"
    first = f"DISTINCT ON ({square})" if shift else ""
    # OFFSET 0 keeps range after range on the index: joined, PostgreSQL read the whole table. One
    # row of packed numbers costs the driver less than a row for each point, and the same row says
    # whether records wait: another statement would be another way there and back.
    return (
        "SELECT string_agg(int8send(square) || int8send(place_in_line) || int8send(id), ''),"
        " string_agg(float8send(x) || float8send(y), ''), string_agg(properties, '\\x0a'),"
        f" {waiting}"
        f" FROM (SELECT {first} {square} AS square, r.place_in_line, r.id, r.x, r.y, r.properties"
        " FROM unnest(CAST(:lows AS bigint[]), CAST(:highs AS bigint[])) w(low, high)"
        f" CROSS JOIN LATERAL (SELECT * FROM {layer}_tiled r"
        f" WHERE r.key BETWEEN w.low AND w.high AND {_INSIDE} OFFSET 0) r"
        f" ORDER BY {square}, r.place_in_line) shown"
    )


def _waiting(
    connection: Connection,
    collection: Collection,
    plane: Plane,
    area: Box,
    shift: int,
    day: str,
) -> list[_Point]:
    """What other programs have written and nobody has rendered yet."""
    table, waiting = collection.table, collection.unrendered
    found: list[_Point] = []
    wanted = table.c.id.in_(select(waiting.c.id))
    statement = select(table).where(wanted, table.c.geom.is_not(None))
    for row in connection.execute(statement).mappings():
        if row["geom"] is None:  # it cannot be read
            continue
        x, y = point_xy(row["geom"])
        key = key_of(int(cells_of(plane, [x], [y])[0]), row["id"])
        made = tiled_point(collection, dict(row), key, x, y)
        if _holds(area, x, y) and _is_shown(made, day):
            found.append(
                _Point(key >> shift, made["place_in_line"], row["id"], x, y, made["properties"])
            )
    return found


def _holds(area: Box, x: float, y: float) -> bool:
    return area.min_x <= x < area.max_x and area.min_y < y <= area.max_y


def _is_shown(made: Mapping[str, Any], day: str) -> bool:
    since, until = made["since"], made["until"]
    return (since is None or since <= day) and (until is None or until > day)
