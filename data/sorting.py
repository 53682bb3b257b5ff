"""Pages in the order of properties: keyset paging on the sort keys and the id.

What has no value for a key comes after everything that has one, whichever way the key runs. One key
is walked along its own index; of several keys the first one's index serves, the others are sorted.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection

from data.errors import InvalidValue
from data.hot import fetch

MAX_KEYS = 3
_MARK = "s"


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of an order.

    Attributes:
        column: a column of the layer.
        kind: what it holds: text, integer, number, flag or date.
        descending: from the greatest down.
    """

    column: str
    kind: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class SortedQuery:
    """A page of ids in an order.

    Attributes:
        layer: the layer's table.
        keys: the order; the id follows as the last key, always upwards.
        where: conditions on the layer `t`.
        values: what they bind.
        cursor: where the page begins; empty for the first.
        offset: how many to pass over.
        limit: most ids.
    """

    layer: str
    keys: tuple[SortKey, ...]
    where: Sequence[str]
    values: Mapping[str, Any]
    cursor: str
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class _Walk:
    """One walk: what it asks beside the query, how it goes, what it binds."""

    where: Sequence[str]
    order: str
    values: Mapping[str, Any]


def read_sorted(connection: Connection, query: SortedQuery) -> tuple[list[int], str | None]:
    """The ids of a page, and the cursor of the next one; None on the last page.

    Raises:
        InvalidValue: the cursor is of no page in this order.
    """
    rows = _rows(connection, query)[query.offset :]
    page = rows[: query.limit]
    following = _cursor(page[-1]) if len(rows) > query.limit else None
    return [row[-1] for row in page], following


def rows_before(
    connection: Connection, query: SortedQuery
) -> tuple[list[Sequence[Any]], Callable[[Sequence[Any]], str]]:
    """The rows up to the one that a backward cursor names, it first, at most `limit` and one more.

    Also what makes the cursor of a row.

    Raises:
        InvalidValue: the cursor is of no page in this order.
    """
    upto = _read_cursor(replace(query, cursor=query.cursor[1:]))
    embedded, wanted = connection.dialect.name == "sqlite", query.limit + 1
    if len(query.keys) > 1:
        return _read(connection, query, _several_back(query, upto, embedded=embedded), wanted), (
            _cursor
        )
    (key,) = query.keys
    rows: list[Sequence[Any]] = []
    if upto[0] is None:
        rows = _read(connection, query, _without_back(key, upto), wanted)
        upto = ()
    if len(rows) < wanted:
        walk = _valued_back(key, upto, embedded=embedded)
        rows += _read(connection, query, walk, wanted - len(rows))
    return rows, _cursor


def _valued_back(key: SortKey, upto: Sequence[Any], *, embedded: bool) -> _Walk:
    column = f't."{key.column}"'
    order = f"{column}{'' if key.descending else ' DESC'}, t.id DESC"
    where = [f'(t."{key.column}" IS NOT NULL)']
    if not upto:
        return _Walk(where, order, {})
    value = _placeholder(key, "sort_0", embedded=embedded)
    nearer = ">" if key.descending else "<"
    where += [
        f"({column} {nearer}= {value})",
        f"({column} {nearer} {value} OR t.id <= :sort_id)",
    ]
    return _Walk(where, order, {"sort_0": upto[0], "sort_id": upto[1]})


def _without_back(key: SortKey, upto: Sequence[Any]) -> _Walk:
    where = [f'(t."{key.column}" IS NULL)', "(t.id <= :sort_id)"]
    return _Walk(where, "t.id DESC", {"sort_id": upto[1]})


def _several_back(query: SortedQuery, upto: Sequence[Any], *, embedded: bool) -> _Walk:
    """Everything that does not come after a row, in the opposite order."""
    onwards = _several(query, upto, embedded=embedded)
    (beyond,) = onwards.where
    columns = [f't."{key.column}"' for key in query.keys]
    order = ", ".join(
        f'(t."{key.column}" IS NULL) DESC, {column}{"" if key.descending else " DESC"}'
        for key, column in zip(query.keys, columns, strict=True)
    )
    return _Walk([f"(NOT COALESCE({beyond}, FALSE))"], f"{order}, t.id DESC", onwards.values)


def _rows(connection: Connection, query: SortedQuery) -> list[Sequence[Any]]:
    wanted = query.offset + query.limit + 1
    embedded = connection.dialect.name == "sqlite"
    after = _read_cursor(query) if query.cursor else None
    if len(query.keys) > 1:
        return _read(connection, query, _several(query, after, embedded=embedded), wanted)
    (key,) = query.keys
    rows: list[Sequence[Any]] = []
    if after is None or after[0] is not None:
        rows = _read(connection, query, _valued(key, after, embedded=embedded), wanted)
        after = None
    if len(rows) < wanted:
        rows += _read(connection, query, _without(key, after), wanted - len(rows))
    return rows


