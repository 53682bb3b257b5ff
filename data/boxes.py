"""Find records by box, condition and key on an index of either store.

On a GeoPackage the R-tree answers small boxes; where a box holds many records they are walked in
id order and checked against the R-tree one by one, so that a page never waits for a whole layer.
PostGIS chooses the same by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
import shapely
from sqlalchemy import Connection, Table, select, text

from data.geometry import POINT, Box, point_xy
from data.hot import fetch

EXACT_COUNT = 10_000
"""How many matches are counted exactly; beyond this a page does not say how many there are."""

_FAR_DEG, _FAR_M = 1e3, 1e9
"""Farther out than any position lies."""
_FEW = 5_000
"""Up to this many records in a box are read from the R-tree at once."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of ids, ascending.

    Attributes:
        next_after: the key to go on after; None at the end.
        matched: how many match in all; None where it was not counted.
    """

    ids: Sequence[int]
    next_after: int | None
    matched: int | None


def read_ids(
    connection: Connection,
    table: Table,
    *,
    box: Box | None,
    where: Sequence[str],
    values: Mapping[str, Any],
    after: int,
    offset: int,
    limit: int,
    counted: bool = True,
) -> Found:
    """Ids after `after` that touch the box and meet the conditions, at most `limit`, ascending.

    `counted` is off for conditions without an index, whose count could walk the whole layer.
    """
    embedded = connection.dialect.name == "sqlite"
    if box is not None and embedded:
        few = _few_in_box(connection, table, box, where, values)
        if few is not None:
            following = [identity for identity in few if identity > after][offset:]
            return Found(following[:limit], _key(following, limit), len(few))
    bound = dict(values)
    joined, conditions = "", list(where)
    if box is not None:
        joined, condition = _walk(connection, table, box, bound)
        conditions.append(condition)
    statement = _statement(table.name, joined, tuple(conditions), paged=True)
    page = bound | {"after": after, "limit": limit + 1, "offset": offset}
    ids = [row[0] for row in fetch(connection, statement, page)]
    following_key = _key(ids, limit)
    if box is not None and embedded:
        return Found(_exact(connection, table, box, ids[:limit]), following_key, None)
    if after == 0 and offset == 0 and following_key is None:
        return Found(ids, None, len(ids))
    if not counted:
        return Found(ids[:limit], following_key, None)
    count = _statement(table.name, joined, tuple(conditions), paged=False)
    matched: int = fetch(connection, count, bound | {"most": EXACT_COUNT + 1})[0][0]
    return Found(ids[:limit], following_key, matched if matched <= EXACT_COUNT else None)


def ids_before(
    connection: Connection,
    table: Table,
    box: Box | None,
    where: Sequence[str],
    values: Mapping[str, Any],
    upto: int,
    limit: int,
) -> list[int]:
    """Ids up to `upto` that touch the box and meet the conditions, at most `limit`, descending."""
    if box is not None and connection.dialect.name == "sqlite":
        few = _few_in_box(connection, table, box, where, values)
        if few is not None:
            return [identity for identity in reversed(few) if identity <= upto][:limit]
    bound, joined, conditions = dict(values), "", list(where)
    if box is not None:
        joined, condition = _walk(connection, table, box, bound)
        conditions.append(condition)
    held = " AND ".join([*conditions, "t.id <= :upto"])
    statement = (
        f"SELECT t.id FROM {table.name} t {joined} WHERE {held} ORDER BY t.id DESC LIMIT :limit"
    )
    rows = fetch(connection, statement, bound | {"upto": upto, "limit": limit})
    return [row[0] for row in rows]


def _key(ids: Sequence[int], limit: int) -> int | None:
    return ids[limit - 1] if len(ids) > limit else None


@cache
def _statement(table: str, joined: str, where: tuple[str, ...], *, paged: bool) -> str:
    conditions = " AND ".join(where) or "1 = 1"
    if paged:
        return (
            f"SELECT t.id FROM {table} t {joined} WHERE {conditions} AND t.id > :after"
            " ORDER BY t.id LIMIT :limit OFFSET :offset"
        )
    return (
        f"SELECT count(*) FROM (SELECT 1 FROM {table} t {joined} WHERE {conditions}"
        " LIMIT :most) counted"
    )


def _few_in_box(
    connection: Connection,
    table: Table,
    box: Box,
    where: Sequence[str],
    values: Mapping[str, Any],
) -> list[int] | None:
    """Every id in the box that meets the conditions, ascending; None where the box holds many."""
    sure: set[int] = set()
    unsure: set[int] = set()
    for part in box.parts():
        rows = fetch(connection, _rtree_statement(table.name), _sides(part))
        if len(rows) > _FEW:
            return None
        sure.update([identity for identity, inside in rows if inside])
        unsure.update([identity for identity, inside in rows if not inside])
    touching = _exact(connection, table, box, sorted(unsure - sure))
    ids = sorted(sure.union(touching))
    if where and ids:
        statement = (
            f"SELECT t.id FROM json_each(:ids) wanted CROSS JOIN {table.name} t"
            f" ON t.id = wanted.value WHERE {' AND '.join(where)}"
        )
        wanted = {**values, "ids": orjson.dumps(ids).decode()}
        ids = [row[0] for row in fetch(connection, statement, wanted)]
    return ids


@cache
def _rtree_statement(table: str) -> str:
    """Candidates in a box; `inside` where the R-tree's outward-rounded box lies within it."""
    return (
        "SELECT id, minx >= :x0 AND maxx <= :x1 AND miny >= :y0 AND maxy <= :y1 AS inside"
        f" FROM rtree_{table}_geom"
        " WHERE maxx >= :x0 AND minx <= :x1 AND maxy >= :y0 AND miny <= :y1"
        f" LIMIT {_FEW + 1}"
    )


