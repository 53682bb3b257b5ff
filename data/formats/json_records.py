"""JSON of plain records: a list of objects, alone or as a member of one object, or one a line.

As the national place-name database gives its public records. A member `gdm` is the record's
position, a GeoJSON MultiPoint in CGCS2000 (C3).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from data.errors import FileTooLarge, InvalidFile
from data.formats.encodings import open_text
from data.formats.geojson import cell_text, geometry_fault, twice_fault
from data.formats.geometries import BadGeometryError, to_wkb
from data.formats.json_stream import JsonText
from data.formats.reading import RawRow, Reading, Request
from data.formats.sniffing import unknown

_POSITION = "gdm"
_CRS = "EPSG:4490"
_POINTS = {"Point", "MultiPoint"}


def read(request: Request) -> Reading:
    """The records, read twice: once for the names of their members, once for their rows."""
    columns: dict[str, None] = {}
    records = _Records(request)
    for record, _ in records:
        columns.update(dict.fromkeys(record))
        if len(columns) > request.limits.max_columns:
            raise FileTooLarge(
                f"its records have more than {request.limits.max_columns} different members",
                f"记录的不同字段超过 {request.limits.max_columns} 个",
            )
    if not columns:
        raise InvalidFile("it holds no record", "文件中没有记录")
    placed = _POSITION in columns
    return Reading(
        "json",
        list(columns),
        _rows(request, list(columns)),
        crs=_CRS if placed else request.crs,
        encoding=records.encoding.label,
        has_geometry=placed,
        notes=records.encoding.notes,
    )


class _Records:
    """One pass over the records of a file, each with the keys that occur twice in it."""

    def __init__(self, request: Request) -> None:
        self._stream, self.encoding = open_text(request)
        self._text = JsonText(self._stream)

    def __iter__(self) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
        with self._stream:
            while self._text.peek():
                for record in self._root():
                    yield _checked(record), self._twice()

    def _root(self) -> Iterator[Any]:
        if self._text.peek() == "[":
            yield from self._text.items()
            return
        own: dict[str, Any] = {}
        listed = False
        for key in self._text.members():
            if self._text.peek() != "[":
                own[key] = self._text.value()
                continue
            values = self._text.items()
            first = next(values, None)
            if isinstance(first, dict):
                listed = True
                yield first
                yield from values
            else:
                own[key] = [item for item in (first, *values) if item is not None]
        if not listed:
            yield own

    def _twice(self) -> list[str]:
        keys = list(dict.fromkeys(self._text.twice))
        self._text.twice.clear()
        return keys


def _checked(record: Any) -> Mapping[str, Any]:
    if isinstance(record, dict):
        return record
    raise unknown(
        "its JSON is neither GeoJSON nor a list of records", "JSON 既不是 GeoJSON，也不是记录列表"
    )


def _rows(request: Request, columns: list[str]) -> Iterator[RawRow]:
    for number, (record, twice) in enumerate(_Records(request), 1):
        faults = [twice_fault(number, key) for key in twice]
        cells = [cell_text(number, name, record.get(name), faults) for name in columns]
        wkb = None
        try:
            wkb = _position(record.get(_POSITION))
        except BadGeometryError as error:
            faults.append(geometry_fault(number, error))
        yield number, cells, wkb, faults


def _position(gdm: Any) -> bytes | None:
    """The first point; a record with several keeps them all in its cell."""
    if isinstance(gdm, str) and gdm.strip().startswith("{"):
        try:
            gdm = orjson.loads(gdm)
        except orjson.JSONDecodeError as error:
            raise BadGeometryError("gdm is no JSON", "gdm 不是 JSON") from error
    if not gdm:
        return None
    if not isinstance(gdm, dict) or str(gdm.get("type")) not in _POINTS:
        raise BadGeometryError("gdm is no GeoJSON point", "gdm 不是 GeoJSON 点")
    if gdm["type"] == "Point":
        return to_wkb(gdm)
    points = gdm.get("coordinates")
    if not isinstance(points, list):
        raise BadGeometryError("gdm has no coordinates", "gdm 缺少坐标")
    return to_wkb({"type": "Point", "coordinates": points[0]}) if points else None