def _read(
    connection: Connection, query: SortedQuery, walk: _Walk, limit: int
) -> list[Sequence[Any]]:
    columns = ", ".join(f't."{key.column}"' for key in query.keys)
    conditions = " AND ".join([*query.where, *walk.where]) or "1 = 1"
    sql = (
        f"SELECT {columns}, t.id FROM {query.layer} t WHERE {conditions}"
        f" ORDER BY {walk.order} LIMIT :sort_limit"
    )
    bound = {**query.values, **walk.values, "sort_limit": limit}
    return list(fetch(connection, sql, bound))


def _placeholder(key: SortKey, name: str, *, embedded: bool) -> str:
    if embedded:
        return f":{name}"
    kinds = {"text": "text", "integer": "bigint", "number": "double precision"}
    cast = kinds.get(key.kind, "boolean" if key.kind == "flag" else "date")
    return f"CAST(:{name} AS {cast})"


def _valued(key: SortKey, after: Sequence[Any] | None, *, embedded: bool) -> _Walk:
    column = f't."{key.column}"'
    down = " DESC" if key.descending else ""
    order = f"{column}{down}, t.id"
    where = [f'(t."{key.column}" IS NOT NULL)']
    if after is None:
        return _Walk(where, order, {})
    value = _placeholder(key, "sort_0", embedded=embedded)
    beyond = "<" if key.descending else ">"
    # The bare comparison is what the index serves; the rest settles equal values.
    where += [
        f"({column} {beyond}= {value})",
        f"({column} {beyond} {value} OR t.id > :sort_id)",
    ]
    return _Walk(where, order, {"sort_0": after[0], "sort_id": after[1]})


def _without(key: SortKey, after: Sequence[Any] | None) -> _Walk:
    where = [f'(t."{key.column}" IS NULL)', "(t.id > :sort_id)"]
    return _Walk(where, "t.id", {"sort_id": 0 if after is None else after[1]})


def _several(query: SortedQuery, after: Sequence[Any] | None, *, embedded: bool) -> _Walk:
    columns = [f't."{key.column}"' for key in query.keys]
    order = ", ".join(
        f'(t."{key.column}" IS NULL), {column}{" DESC" if key.descending else ""}'
        for key, column in zip(query.keys, columns, strict=True)
    )
    if after is None:
        return _Walk([], f"{order}, t.id", {})
    values: dict[str, Any] = {"sort_id": after[-1]}
    beyond: list[str] = []
    equal: list[str] = []
    for place, (key, column) in enumerate(zip(query.keys, columns, strict=True)):
        known = after[place]
        value = _placeholder(key, f"sort_{place}", embedded=embedded)
        if known is not None:
            values[f"sort_{place}"] = known
            sign = "<" if key.descending else ">"
            step = f"({column} {sign} {value} OR {column} IS NULL)"
            beyond.append(" AND ".join([*equal, step]))
        equal.append(f"{column} IS NULL" if known is None else f"{column} = {value}")
    beyond.append(" AND ".join([*equal, "t.id > :sort_id"]))
    return _Walk([f"(({') OR ('.join(beyond)}))"], f"{order}, t.id", values)


def _cursor(row: Sequence[Any]) -> str:
    text = orjson.dumps([value if value is None else _plain(value) for value in row])
    return _MARK + urlsafe_b64encode(text).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) else str(value)


def _read_cursor(query: SortedQuery) -> Sequence[Any]:
    values = _decoded(query.cursor)
    fits = len(values) == len(query.keys) + 1 and isinstance(values[-1], int)
    fits = fits and all(_is_storable(value) for value in values)
    if fits and all(map(_is_of, query.keys, values)):
        return values
    raise InvalidValue(
        "cursor", query.cursor, "it comes from a page's link", "follow that link",
        "cursor 来自页面的链接；请沿该链接翻页",
    )  # fmt: skip


def _decoded(cursor: str) -> list[Any]:
    """What a cursor holds; nothing where it is none."""
    if not cursor.startswith(_MARK):
        return []
    text = cursor[len(_MARK) :]
    try:
        read = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return []
    return read if isinstance(read, list) else []


_TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "date": (str,),
    "integer": (int,),
    "number": (int, float),
    "flag": (bool, int),
}


def _is_of(key: SortKey, value: Any) -> bool:
    if value is None:
        return True
    if key.kind == "date":
        return isinstance(value, str) and _is_day(value)
    return isinstance(value, _TYPES[key.kind])


def _is_storable(value: Any) -> bool:
    """Whether a store's whole numbers, of 64 bits, hold it; JSON's reach farther."""
    return not isinstance(value, int) or abs(value) < 1 << 63


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
