"""Markers and lines in the fields of the registers (界桩登记表、界线), and of any mapping file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from boundary.collections import LINES, MARKERS
from boundary.markers.sheets import sheet_rows
from boundary.tables import marker
from data.collection import Collection
from data.export import Profile, ProfileContext, offer
from data.formats import Field, fields_of
from data.formats.writing import Attribute, Batch, Batches, Layer, Record, RecordBatch
from data.reference import find_term
from gazetteer import ReadFields, offer_fields

_FORMATS = ("csv", "xlsx", "gpkg", "geojson", "geojsonseq", "fgb", "parquet", "shp", "kml", "gpx")
_POSITIONS = frozenset({"lon", "lat", "x_north", "y_east", "crs"})
_CLOSED_PREFIXES = ("technician_", "official_", "signed_on_")
_CLOSED = frozenset({"height_m"})
_METRES_PER_KM = 1000.0


def offer_registers() -> None:
    """Let markers and lines leave as registers; done once, when this floor is imported."""
    for collection, record, read, zh, en in (
        (MARKERS, "markers", marker_fields, "界桩登记表字段", "marker sheets"),
        (LINES, "lines", line_fields, "界线登记字段", "line records"),
    ):
        offer_fields(collection, record, read)
        offer(collection, _register(collection, record, read, zh, en))


def _register(collection: Collection, record: str, read: ReadFields, zh: str, en: str) -> Profile:
    fields = fields_of(record)
    pointed = collection is MARKERS

    def shape(
        connection: Connection, layer: Layer, batches: Batches, context: ProfileContext
    ) -> tuple[Layer, Batches]:
        placed = pointed and context.is_table
        wanted = [one for one in fields if placed or one.name not in _POSITIONS]
        attributes = tuple(_attribute(one) for one in wanted)
        kind = None if placed else layer.kind
        shaped = replace(layer, attributes=attributes, kind=kind, id_name="")

        def made() -> Iterator[Batch]:
            for batch in batches:
                rows = read(connection, layer, batch, context)
                yield RecordBatch(
                    shaped,
                    [
                        Record(
                            source.id,
                            tuple(row.get(one.name) or None for one in wanted),
                            None if placed else source.wkb,
                        )
                        for row, source in zip(rows, batch.records, strict=True)
                    ],
                )

        return shaped, made()

    return Profile("register", zh, en, _FORMATS, shape)


def _attribute(one: Field) -> Attribute:
    return Attribute(one.zh[0], "text", one.zh[0], one.name, one.short_code or one.name)


def marker_fields(
    connection: Connection, layer: Layer, batch: Batch, context: ProfileContext
) -> Sequence[Mapping[str, str]]:
    """The sheets of markers by field, with their witness objects; signatures are not open."""
    names = [attribute.name for attribute in layer.attributes]
    empty: dict[str, Any] = dict.fromkeys(column.name for column in marker.c)
    records = [
        empty | dict(zip(names, one.values, strict=True)) | {"id": one.id, "geom": one.wkb}
        for one in batch.records
    ]
    rows = [row.values for row in sheet_rows(connection, records, layer.crs)]
    if context.whole:
        return rows
    return [{name: "" if _is_closed(name) else text for name, text in row.items()} for row in rows]


def _is_closed(name: str) -> bool:
    return name in _CLOSED or name.startswith(_CLOSED_PREFIXES)


def line_fields(
    _connection: Connection, layer: Layer, batch: Batch, _context: ProfileContext
) -> Sequence[Mapping[str, str]]:
    """Lines by field; a length is in kilometres, as the line record has it."""
    names = [attribute.name for attribute in layer.attributes]
    known = {field.name for field in fields_of("lines")}
    found = []
    for one in batch.records:
        own = dict(zip(names, one.values, strict=True))
        values = {name: _text(value) for name, value in own.items() if name in known}
        term = find_term("line_levels", values.get("level", ""))
        values["level"] = term.zh if term else values.get("level", "")
        length_m = own.get("length_m")
        values["length_km"] = "" if length_m is None else f"{length_m / _METRES_PER_KM:.6f}"
        found.append(values)
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
