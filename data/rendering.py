"""Keep each layer's records rendered as the GeoJSON that readers get."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, delete, select, type_coerce
from sqlalchemy.types import NullType

from data.bulk import copy_rows
from data.coarse import keep_coarse
from data.collection import Collection, plane_of
from data.curve import Plane, cells_of
from data.days import Day, readable_day
from data.errors import Fault, InvalidValue
from data.geometry import POINT, decode_gpkg, point_xy
from data.hot import execute
from data.layer_marks import mark_change
from data.points import MOST_ID, NOWHERE, key_of
from data.release_state import read_state
from data.releases import copies_of
from data.tables import chosen_columns, metadata
from data.tile_rows import tiled_points
from data.wrong_days import wrong_day, wrong_days

_BATCH = 1_000


def render(
    connection: Connection, collection: Collection, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write the rendered text of records that have none."""
    if not rows:
        return
    rendered = [{"id": row["id"], "json": collection.render(row)} for row in rows]
    if collection.table.info["kind"] == POINT:
        _place(plane_of(connection), rendered, rows)
        choose(collection.table, rendered, rows)
    copy_rows(connection, collection.rendered, rendered)
    if collection.table.info["kind"] == POINT:
        copy_rows(connection, collection.points_tiled, tiled_points(collection, rendered, rows))
    if copies_of(collection.table) is not None:
        rule = read_state(connection).rule(collection.table.name)
        keep_coarse(connection, collection, rule, rows)
    # Written one by one, the records have been put on the waiting list by the insert's trigger.
    _wait_no_longer(connection, collection, [row["id"] for row in rows])


def _wait_no_longer(connection: Connection, collection: Collection, ids: Sequence[int]) -> None:
    waiting = collection.unrendered
    low, high = min(ids), max(ids)
    if high - low + 1 == len(ids):
        sql = f"DELETE FROM {waiting.name} WHERE id BETWEEN :low AND :high"
        execute(connection, sql, {"low": low, "high": high})
    else:
        connection.execute(delete(waiting).where(waiting.c.id.in_(ids)))


def _place(
    plane: Plane, rendered: Sequence[dict[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> None:
    points = [None if row["geom"] is None else point_xy(row["geom"]) for row in rows]
    known = [point for point in points if point is not None]
    cells = iter(cells_of(plane, *zip(*known, strict=True)).tolist() if known else ())
    for target, point in zip(rendered, points, strict=True):
        target["x"], target["y"] = point or (None, None)
        target["key"] = key_of(NOWHERE if point is None else next(cells), target["id"])


def choose(
    layer: Table, rendered: Sequence[dict[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Put beside the texts what they are chosen by."""
    for name in chosen_columns(layer):
        for target, row in zip(rendered, rows, strict=True):
            target[name] = row[name]


def collections() -> list[Collection]:
    """The collection of every layer that is published."""
    published = (table.info.get("collection") for table in metadata.sorted_tables)
    return [collection for collection in published if collection is not None]


def is_behind(connection: Connection, collection: Collection) -> bool:
    """Whether other programs have written what is not rendered yet and can be."""
    table = collection.table
    return any(
        len(_unreadable(connection, table, ids)) < len(ids)
        for ids in _waiting(connection, collection)
    )


def catch_up(
    connection: Connection,
    collection: Collection,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> None:
    """Render what other programs, or an older one, have written; within a writing transaction.

    Records whose geometry or date cannot be read go on waiting.

    Args:
        connection: one that writes.
        collection: of the layer.
        progress: told how many of how many records have been looked at.
    """
    table = collection.table
    batches = list(_waiting(connection, collection))
    waiting, seen = sum(map(len, batches)), 0
    for ids in batches:
        progress(seen, waiting)
        seen += len(ids)
        ready = sorted(set(ids) - _unreadable(connection, table, ids).keys())
        if not ready:
            continue
        rows = connection.execute(select(table).where(table.c.id.in_(ready))).mappings()
        render(connection, collection, [dict(row) for row in rows])
        _wait_no_longer(connection, collection, ready)  # also what is no longer there
        mark_change(connection, table.name)


def unreadable_records(connection: Connection) -> list[Fault]:
    """Records of other programs that cannot be shown as they are, and dates that are none.

    Each with the reason.
    """
    records = [
        fault
        for collection in collections()
        for ids in _waiting(connection, collection)
        for fault in _unreadable(connection, collection.table, ids).values()
    ]
    return list(dict.fromkeys([*records, *wrong_days(connection)]))


def _waiting(connection: Connection, collection: Collection) -> Iterator[list[int]]:
    waiting = collection.unrendered.c.id
    ids = iter(connection.scalars(select(waiting).order_by(waiting)).all())
    while batch := list(islice(ids, _BATCH)):
        yield batch


def _unreadable(connection: Connection, table: Table, ids: Sequence[int]) -> dict[int, Fault]:
    """What is wrong with those of the records that cannot be rendered, by id."""
    days = [column for column in table.c if isinstance(column.type, Day)]
    stored = [
        type_coerce(column, NullType()).label(column.name) for column in (table.c.geom, *days)
    ]
    rows = connection.execute(select(table.c.id, *stored).where(table.c.id.in_(ids)))
    embedded = connection.dialect.name == "sqlite"
    faults = {}
    for identity, geom, *told in rows:
        fault = _high_id(table, identity)
        if embedded:
            named = {column.name: day for column, day in zip(days, told, strict=True)}
            fault = fault or _broken(table, identity, geom) or _no_day(table, identity, named)
        if fault:
            faults[identity] = fault
    return faults


def _high_id(table: Table, identity: int) -> Fault | None:
    if table.info["kind"] != POINT or identity <= MOST_ID:
        return None
    return Fault(
        code="id-too-high", zh=f"{table.name} {identity}：编号不得大于 {MOST_ID}；请改用较小的编号",
        en=f"{table.name} {identity}: an id is at most {MOST_ID}; give the record a lower one",
        row=None, column=None, value=str(identity),
    )  # fmt: skip


def _no_day(table: Table, identity: int, days: Mapping[str, object]) -> Fault | None:
    """A column of dates takes any text that another program writes into a file."""
    for name, day in days.items():
        if day is not None and readable_day(day) is None:
            return wrong_day(table.name, str(identity), name, day)
    return None


def _broken(table: Table, identity: int, geom: Any) -> Fault | None:
    """PostGIS reads every geometry before it keeps it; a file takes what a program writes."""
    try:
        if geom is not None:
            decode_gpkg(geom, table.info["kind"])
    except InvalidValue as error:
        return Fault(
            code="broken-geometry", zh=f"{table.name} {identity}：{error.zh}",
            en=f"{table.name} {identity}: {error.message}",
            row=None, column=None, value=str(error.value),
        )  # fmt: skip
    return None