def _sides(box: Box) -> dict[str, float]:
    return {"x0": box.min_x, "y0": box.min_y, "x1": box.max_x, "y1": box.max_y}


def _exact(connection: Connection, table: Table, box: Box, ids: Sequence[int]) -> list[int]:
    """Those of the ids whose geometry itself touches the box."""
    if not ids:
        return []
    rows = connection.execute(
        select(table.c.id, table.c.geom).where(table.c.id.in_(ids)).order_by(table.c.id)
    ).all()
    if table.info["kind"] == POINT:
        return [row.id for row in rows if box.holds(*point_xy(row.geom))]
    areas = shapely.union_all([shapely.box(*_corners(part)) for part in box.parts()])
    touching = shapely.intersects(areas, shapely.from_wkb([row.geom for row in rows]))
    return [row.id for row, touches in zip(rows, touching, strict=True) if touches]


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.min_x, box.min_y, box.max_x, box.max_y


def _walk(connection: Connection, table: Table, box: Box, bound: dict[str, Any]) -> tuple[str, str]:
    """A join and a condition that check record after record against the box."""
    embedded = connection.dialect.name == "sqlite"
    srid: int = connection.dialect.ovoo_srid  # type: ignore[attr-defined]
    parts = []
    for n, part in enumerate(box.parts()):
        bound |= {f"{side}_{n}": value for side, value in _sides(part).items()}
        parts.append(
            f"(r.maxx >= :x0_{n} AND r.minx <= :x1_{n} AND r.maxy >= :y0_{n} AND r.miny <= :y1_{n})"
            if embedded
            # ST_Envelope also takes a box without width or height, as a line or a point.
            else f"ST_Intersects(t.geom, ST_SetSRID(ST_Envelope(ST_MakeLine("
            f"ST_MakePoint(:x0_{n}, :y0_{n}), ST_MakePoint(:x1_{n}, :y1_{n}))), {srid}))"
        )
    joined = f"CROSS JOIN rtree_{table.name}_geom r ON r.id = t.id" if embedded else ""
    return joined, f"({' OR '.join(parts)})"


def inside(
    connection: Connection, table: Table, box: Box | None
) -> tuple[list[str], dict[str, Any]]:
    """Conditions that hold for what touches a box, and the values they bind; none without a box."""
    if box is None:
        return [], {}
    area = shapely.union_all([shapely.box(*_corners(part)) for part in box.parts()])
    bound: dict[str, Any] = {"inside_area": shapely.to_wkb(area)}
    if connection.dialect.name != "sqlite":
        srid: int = connection.dialect.ovoo_srid  # type: ignore[attr-defined]
        return [f"ST_Intersects(t.geom, ST_GeomFromWKB(:inside_area, {srid}))"], bound
    parts = []
    for number, part in enumerate(box.parts()):
        bound |= {f"{side}_{number}": value for side, value in _sides(part).items()}
        parts.append(
            f"maxx >= :x0_{number} AND minx <= :x1_{number}"
            f" AND maxy >= :y0_{number} AND miny <= :y1_{number}"
        )
    near = f"t.id IN (SELECT id FROM rtree_{table.name}_geom WHERE {' OR '.join(parts)})"
    return [near, "ovoo_intersects(t.geom, :inside_area)"], bound


def read_rendered(
    connection: Connection, rendered: Table, ids: Sequence[int]
) -> Mapping[int, bytes]:
    """Ready GeoJSON texts (UTF-8) by id; ids that have none are missing."""
    if not ids:
        return {}
    embedded = connection.dialect.name == "sqlite"
    wanted: Any = orjson.dumps(ids).decode() if embedded else list(ids)
    statement = _rendered_statement(rendered.name, embedded=embedded)
    return dict(fetch(connection, statement, {"ids": wanted}, prepared=True))


@cache
def _rendered_statement(rendered: str, *, embedded: bool) -> str:
    if embedded:
        return (
            f"SELECT r.id, r.json FROM json_each(:ids) wanted CROSS JOIN {rendered} r"
            " ON r.id = wanted.value"
        )
    return f"SELECT id, json FROM {rendered} WHERE id = ANY(:ids)"


def read_extent(connection: Connection, table: Table) -> Box | None:
    """The box of a whole layer; None where it is empty."""
    if connection.dialect.name == "sqlite":
        statement = (
            f"SELECT min(minx), min(miny), max(maxx), max(maxy) FROM rtree_{table.name}_geom"
        )
    elif table.info["kind"] == POINT:
        dialect: Any = connection.dialect
        far = _FAR_DEG if dialect.ovoo_degrees else _FAR_M
        statement = _points_extent(table.name, dialect.ovoo_srid, far)
    else:
        statement = (
            "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)"
            f" FROM (SELECT ST_Extent(geom) e FROM {table.name}) extent"
        )
    sides = connection.execute(text(statement)).one()
    return None if sides[0] is None else Box(*map(float, sides))


@cache
def _points_extent(table: str, srid: int, far: float) -> str:
    """The points nearest to four lines far outside: an index finds each, however many there are.

    ST_Extent reads every point.
    """
    lines = (
        ("ST_X", -far, -far, -far, far),
        ("ST_Y", -far, -far, far, -far),
        ("ST_X", far, -far, far, far),
        ("ST_Y", -far, far, far, far),
    )
    return "SELECT " + ", ".join(
        f"(SELECT {coordinate}(geom) FROM {table} WHERE geom IS NOT NULL ORDER BY geom <->"
        f" ST_SetSRID(ST_MakeLine(ST_MakePoint({x0}, {y0}), ST_MakePoint({x1}, {y1})), {srid})"
        " LIMIT 1)"
        for coordinate, x0, y0, x1, y1 in lines
    )
