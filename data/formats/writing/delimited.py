"""CSV as office programs open it: RFC 4180, UTF-8 with a byte-order mark, formulas made text."""

import csv
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from typing import Any

import orjson
import shapely

from data.formats.cells import without_unfit
from data.formats.formulas import guarded
from data.formats.writing.layer import Batches, Layer, Record, point_of
from data.geometry import POINT

_MARK = "\ufeff"
WKT_COLUMN = "geometry_wkt"
"""The column of a line's or an area's shape, which the reader of CSV knows again."""
_DECIMALS = 9


def stream(layer: Layer, batches: Batches) -> Iterator[bytes]:
    """The records as rows; points as two columns of numbers, other shapes as WKT."""
    titles = [column.name for column in layer.columns] + position_names(layer)
    yield (_MARK + _text([titles])).encode()
    row_of = row_maker(layer)
    for batch in batches:
        yield _text([row_of(record) for record in batch.records]).encode()


def _text(rows: Sequence[Sequence[Any]]) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def position_names(layer: Layer) -> list[str]:
    """The columns of a record's position: degrees or metres, and the reference system."""
    if layer.kind is None:
        return []
    if layer.kind != POINT:
        return [WKT_COLUMN, "crs"]
    return ["lon", "lat", "crs"] if layer.degrees else ["y_east", "x_north", "crs"]


def row_maker(layer: Layer) -> Callable[[Record], list[Any]]:
    """What makes a row of a record: harmless texts, numbers as numbers, blanks for None."""
    texts = [attribute.kind in {"text", "date", "json"} for attribute in layer.attributes]
    position = _position_maker(layer)

    def row(record: Record) -> list[Any]:
        cells = [
            value if value is None or not is_text else _cell(value)
            for value, is_text in zip(record.values, texts, strict=True)
        ]
        own = [record.id] if layer.id_name else []
        return [*own, *map(_plain, cells), *position(record.wkb)]

    return row


def _cell(value: Any) -> str:
    return guarded(without_unfit(plain_text(value)))


def plain_text(value: Any) -> str:
    """A value as text; a nested one as JSON."""
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else str(value)


def _plain(value: Any) -> Any:
    return ("false", "true")[value] if isinstance(value, bool) else value


def _position_maker(layer: Layer) -> Callable[[bytes | None], list[Any]]:
    if layer.kind is None:
        return lambda _wkb: []
    if layer.kind != POINT:
        return lambda wkb: [wkt(wkb), layer.crs if wkb else None]

    def point(wkb: bytes | None) -> list[Any]:
        found = point_of(wkb)
        return [None, None, None] if found is None else [repr(found[0]), repr(found[1]), layer.crs]

    return point


def wkt(wkb: bytes | None) -> str | None:
    """A shape as WKT with the digits that the store's features have."""
    if wkb is None:
        return None
    shape = shapely.from_wkb(wkb)
    return str(shapely.to_wkt(shape, rounding_precision=_DECIMALS, trim=True))
