"""The page of a marker: where it stands, its inspections, its repairs, its line."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection

from boundary import (
    INSPECTIONS,
    LINES,
    LinesQuery,
    RepairsQuery,
    line_page,
    list_lines,
    list_repairs,
)
from data import ItemsQuery, SortKey, Store, read_item, read_page
from web.pages.lines import line_map
from web.pages.sensors import sensor_part

_MOST = 200
_NEWEST_FIRST = (
    SortKey("observed_on", "date", descending=True),
    SortKey("id", "integer", descending=True),
)


def marker_extras(
    store: Store, connection: Connection, document: Mapping[str, Any], lang: str, today: date
) -> dict[str, Any]:
    """What a marker's page shows beside its document.

    Args:
        store: the open store.
        connection: a reading connection.
        document: the marker's document.
        lang: of the words.
        today: the calendar day by which orders are overdue.
    """
    identity = document["id"]
    sheet = {one["field"]: one["value"] for one in document["sheet"]}
    asked = ItemsQuery(limit=_MOST, filters={"marker_id": identity}, sort=_NEWEST_FIRST)
    found = read_page(connection, INSPECTIONS, asked)
    inspections = [one["properties"] for one in map(orjson.loads, found.features)]
    line = _line_of(connection, sheet.get("line_code"))
    extras: dict[str, Any] = {
        "values": sheet,
        "inspections": inspections,
        "has_older": found.next_cursor is not None,
        "repairs": list_repairs(connection, RepairsQuery(marker_id=identity), today),
        "sensor": sensor_part(connection, identity, lang),
        "line": None,
        "before": None,
        "after": None,
        "map": None,
    }
    if line is None:
        return extras
    page = line_page(connection, line["id"], store.crs, today)
    shape = orjson.loads(read_item(connection, LINES, line["id"]))["geometry"]
    order = [one["id"] for one in page["markers"]]
    at = order.index(identity) if identity in order else None
    return extras | {
        "line": line,
        "before": page["markers"][at - 1] if at else None,
        "after": page["markers"][at + 1] if at is not None and at + 1 < len(order) else None,
        "map": line_map(connection, page, shape, lang, only=identity),
    }


def _line_of(connection: Connection, code: str | None) -> dict[str, Any] | None:
    found = list_lines(connection, LinesQuery(name=code, limit=1)) if code else []
    return found[0] if found else None
