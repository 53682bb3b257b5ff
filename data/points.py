"""Points in a box, in the order of the Hilbert curve: read side by side, page after page.

A rendered point's key is its cell on the curve, then its id; it is the table's own row number,
so that a range of cells is one stretch of the table. Both stores keep the same keys, so the same
cursors continue a page on either.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection

from data.asking import equals
from data.curve import Plane, merged, ranges_of
from data.errors import InvalidValue
from data.geometry import Box
from data.hot import fetch, finds_views

_ID_BITS = 31
_KEY_DIGITS = 19
MOST_ID = (1 << _ID_BITS) - 1
"""The highest id that has a place on the curve."""
NOWHERE = -1
"""The cell of a record without a position: before the curve's first, in no box."""


def key_of(cell: int, identity: int) -> int:
    """A point's place in the order.

    >>> key_of(1, 5) - key_of(0, 5), key_of(NOWHERE, 7) < 0
    (2147483648, True)
    """
    return (cell << _ID_BITS) + identity


def keys_between(low: int, high: int) -> tuple[int, int]:
    """The lowest and the highest key that a point in a range of cells may have.

    >>> low, high = keys_between(3, 4)
    >>> low <= key_of(3, 0), key_of(4, MOST_ID) <= high
    (True, True)
    """
    return low << _ID_BITS, (high + 1 << _ID_BITS) - 1


class PointsQuery(NamedTuple):
    """Points of one layer in a box.

    Attributes:
        layer: the layer's table.
        box: the box.
        where: conditions on the layer `t`.
        values: what the conditions bind.
        first: the key to begin with.
        limit: most points.
        offset: how many to pass over.
        chosen: columns of which `where` says that they equal a value, and that stand beside the
            texts too: they are asked there, by an index that goes along the curve.
    """

    layer: str
    box: Box
    where: tuple[str, ...]
    values: Mapping[str, Any]
    first: int
    limit: int
    offset: int = 0
    chosen: tuple[str, ...] = ()


class Run(NamedTuple):
    """Points that follow one another.

    Attributes:
        text: their rendered texts (UTF-8), joined by commas.
        number: how many they are.
        last_key: the key of the last; None where there is none.
        last_size: the length of the last one's text.
        waiting: whether other programs have written points that are not rendered and so not here.
    """

    text: bytes
    number: int
    last_key: int | None
    last_size: int
    waiting: bool


def parse_key(text: str) -> int:
    """The key that a page's link continues with.

    Raises:
        InvalidValue: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _KEY_DIGITS and int(text) < 1 << 63):
        raise InvalidValue(
            "cursor", text, "it comes from a page's link", "follow that link",
            "cursor 来自页面的链接；请沿该链接翻页",
        )  # fmt: skip
    return int(text)


def read_run(connection: Connection, plane: Plane, query: PointsQuery) -> Run:
    """The first points of a query as one text: no object for each of them on the way."""
    ((number, last_key, last_size, text, waiting),) = _ask(connection, plane, query, whole=True)
    return Run(text or b"", number, last_key, last_size or 0, bool(waiting))


def read_keyed(connection: Connection, plane: Plane, query: PointsQuery) -> list[tuple[int, bytes]]:
    """The same one by one: key and rendered text, ascending."""
    return list(_ask(connection, plane, query, whole=False))


def keys_before(connection: Connection, plane: Plane, query: PointsQuery, end: int) -> list[int]:
    """Keys of a query's points below `end`, the nearest first, at most `query.limit`."""
    parts = query.box.parts()
    bound: dict[str, Any] = dict(query.values)
    for number, part in enumerate(parts):
        bound[f"west{number}"], bound[f"south{number}"] = part.min_x, part.min_y
        bound[f"east{number}"], bound[f"north{number}"] = part.max_x, part.max_y
    beside = _beside(query, connection.dialect.name)
    shape = _Shape("", query.layer, _elsewhere(query), len(parts), 0, beside, whole=False)
    joined = f"JOIN {query.layer} t ON t.id = r.id" if shape.where else ""
    statement = (
        f"SELECT r.key FROM {query.layer}_rendered r {joined} WHERE r.key BETWEEN :low AND :high"
        f" AND {_conditions(shape)} ORDER BY r.key DESC LIMIT :limit"
    )
    found: list[int] = []
    for low, high in reversed(_ranges(plane, parts, 0)):
        if low < end and len(found) < query.limit:
            walk = {"low": low, "high": min(high, end - 1), "limit": query.limit - len(found)}
            found += [row[0] for row in fetch(connection, statement, bound | walk)]
    return found


