"""Points in a box, in the order of the Hilbert curve: read side by side, page after page.

Both stores keep the same order, so the same keys continue a page on either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from sqlalchemy import Connection

from data.curve import Plane, merged, ranges_of
from data.errors import InvalidValue
from data.geometry import Box
from data.hot import fetch

_MOST = 2**62


@dataclass(frozen=True, slots=True, order=True)
class CurveKey:
    """A point's place in the order: its cell, then its id."""

    cell: int = -1
    id: int = _MOST

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the form `cell.id` of a page's link.

        Raises:
            InvalidValue: it is none.
        """
        cell, _, identity = text.partition(".")
        if not (cell.isdigit() and identity.isdigit() and max(len(cell), len(identity)) < 19):  # noqa: PLR2004
            raise InvalidValue("cursor", text, "it comes from a page's link", "follow that link")
        return cls(int(cell), int(identity))

    def __str__(self) -> str:
        return f"{self.cell}.{self.id}"


@dataclass(frozen=True, slots=True)
class PointsQuery:
    """Points of one layer in a box.

    Attributes:
        layer: the layer's table.
        box: the box.
        where: conditions on the layer `t`.
        values: what the conditions bind.
        after: the key after which to begin.
        limit: most points.
    """

    layer: str
    box: Box
    where: tuple[str, ...]
    values: Mapping[str, Any]
    after: CurveKey
    limit: int


def read_points(
    connection: Connection, plane: Plane, query: PointsQuery
) -> list[tuple[int, int, bytes]]:
    """Cell, id and rendered text of the points, ascending; at most `limit`."""
    ranges = _ranges(plane, query.box)
    if connection.dialect.name != "sqlite":
        return _read_lateral(connection, query, ranges)
    statement = _statement(query.layer, query.where, len(query.box.parts()))
    found: list[tuple[int, int, bytes]] = []
    bound = {**query.values, **_sides(query.box)}
    for low, high in ranges:
        start = max(CurveKey(low - 1), query.after)
        if start.cell > high:
            continue
        bound |= {"cell": start.cell, "id": start.id, "high": high}
        bound["limit"] = query.limit - len(found)
        found += fetch(connection, statement, bound)
        if len(found) >= query.limit:
            break
    return found


def _ranges(plane: Plane, box: Box) -> Sequence[tuple[int, int]]:
    spans = [
        span
        for part in box.parts()
        for span in ranges_of(plane, part.min_x, part.min_y, part.max_x, part.max_y)
    ]
    return merged(sorted(spans))


def _sides(box: Box) -> dict[str, float]:
    return {
        f"{side}{number}": value
        for number, part in enumerate(box.parts())
        for side, value in zip(
            ("west", "south", "east", "north"),
            (part.min_x, part.min_y, part.max_x, part.max_y),
            strict=True,
        )
    }


@cache
def _conditions(where: tuple[str, ...], parts: int) -> str:
    inside = " OR ".join(
        f"(r.x BETWEEN :west{n} AND :east{n} AND r.y BETWEEN :south{n} AND :north{n})"
        for n in range(parts)
    )
    return " AND ".join((f"({inside})", *where))


@cache
def _statement(layer: str, where: tuple[str, ...], parts: int) -> str:
    joined = f"JOIN {layer} t ON t.id = r.id" if where else ""
    return (
        f"SELECT r.cell, r.id, r.json FROM {layer}_rendered r {joined}"
        f" WHERE (r.cell, r.id) > (:cell, :id) AND r.cell <= :high"
        f" AND {_conditions(where, parts)} ORDER BY r.cell, r.id LIMIT :limit"
    )


def _read_lateral(
    connection: Connection, query: PointsQuery, ranges: Sequence[tuple[int, int]]
) -> list[tuple[int, int, bytes]]:
    starts = [max(CurveKey(low - 1), query.after) for low, _ in ranges]
    bound = {
        **query.values,
        **_sides(query.box),
        "cells": [start.cell for start in starts],
        "ids": [start.id for start in starts],
        "highs": [high for _, high in ranges],
        "limit": query.limit,
    }
    statement = _lateral(query.layer, query.where, len(query.box.parts()))
    return list(fetch(connection, statement, bound))


@cache
def _lateral(layer: str, where: tuple[str, ...], parts: int) -> str:
    joined = f"JOIN {layer} t ON t.id = r.id" if where else ""
    return (
        "SELECT one.cell, one.id, one.json FROM unnest(CAST(:cells AS bigint[]),"
        " CAST(:ids AS bigint[]), CAST(:highs AS bigint[])) w(cell, id, high)"
        f" CROSS JOIN LATERAL (SELECT r.cell, r.id, r.json FROM {layer}_rendered r {joined}"
        " WHERE (r.cell, r.id) > (w.cell, w.id) AND r.cell <= w.high"
        f" AND {_conditions(where, parts)} ORDER BY r.cell, r.id LIMIT :limit) one"
        " ORDER BY one.cell, one.id LIMIT :limit"
    )
