"""The points of a layer in a small box, with what tiles show of them: a few stretches of the curve.

For what is asked about one position after another: no answer is worth keeping.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from data.boxes import inside
from data.collection import Collection, plane_of
from data.curve import squares_of
from data.geometry import Box, point_xy
from data.hot import fetch
from data.points import keys_between
from data.tile_rows import tile_values

_WAITING: Final = 4
"""The column that says whether some records wait."""


def points_in(connection: Connection, collection: Collection, box: Box, most: int) -> Sequence[Any]:
    """The points of a layer in a box, at most `most`, what other programs have written among them.

    Returns:
        Rows that begin with the record's id, x, y (in the store's system) and what tiles show of
        it: a JSON list (UTF-8) in the order of `data.tile_rows.tile_keys`.
    """
    rows: Sequence[Any] = ()
    for part in box.parts():
        found = _read(connection, collection.table.name, part, most)
        rows = [*rows, *found] if rows else found
    if rows[0][_WAITING] if rows else _is_waiting(connection, collection):
        return [*rows, *_waiting(connection, collection, box, most)][:most]
    return rows


def _read(connection: Connection, layer: str, box: Box, most: int) -> Sequence[Any]:
    west, south, east, north = box.min_x, box.min_y, box.max_x, box.max_y
    cells = squares_of(plane_of(connection), west, south, east, north)
    keys = [keys_between(low, high) for low, high in cells]
    values: Any
    if connection.dialect.name == "sqlite":
        values = (*chain.from_iterable(keys), west, east, south, north, most)
        return fetch(connection, _of_file(layer, len(keys)), values)
    values = {"west": west, "east": east, "south": south, "north": north, "most": most}
    values["lows"], values["highs"] = [low for low, _ in keys], [high for _, high in keys]
    return fetch(connection, _of_server(layer), values, prepared=True)


@cache
def _of_file(layer: str, ranges: int) -> str:
    return (
        f"SELECT {_columns(layer)} FROM (VALUES {', '.join(['(?, ?)'] * ranges)}) w"
        f" CROSS JOIN {layer}_tiled r ON r.key BETWEEN w.column1 AND w.column2"
        " WHERE r.x BETWEEN ? AND ? AND r.y BETWEEN ? AND ? LIMIT ?"
    )


@cache
def _of_server(layer: str) -> str:
    # OFFSET 0 keeps range after range on the index: joined, PostgreSQL read the whole table.
    return (
        f"SELECT {_columns(layer)} FROM unnest(CAST(:lows AS bigint[]), CAST(:highs AS bigint[]))"
        f" w(low, high) CROSS JOIN LATERAL (SELECT * FROM {layer}_tiled r"
        " WHERE r.key BETWEEN w.low AND w.high AND r.x BETWEEN :west AND :east"
        " AND r.y BETWEEN :south AND :north OFFSET 0) r LIMIT :most"
    )


def _columns(layer: str) -> str:
    return f"r.id, r.x, r.y, r.properties, EXISTS (SELECT 1 FROM {layer}_unrendered)"


def _is_waiting(connection: Connection, collection: Collection) -> bool:
    sql = f"SELECT EXISTS (SELECT 1 FROM {collection.unrendered.name})"
    return bool(fetch(connection, sql, {})[0][0])


def _waiting(
    connection: Connection, collection: Collection, box: Box, most: int
) -> Iterator[tuple[Any, ...]]:
    """What other programs have written and nobody has rendered yet."""
    table = collection.table
    conditions, bound = inside(connection, table, box)
    held = " AND ".join([f"t.id IN (SELECT id FROM {collection.unrendered.name})", *conditions])
    sql = f"SELECT t.id FROM {table.name} t WHERE {held} ORDER BY t.id LIMIT :most"
    ids = [row[0] for row in fetch(connection, sql, bound | {"most": most})]
    for row in connection.execute(select(table).where(table.c.id.in_(ids))).mappings():
        if row["geom"] is not None:  # it can be read
            shown = orjson.dumps(tile_values(collection, dict(row)))
            yield row["id"], *point_xy(row["geom"]), shown, True