def read_run_by_id(connection: Connection, layer: str, after: int, limit: int, offset: int) -> Run:
    """The first records of a whole layer after one, in the order of their ids, as one text."""
    bound = {"after": after, "limit": limit, "offset": offset}
    statement = _run_by_id(connection.dialect.name, layer)
    ((number, last_id, last_size, text, waiting),) = fetch(
        connection, statement, bound, prepared=True
    )
    return Run(text or b"", number, last_id, last_size or 0, bool(waiting))


@lru_cache(maxsize=64)
def _run_by_id(dialect: str, layer: str) -> str:
    page = (
        f"SELECT id AS key, json FROM {layer}_rendered WHERE id > :after"
        " ORDER BY id LIMIT :limit OFFSET :offset"
    )
    return _RUN[dialect].format(layer=layer, page=page)


_RUN = {
    # `json` beside max() is that of the row with the highest key.
    "sqlite": "SELECT count(*), max(key), length(json), CAST(group_concat(json, ',') AS BLOB)"
    ", EXISTS (SELECT 1 FROM {layer}_unrendered) FROM ({page})",
    "postgresql": "SELECT count(*), max(key)"
    ", (array_agg(octet_length(json) ORDER BY key DESC))[1], string_agg(json, ',' ORDER BY key)"
    ", EXISTS (SELECT 1 FROM {layer}_unrendered) FROM ({page}) page",
}


def _ask(connection: Connection, plane: Plane, query: PointsQuery, *, whole: bool) -> Sequence[Any]:
    parts = query.box.parts()
    ranges = _ranges(plane, parts, query.first)
    bound: dict[str, Any] = {**query.values, "limit": query.limit, "offset": query.offset}
    for number, part in enumerate(parts):
        bound[f"west{number}"], bound[f"south{number}"] = part.min_x, part.min_y
        bound[f"east{number}"], bound[f"north{number}"] = part.max_x, part.max_y
    dialect = connection.dialect.name
    if dialect == "sqlite":
        for number, (low, high) in enumerate(ranges):
            bound[f"low{number}"], bound[f"high{number}"] = low, high
    else:
        bound["lows"] = [low for low, _ in ranges]
        bound["highs"] = [high for _, high in ranges]
    where, beside = _elsewhere(query), _beside(query, dialect)
    merged = dialect == "sqlite" and finds_views(connection)
    shape = _Shape(dialect, query.layer, where, len(parts), len(ranges), beside, whole, merged)
    # What the layer itself is asked may lead another way for another value.
    return fetch(connection, _statement(shape), bound, prepared=not shape.where)


class _Shape(NamedTuple):
    """What a statement's text depends on."""

    dialect: str
    layer: str
    where: tuple[str, ...]
    parts: int
    ranges: int
    beside: tuple[str, ...]
    whole: bool
    merged: bool = False
    """Whether the layer may be two tables read as one."""


def _elsewhere(query: PointsQuery) -> tuple[str, ...]:
    """The conditions that only the layer itself can answer."""
    if not query.chosen:
        return query.where
    beside = {equals("t", column) for column in query.chosen}
    return tuple([condition for condition in query.where if condition not in beside])


def _beside(query: PointsQuery, dialect: str) -> tuple[str, ...]:
    """The conditions that what stands beside the texts answers."""
    return tuple([_equals(column, query.values, dialect) for column in query.chosen])


