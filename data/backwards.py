"""Where the page before a page begins: the way back along the same keys.

A cursor that begins with `-` asks for the page that ends where the page of the rest begins. Its
first key is looked for from there backwards, then the page is read forwards as any other, so that
both directions give the same features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, text

from data import boxes
from data.asking import Conditions, ItemsQuery
from data.curve import cells_of
from data.errors import InvalidValue
from data.geometry import point_xy
from data.points import PointsQuery, key_of, keys_before, parse_key
from data.sorting import SortedQuery, rows_before

if TYPE_CHECKING:
    from data.collection import Collection
    from data.curve import Plane

BACK: Final = "-"


@dataclass(frozen=True, slots=True)
class Before:
    """A page that ends somewhere.

    Attributes:
        cursor: where it begins, for reading forwards; empty for the very first.
        count: how many it has.
        prev_cursor: what the page before it ends with; None where it is the first.
    """

    cursor: str
    count: int
    prev_cursor: str | None


def back_from(query: ItemsQuery) -> str | None:
    """The cursor of the page before one; None before the first, and with an offset."""
    return f"{BACK}{query.cursor}" if query.cursor and not query.offset else None


def ids_before(
    connection: Connection, collection: "Collection", query: ItemsQuery, asked: Conditions
) -> Before:
    """The page before, in the order of ids.

    Raises:
        InvalidValue: the cursor is none.
    """
    end = query.cursor.removeprefix(BACK)
    if not (end.isascii() and end.isdigit() and len(end) < 19):  # noqa: PLR2004 - 64 bits
        raise InvalidValue(
            "cursor", query.cursor, "it comes from a page's link", "follow it",
            "cursor 来自页面的链接；请沿该链接翻页",
        )  # fmt: skip
    found = boxes.ids_before(
        connection, collection.table, asked.box, asked.where, asked.values, int(end),
        query.limit + 1,
    )  # fmt: skip
    return _before(found, query.limit, str)


def points_before(
    connection: Connection,
    collection: "Collection",
    plane: "Plane",
    query: ItemsQuery,
    asked: Conditions,
) -> Before:
    """The page before, in the order of the curve.

    Raises:
        InvalidValue: the cursor is none.
    """
    end = parse_key(query.cursor.removeprefix(BACK))
    box = asked.box or query.box
    assert box is not None  # noqa: S101 - points in the order of the curve lie in a box
    wanted = PointsQuery(
        collection.table.name, box, asked.where, asked.values, 0, query.limit + 1,
        chosen=asked.chosen,
    )  # fmt: skip
    keys = keys_before(connection, plane, wanted, end)
    keys += _waiting_keys(connection, collection, plane, wanted, end)
    keys = sorted(set(keys), reverse=True)[: query.limit + 1]
    page = keys[: query.limit]
    if not page:
        return Before("", 0, None)
    more = len(keys) > query.limit
    first = str(page[-1])
    return Before(first if more else "", len(page), f"{BACK}{first}" if more else None)


def _waiting_keys(
    connection: Connection,
    collection: "Collection",
    plane: "Plane",
    wanted: PointsQuery,
    end: int,
) -> list[int]:
    """Keys of what other programs have written and nobody has rendered."""
    table, waiting = collection.table, collection.unrendered
    where = " AND ".join(["t.geom IS NOT NULL", *wanted.where])
    ids = connection.execute(
        text(f"SELECT t.id FROM {table.name} t JOIN {waiting.name} u ON u.id = t.id WHERE {where}"),
        dict(wanted.values),
    ).scalars()
    found = []
    for identity in ids.all():
        row = connection.execute(table.select().where(table.c.id == identity)).mappings().one()
        if row["geom"] is None:
            continue
        x, y = point_xy(row["geom"])
        key = key_of(int(cells_of(plane, [x], [y])[0]), identity)
        if wanted.box.holds(x, y) and key < end:
            found.append(key)
    return found


def sorted_before(connection: Connection, query: SortedQuery) -> Before:
    """The page before, in an order of properties.

    Raises:
        InvalidValue: the cursor is of no page in this order.
    """
    found, cursor_of = rows_before(connection, query)
    return _before(found, query.limit, cursor_of)


def _before(found: Sequence[Any], limit: int, cursor_of: Any) -> Before:
    """Of keys that go backwards from the end: a page of them, and what stands before it."""
    if len(found) <= limit:
        return Before("", len(found), None)
    cursor = cursor_of(found[limit])
    return Before(cursor, limit, f"{BACK}{cursor}")
