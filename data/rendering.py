"""Keep each layer's records rendered as the GeoJSON that readers get."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, exists, select

from data.bulk import copy_rows
from data.collection import Collection, plane_of
from data.curve import Plane, cells_of
from data.geometry import POINT, point_xy
from data.tables import metadata

_NOWHERE = -1
"""The cell of a record without a position: before the curve's first, in no box."""


def render(
    connection: Connection, collection: Collection, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write the rendered text of records that have none."""
    if not rows:
        return
    rendered = [{"id": row["id"], "json": collection.render(row)} for row in rows]
    if collection.table.info["kind"] == POINT:
        _place(plane_of(connection), rendered, rows)
    copy_rows(connection, collection.rendered, rendered)
    # Written one by one, the records have been put on the waiting list by the insert's trigger.
    waiting = collection.unrendered
    ids = [row["id"] for row in rows]
    connection.execute(delete(waiting).where(waiting.c.id.between(min(ids), max(ids))))


def _place(
    plane: Plane, rendered: Sequence[dict[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> None:
    points = [None if row["geom"] is None else point_xy(row["geom"]) for row in rows]
    known = [point for point in points if point is not None]
    cells = iter(cells_of(plane, *zip(*known, strict=True)).tolist() if known else ())
    for target, point in zip(rendered, points, strict=True):
        target["x"], target["y"] = point or (None, None)
        target["cell"] = _NOWHERE if point is None else next(cells)


def collections() -> list[Collection]:
    """The collection of every layer that is published."""
    published = (table.info.get("collection") for table in metadata.sorted_tables)
    return [collection for collection in published if collection is not None]


def catch_up(connection: Connection, collection: Collection) -> None:
    """Render what other programs have written; within a writing transaction."""
    waiting = collection.unrendered
    table = collection.table
    rows = connection.execute(select(table).join(waiting, waiting.c.id == table.c.id)).mappings()
    render(connection, collection, [dict(row) for row in rows])
    connection.execute(delete(waiting))


def is_behind(connection: Connection, collection: Collection) -> bool:
    """Whether other programs have written what is not rendered yet."""
    return bool(connection.scalar(select(exists(select(collection.unrendered.c.id)))))
