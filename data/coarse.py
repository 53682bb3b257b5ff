"""Coarse copies of layers whose positions are closed: what a reader gets who may not read them.

A copy has the layer's records and columns, the position on a grid or none at all, and no text that
would tell it. It is made with every write of the layer, has its own indexes and its own rendered
texts, and goes by trigger when another program changes a record: until this program has rendered
that one anew, readers of the copy do not see it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from sqlalchemy import Column, Connection, Index, Table, delete

from data.bulk import copy_rows
from data.collection import Collection, plane_of
from data.curve import cells_of
from data.geometry import POINT, point_wkb, point_xy, to_wkb, wkb_bounds
from data.points import NOWHERE, key_of
from data.releases import Copies, Precision, Rule, copies_of, on_grid
from data.tables import ID, chosen_columns, metadata, rendered_columns, tiled_columns
from data.tile_rows import tiled_points


def coarse_tables(layer: Table) -> Copies:
    """Declare the coarse copy of a layer, and its rendered texts."""
    columns = [Column(one.name, one.type, nullable=True) for one in layer.c if one.name != "id"]
    indexes = [
        Index(f"ix_{layer.name}_coarse_{one.name}", one.name) for one in layer.c if one.index
    ]
    name = f"{layer.name}_coarse"
    coarse = Table(
        name,
        metadata,
        Column("id", ID, primary_key=True, autoincrement=False),
        *columns,
        *indexes,
        info={"kind": layer.info["kind"], "boxes": True},
    )
    rendered = Table(f"{name}_rendered", metadata, *rendered_columns(layer, name))
    tiled = None
    if layer.info["kind"] == POINT:
        tiled = Table(f"{name}_tiled", metadata, *tiled_columns())
    layer.info["coarse"] = Copies(layer, coarse, rendered, tiled)
    return layer.info["coarse"]  # type: ignore[no-any-return]


def coarse_row(rule: Rule, layer: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A record as its copy has it."""
    hidden = {name: None if layer.c[name].nullable else "" for name in rule.masked}
    return dict(row) | hidden | {"geom": coarse_geometry(rule, row["geom"])}


def coarse_geometry(rule: Rule, wkb: bytes | None) -> bytes | None:
    """A geometry as it is shown: as it is, with every point on the grid, or none."""
    if wkb is None or rule.position == Precision.FULL:
        return wkb
    if rule.position == Precision.WITHHELD or rule.grid_deg is None:
        return None
    grid_deg = rule.grid_deg
    if len(wkb) == len(point_wkb(0, 0)):
        return point_wkb(*(on_grid(value, grid_deg) for value in point_xy(wkb)))
    shape = shapely.transform(shapely.from_wkb(wkb), lambda xy: (xy / grid_deg).round() * grid_deg)
    return to_wkb(_without_repeats(shape))


def _without_repeats(shape: shapely.Geometry) -> shapely.Geometry:
    """Lines without points that fell together; a part that fell into one point keeps its ends."""
    return shapely.transform(shapely.remove_repeated_points(shape), lambda xy: xy.round(9))


def keep_coarse(
    connection: Connection, collection: Collection, rule: Rule, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Make the copies of records anew."""
    copies = copies_of(collection.table)
    if copies is None or not rows:
        return
    ids = [row["id"] for row in rows]
    for table in (copies.coarse, copies.rendered):
        connection.execute(delete(table).where(table.c.id.in_(ids)))
    coarse = [coarse_row(rule, copies.layer, row) for row in rows]
    copy_rows(connection, copies.coarse, coarse)
    rendered = _rendered(connection, collection, coarse)
    copy_rows(connection, copies.rendered, rendered)
    if copies.tiled is not None:
        copy_rows(connection, copies.tiled, tiled_points(collection, rendered, coarse))
    if connection.dialect.name == "sqlite":
        _index(connection, copies.coarse.name, coarse)


def _rendered(
    connection: Connection, collection: Collection, rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    texts = [{"id": row["id"], "json": collection.render(row)} for row in rows]
    if collection.table.info["kind"] != POINT:
        return texts
    plane = plane_of(connection)
    for target, row in zip(texts, rows, strict=True):
        point = None if row["geom"] is None else point_xy(row["geom"])
        cell = NOWHERE if point is None else int(cells_of(plane, [point[0]], [point[1]])[0])
        target["x"], target["y"] = point or (None, None)
        target["key"] = key_of(cell, target["id"])
        target |= {name: row[name] for name in chosen_columns(collection.table)}
    return texts


def _index(connection: Connection, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    boxes = [
        (row["id"], bounds[0], bounds[2], bounds[1], bounds[3])
        for row in rows
        if row["geom"] is not None and (bounds := wkb_bounds(row["geom"]))
    ]
    connection.exec_driver_sql(
        f"DELETE FROM rtree_{name}_geom WHERE id IN ({','.join(str(row['id']) for row in rows)})"
    )
    if boxes:
        connection.exec_driver_sql(f"INSERT INTO rtree_{name}_geom VALUES (?, ?, ?, ?, ?)", boxes)
