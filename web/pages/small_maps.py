"""Small maps of pages: outlines around a record, and the record on them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from markupsafe import Markup
from sqlalchemy import Connection

from data import Collection, ItemsQuery, read_page
from gazetteer import read_outlines
from web.site.drawings import Point, Shape, outline


def features_where(
    connection: Connection, collection: Collection, most: int = 50, **values: Any
) -> list[dict[str, Any]]:
    """The published features whose properties have these values."""
    page = read_page(connection, collection, ItemsQuery(limit=most, filters=values))
    return [orjson.loads(one) for one in page.features]


def small_map(
    connection: Connection,
    codes: Iterable[str],
    own: Iterable[str],
    names: Mapping[str, str],
    name: str,
    lines: Sequence[Shape] = (),
    points: Sequence[Point] = (),
) -> Markup:
    """Divisions around a record, its own ones marked, lines and points over them.

    Args:
        connection: a reading connection.
        codes: the divisions to draw.
        own: those of them that are the record's own.
        names: words by code.
        name: of the drawing.
        lines: what lies over them.
        points: what lies over all.
    """
    marked = frozenset(own)
    outlines = read_outlines(connection, codes)
    ordered = sorted(outlines, key=lambda code: code in marked)
    shapes = [
        Shape(outlines[code], "area own" if code in marked else "area", names.get(code, code))
        for code in ordered
    ]
    return outline([*shapes, *lines], points, name)


def lines_of(
    geometry: Mapping[str, Any] | None, most: int = 1500
) -> list[list[tuple[float, float]]]:
    """The parts of a line's GeoJSON geometry, thinned evenly to about so many points."""
    if not geometry:
        return []
    parts = geometry["coordinates"]
    if geometry["type"] == "LineString":
        parts = [parts]
    step = max(sum(map(len, parts)) // most, 1)
    return [
        [(one[0], one[1]) for one in [*part[:-1:step], part[-1]]] for part in parts if len(part) > 1
    ]