def _equals(column: str, values: Mapping[str, Any], dialect: str) -> str:
    value = values[f"filter_{column}"]
    if dialect == "sqlite" and isinstance(value, bool):
        # Written out, it tells which partial index holds all that is wanted (`data.tables`).
        return f"r.{column} = {value:d}"
    return equals("r", column)


@lru_cache(maxsize=1024)
def _statement(shape: _Shape) -> str:
    page = _page_of_file(shape) if shape.dialect == "sqlite" else _page_of_server(shape)
    return _RUN[shape.dialect].format(layer=shape.layer, page=page) if shape.whole else page


def _ranges(plane: Plane, parts: Sequence[Box], first: int) -> list[tuple[int, int]]:
    """Ranges of keys, ascending, from `first` on."""
    cells = ranges_of(plane, parts[0].min_x, parts[0].min_y, parts[0].max_x, parts[0].max_y)
    for part in parts[1:]:
        more = ranges_of(plane, part.min_x, part.min_y, part.max_x, part.max_y)
        cells = merged(sorted((*cells, *more)))
    keys = [keys_between(low, high) for low, high in cells]
    return [(max(low, first), high) for low, high in keys if high >= first]


def _conditions(shape: _Shape) -> str:
    inside = " OR ".join(
        f"(r.x BETWEEN :west{n} AND :east{n} AND r.y BETWEEN :south{n} AND :north{n})"
        for n in range(shape.parts)
    )
    return " AND ".join((f"({inside})", *shape.beside, *shape.where))


def _page_of_file(shape: _Shape) -> str:
    """Range after range, each in the order of its keys: SQLite walks them as they are written."""
    layer = shape.layer
    joined = f"CROSS JOIN {layer} t ON t.id = r.id" if shape.where else ""
    if not shape.ranges:
        return f"SELECT key, json FROM {layer}_rendered WHERE key IS NULL"
    if shape.merged:
        return _page_of_views(shape, joined)
    wanted = ", ".join(f"(:low{n}, :high{n})" for n in range(shape.ranges))
    return (
        f"SELECT r.key, r.json FROM (VALUES {wanted}) w CROSS JOIN {layer}_rendered r"
        f" ON r.key BETWEEN w.column1 AND w.column2 {joined}"
        f" WHERE {_conditions(shape)} LIMIT :limit OFFSET :offset"
    )


def _page_of_views(shape: _Shape, joined: str) -> str:
    """The same for who sees some records on a grid and others exactly, in two tables.

    SQLite would walk a range through the one and then through the other. Where an order is asked
    for, it merges them row by row, as far as the page goes.
    """
    ranges = [
        f"SELECT * FROM (SELECT r.key, r.json FROM {shape.layer}_rendered r {joined}"
        f" WHERE r.key BETWEEN :low{number} AND :high{number} AND {_conditions(shape)}"
        " ORDER BY r.key LIMIT :limit + :offset)"
        for number in range(shape.ranges)
    ]
    return f"{' UNION ALL '.join(ranges)} LIMIT :limit OFFSET :offset"


def _page_of_server(shape: _Shape) -> str:
    layer = shape.layer
    joined = f"JOIN {layer} t ON t.id = r.id" if shape.where else ""
    # Range after range, as they come, until the page is full: ordered before it is cut, every
    # range would be read for a whole page of its own, the more the denser the points.
    return (
        "SELECT first.key, first.json FROM (SELECT one.key, one.json"
        " FROM unnest(CAST(:lows AS bigint[]), CAST(:highs AS bigint[])) w(low, high)"
        f" CROSS JOIN LATERAL (SELECT r.key, r.json FROM {layer}_rendered r {joined}"
        " WHERE r.key BETWEEN w.low AND w.high"
        f" AND {_conditions(shape)} ORDER BY r.key LIMIT :limit + :offset) one"
        " LIMIT :limit OFFSET :offset) first ORDER BY first.key"
    )
